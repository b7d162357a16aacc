"""Scribbles: strokes by which a person says "this is lesion" or "this is skin", and which the refined border follows.

A scribble lies in the photograph's pixels: (0, 0) is its upper left corner, a pixel's centre lies at a half. It is a
value that knows no result, so it outlives every run; :mod:`engine.method.following` says what comes of it.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.arrays import Doubles, Floats

LESION, SKIN = 1, -1
LABELS = {LESION: "lesion", SKIN: "skin"}

Labels = NDArray[np.int8]
Places = NDArray[np.intp]
Window = tuple[slice, slice]  # rows, columns


@dataclass(frozen=True)
class Scribble:
    """A stroke: all that lies within ``radius`` of a line of points (x, y) is of one label, LESION or SKIN.

    everywhere: what is alike goes along all around the lesion; else near the stroke only.
    """

    label: int
    points: tuple[tuple[float, float], ...]
    radius: float
    everywhere: bool = True

    def __post_init__(self) -> None:
        numbers = [self.radius, *(number for point in self.points for number in point)]
        if self.label not in LABELS or not self.points or not all(map(math.isfinite, numbers)) or self.radius <= 0:
            raise ReadingError("A scribble needs a label, points and a radius above 0; draw it again.")

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values; the label is a word."""
        return {**asdict(self), "label": LABELS[self.label], "points": [list(point) for point in self.points]}

    @classmethod
    def from_json(cls, data: Any) -> Scribble:
        """Build a scribble from :meth:`to_json`'s form.

        Raises KeyError, TypeError, ValueError or OverflowError for what that never gives, :class:`ReadingError` for
        impossible values.
        """
        label = {word: label for label, word in LABELS.items()}[data["label"]]
        if type(data["everywhere"]) is not bool:
            raise ValueError(f"everywhere = {data['everywhere']!r} is neither true nor false")
        points = tuple((float(x), float(y)) for x, y in data["points"])
        return cls(label, points, float(data["radius"]), data["everywhere"])


Scribbles = tuple[Scribble, ...]


def coverage(scribble: Scribble, grid: tuple[int, ...], native: tuple[int, int]) -> Iterator[tuple[Window, Floats]]:
    """How much of each pixel of a grid a scribble covers, piece by piece of its line: a window of the grid and values.

    The values are float32 in [0, 1], one half along the scribble's edge; where pieces meet, the larger one holds. grid,
    native: (height, width) of the grid and of the photograph.
    """
    line, radius = _on_grid(scribble, grid, native), scribble.radius * grid[1] / native[1]
    for a, b in pairwise(line) if len(line) > 1 else [(line[0], line[0])]:
        low = np.clip(np.floor(np.minimum(a, b) - radius - 1), 0, grid[::-1]).astype(int)
        high = np.clip(np.ceil(np.maximum(a, b) + radius + 1), 0, grid[::-1]).astype(int)
        window = slice(low[1], high[1]), slice(low[0], high[0])
        distance = np.hypot(*from_segment(a, b, window))
        yield window, np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)


def path(scribble: Scribble, grid: tuple[int, ...], native: tuple[int, int]) -> tuple[Places, Places]:
    """Rows and columns of the grid's pixels that the middle of a scribble runs through; none where it lies outside."""
    line = _on_grid(scribble, grid, native)
    steps = [np.linspace(a, b, int(np.abs(b - a).max()) + 2) for a, b in pairwise(line)] or [line]
    cells = np.unique(np.floor(np.concatenate(steps)).astype(np.intp), axis=0)
    inside = cells[((cells >= 0) & (cells < grid[::-1])).all(axis=1)]
    return inside[:, 1], inside[:, 0]


def labels(scribbles: Sequence[Scribble], grid: tuple[int, ...], native: tuple[int, int]) -> Labels:
    """What the pixels of a grid were touched as, int8 (H, W): LESION, SKIN, or 0; later scribbles lie over earlier."""
    found = np.zeros(grid, np.int8)
    for one in scribbles:
        for window, covered in coverage(one, grid, native):
            found[window][covered > 0.5] = one.label
    return found


def mark(values: Floats, scribbles: Sequence[Scribble], native: tuple[int, int]) -> Floats:
    """A probability of lesion, float32 (H, W), with the scribbles' own pixels as they say; later ones lie over earlier.

    The level set at one half runs along their edges. native: (height, width) of the photograph.
    """
    marked = values.copy() if scribbles else values
    for one in scribbles:
        for window, covered in coverage(one, values.shape, native):
            there = marked[window]
            marked[window] = np.maximum(there, covered) if one.label == LESION else np.minimum(there, 1 - covered)
    return marked


def from_segment(a: Doubles, b: Doubles, window: Window) -> tuple[Doubles, Doubles]:
    """How far, in x and in y, the centres of a window's pixels lie from the nearest point of the segment a b.

    Each float64 of the window's height and width.
    """
    rows, columns = window
    x = np.arange(columns.start, columns.stop) + 0.5 - a[0]
    y = (np.arange(rows.start, rows.stop) + 0.5 - a[1])[:, None]
    dx, dy = b - a
    along = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
    return x - along * dx, y - along * dy


def _on_grid(scribble: Scribble, grid: tuple[int, ...], native: tuple[int, int]) -> Doubles:
    return np.array(scribble.points) * (grid[1] / native[1], grid[0] / native[0])
