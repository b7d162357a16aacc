"""What a canvas shows: a picture and named curves over it, in the photograph's pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from diffseg_gui.look import overlay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diffseg_gui.view.qimage import Picture

STALE_OPACITY = 0.35
ARM, GAP = 9, 3  # of a cross-hair, screen pixels
FAINTER, FAINTEST = 0.28, 0.35  # of a calm area: what each doubling of the zoom takes away, and what stays
THINNER, THINNEST = 0.12, 0.7  # of a calm line, likewise
ALL_ROUND = ((1.0, 0.0), (0.7, 0.7), (0.0, 1.0), (-0.7, 0.7), (-1.0, 0.0), (-0.7, -0.7), (0.0, -1.0), (0.7, -0.7))


@dataclass(frozen=True, eq=False)
class Curve:
    """A path in the photograph's pixels and how to draw it. A curve with a name stands in the legend."""

    path: QPainterPath
    colour: QColor
    width: float = 1.5  # screen pixels; 0: no line
    dashed: bool | tuple[float, ...] = False  # a tuple: dashes and gaps in widths of the line
    fill: float = 0.0  # opacity
    hatch: bool | Qt.BrushStyle = False  # diagonal lines in its colour, so that colour is never the only sign
    name: str = ""
    calm: bool = False  # dark on both sides; the closer one looks the thinner, or without a line the fainter

    def pen(self, scale: float = 1.0) -> QPen:
        """A pen of the same width at every zoom; scale: device pixels to one of the width's."""
        pen = QPen(self.colour, self.width * scale)
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


@dataclass(frozen=True)
class Split:
    """The left part of a canvas, so many of its pixels wide, has other curves over it than the scene's."""

    left: int
    curves: tuple[Curve, ...] = ()


def to_path(curves: list[NDArray[np.float64]]) -> QPainterPath:
    """One path from curves, each (points, 2), in the photograph's pixels."""
    path = QPainterPath()
    for curve in curves:
        data = len(curve).to_bytes(4, "big") + curve.astype(">f8").tobytes()  # as QDataStream writes a polygon
        polygon = QPolygonF()
        QDataStream(QByteArray(data)) >> polygon
        path.addPolygon(polygon)
    return path


def draw_picture(painter: QPainter, scene: Scene, to_screen: QTransform) -> None:
    """Draw a scene's picture, dimmed where it is out of date. to_screen: from the photograph's pixels."""
    # Maps are coarser than the photograph they lie over: so many of its pixels to one of the picture's.
    spread = scene.width / scene.picture.levels[0].width()
    image = scene.picture.at(to_screen.m11() * painter.device().devicePixelRatioF() * spread)
    painter.setTransform(to_screen)
    painter.setOpacity(STALE_OPACITY if scene.stale else 1.0)
    painter.drawImage(QRectF(0, 0, scene.width, scene.height), image)
    painter.setOpacity(1.0)
    painter.resetTransform()


def draw_curves(
    painter: QPainter, scene: Scene, to_screen: QTransform, zoom: float, room: QRect, split: Split | None
) -> None:
    """Draw what lies over a scene's picture. room: the canvas's pixels. zoom: as of :func:`draw_curve`."""
    left = split.left if split is not None else 0
    parts = [(room.adjusted(left, 0, 0, 0), scene.curves)]
    if split is not None:
        parts.append((QRect(room.x(), room.y(), left, room.height()), split.curves))
    for part, curves in parts:
        painter.setClipRect(part)
        painter.setTransform(to_screen)
        for curve in curves:
            draw_curve(painter, curve, zoom)
        painter.resetTransform()
    painter.setClipping(False)


def draw_curve(painter: QPainter, curve: Curve, zoom: float = 1.0) -> None:
    """Draw a curve with a painter whose transform leads from the photograph's pixels to the screen's.

    zoom: how close one looks, 1 for the whole photograph.
    """
    near = math.log2(max(zoom, 1.0)) if curve.calm else 0.0
    if curve.fill:
        colour = QColor(curve.colour)
        colour.setAlphaF(curve.fill * (1.0 if curve.width else max(FAINTEST, 1 - FAINTER * near)))
        painter.fillPath(curve.path, colour)
    if curve.hatch:
        brush = QBrush(curve.colour, curve.pattern())
        brush.setTransform(painter.transform().inverted()[0])  # as wide on the screen at every zoom
        painter.fillPath(curve.path, brush)
    if curve.width:
        ratio = painter.device().devicePixelRatioF()  # a pen that ignores the zoom ignores that, too
        thin = max(THINNEST, 1 - THINNER * near)
        _draw_dark(painter, curve, curve.width * thin, ratio)
        painter.strokePath(curve.path, curve.pen(ratio * thin))


def _draw_dark(painter: QPainter, curve: Curve, width: float, ratio: float) -> None:
    """What keeps a line visible on light skin: a casing about a calm one, a thin shadow beside the others.

    Both are drawn with the thinnest pen, shifted by so many of the screen's pixels: wide pens paint slowly. ratio:
    device pixels to one of the window's.
    """
    if curve.calm:
        reaches = [width / 2 + (ring + 0.5) / ratio for ring in range(max(round(ratio), 1))]
        shifts = [(x * reach, y * reach) for reach in reaches for x, y in ALL_ROUND]
    else:
        shifts = [(1 + width / 2, 1 + width / 2)]
    pen = QPen(overlay.CASING if curve.calm else overlay.EDGE, 1)
    pen.setCosmetic(True)
    upright = painter.transform()
    for x, y in shifts:
        painter.setTransform(upright * QTransform.fromTranslate(x, y))
        painter.strokePath(curve.path, pen)
    painter.setTransform(upright)


def draw_cross(painter: QPainter, at: QPointF) -> None:
    """Draw a cross-hair about a point of the screen, white on a dark edge: visible on skin and on every map."""
    for colour, width in ((overlay.EDGE, 3), (overlay.CROSS, 1)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(x, y) * GAP, at + QPointF(x, y) * ARM)
