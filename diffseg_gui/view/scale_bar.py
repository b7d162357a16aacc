"""A scale bar at the lower right of the photograph, and the round lengths that scales are divided into."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import overlay

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

LONGEST = 130.0  # screen pixels
HEIGHT, MARGIN, LINE = 28, 10, 16


def round_below(length: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above a length > 0."""
    power = 10.0 ** math.floor(math.log10(length))
    return power * max((step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9)), default=1)


class ScaleBar(QWidget):
    """Says how long a stretch of the photograph is: in mm where its calibration is known, in pixels until then."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.mm_per_px: float | None = None
        self.source = ""
        self.length = 0.0  # of the bar, in mm or pixels
        self._long = 0.0  # the same on the screen
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(int(LONGEST) + 20, HEIGHT)
        canvas.viewport.changed.connect(self.place)
        canvas.resized.connect(self.place)
        self.place()

    @property
    def text(self) -> str:
        """What stands on it."""
        return f"{self.length:g} mm" if self.mm_per_px else f"{self.length:g} px"

    def calibrate(self, mm_per_px: float | None, source: str = "") -> None:
        """Take over the size of a pixel, or None before calibration. source: who says so, where it is no person."""
        self.mm_per_px, self.source = mm_per_px, source
        width = self.fontMetrics().horizontalAdvance(source) + 12
        self.setFixedSize(max(int(LONGEST) + 20, width), HEIGHT + (LINE if source else 0))
        self.place()

    def place(self) -> None:
        """Follow the view: a round length, at the lower right of what is seen of the photograph."""
        scene = self._canvas.scene
        self.setVisible(scene is not None)
        if scene is None:
            return
        to_screen = self._canvas.to_screen()
        unit = to_screen.m11() / (self.mm_per_px or 1.0)  # screen pixels to a mm, or to one of the photograph's
        self.length = round_below(LONGEST / unit)
        self._long = self.length * unit
        seen = to_screen.mapRect(QRectF(0, 0, scene.width, scene.height)).toRect() & self._canvas.rect()
        self.move(max(0, seen.right() - self.width() - MARGIN), seen.bottom() - self.height() - MARGIN)
        self.setAccessibleName(f"Scale bar: {self.text}" + (f" ({self.source})" if self.source else ""))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """White on a dark edge, readable on skin and on every map; not while the photograph is to be seen alone."""
        if not self._canvas.curves_visible:
            return
        painter = QPainter(self)
        right, bottom = self.width() - 4.0, self.height() - 5.0
        left = right - self._long
        line = QPolygonF([QPointF(left, bottom - 6), QPointF(left, bottom), QPointF(right, bottom),
                          QPointF(right, bottom - 6)])  # fmt: skip
        for colour, width in ((overlay.EDGE, 5), (overlay.BAND, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(line)
        place = QRect(0, 0, self.width() - 4, self.height() - 9)
        right_top = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        if self.source:
            draw_text(painter, place, self.source, right_top)
            place.translate(0, LINE)
        draw_text(painter, place, self.text, right_top)


def draw_text(painter: QPainter, place: QRect, text: str, flags: Qt.AlignmentFlag) -> None:
    """White text on its own shadow, for photographs."""
    painter.setPen(overlay.EDGE)
    for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(place.translated(x, y), flags, text)
    painter.setPen(overlay.BAND)
    painter.drawText(place, flags, text)
