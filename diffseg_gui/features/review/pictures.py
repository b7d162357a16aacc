"""What a region looks like: its strip over the photograph, and a small picture of it for the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from diffseg_gui.look import overlay, theme, wording
from diffseg_gui.view.qimage import to_qimage
from diffseg_gui.view.scene import Curve, to_path
from engine.reading.contours import contours

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainterPath

    from engine.photograph.image import SkinImage
    from engine.reading.regions import Region

MARGIN = 0.15  # of a region's longer side, between it and its box
EVEN = 0.35  # of softened pixels: a straight edge stays where it is to a sixth of a pixel, a line of single ones whole
FINE = 2  # pixels of a picture to one of the window's, for screens that have them


def box_of(region: Region) -> QRectF:
    """A region's box with a margin, in the photograph's pixels."""
    x0, y0, x1, y1 = region.box
    margin = MARGIN * max(x1 - x0, y1 - y0)
    return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-margin, -margin, margin, margin)


def curves_of(region: Region, image: SkinImage, grid: tuple[int, ...]) -> tuple[Curve, ...]:
    """The line around a region's ambiguous pixels, which stands in the legend. grid: as of :func:`picture_of`."""
    name = f"region {region.number}: {region.place}"
    return (Curve(_outline(region, image, grid), overlay.REGION, 2.0, name=name, calm=True),)


def faded(curve: Curve) -> Curve:
    """A curve that belongs to another delta, and says so in the legend."""
    colour = QColor(curve.colour)
    colour.setAlphaF(overlay.FADED)
    name = f"{curve.name}, {wording.OUT_OF_DATE}"
    return replace(curve, colour=colour, dashed=True, calm=False, name=name)


def picture_of(region: Region, image: SkinImage, grid: tuple[int, ...], side: int) -> QPixmap:
    """A square of the photograph about a region, with its outline.

    grid: (height, width) of the working grid. side: of the square, in the window's pixels.
    """
    box = box_of(region)
    extent = max(box.width(), box.height())
    x0, y0 = (max(0, int(centre - extent / 2)) for centre in (box.center().x(), box.center().y()))
    step = max(1, int(extent / (2 * FINE * side)))
    cut = image.pixels[y0 : y0 + int(extent) + 1, x0 : x0 + int(extent) + 1]
    scale = FINE * side / extent
    made = QPixmap(FINE * side, FINE * side)
    made.fill(theme.DARK.canvas)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, cut.shape[1] * scale, cut.shape[0] * scale), to_qimage(cut[::step, ::step]))
    painter.setTransform(QTransform.fromScale(scale, scale).translate(-x0, -y0))
    outline = _outline(region, image, grid)
    for colour, width in ((overlay.EDGE, 3.0), (overlay.REGION, 1.2)):
        pen = QPen(colour, width * FINE)
        pen.setCosmetic(True)
        painter.strokePath(outline, pen)
    painter.end()
    made.setDevicePixelRatio(FINE)
    return made


def _outline(region: Region, image: SkinImage, grid: tuple[int, ...]) -> QPainterPath:
    """Around a region's ambiguous pixels, in the photograph's pixels, without the working grid's steps."""
    sx, sy = image.width / grid[1], image.height / grid[0]
    soft = _softened(region.pixels)
    within = to_path(contours(soft, EVEN, soft.shape[1], soft.shape[0]))  # pixels of its own rectangle and its margin
    left, top = (corner - 1 for corner in region.corner)
    return QTransform(sx, 0, 0, sy, left * sx, top * sy).map(within)


def _softened(pixels: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The pixels with a margin of one, each the mean of its neighbourhood by 1, 2, 1 along both axes."""
    wide = np.pad(pixels.astype(np.float32), 2)
    tall = (wide[:-2] + 2 * wide[1:-1] + wide[2:]) / 4
    return np.asarray((tall[:, :-2] + 2 * tall[:, 1:-1] + tall[:, 2:]) / 4, np.float32)
