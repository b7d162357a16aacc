"""The colours of a heatmap, with the values at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme
from engine.records.render import colour_table

if TYPE_CHECKING:
    from diffseg_gui.view.views import Scale


class ColourBar(QWidget):
    """A heatmap's colours with the values at both ends."""

    def __init__(self, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setFixedHeight(16)
        self.setToolTip(f"From {scale.limits[0]:g} to {scale.limits[1]:g}, colour map {scale.name}")

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw low value, gradient, high value."""
        painter = QPainter(self)
        low, high = (f"{value:g}" for value in self._scale.limits)
        metrics = painter.fontMetrics()
        left, right = metrics.horizontalAdvance(low) + 6, metrics.horizontalAdvance(high) + 6
        bar = QRectF(left, 4, self.width() - left - right, 8)
        gradient = QLinearGradient(bar.left(), 0, bar.right(), 0)
        table = colour_table(self._scale.name)
        for step in range(17):
            gradient.setColorAt(step / 16, QColor(*table[min(step * 16, 255)].tolist()))
        painter.fillRect(bar, gradient)
        painter.setPen(theme.colours().muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)
