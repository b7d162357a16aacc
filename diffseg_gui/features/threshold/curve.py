"""The delta stability curve: lesion area and GED against delta, with the plateau and the present delta."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme

if TYPE_CHECKING:
    from engine.results import Stability


class StabilityCurve(QWidget):
    """Each curve spans the height by its own largest value; what counts is where they are flat."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: Stability | None = None
        self._delta = 0.0
        self._background: QPixmap | None = None  # all but the cursor: it alone moves with the slider
        self.setFixedHeight(74)
        self.setToolTip(
            "How the lesion's area and the GED change with delta.\n"
            "Shaded: the plateau, over which the area changes by less than a tenth."
        )

    def sizeHint(self) -> QSize:
        """As wide as the slider above it."""
        return QSize(200, 74)

    def show_curves(self, curves: Stability | None, delta: float) -> None:
        """Replace what is shown; None where there is nothing to show."""
        if curves is not self._curves:
            self._background = None
        if (curves, delta) != (self._curves, self._delta):
            self._curves, self._delta = curves, delta
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the cursor, which stands under the slider's handle, over all the rest."""
        if self._background is None or self._background.deviceIndependentSize() != self.size().toSizeF():
            self._background = self._draw_background()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._background)
        if self._curves is not None:
            frame = self._frame()
            painter.setPen(QPen(theme.colours().accent, 1.5))
            x = self._x(frame, self._delta)
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: draw anew."""
        self._background = None
        super().changeEvent(event)

    def _frame(self) -> QRectF:
        return QRectF(6, 2, self.width() - 13, self.height() - 16)  # inset by half of the slider's handle

    def _draw_background(self) -> QPixmap:
        """Names, plateau and curves."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap((self.size().toSizeF() * ratio).toSize())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        frame = self._frame()
        painter.fillRect(frame, theme.colours().background)
        for text, side in (("area", Qt.AlignmentFlag.AlignLeft), ("GED", Qt.AlignmentFlag.AlignRight)):
            painter.setPen(theme.colours().text if text == "area" else theme.colours().warning)
            painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignBottom, text)
        if self._curves is None:
            painter.setPen(theme.colours().muted)
            painter.drawText(frame, theme.CENTRED, "how area and GED change with delta")
            return pixmap
        if self._curves.plateau is not None:
            left, right = (self._x(frame, delta) for delta in self._curves.plateau)
            painter.fillRect(QRectF(left, frame.top(), max(right - left, 1.5), frame.height()), theme.colours().tint)
        for values, colour in ((self._curves.ged, theme.colours().warning), (self._curves.area, theme.colours().text)):
            self._draw(painter, frame, values.tolist(), colour)
        return pixmap

    def _draw(self, painter: QPainter, frame: QRectF, values: list[float], colour: QColor) -> None:
        assert self._curves is not None
        highest = max(values[1:]) or 1.0  # at delta 0 everything is lesion, which tells nothing
        points = [
            QPointF(self._x(frame, delta), frame.bottom() - min(value / highest, 1.0) * (frame.height() - 3))
            for delta, value in zip(self._curves.delta.tolist()[1:], values[1:], strict=True)
        ]
        painter.setPen(QPen(colour, 1.4))
        painter.drawPolyline(QPolygonF(points))

    def _x(self, frame: QRectF, delta: float) -> float:
        assert self._curves is not None
        return frame.left() + min(delta / float(self._curves.delta[-1]), 1.0) * frame.width()
