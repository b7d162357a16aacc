"""A photograph as its display is adjusted: made for the size that is painted, when it is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui.view.qimage import Picture, to_pixels, to_qimage
from engine.photograph.adjust import adjusted
from engine.photograph.resize import resize

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from engine.arrays import Bytes
    from engine.photograph.adjust import Adjustment


class Hair:
    """What was found of hair on a small copy of a photograph, for any size of it."""

    def __init__(self, found: Bytes) -> None:
        """found: of :func:`engine.photograph.adjust.find_hair`."""
        self._found = found
        self._sizes: dict[tuple[int, int], Bytes] = {}

    def at(self, width: int, height: int) -> Bytes:
        """The same, uint8 (height, width)."""
        if (width, height) not in self._sizes:
            self._sizes[width, height] = resize(self._found, width, height, linear=True).astype(np.uint8)
        return self._sizes[width, height]


class Adjusted(Picture):
    """The picture of a photograph, brighter, with more contrast or with softer hair."""

    def __init__(self, photograph: Picture, how: Adjustment, hair: Hair | None) -> None:
        """hair: None as long as it is not found."""
        self.levels = photograph.levels  # whose sizes tell canvases how fine it is
        self._photograph, self._how, self._hair = photograph, how, hair
        self._made: dict[int, QImage] = {}

    def at(self, scale: float) -> QImage:
        """The smallest copy that still has a pixel for each of the screen's, adjusted."""
        level = self._photograph.at(scale)
        if level.width() not in self._made:
            hair = self._hair.at(level.width(), level.height()) if self._hair is not None and self._how.hair else None
            self._made[level.width()] = to_qimage(adjusted(to_pixels(level), self._how, hair))
        return self._made[level.width()]
