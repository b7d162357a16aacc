"""Corrections by hand: a layer over the model's mask, and the operations that change it.

A layer is int8 (H, W) at the photograph's own size: 0 as the model says, +1 lesion, -1 skin, whatever the model says.
So a correction outlives every re-run. Each operation looks at the layer and returns the :class:`Patch` to put, or None
where it would change nothing; :func:`put` returns the patch that takes it back, which is all that an undo needs.
Points are (x, y) in the photograph's pixels: (0, 0) is its upper left corner, a pixel's centre lies at a half.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Bools, Doubles, read_only
from engine.reading.contours import extent
from engine.scribbles import from_segment

if TYPE_CHECKING:
    from collections.abc import Sequence

Layer = NDArray[np.int8]
LESION, AS_FOUND, SKIN = 1, 0, -1


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle's new values: x, y of its upper left pixel; values int8 (h, w) of -1, 0, +1, read-only."""

    x: int
    y: int
    values: Layer

    def __post_init__(self) -> None:
        read_only(self.values)

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns, to index a layer or a mask with."""
        h, w = self.values.shape
        return slice(self.y, self.y + h), slice(self.x, self.x + w)


@dataclass(frozen=True)
class Changes:
    """Pixels that a correction adds to the model's mask and removes from it."""

    added: int
    removed: int


def blank(height: int, width: int) -> Layer:
    """A layer that corrects nothing."""
    return np.zeros((height, width), np.int8)


def apply(layer: Layer, mask: Bools) -> Bools:
    """Return the corrected mask, bool of the mask's shape; works on a window of both, too."""
    return np.asarray((layer | mask.view(np.int8)) > 0)  # -1 has all of its bits set


def changes(layer: Layer, mask: Bools) -> Changes:
    """Count what the layer changes in this mask; where both agree it changes nothing."""
    return Changes(int(np.count_nonzero((layer > 0) & ~mask)), int(np.count_nonzero((layer < 0) & mask)))


def put(layer: Layer, patch: Patch) -> Patch:
    """Put a patch into the layer, in place, and return the patch that takes it back.

    In place, because a copy of 24 megapixels at every move of the mouse would be felt. Raises ValueError if the patch
    does not lie within the layer.
    """
    if patch.x < 0 or patch.y < 0 or layer[patch.window].shape != patch.values.shape:
        raise ValueError(f"a patch {patch.window} outside the layer {layer.shape}")
    before = Patch(patch.x, patch.y, layer[patch.window].copy())
    layer[patch.window] = patch.values
    return before


def stroke(layer: Layer, points: Sequence[tuple[float, float]], radius: float, value: int) -> Patch | None:
    """Brush (``value`` LESION) or eraser (SKIN): all pixels whose centre lies within ``radius`` of the polyline."""
    line = np.asarray(points, np.float64).reshape(-1, 2)
    box = _box(line, radius, layer.shape)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    inside = np.zeros((y1 - y0, x1 - x0), np.bool_)
    for a, b in pairwise(line) if len(line) > 1 else [(line[0], line[0])]:
        near = _box(np.stack([a, b]), radius, layer.shape)  # a long stroke's own box can be the whole photograph
        if near is not None:
            left, top, right, bottom = near
            inside[top - y0 : bottom - y0, left - x0 : right - x0] |= _capsule(near, a, b, radius)
    return _paint(layer, x0, y0, inside, value)


def polygon(layer: Layer, points: Sequence[tuple[float, float]], value: int) -> Patch | None:
    """Lasso or polygon, closed from last point to first: all pixels whose centre lies inside (even-odd rule)."""
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    box = _box(corners, 0.5, layer.shape)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    return _paint(layer, x0, y0, _inside(corners - (x0, y0), y1 - y0, x1 - x0), value)


def fill_holes(layer: Layer, mask: Bools) -> Patch | None:
    """Fill what the corrected mask encloses: skin from which no 4-connected way leads out of the photograph."""
    from scipy import ndimage  # here, because its import would delay the window

    corrected = apply(layer, mask)
    if not corrected.any():
        return None
    window = extent(corrected)
    skin, _ = ndimage.label(np.pad(~corrected[window], 1, constant_values=True))
    holes = ((skin > 0) & (skin != skin[0, 0]))[1:-1, 1:-1]
    return _paint(layer, window[1].start, window[0].start, holes, LESION)


def keep_largest(layer: Layer, mask: Bools) -> Patch | None:
    """Remove all of the corrected mask but its largest 8-connected part; of equal ones the uppermost stays."""
    from scipy import ndimage

    corrected = apply(layer, mask)
    if not corrected.any():
        return None
    window = extent(corrected)
    parts, _ = ndimage.label(corrected[window], structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return _paint(layer, window[1].start, window[0].start, (parts > 0) & (parts != sizes.argmax()), SKIN)


def reset(layer: Layer) -> Patch | None:
    """Take back all corrections."""
    return changed(layer, 0, 0, np.zeros_like(layer))


def changed(layer: Layer, x: int, y: int, values: Layer) -> Patch | None:
    """The patch of these values at (x, y), cut down to what they change of the layer; None where that is nothing."""
    h, w = values.shape
    different = values != layer[y : y + h, x : x + w]
    if not different.any():
        return None
    window = extent(different)
    return Patch(x + window[1].start, y + window[0].start, values[window].copy())


def _paint(layer: Layer, x: int, y: int, inside: Bools, value: int) -> Patch | None:
    h, w = inside.shape
    return changed(layer, x, y, np.where(inside, np.int8(value), layer[y : y + h, x : x + w]))


def _box(points: Doubles, margin: float, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """The pixels x0, y0, x1, y1 (the last two excluded) around the points, within the photograph; None if outside."""
    if not len(points):
        return None
    size = np.array([shape[1], shape[0]])
    low = np.clip(np.floor(points.min(axis=0) - margin), 0, size).astype(int)
    high = np.clip(np.ceil(points.max(axis=0) + margin), 0, size).astype(int)
    return None if (low >= high).any() else (int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _capsule(box: tuple[int, int, int, int], a: Doubles, b: Doubles, radius: float) -> Bools:
    """Pixels of the box, bool (h, w), whose centre lies within the radius of the segment from a to b."""
    x0, y0, x1, y1 = box
    x, y = from_segment(a, b, (slice(y0, y1), slice(x0, x1)))
    return np.asarray(x**2 + y**2 <= radius * radius)


def _inside(corners: Doubles, height: int, width: int) -> Bools:
    """Pixels, bool (height, width), whose centre a polygon encloses by the even-odd rule."""
    return np.asarray(winding(corners, height, width) & 1 == 1)


def winding(corners: Doubles, height: int, width: int) -> NDArray[np.int16]:
    """How often a closed polygon (points, 2) goes round the centre of each pixel, int16 (height, width).

    Positive where it goes from the x axis to the y axis, as those of a mask's outline about lesion do. Every edge
    counts, in each row it crosses, for all pixels to its right. Libraries test each pixel against each corner, which
    takes seconds for a lasso on a large photograph, or draw the outline, too, which makes it half a pixel larger.
    """
    (xa, ya), (xb, yb) = corners.T, np.roll(corners, -1, axis=0).T
    first = np.clip(np.ceil(np.minimum(ya, yb) - 0.5), 0, height).astype(int)
    count = np.clip(np.ceil(np.maximum(ya, yb) - 0.5), 0, height).astype(int) - first
    edge = np.repeat(np.arange(len(corners)), count)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    x = xa[edge] + (row + 0.5 - ya[edge]) * (xb - xa)[edge] / (yb - ya)[edge]
    column = np.clip(np.ceil(x - 0.5), 0, width).astype(int)
    turns = np.zeros((height, width + 1), np.int16)
    np.add.at(turns, (row, column), np.where(yb > ya, -1, 1)[edge].astype(np.int16))
    return np.cumsum(turns, axis=1, dtype=np.int16)[:, :width]
