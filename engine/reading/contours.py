"""Smooth curves along which a map crosses a level, in the photograph's pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from contourpy import contour_generator

if TYPE_CHECKING:
    from contourpy import ContourGenerator
    from numpy.typing import NDArray


TILE = 32  # pixels
OUTSIDE = -1e30  # below every level, so that curves close; the curve does not depend on it, as the border has no width
Window = tuple[tuple[int, int], tuple[int, int]]  # from, to: rows, then columns


def extent(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns of the smallest window that holds a mask's True pixels, of which (H, W) has at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


class Contours:
    """The curves along which a map (h, w) crosses a level, for any number of levels."""

    def __init__(self, values: NDArray[np.float32], width: int, height: int) -> None:
        """width, height: of the photograph in whose pixels the curves are wanted."""
        h, w = values.shape
        x = np.clip((np.arange(-2, w + 2) + 0.5) * width / w, 0, width)
        y = np.clip((np.arange(-2, h + 2) + 0.5) * height / h, 0, height)
        extended = np.pad(values.astype(np.float64), 1, mode="edge")  # as far as the border itself
        self._values = np.pad(extended, 1, constant_values=OUTSIDE)
        self._x, self._y = x, y
        self._generators: dict[Window, ContourGenerator] = {}

    def at(self, level: float) -> list[NDArray[np.float64]]:
        """Return closed curves, float64 (points, 2) of x, y; (0, 0) is the photograph's upper left corner.

        Where the map exceeds the level at the image's border, the curve follows the border.
        """
        if not (above := self._values > level).any():
            return []
        window = self._about(above)
        if window not in self._generators:
            (top, bottom), (left, right) = window
            x, y, values = self._x[left:right], self._y[top:bottom], self._values[top:bottom, left:right]
            self._generators = {window: contour_generator(x, y, values)}
        return [np.asarray(line) for line in self._generators[window].lines(level) if len(line) > 2]

    def _about(self, above: NDArray[np.bool_]) -> Window:
        """The rows and columns to be searched: with a pixel about all that is above, in tiles.

        A generator looks at each of its pixels for each level, and the same tiles serve many levels.
        """
        ends = []
        for there, size in zip(extent(above), above.shape, strict=True):
            first, last = max(there.start - 1, 0) // TILE * TILE, -(-(there.stop + 1) // TILE) * TILE
            ends.append((first, min(last, size)))
        return ends[0], ends[1]


def contours(values: NDArray[np.float32], level: float, width: int, height: int) -> list[NDArray[np.float64]]:
    """The curves of :class:`Contours` at one level."""
    return Contours(values, width, height).at(level)
