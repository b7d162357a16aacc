"""The live wire: from a point to any other, the way that follows the photograph's border.

Mortensen and Barrett, "Intelligent scissors for image composition" (SIGGRAPH 1995): the cheapest path over a grid whose
cells cost the less, the stronger the edge is that runs through them. A lesion's border is soft, and its network has
sharper edges within; so a cell also costs the less, the nearer its shade is to that of the point where the wire begins,
which keeps it as far out, or in, as the person has begun. All paths from one point are found at once, so that the one
to the cursor is there at each move of the mouse.

Between five or eight points on the annotated border of eight full-resolution photographs, the wire lies half as far
from it as straight lines do (1.7 and 3.2 thousandths of its length), and without the shade farther than these (4.5).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bytes, Floats

CELLS = 280  # of the grid's side; finer than what a screen shows of the way
AROUND = 1.4  # how far the grid goes, to how far its farthest way has led
NEAREST = 24.0  # pixels that a grid goes at least, to either side
BLUR, SHARE = 1.2, 1 / 150  # cells, and of the photograph's longest side, at least: a hair is finer, a border is not
FLOOR = 0.1  # what a step along the strongest edge costs, to one through even skin
SHADE = 6.0  # what a step costs through the brightest skin from the darkest lesion
STRONG = 95.0  # percentile of the edges within a grid that counts as strongest


class Wire:
    """All ways from one point of a photograph, uint8 (H, W, 3)."""

    def __init__(self, pixels: Bytes, start: tuple[float, float]) -> None:
        """start: x, y in pixels; a point outside counts as the nearest inside."""
        self._pixels = pixels
        self._start = self._inside(start)
        self._half = -1.0  # nothing is known yet

    def to(self, end: tuple[float, float]) -> NDArray[np.float64]:
        """The way to a point, float64 (points, 2) of x, y, from the start to the end itself, which may lie outside."""
        target = self._inside(end)
        away = max(abs(target[0] - self._start[0]), abs(target[1] - self._start[1]))
        if away > self._half:
            self._look(max(AROUND * away, NEAREST))
        path = np.array(self._paths.traceback(self._cell(target)), np.float64)[:, ::-1]
        way = (path + 0.5) * self._step + self._corner
        if len(way) > 2:
            way[1:-1] = (way[:-2] + 2 * way[1:-1] + way[2:]) / 4  # without the grid's stairs
        return np.concatenate([[self._start], way[1:-1], [end]])

    def _look(self, half: float) -> None:
        """Find all ways within a square of this half side, at as many cells as suffice."""
        from skimage.graph import MCP_Geometric  # here, because its import would delay the window

        height, width = self._pixels.shape[:2]
        (x, y), self._half = self._start, half
        x0, y0 = max(math.floor(x - half), 0), max(math.floor(y - half), 0)
        x1, y1 = min(math.ceil(x + half), width), min(math.ceil(y + half), height)
        self._step = max(1, math.ceil(2 * half / CELLS))
        self._corner = np.array((x0, y0), np.float64)
        part = Image.fromarray(self._pixels[y0:y1, x0:x1])
        grid = np.asarray(part.reduce(self._step) if self._step > 1 else part, np.float32)
        self._shape = grid.shape[:2]
        start = self._cell(self._start)
        blur = max(BLUR, SHARE * max(height, width) / self._step)
        self._paths = MCP_Geometric(_cost(grid, start, blur))
        self._paths.find_costs([start])

    def _cell(self, point: tuple[float, float]) -> tuple[int, int]:
        """The cell that holds a point, row and column."""
        column, row = ((at - low) / self._step for at, low in zip(point, self._corner, strict=True))
        return min(int(row), self._shape[0] - 1), min(int(column), self._shape[1] - 1)

    def _inside(self, point: tuple[float, float]) -> tuple[float, float]:
        height, width = self._pixels.shape[:2]
        return min(max(point[0], 0.0), width - 0.5), min(max(point[1], 0.0), height - 0.5)


def _cost(grid: Floats, start: tuple[int, int], blur: float) -> Floats:
    """What a step through each cell costs, float32 (h, w) above 0. grid: colours, (h, w, 3). blur: in cells."""
    from scipy.ndimage import gaussian_filter, sobel

    colours = gaussian_filter(grid, (blur, blur, 0))
    edge = np.hypot(sobel(colours, axis=0), sobel(colours, axis=1)).max(axis=2)
    shade = colours.mean(axis=2)
    dark, strong, light = np.percentile(shade, 5), np.percentile(edge, STRONG), np.percentile(shade, 95)
    weak = (1 - np.minimum(edge / max(strong, 1.0), 1)) ** 2
    other = np.minimum(np.abs(shade - shade[start]) / max(light - dark, 1.0), 1)
    return np.asarray(FLOOR + weak + SHADE * other, np.float32)
