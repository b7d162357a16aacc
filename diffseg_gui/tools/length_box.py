"""The box that asks for the ruler's length in mm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel

from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

SHORTEST_MM, LONGEST_MM = 0.01, 1000.0
UNTOLD = 0.0  # what the box holds before a length is typed; it cannot be accepted


class LengthBox(QFrame):
    """Asks for the ruler's length at its line. Enter accepts, Escape drops."""

    accepted = Signal(float)
    dropped = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("card")
        self._canvas = canvas
        self.box = QDoubleSpinBox(suffix=" mm", decimals=2)
        self.box.setSpecialValueText(" mm")
        self.box.setRange(UNTOLD, LONGEST_MM)
        self.box.setFixedWidth(84)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setAccessibleName("Length of the ruler in mm")
        self.box.setToolTip("The ruler's known length; Enter accepts it, Esc drops it")
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 6, 9, 6)
        row.addWidget(QLabel("Known length"))
        row.addWidget(self.box)
        row.addWidget(named(QLabel("Enter"), "key"))
        self.box.installEventFilter(self)
        self.hide()

    def ask(self, length_mm: float | None, at: QPointF) -> None:
        """Ask, below a point of the canvas. length_mm: as it was told before, which typing replaces; None: never."""
        self.box.setValue(UNTOLD if length_mm is None else length_mm)
        self.place(at)
        self.show()
        self.raise_()
        self.box.setFocus()
        self.box.selectAll()

    def place(self, at: QPointF) -> None:
        """Stand below a point, within the canvas."""
        size, room = self.sizeHint(), self._canvas.size()
        x, y = at.x() - size.width() / 2, at.y() + 16
        low = QPoint(room.width() - size.width() - 4, room.height() - size.height() - 4)
        self.setGeometry(max(4, min(int(x), low.x())), max(4, min(int(y), low.y())), size.width(), size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape are the box's own, whatever else they mean in the window."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._end(event.key() != Qt.Key.Key_Escape)
                return True
        return super().eventFilter(watched, event)

    def _end(self, accept: bool) -> None:
        if accept and not self.box.lineEdit().hasAcceptableInput():
            return  # what is half typed is no length
        if accept:
            self.box.interpretText()
            if self.box.value() < SHORTEST_MM:
                return  # nor is nothing
        self.hide()
        self._canvas.setFocus()
        if accept:
            self.accepted.emit(self.box.value())
        else:
            self.dropped.emit()
