"""What the curves over the photograph mean: one entry for each that has a name, and a warning where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme

if TYPE_CHECKING:
    from diffseg_gui.view.scene import Curve

LINE, SWATCH = 20, 28  # height of a line and width of a swatch, pixels
SWATCH_FILL = 0.6  # opacity of an area without a line, which would hardly be seen on the dark swatch as it is on skin
LEAST = 2 * LINE  # the photograph must not move under the hand when a stroke brings an entry

SENTENCE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class Legend(QWidget):
    """Entries one after the other, on as many lines as they need; swatches are dark, as photographs' surroundings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[Curve, ...] = ()
        self.warning = ""

    def names(self) -> tuple[str, ...]:
        """What is explained."""
        return tuple(curve.name for curve in self._curves)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(100, LEAST)

    def show_curves(self, curves: tuple[Curve, ...], warning: str = "") -> None:
        """Explain those of these that have anything to see, each name once; warning: a sentence above them."""
        named = tuple({curve.name: curve for curve in curves if curve.name and not curve.path.isEmpty()}.values())
        if (named, warning) != (self._curves, self.warning):
            self._curves, self.warning = named, warning
            self.setAccessibleName(f"{warning} Legend: ".lstrip() + ", ".join(self.names()))
            self._fit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break anew."""
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        bottoms = (int(rect.bottom()) for rect in self._places())
        self.setFixedHeight(max(LEAST, self._top(), *bottoms))

    def _top(self) -> int:
        """Where the entries begin: below the warning, which takes as many lines as it needs."""
        room = QRect(0, 0, self.width(), 0)
        return max(LINE, self.fontMetrics().boundingRect(room, SENTENCE, self._said()).height()) if self.warning else 0

    def _said(self) -> str:
        return f"⚠ {self.warning}" if self.warning else ""

    def _places(self) -> list[QRectF]:
        """Where each entry stands."""
        places, x, y = [], 0.0, float(self._top())
        for curve in self._curves:
            width = SWATCH + 6 + self.fontMetrics().horizontalAdvance(curve.name) + 4
            if x > 0 and x + width > self.width():
                x, y = 0.0, y + LINE
            places.append(QRectF(x, y, width, LINE))
            x += width + 12
        return places

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the warning, then a piece of each curve and its name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().warning)
        painter.drawText(QRect(0, 0, self.width(), self._top()), SENTENCE, self._said())
        for curve, place in zip(self._curves, self._places(), strict=True):
            swatch = QRectF(place.left(), place.top() + 3, SWATCH, LINE - 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colours().canvas)
            painter.drawRoundedRect(swatch, 3, 3)
            if curve.hatch:
                painter.fillRect(swatch, QBrush(curve.colour, curve.pattern()))
            if not curve.width:
                colour = QColor(curve.colour)
                colour.setAlphaF(SWATCH_FILL)
                painter.fillRect(swatch.adjusted(3, 2, -3, -2), colour)
            pen = QPen(curve.colour, curve.width) if curve.width else QPen(Qt.PenStyle.NoPen)
            if dashes := curve.dashes((4.0, 3.0)):
                pen.setDashPattern(dashes)
            painter.setPen(pen)
            middle = swatch.center().y() + 0.5  # the middle of a row of pixels
            painter.drawLine(QPointF(swatch.left() + 3, middle), QPointF(swatch.right() - 3, middle))
            painter.setPen(theme.colours().muted)
            painter.drawText(place.adjusted(SWATCH + 6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, curve.name)
