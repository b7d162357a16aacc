"""The box that asks for the ruler's length in mm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from diffseg_gui.look.entry_keys import EntryKeys
from diffseg_gui.look.named import named
from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.look.numbers import NumberError, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.view.canvas import Canvas

SHORTEST_MM, LONGEST_MM = 0.01, 1000.0
UNKNOWN = "? mm"  # stands where no length was told, also once the box was left


class LengthBox(QFrame):
    """Asks for the ruler's length at its line. Enter accepts, Escape drops."""

    accepted = Signal(float)
    dropped = Signal()

    def __init__(self, canvas: Canvas, why_not: Callable[[float], str]) -> None:
        """why_not: says in a sentence why a length cannot be, or nothing."""
        super().__init__(canvas)
        self._why_not, self._at = why_not, QPointF()
        self.setObjectName("card")
        self._canvas = canvas
        self.box = NumberBox(2, 0.0, LONGEST_MM, " mm")
        self.box.setSpecialValueText(UNKNOWN)
        self.box.setFixedWidth(84)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setAccessibleName("Length of the ruler in mm")
        self.box.setToolTip("The ruler's known length; Enter accepts it, Esc drops it")
        self.wrong = named(QLabel("", wordWrap=True), "warning")
        self.wrong.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 9, 6)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(self.wrong)
        row.addWidget(QLabel("Known length"))
        row.addWidget(self.box)
        row.addWidget(named(QLabel("Enter"), "key"))
        self.box.installEventFilter(self)
        EntryKeys(self.box, self._end)
        self.hide()

    def ask(self, length_mm: float | None, at: QPointF) -> None:
        """Ask, below a point of the canvas. length_mm: as it was told before, which typing replaces; None: never."""
        self.box.setValue(length_mm or 0.0)
        self._at = at
        self.say("")
        self.show()
        self.raise_()
        self.box.setFocus()
        self.box.selectAll()

    def say(self, sentence: str) -> None:
        """Say why a length cannot be taken; empty: nothing is wrong."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.box.setAccessibleDescription(sentence)
        self.place(self._at)

    def place(self, at: QPointF) -> None:
        """Stand below a point, within the canvas."""
        self._at = at
        size, room = self.sizeHint(), self._canvas.size()
        x, y = at.x() - size.width() / 2, at.y() + 16
        low = QPoint(room.width() - size.width() - 4, room.height() - size.height() - 4)
        self.setGeometry(max(4, min(int(x), low.x())), max(4, min(int(y), low.y())), size.width(), size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field without a length is empty to be typed into."""
        if event.type() == QEvent.Type.FocusIn and self.box.text() == UNKNOWN:
            self.box.clear()  # what is typed now begins anew
        return super().eventFilter(watched, event)

    def _end(self, accept: bool) -> None:
        if not accept:
            self._leave()
            self.dropped.emit()
            return
        try:
            length = parse(self.box.text(), SHORTEST_MM, LONGEST_MM, self.box.suffix())
        except NumberError as error:
            self.say(str(error))
            return
        if sentence := self._why_not(length):
            self.say(sentence)
            return
        self._leave()
        self.accepted.emit(length)

    def _leave(self) -> None:
        self.hide()
        self._canvas.setFocus()
