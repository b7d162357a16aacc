"""Shortcuts on keyboards that write no Latin letters, and input methods, which only text calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget

from diffseg_gui.app.hide_overlay import HideOverlay
from diffseg_gui.app.keys import TYPED_INTO, LatinShortcuts, latin_key
from diffseg_gui.view.viewport import Viewport

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
# What the systems tell of a key: its place among the rows (Linux), or a number of its own (a Mac), or its Latin letter.
KEYS = {"H": ("Р", 43, 4, 0x48), "R": ("К", 27, 15, 0x52), "[": ("Х", 34, 33, 0xDB), "1": ("١", 10, 18, 0x31)}


def key(name: str, kind: QEvent.Type = PRESS, modifiers: Qt.KeyboardModifier = NONE, virtual: int = 0) -> QKeyEvent:
    """An event of a key as Linux tells it on a Russian keyboard. name: what an American one bears."""
    letter, place, _, _ = KEYS[name]
    return QKeyEvent(kind, ord(letter), modifiers, place, virtual, 0, letter)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_known_by_its_place_in_every_system(name: str) -> None:
    letter, place, mac, windows = KEYS[name]
    for system, scan, virtual in (("xcb", place, 0x6D2), ("wayland", place, 0x6D2), ("cocoa", 0, mac),
                                  ("windows", 35, windows)):  # fmt: skip
        event = QKeyEvent(PRESS, ord(letter), NONE, scan, virtual, 0, letter)
        assert latin_key(event, system) == ord(name), system


def test_a_latin_letter_is_itself_wherever_it_stands() -> None:
    """A French A lies where an American Q does; Ö and the keys with names have no other meaning, either."""
    for pressed in (Qt.Key.Key_A, Qt.Key.Key_Odiaeresis, Qt.Key.Key_Escape):
        assert latin_key(QKeyEvent(PRESS, pressed, NONE, 24, 0, 0, ""), "xcb") == pressed
    assert latin_key(QKeyEvent(PRESS, ord("Ж"), NONE, 200, 0, 0, "Ж"), "xcb") == ord("Ж"), "of an unknown place"


class Room:
    """A window with a list and a field, some shortcuts, and what H hides."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window, self.list, self.field = QWidget(), QListWidget(), QLineEdit()
        self.list.addItems(["one", "рано"])
        layout = QVBoxLayout(self.window)
        for part in (self.list, self.field):
            layout.addWidget(part)
        self.pressed: list[str] = []
        self.actions = {shortcut: QAction(shortcut, self.window) for shortcut in ("R", "Shift+R", "[", "Ctrl+R")}
        for shortcut, action in self.actions.items():
            action.setShortcut(shortcut)
            action.triggered.connect(lambda _=False, shortcut=shortcut: self.pressed.append(shortcut))
            self.window.addAction(action)
        self.viewport = Viewport()
        self.filters = (HideOverlay(self.viewport, [self.window]), LatinShortcuts(self.actions.values(), [self.window]))
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()

    def press(self, widget: QWidget, name: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go a key of a Russian keyboard on a widget that has the focus."""
        widget.setFocus()
        for kind in (PRESS, RELEASE):
            QApplication.sendEvent(widget, key(name, kind, modifiers))


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    """The window, on the screen."""
    return Room(qtbot)


def test_shortcuts_work_on_a_russian_keyboard(room: Room) -> None:
    room.press(room.list, "R")
    room.press(room.list, "R", SHIFT)
    room.press(room.list, "[")
    room.press(room.list, "R", CTRL)
    room.press(room.list, "[", CTRL)
    assert room.pressed == ["R", "Shift+R", "[", "Ctrl+R"]


def test_none_that_cannot_be_used_and_none_while_text_is_typed(room: Room) -> None:
    room.press(room.field, "R")
    assert room.field.text() == "К"
    room.actions["R"].setEnabled(False)
    room.press(room.list, "R")
    assert room.pressed == []


def test_holding_h_hides_what_lies_over_the_skin(room: Room) -> None:
    room.list.setFocus()
    QApplication.sendEvent(room.list, key("H"))
    assert room.viewport.overlay_is_hidden
    assert room.list.currentItem() is None or room.list.currentItem().text() != "рано", "the list searches for nothing"
    QApplication.sendEvent(room.list, key("H", RELEASE))
    assert not room.viewport.overlay_is_hidden
    room.press(room.field, "H")
    assert room.field.text() == "Р"


def test_the_whole_window_hears_them_on_whatever_has_the_keys(analysed: Workbench) -> None:
    analysed.stage.canvas.setFocus()
    first = key("1")
    analysed.window.actions_by_name["view_consistency"].trigger()
    QApplication.sendEvent(analysed.stage.canvas, first)
    assert analysed.display.view == "photograph"
    QApplication.sendEvent(analysed.stage.canvas, key("H"))
    assert analysed.viewport.overlay_is_hidden
    QApplication.sendEvent(analysed.stage.canvas, key("H", RELEASE))


def test_input_methods_stand_aside_where_no_text_is_typed(analysed: Workbench) -> None:
    """One that is on takes the letters of shortcuts for the beginning of a word."""
    for view in analysed.window.findChildren(QAbstractItemView):
        view.setFocus()
        view.setCurrentIndex(view.model().index(0, 0))
    takes = Qt.WidgetAttribute.WA_InputMethodEnabled
    asking = [widget for widget in analysed.window.findChildren(QWidget) if widget.testAttribute(takes)]
    assert asking
    assert [widget for widget in asking if not isinstance(widget, TYPED_INTO)] == []
