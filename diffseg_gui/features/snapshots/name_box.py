"""The box that asks for a snapshot's name, over the photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from diffseg_gui.look.entry_keys import EntryKeys
from diffseg_gui.look.named import named
from engine.reading.snapshots import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.view.canvas import Canvas

TOP = 12  # pixels below the photograph's upper edge
STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # another window, a menu of its own
WIDTH = 200  # of the name's field, pixels


class NameBox(QFrame):
    """Asks for a name, with one that typing replaces. Enter accepts, Escape drops, and so does to work elsewhere."""

    accepted = Signal(str)

    def __init__(self, canvas: Canvas, why_not: Callable[[str], str]) -> None:
        """why_not: says in a sentence why a name cannot be, or nothing."""
        super().__init__(canvas)
        self._canvas, self._why_not = canvas, why_not
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.name = QLineEdit(maxLength=LONGEST)
        self.name.setFixedWidth(WIDTH)
        self.name.setAccessibleName("Name of the snapshot")
        self.name.setToolTip("Enter takes the snapshot, Esc does not")
        self.wrong = named(QLabel("", wordWrap=True), "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 9, 6)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(self.wrong)
        for widget in (QLabel("Snapshot"), self.name, named(QLabel("Enter"), "key")):
            row.addWidget(widget)
        self.name.installEventFilter(self)
        EntryKeys(self.name, self._end)
        canvas.resized.connect(self._place)
        self.hide()

    def ask(self, proposed: str) -> None:
        """Ask, with a name proposed."""
        self.name.setText(proposed)
        self._say("")
        self.show()
        self.raise_()
        self._place()
        self.name.setFocus()
        self.name.selectAll()

    def drop(self) -> None:
        """Ask no more."""
        if self.isVisible():
            self.hide()
            self._canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """To work elsewhere drops the box."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in STAYS:
            self.hide()
        return super().eventFilter(watched, event)

    def _end(self, accept: bool) -> None:
        name = self.name.text().strip()
        if accept and (sentence := self._why_not(name)):
            self._say(sentence)
            return
        self.drop()
        if accept:
            self.accepted.emit(name)

    def _say(self, sentence: str) -> None:
        """Say why a name cannot be taken; empty: nothing is wrong."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.name.setAccessibleDescription(sentence)
        self._place()

    def _place(self) -> None:
        """In the middle, near the photograph's upper edge."""
        size = self.sizeHint()
        self.setGeometry((self._canvas.width() - size.width()) // 2, TOP, size.width(), size.height())
