"""Timesteps on offer: what is typed wrong is said below the field, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.recipe import NoiseSettings
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.panels.noise import NoisePanel


@pytest.fixture
def panel(bench: Workbench) -> NoisePanel:
    """The panel in a window of its full size, before there is an image."""
    bench.window.resize(1440, 880)
    bench.window.docks.arrange()
    QApplication.processEvents()
    return bench.window.noise


def type_range(panel: NoisePanel, qtbot: QtBot, text: str) -> None:
    """Replace the range, and press Enter."""
    panel.range.setFocus()
    panel.range.selectAll()
    qtbot.keyClicks(panel.range, text)
    qtbot.keyClick(panel.range, Qt.Key.Key_Return)
    QApplication.processEvents()


@pytest.mark.parametrize("text", ["1:200:1", "60:150", "0,60", "sixty"])
def test_a_wrong_range_is_told_below_the_field_until_it_is_right(
    bench: Workbench, panel: NoisePanel, qtbot: QtBot, text: str
) -> None:
    before, width = bench.state.recipe, bench.window.docks.settings.width()
    assert not panel.wrong.isVisible()
    type_range(panel, qtbot, text)
    assert panel.wrong.isVisible()
    assert panel.wrong.text().endswith(" Still in use: 60:150:10.")
    assert len(panel.wrong.text()) > 40, "and why"
    assert panel.wrong.geometry().top() >= panel.range.geometry().bottom()
    assert panel.wrong.height() >= panel.wrong.heightForWidth(panel.wrong.width()), "all of it is seen"
    assert bench.window.docks.settings.width() == width
    assert bench.state.recipe == before
    assert panel.note.text() == "10 of 10"
    type_range(panel, qtbot, "80:120:20")
    assert not panel.wrong.isVisible()
    assert not panel.range.property("wrong")
    assert bench.state.recipe.noise.timesteps == (80, 100, 120)


def test_the_same_range_again_clears_it(panel: NoisePanel, qtbot: QtBot) -> None:
    type_range(panel, qtbot, "1:200:1")
    type_range(panel, qtbot, "60:150:10")
    assert not panel.wrong.isVisible()


def test_it_outlives_changes_elsewhere_and_tells_what_is_in_use_now(
    bench: Workbench, panel: NoisePanel, qtbot: QtBot
) -> None:
    type_range(panel, qtbot, "1:200:1")
    qtbot.keyClick(bench.window.threshold.delta.slider, Qt.Key.Key_Right)
    assert panel.range.text() == "1:200:1"
    assert panel.wrong.isVisible()
    qtbot.mouseClick(panel.pills[150], Qt.MouseButton.LeftButton)
    assert panel.wrong.text().endswith("Still in use: 60:140:10.")
    assert panel.note.text() == "9 of 10"
    panel.resetClicked.emit()
    assert not panel.wrong.isVisible()
    assert panel.range.text() == "60:150:10"


def test_a_reset_shows_the_default_range(bench: Workbench, panel: NoisePanel, qtbot: QtBot) -> None:
    type_range(panel, qtbot, "50:160:10")
    bench.window.actions_by_name["reset_settings"].trigger()
    assert bench.state.recipe.noise == RECIPE.noise
    assert panel.range.text() == "60:150:10"
    bench.state.set_recipe(replace(bench.state.recipe, noise=NoiseSettings(timesteps=(5,))))
    assert panel.range.text() == "5"
