"""Smooth curves along which a map crosses a level, in the photograph's pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from contourpy import contour_generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


def extent(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns of the smallest window that holds a mask's True pixels, of which (H, W) has at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


class Contours:
    """The curves along which a map (h, w) crosses a level, for any number of levels."""

    def __init__(self, values: NDArray[np.float32], width: int, height: int) -> None:
        """width, height: of the photograph in whose pixels the curves are wanted."""
        h, w = values.shape
        outside = float(values.min()) - 1.0  # beyond the border all is below every level, so that curves close
        x = np.clip((np.arange(-2, w + 2) + 0.5) * width / w, 0, width)
        y = np.clip((np.arange(-2, h + 2) + 0.5) * height / h, 0, height)
        extended = np.pad(values.astype(np.float64), 1, mode="edge")  # as far as the border itself
        padded = np.pad(extended, 1, constant_values=outside)
        self._generator = contour_generator(x, y, padded)

    def at(self, level: float) -> list[NDArray[np.float64]]:
        """Return closed curves, float64 (points, 2) of x, y; (0, 0) is the photograph's upper left corner.

        Where the map exceeds the level at the image's border, the curve follows the border.
        """
        return [np.asarray(line) for line in self._generator.lines(level) if len(line) > 2]


def contours(values: NDArray[np.float32], level: float, width: int, height: int) -> list[NDArray[np.float64]]:
    """The curves of :class:`Contours` at one level."""
    return Contours(values, width, height).at(level)
