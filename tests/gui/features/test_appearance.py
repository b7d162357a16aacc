"""The theme is changed while the program runs."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.appearance import Appearance
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from tests.gui.desk import Desk

NAMES = [f"theme_{name}" for name in theme.THEMES]


@pytest.fixture
def dressed(opened: Desk) -> Iterator[Desk]:
    """A desk whose theme can be changed; dark again in the end."""
    gc.collect()  # those of former tests, which would follow the system, too
    opened.add(Appearance(opened.preferences))
    yield opened
    theme.apply(theme.application())


def at(widget: QWidget, x: int, y: int) -> QColor:
    """The colour of one pixel of a widget as it is painted now."""
    return widget.grab().toImage().pixelColor(x, y)


def chosen(desk: Desk) -> list[str]:
    """The actions that are on."""
    return [name for name in NAMES if desk.action(name).isChecked()]


def test_the_theme_changes_live_and_is_remembered(dressed: Desk, tmp_path: Path) -> None:
    section = Threshold(dressed.document, dressed)
    section.resize(300, 300)
    section.fold.setChecked(False)
    section.show()
    curve = section.curve
    dressed.action("theme_dark").trigger()
    before, scene = curve.grab().toImage(), dressed.canvas.scene
    assert at(dressed, 3, 3) == theme.DARK.background
    dressed.action("theme_light").trigger()
    assert theme.colours() is theme.LIGHT
    assert chosen(dressed) == ["theme_light"]
    assert at(dressed, 3, 3) == theme.LIGHT.background
    assert at(curve, curve.width() - 20, 5) == theme.LIGHT.background, "what a panel keeps is painted anew"
    assert dressed.canvas.scene is scene
    dressed.action("theme_dark").trigger()
    assert curve.grab().toImage() == before
    dressed.action("theme_light").trigger()
    again = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert again.text("theme") == "light"


def test_without_a_choice_the_system_decides_and_stays_followed(dressed: Desk) -> None:
    assert chosen(dressed) == ["theme_system"]
    dressed.action("theme_light").trigger()
    hints = QApplication.styleHints()
    hints.colorSchemeChanged.emit(hints.colorScheme())
    assert theme.colours() is theme.LIGHT, "a choice is not the system's to change"
    dressed.action("theme_system").trigger()
    assert chosen(dressed) == ["theme_system"]
    assert theme.colours() is theme.DARK, "tests run on a system that asks for no light one"
    theme.apply(theme.application(), "light")
    hints.colorSchemeChanged.emit(hints.colorScheme())
    assert theme.colours() is theme.DARK
