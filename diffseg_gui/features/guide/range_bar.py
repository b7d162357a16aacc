"""A figure from 0 to 1 on its scale, with its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class UnitBar(QWidget):
    """A line from 0 to 1; the range as a stretch of it, the value as a tick."""

    def __init__(self) -> None:
        super().__init__()
        self._range = (0.0, 0.0, 0.0)
        self.setFixedHeight(10)

    def show_range(self, low: float, value: float, high: float) -> None:
        """Show these, each from 0 to 1."""
        self._range = (low, value, high)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the line, the range and the tick."""
        colours, painter = theme.colours(), QPainter(self)
        low, value, high = (number * (self.width() - 2) for number in self._range)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(QRectF(0, 3, self.width(), 4), 2, 2)
        painter.setBrush(colours.accent if self.isEnabled() else colours.faint)
        painter.drawRoundedRect(QRectF(low, 3, max(high - low, 2.0), 4), 2, 2)
        painter.setBrush(colours.text if self.isEnabled() else colours.muted)
        painter.drawRect(QRectF(value - 1, 0, 2, 10))
