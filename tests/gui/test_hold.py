"""H held shows the skin alone, wherever the keys go; text that is typed keeps its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import dialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.canvas import Canvas

H, LEFT, NONE = Qt.Key.Key_H, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def focused() -> QWidget:
    """What the keys go to."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def hides(canvas: Canvas, qtbot: QtBot) -> bool:
    """Whether H, held, takes all off this canvas, and let go brings it back."""
    before = canvas.grab().toImage()
    qtbot.keyPress(focused(), H)
    alone = canvas.grab().toImage()
    qtbot.keyRelease(focused(), H)
    assert canvas.grab().toImage() == before
    return alone != before


def click_in_the_list(bench: Workbench, qtbot: QtBot, floating: bool) -> None:
    """Choose a region with the mouse, and wait for the flight to it."""
    regions = bench.window.review.list
    bench.window.docks.review.show_or_hide(True)
    bench.window.docks.review.setFloating(floating)
    qtbot.waitUntil(lambda: regions.count() > 1)
    qtbot.mouseClick(regions.viewport(), LEFT, pos=regions.visualItemRect(regions.item(0)).center())
    regions.setFocus()  # which a click gives on a screen
    qtbot.wait(600)


@pytest.mark.parametrize("floating", [False, True])
def test_after_a_click_in_the_review_list(analysed: Workbench, qtbot: QtBot, floating: bool) -> None:
    window = analysed.window
    click_in_the_list(analysed, qtbot, floating)
    assert focused() is window.review.list
    row = window.review.list.currentRow()
    assert hides(window.stage.canvas, qtbot)
    assert window.review.list.currentRow() == row, "the list searches for nothing"
    window.docks.review.setFloating(False)


def test_where_a_floating_panel_has_the_keys_for_itself(analysed: Workbench, qtbot: QtBot) -> None:
    dock = analysed.window.docks.maps
    dock.setFloating(True)
    qtbot.keyPress(dock, H)
    assert not analysed.window.stage.canvas.curves_visible
    qtbot.keyRelease(dock, H)
    assert analysed.window.stage.canvas.curves_visible
    dock.setFloating(False)


def test_in_the_pair_view(analysed: Workbench, qtbot: QtBot) -> None:
    analysed.window.actions_by_name["compare_pair"].trigger()
    canvases = analysed.window.explain.view.canvases
    assert focused() is canvases[0]
    assert all(hides(canvas, qtbot) for canvas in canvases)


def test_text_keeps_its_letters(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    for field in (window.noise.range, window.noise.seed, window.threshold.delta.box):
        field.setFocus()
        assert not hides(window.stage.canvas, qtbot), field
    window.noise.range.setFocus()
    assert "h" in window.noise.range.text().lower()
    window.noise.range.undo()


def test_keys_that_repeat_do_not_flicker(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    canvas.setFocus()
    qtbot.keyPress(canvas, H)
    for _ in range(3):
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            QApplication.sendEvent(canvas, QKeyEvent(kind, H, NONE, "h", True))
            assert not canvas.curves_visible
    qtbot.keyRelease(canvas, H)
    assert canvas.curves_visible


def test_letting_go_elsewhere_counts_too(analysed: Workbench, qtbot: QtBot) -> None:
    """The key's going up is heard by whatever has the keys then: a dialog, a menu, a field."""
    window = analysed.window
    canvas = window.stage.canvas
    canvas.setFocus()
    qtbot.keyPress(canvas, H)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    qtbot.waitUntil(lambda: canvas.curves_visible)
    sheet.close()
    window.activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyPress(canvas, H)
    window.recent_menu.popup(QPoint(0, 0))
    qtbot.waitUntil(lambda: canvas.curves_visible)
    window.recent_menu.close()
    canvas.setFocus()
    qtbot.keyPress(canvas, H)
    window.noise.seed.setFocus()
    qtbot.keyRelease(focused(), H)
    assert canvas.curves_visible


def test_with_control_it_is_another_key(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    canvas.setFocus()
    analysed.window.actions_by_name["fill_holes"].setEnabled(False)  # so that it is no shortcut
    qtbot.keyPress(canvas, H, Qt.KeyboardModifier.ControlModifier)
    assert canvas.curves_visible
