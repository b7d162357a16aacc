"""H held shows the skin alone, wherever the keys go; text that is typed keeps its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui.app.hide_overlay import HideOverlay
from diffseg_gui.view.viewport import Viewport

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

H, NONE = Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier
TYPED_INTO = (QLineEdit, QDoubleSpinBox, QTextEdit, QPlainTextEdit)


class Room:
    """A window with widgets of many kinds, a panel that floats, and what H hides."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.viewport = Viewport()
        self.window, self.panel = QWidget(), QWidget()
        self.list = QListWidget()
        self.list.addItems(["halo", "another"])
        self.button, self.slider, self.floating = QPushButton("button"), QSlider(), QPushButton("in the panel")
        self.fields = [kind() for kind in TYPED_INTO]
        for place, parts in ((self.window, (self.list, self.button, self.slider, *self.fields)),
                             (self.panel, (self.floating,))):  # fmt: skip
            layout = QVBoxLayout(place)
            for part in parts:
                layout.addWidget(part)
            qtbot.addWidget(place)
            with qtbot.waitExposed(place):
                place.show()
        self.filter = HideOverlay(self.viewport, (self.window, self.panel))

    @property
    def hidden(self) -> bool:
        """Whether the skin is alone."""
        return self.viewport.overlay_is_hidden

    def focus(self, widget: QWidget) -> QWidget:
        """Give a widget the keys."""
        widget.window().activateWindow()
        widget.setFocus()
        self.qtbot.waitUntil(widget.hasFocus)
        return widget

    def hides(self, widget: QWidget) -> bool:
        """Whether H, held on a widget that has the keys, hides what lies over the photograph."""
        self.focus(widget)
        self.qtbot.keyPress(widget, H)
        hidden = self.hidden
        self.qtbot.keyRelease(widget, H)
        assert not self.hidden
        return hidden


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    """The window and its panel, on the screen."""
    return Room(qtbot)


def test_whatever_has_the_keys(room: Room) -> None:
    room.list.setCurrentRow(1)
    assert all(room.hides(widget) for widget in (room.list, room.button, room.slider, room.floating))
    assert room.list.currentRow() == 1, "the list searches for nothing"


def test_where_nothing_in_a_floating_panel_has_the_keys(room: Room) -> None:
    with room.qtbot.waitActive(room.panel):
        room.panel.activateWindow()
    room.qtbot.keyPress(room.panel, H)
    assert room.hidden
    room.qtbot.keyRelease(room.panel, H)
    assert not room.hidden


def test_text_keeps_its_letters(room: Room) -> None:
    assert not any(room.hides(field) for field in room.fields)
    assert room.fields[0].text() == "h"
    assert [field.toPlainText() for field in room.fields[2:]] == ["h", "h"]


def test_keys_that_repeat_do_not_flicker(room: Room) -> None:
    told: list[bool] = []
    room.viewport.overlayHidden.connect(told.append)
    button = room.focus(room.button)
    room.qtbot.keyPress(button, H)
    for _ in range(3):
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            QApplication.sendEvent(button, QKeyEvent(kind, H, NONE, "h", True))
    assert told == [True]
    room.qtbot.keyRelease(button, H)
    assert told == [True, False]


def test_letting_go_elsewhere_counts_too(room: Room) -> None:
    """The key's going up is heard by whatever has the keys then: a dialog, a menu, a field."""
    qtbot = room.qtbot
    qtbot.keyPress(room.focus(room.button), H)
    dialog = QDialog(room.window)
    dialog.open()
    qtbot.waitUntil(lambda: not room.hidden)
    dialog.close()
    qtbot.keyPress(room.focus(room.button), H)
    assert room.hidden
    menu = QMenu(room.window)
    menu.addAction("an entry")
    menu.popup(QPoint(0, 0))
    qtbot.waitUntil(lambda: not room.hidden)
    menu.close()
    qtbot.keyPress(room.focus(room.button), H)
    field = room.focus(room.fields[0])
    assert room.hidden
    qtbot.keyRelease(field, H)
    assert not room.hidden


@pytest.mark.parametrize("modifier", ["ControlModifier", "AltModifier", "MetaModifier"])
def test_with_a_modifier_it_is_another_key(room: Room, modifier: str) -> None:
    room.qtbot.keyPress(room.focus(room.button), H, Qt.KeyboardModifier[modifier])
    assert not room.hidden


def test_a_window_of_its_own_is_none_of_its_business(room: Room) -> None:
    stranger = QWidget()
    field = QPushButton("elsewhere")
    QVBoxLayout(stranger).addWidget(field)
    room.qtbot.addWidget(stranger)
    with room.qtbot.waitExposed(stranger):
        stranger.show()
    assert not room.hides(field)
