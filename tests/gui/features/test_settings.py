"""The settings panel: sections one below the other, which of them are folded is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.refinement import Refinement
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.features.timesteps import Timesteps
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk


def add_settings(desk: Desk) -> Settings:
    """The panel with its three sections."""
    document = desk.document
    sections = {"noise": Timesteps(document), "threshold": Threshold(document), "crf": Refinement(document)}
    return desk.add(Settings(sections, desk.preferences))


def unfolded(settings: Settings) -> list[str]:
    """Sections whose content is there."""
    return [name for name, section in settings.sections.items() if not section.content.isHidden()]


def test_sections_stand_one_below_the_other(desk: Desk) -> None:
    settings = add_settings(desk)
    QApplication.processEvents()
    tops = [section.y() for section in settings.sections.values()]
    assert tops == sorted(set(tops))
    assert unfolded(settings) == ["noise", "threshold", "crf"]


def test_a_high_window_spreads_no_section(desk: Desk) -> None:
    settings = add_settings(desk)
    QApplication.processEvents()
    before = [section.height() for section in settings.sections.values()]
    desk.resize(desk.width(), desk.height() + 900)
    QApplication.processEvents()
    assert settings.panel.card.height() > sum(before) + 300
    assert [section.height() for section in settings.sections.values()] == before


@pytest.mark.parametrize("folded", [["crf"], ["noise", "threshold"], ["noise", "threshold", "crf"]])
def test_what_is_folded_is_remembered(desk: Desk, qtbot: QtBot, folded: list[str]) -> None:
    settings = add_settings(desk)
    for name in folded:
        qtbot.mouseClick(settings.sections[name].fold, LEFT)
    others = [name for name in settings.sections if name not in folded]
    assert unfolded(settings) == others
    settings.close()
    again = add_settings(desk)
    assert unfolded(again) == others
    for name in folded:
        qtbot.mouseClick(again.sections[name].fold, LEFT)
    again.close()
    assert unfolded(add_settings(desk)) == ["noise", "threshold", "crf"], "and that none is"


def test_sections_that_are_not_there_any_more_are_passed_over(desk: Desk) -> None:
    desk.preferences.set("folded", ["readout", "threshold"])
    assert unfolded(add_settings(desk)) == ["noise", "crf"]
