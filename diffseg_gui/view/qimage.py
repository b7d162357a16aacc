"""Bytes to QImage, and ready-made smaller copies so that painting a large photograph stays quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from engine.photograph.resize import halved

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = {
    (): QImage.Format.Format_Grayscale8,
    (3,): QImage.Format.Format_RGB888,
    (4,): QImage.Format.Format_RGBX8888,
}
SMALLEST = 400  # pixels; no smaller copy is worth keeping


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Copy uint8 pixels, (H, W) grey, (H, W, 3) RGB or (H, W, 4) opaque RGBA, into a QImage that owns them."""
    return _seen_as_qimage(np.ascontiguousarray(pixels)).copy()


def _seen_as_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage of contiguous pixels as they lie in memory; they must outlive it."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], FORMATS[pixels.shape[2:]])


def to_pixels(image: QImage) -> NDArray[np.uint8]:
    """A copy of an opaque QImage's pixels, uint8 (H, W, 3) RGB."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


class Picture:
    """An image at several sizes, each half of the one before; the largest is made of the pixels themselves."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._pixels = half = np.ascontiguousarray(pixels)  # kept as long as the picture, whose first image shows them
        self.levels = [_seen_as_qimage(self._pixels)]
        while max(half.shape[:2]) > 2 * SMALLEST:
            half = halved(half)  # not by Qt, which would first make four bytes of each of the photograph's pixels
            self.levels.append(_seen_as_qimage(half).convertToFormat(QImage.Format.Format_RGB32))  # painted quickest

    def at(self, scale: float) -> QImage:
        """The smallest copy that still has a pixel for each of the screen's; scale: screen pixels per full pixel."""
        for level in reversed(self.levels):
            if level.width() >= scale * self.levels[0].width():
                return level
        return self.levels[0]
