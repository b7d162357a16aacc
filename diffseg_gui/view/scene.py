"""What a canvas shows: a picture and named curves over it, in the photograph's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QDataStream, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from diffseg_gui.look import overlay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diffseg_gui.view.qimage import Picture

ARM, GAP = 9, 3  # of a cross-hair, screen pixels


@dataclass(frozen=True, eq=False)
class Curve:
    """A path in the photograph's pixels and how to draw it. A curve with a name stands in the legend."""

    path: QPainterPath
    colour: QColor
    width: float = 1.5  # screen pixels
    dashed: bool | tuple[float, ...] = False  # a tuple: dashes and gaps in widths of the line
    fill: float = 0.0  # opacity
    hatch: bool | Qt.BrushStyle = False  # diagonal lines in its colour, so that colour is never the only sign
    name: str = ""

    def pen(self) -> QPen:
        """A pen of the same width at every zoom."""
        pen = QPen(self.colour, self.width)
        pen.setCosmetic(True)
        if dashes := self.dashes((5.0, 4.0)):
            pen.setDashPattern(dashes)
        return pen

    def dashes(self, usual: tuple[float, ...]) -> tuple[float, ...]:
        """Dashes and gaps in widths of the line; empty where it is not dashed. usual: where it asks for none."""
        if isinstance(self.dashed, tuple):
            return self.dashed
        return usual if self.dashed else ()

    def pattern(self) -> Qt.BrushStyle:
        """Of the hatching."""
        return self.hatch if isinstance(self.hatch, Qt.BrushStyle) else Qt.BrushStyle.BDiagPattern


@dataclass(frozen=True)
class Scene:
    """What a canvas shows: a picture stretched over a photograph of width x height, and curves.

    Curves are compared by identity: whoever makes them gives the same ones again while nothing has changed.
    """

    picture: Picture
    width: int
    height: int
    curves: tuple[Curve, ...] = ()
    stale: bool = False


def to_path(curves: list[NDArray[np.float64]]) -> QPainterPath:
    """One path from curves, each (points, 2), in the photograph's pixels."""
    path = QPainterPath()
    for curve in curves:
        data = len(curve).to_bytes(4, "big") + curve.astype(">f8").tobytes()  # as QDataStream writes a polygon
        polygon = QPolygonF()
        QDataStream(QByteArray(data)) >> polygon
        path.addPolygon(polygon)
    return path


def draw_curve(painter: QPainter, curve: Curve) -> None:
    """Draw a curve with a painter whose transform leads from the photograph's pixels to the screen's."""
    if curve.fill:
        colour = QColor(curve.colour)
        colour.setAlphaF(curve.fill)
        painter.fillPath(curve.path, colour)
    if curve.hatch:
        brush = QBrush(curve.colour, curve.pattern())
        brush.setTransform(painter.transform().inverted()[0])  # as wide on the screen at every zoom
        painter.fillPath(curve.path, brush)
    pen = QPen(overlay.EDGE, 1)  # a thin shadow keeps curves visible on light skin; wide pens paint slowly
    pen.setCosmetic(True)
    painter.save()
    painter.setTransform(painter.transform() * QTransform.fromTranslate(1 + curve.width / 2, 1 + curve.width / 2))
    painter.strokePath(curve.path, pen)
    painter.restore()
    painter.strokePath(curve.path, curve.pen())


def draw_cross(painter: QPainter, at: QPointF) -> None:
    """Draw a cross-hair about a point of the screen, white on a dark edge: visible on skin and on every map."""
    for colour, width in ((overlay.EDGE, 3), (overlay.CROSS, 1)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(x, y) * GAP, at + QPointF(x, y) * ARM)
