"""The whole window without a mouse, and the wheel where nobody means it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMenu,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from diffseg_gui.features.filmstrip import Filmstrip
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.pair import PairFeature
from diffseg_gui.features.probe import Probe
from diffseg_gui.features.review import Review
from diffseg_gui.view.views import PHOTOGRAPH
from tests.gui.conftest import dialog
from tests.gui.strokes import ALT, LEFT, SHIFT, wheel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.view.canvas import Canvas

pytestmark = pytest.mark.slow

H = Qt.Key.Key_H
WITH_LETTERS = {"&Theme", "&Device", "&File", "&Edit", "&Analysis", "&Review", "&Measure", "&Help"}


def letters(menu: QMenu) -> list[str]:
    """The letters that choose a menu's entries; empty for an entry without."""
    texts = [action.text().replace("&&", "") for action in menu.actions() if not action.isSeparator()]
    return [text.partition("&")[2][:1].lower() for text in texts]


def settle(bench: Workbench) -> None:
    """Give the window a usual size and its panels their places."""
    bench.window.resize(1440, 880)
    bench.window.docks.arrange()
    QApplication.processEvents()


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


def test_each_letter_chooses_one_entry_of_its_menu(bench: Workbench) -> None:
    menus = [menu for menu in bench.window.findChildren(QMenu) if menu.title()]
    assert {menu.title() for menu in menus} >= WITH_LETTERS
    for menu in menus:
        used = Counter(letter for letter in letters(menu) if letter)
        assert [letter for letter, times in used.items() if times > 1] == [], menu.title()
        if menu.title() in WITH_LETTERS:
            assert "" not in letters(menu), menu.title()


def test_all_is_reached_by_keys_and_has_a_name(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(widget.parent(), QAbstractSpinBox):
            continue
        if widget.isVisible() and not isinstance(widget, QScrollArea):
            name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            assert name, f"{widget} in {widget.parent()}"

    # Tab shows where it leads.
    settle(analysed)
    window.stage.canvas.setFocus()
    seen: set[QWidget] = set()
    for _ in range(200):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        seen.add(focused())
        if window.stage.canvas in seen:
            break
        for dock in window.docks.all.values():
            if dock.isAncestorOf(focused()):
                assert not dock.visibleRegion().isEmpty(), f"{focused()} is behind the tabs"
    assert window.stage.canvas in seen, "it leads around"
    assert analysed.feature(Measures).card.limit in seen
    assert {frame.canvas for frame in analysed.feature(Filmstrip).card.frames.values()} <= seen

    # The key of a panel behind its tabs brings it forward, and then hides it.
    settle(analysed)
    dock, action = window.docks.all["measures"], window.actions_by_name["panel_measures"]
    key = Qt.Key(Qt.Key.Key_1 + list(window.docks.all).index("measures"))
    assert dock.visibleRegion().isEmpty()
    qtbot.keyClick(window, key, ALT)
    qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    assert action.isChecked()
    qtbot.keyClick(window, key, ALT)
    assert dock.isHidden()
    assert not action.isChecked()


def test_the_probe_and_its_place_in_the_status_bar_move_by_keys(analysed: Workbench, qtbot: QtBot) -> None:
    window, viewport, card = analysed.window, analysed.viewport, analysed.feature(Probe).card
    canvas = window.stage.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Q)
    assert card.isHidden()
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    x, y = int(viewport.cursor.x()), int(viewport.cursor.y())
    assert card.isVisible()
    assert f"Pixel {x}, {y}" in card.accessibleName()
    assert f"x {x}  y {y}" in window.position.text()
    assert "of 10" in window.position.text()
    for _ in range(300):
        qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert card.isVisible(), "it stays on the photograph"
    analysed.document.begin_blind()
    assert window.position.text() == "", "what was told of the result is no longer to be read"
    analysed.document.end_blind()
    window.docks.all["settings"].findChild(QAbstractSpinBox).setFocus()
    assert card.isHidden()
    assert window.position.text() == ""


def test_scrolling_over_settings_changes_none(analysed: Workbench, qtbot: QtBot) -> None:
    settle(analysed)
    analysed.window.stage.canvas.setFocus()
    limit = analysed.feature(Measures).card.limit
    before = analysed.document.recipe, limit.value()
    turned = [
        widget
        for dock in analysed.window.docks.all.values()
        for kind in (QAbstractSpinBox, QAbstractSlider, QComboBox)
        for widget in dock.findChildren(kind)
        if not isinstance(widget, QScrollBar)
    ]
    assert limit in turned
    assert len(turned) > 15
    assert [widget for widget in turned if wheel(widget, -1)] == [], "they keep the wheel from the column"
    assert (analysed.document.recipe, limit.value()) == before
    box = next(widget for widget in turned if widget is not limit and isinstance(widget, QAbstractSpinBox))
    box.setFocus()
    assert wheel(box, 1)
    assert analysed.document.recipe != before[0], "once it was chosen, it turns"
    analysed.document.cancel()


def test_holding_h_hides_the_overlay_wherever_the_keys_go(analysed: Workbench, qtbot: QtBot) -> None:
    window, docks, canvas = analysed.window, analysed.window.docks.all, analysed.stage.canvas
    canvas.setFocus()
    assert hides(canvas, qtbot)

    # After a click in the review list, docked or not; a region is flown to.
    regions = analysed.feature(Review).card.list
    for floating in (False, True):
        docks["review"].show_or_hide(True)
        docks["review"].setFloating(floating)
        qtbot.waitUntil(lambda: regions.count() > 1)
        qtbot.mouseClick(regions.viewport(), LEFT, pos=regions.visualItemRect(regions.item(0)).center())
        regions.setFocus()  # which a click gives on a screen
        qtbot.wait(600)
        assert focused() is regions
        assert hides(canvas, qtbot)
        assert regions.currentRow() == 0, "the list searches for nothing"
    docks["review"].setFloating(False)

    # Where a floating panel has the keys for itself.
    docks["maps"].setFloating(True)
    qtbot.keyPress(docks["maps"], H)
    assert not canvas.curves_visible
    qtbot.keyRelease(docks["maps"], H)
    assert canvas.curves_visible
    docks["maps"].setFloating(False)

    # Not while the keys go to a dialog or a menu, which hear it let go.
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyPress(canvas, H)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    qtbot.waitUntil(lambda: canvas.curves_visible)
    sheet.close()
    window.activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyPress(canvas, H)
    menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "&Edit")
    menu.popup(QPoint(0, 0))
    qtbot.waitUntil(lambda: canvas.curves_visible)
    menu.close()

    # With Ctrl it is another key, whether that can be used or not.
    canvas.setFocus()
    window.actions_by_name["fill_holes"].setEnabled(False)
    qtbot.keyPress(canvas, H, Qt.KeyboardModifier.ControlModifier)
    assert canvas.curves_visible

    # In the pair view.
    window.actions_by_name["compare_pair"].trigger()
    both = analysed.feature(PairFeature).view.canvases
    assert focused() is both[0]
    assert all(hides(one, qtbot) for one in both)
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    assert analysed.display.view == PHOTOGRAPH
    assert canvas.isVisible()
