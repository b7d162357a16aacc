"""A small icon among words: drawn once for each theme, whatever is shown in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diffseg_gui.look import sign, theme
from diffseg_gui.look.sign import Sign

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def label(qtbot: QtBot) -> Sign:
    made = Sign(14)
    qtbot.addWidget(made)
    return made


def picture(label: Sign) -> bytes:
    return bytes(label.pixmap().toImage().constBits())


def test_each_icon_is_drawn_once(label: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    find = sign.icon
    monkeypatch.setattr(sign, "icon", lambda name: (drawn.append(name), find(name))[1])
    for name in ("accept", "undecided", "accept", "accept", "undecided"):
        label.show_icon(name)
    assert drawn == ["accept", "undecided"]
    label.show_icon("accept", enabled=False)
    assert drawn == ["accept", "undecided", "accept"]


def test_it_shows_what_was_asked_for_last_in_the_themes_colours(label: Sign) -> None:
    theme.apply(theme.application(), "light")
    label.show_icon("accept")
    light = picture(label)
    label.show_icon("undecided")
    assert picture(label) != light
    label.show_icon("accept")
    assert picture(label) == light
    theme.apply(theme.application(), "dark")
    label.show_icon("accept")
    assert picture(label) != light
    label.show_icon("accept", enabled=False)
    assert label.pixmap().width() == label.width() * label.devicePixelRatioF()
