"""The whole window without a mouse, and the wheel where nobody means it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QMenu, QScrollArea, QWidget

from diffseg_gui.views import PHOTOGRAPH

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
WITH_LETTERS = {"&Theme", "&Device", "&File", "&Edit", "&Analysis", "&Review", "&Measure", "&Help"}


def letters(menu: QMenu) -> list[str]:
    """The letters that choose a menu's entries; empty for an entry without."""
    texts = [action.text().replace("&&", "") for action in menu.actions() if not action.isSeparator()]
    return [text.partition("&")[2][:1].lower() for text in texts]


def test_each_letter_chooses_one_entry_of_its_menu(bench: Workbench) -> None:
    menus = [menu for menu in bench.window.findChildren(QMenu) if menu.title()]
    assert {menu.title() for menu in menus} >= WITH_LETTERS
    for menu in menus:
        used = Counter(letter for letter in letters(menu) if letter)
        assert [letter for letter, times in used.items() if times > 1] == [], menu.title()
        if menu.title() in WITH_LETTERS:
            assert "" not in letters(menu), menu.title()


def test_whatever_takes_the_focus_has_a_name(analysed: Workbench) -> None:
    for widget in analysed.window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(widget.parent(), QAbstractSpinBox):
            continue
        if widget.isVisible() and not isinstance(widget, QScrollArea):
            name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            assert name, f"{widget} in {widget.parent()}"


def test_tab_shows_where_it_leads(analysed: Workbench, qtbot: QtBot) -> None:
    analysed.window.resize(1440, 880)
    analysed.window.docks.arrange()
    analysed.window.stage.canvas.setFocus()
    limit, seen = analysed.window.measures.limit, set()
    for _ in range(120):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        seen.add(focused)
        for dock in analysed.window.docks.all.values():
            if dock.isAncestorOf(focused):
                assert not dock.visibleRegion().isEmpty(), f"{focused} is behind the tabs"
    assert limit in seen
    assert {frame.canvas for frame in analysed.window.filmstrip.frames.values()} <= seen


def test_the_key_of_a_panel_behind_its_tabs_brings_it_forward(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    window.resize(1440, 880)
    window.docks.arrange()
    QApplication.processEvents()
    dock, action = window.docks.measures, window.actions_by_name["panel_measures"]
    assert dock.visibleRegion().isEmpty()
    qtbot.keyClick(window, Qt.Key.Key_4, ALT)
    qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    assert action.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_4, ALT)
    assert dock.isHidden()
    assert not action.isChecked()


def test_enter_shows_a_small_view_large(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    for key, canvas in (
        ("t90", window.filmstrip.frames[90].canvas),
        ("ambiguity", window.maps.panels["ambiguity"].canvas),
    ):
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        assert window.view == key
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Return)
    assert window.view == PHOTOGRAPH


def test_the_probe_moves_by_keys(analysed: Workbench, qtbot: QtBot) -> None:
    canvas, viewport, card = analysed.window.stage.canvas, analysed.window.viewport, analysed.window.probe.card
    canvas.setFocus()
    assert card.isHidden()
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    first = viewport.cursor
    assert card.isVisible()
    assert f"Pixel {int(first.x())}, {int(first.y())}" in card.accessibleName()
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert viewport.cursor.x() == pytest.approx(first.x())
    step = (viewport.cursor.y() - first.y()) * canvas.to_screen().m11()
    assert step == pytest.approx(6.0), "screen pixels"
    for _ in range(300):
        qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert card.isVisible(), "it stays on the photograph"
    assert viewport.zoom == 1.0
    analysed.window.threshold.delta.box.setFocus()
    assert card.isHidden()


def test_scrolling_the_settings_changes_none(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    recipe, limit = analysed.state.recipe, window.measures.limit.value()
    window.stage.canvas.setFocus()
    rows = [window.threshold.delta, *window.crf.rows.values()]
    for widget in (*(part for row in rows for part in (row.slider, row.box)), window.noise.draws, window.noise.seed):
        assert not wheel(widget), f"{widget} keeps the wheel from the column"
    assert not wheel(window.measures.limit)
    assert analysed.state.recipe == recipe
    assert window.measures.limit.value() == limit
    window.noise.seed.setFocus()
    assert isinstance(QApplication.focusWidget(), QAbstractSpinBox | QLineEdit)
    assert wheel(window.noise.seed, up=True)
    assert analysed.state.recipe.noise.seed == recipe.noise.seed + 1, "once it was chosen, it turns"
    analysed.state.cancel()


def wheel(widget: QWidget, up: bool = False) -> bool:
    """One notch; whether the widget took it, or left it to what is around it."""
    at, none = QPointF(widget.rect().center()), QPoint()
    turn = QPoint(0, 120 if up else -120)
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(at, widget.mapToGlobal(at), none, turn, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
