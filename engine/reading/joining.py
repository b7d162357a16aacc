"""What "extend" and "retract" change of a mask, and how the new border joins the old one at the ends of a region.

Within the region's reach R the border goes where the decision puts it. Beyond its ends it goes back to where it was, at
no more than one pixel a pixel. With s the signed distance to a border (positive inside, in the photograph's pixels), m
the mask before, l the lesion as decided if the whole photograph were within reach, and d the distance to R::

    phi = (1 - w) s_m + w s_l,    w = max(0, 1 - d / L),    the new mask = {phi > 0} where m and l differ

L is the farthest that the decision moves the border within R. w is 1 within R, where the border is the decided one, and
0 from L on, where it is the old one. Between two borders that run side by side it lies at the share w of the way, so
that pieces which are all decided alike give one border without notches.

Distances are looked up only where the two borders lie apart (:mod:`engine.reading.distances`).
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.reading.contours import extent
from engine.reading.correction import LESION, SKIN, Patch
from engine.reading.distances import PLACES, distances_to, sides, signed
from engine.reading.regions import HIGH, LOW
from engine.results import native_box

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.reading.regions import Region
    from engine.results import Box, Segmentation

VALUES = {"extend": LESION, "retract": SKIN}


class Joining:
    """One decision about a region, "extend" or "retract", on a mask, bool of the photograph's size.

    extend: LESION where more than a tenth of the masks agree, so that the mask reaches the 10 % contour. retract: SKIN
    where no more than nine tenths do, so that it draws back to the 90 % contour. Both act within the region's reach, a
    little beyond its box, and where a border's piece ends go on until old and new border meet.
    """

    def __init__(self, region: Region, decision: str, found: Segmentation, mask: Bools) -> None:
        self._region, self._mask = region, mask
        self._value = VALUES[decision]
        self._delta = np.float32(found.consensus.delta)
        self._agreed = found.evidence.agreement(LOW if decision == "extend" else HIGH)

    @cached_property
    def length(self) -> float:
        """L, in pixels; 0 where nothing moves, or there is no old border to go back to."""
        moved = np.argwhere(self._within & self._differs(self._lesion(self._own), self._own))
        border = sides(self._mask, self._own)
        if self._region.kind != "border" or not len(border) or not len(moved):
            return 0.0
        some = moved[:: 1 + len(moved) // PLACES, ::-1]
        return float(distances_to(border, some + np.array(self._own[:2]) + 0.5).max()) + 0.5

    @cached_property
    def box(self) -> Box:
        """Where the mask may change, x0, y0, x1, y1 in the photograph's pixels."""
        margin = math.ceil(self.length) + 1 if self.length else 0
        (x0, y0, x1, y1), (height, width) = self._own, self._mask.shape
        return max(x0 - margin, 0), max(y0 - margin, 0), min(x1 + margin, width), min(y1 + margin, height)

    @property
    def window(self) -> tuple[slice, slice]:
        """The box's rows and columns."""
        return _window(self.box)

    def zone(self) -> Bools:
        """The pixels of the box that may change, bool (h, w)."""
        within = self._within_box(self.box)
        return within | (self._beyond(self.box) < self.length) if self.length else within

    def patch(self) -> Patch | None:
        """What changes, the value at these pixels and 0 elsewhere; None where that is nothing."""
        lesion = self._lesion(self.box)
        differs = self._differs(lesion, self.box)
        if not differs.any():
            return None
        rows, columns = _about(differs)
        x, y = self.box[:2]
        box = (x + columns.start, y + rows.start, x + columns.stop, y + rows.stop)
        changed = self._changed(box, differs[rows, columns], lesion[rows, columns])
        if not changed.any():
            return None
        window = extent(changed)
        values = np.where(changed[window], np.int8(self._value), np.int8(0))
        return Patch(box[0] + window[1].start, box[1] + window[0].start, values)

    # Looks at a box of the photograph's pixels; each is bool or float32 (h, w)

    @cached_property
    def _own(self) -> Box:
        """The reach's box."""
        (x, y), (rows, columns) = self._region.corner, self._region.reach.shape
        return native_box((x, y, x + columns, y + rows), self._agreed.shape, self._mask.shape)

    @cached_property
    def _within(self) -> Bools:
        """The pixels of the reach's own box that are within reach."""
        return at_native(self._reach().astype(np.float32), self._own, self._mask.shape) > 0.5

    def _within_box(self, box: Box) -> Bools:
        """The same in a box that may be larger, or smaller."""
        (x0, y0, x1, y1), (left, top, right, bottom) = box, self._own
        within = np.zeros((y1 - y0, x1 - x0), np.bool_)
        both = max(x0, left), max(y0, top), max(min(x1, right), x0, left), max(min(y1, bottom), y0, top)
        within[_window(both, (x0, y0))] = self._within[_window(both, (left, top))]
        return within

    def _reach(self) -> Bools:
        """The region's reach on the working grid."""
        (x, y), (rows, columns) = self._region.corner, self._region.reach.shape
        reach = np.zeros(self._agreed.shape, np.bool_)
        reach[y : y + rows, x : x + columns] = self._region.reach
        return reach

    def _beyond(self, box: Box) -> Floats:
        """The distance to the reach, in pixels; below 0 within it."""
        from scipy.ndimage import distance_transform_edt  # here, because its import would delay the window

        away = ~self._reach()
        grid = [native / cells for native, cells in zip(self._mask.shape, away.shape, strict=True)]
        half = sum(grid) / 4  # from the middle of a grid's pixel to its side
        beyond = distance_transform_edt(away, sampling=grid)
        signed_ = np.where(away, beyond - half, -half).astype(np.float32)
        return at_native(signed_, box, self._mask.shape, Image.Resampling.BILINEAR)

    def _lesion(self, box: Box) -> Bools:
        """Lesion as decided."""
        return at_native(self._agreed, box, self._mask.shape) > self._delta

    def _differs(self, lesion: Bools, box: Box) -> Bools:
        """Where the decision would change the mask, were all of the box within reach."""
        before = self._mask[_window(box)]
        return lesion & ~before if self._value == LESION else before & ~lesion

    def _changed(self, box: Box, differs: Bools, lesion: Bools) -> Bools:
        """The pixels that change, of those that differ; what hangs on none within reach is another region's."""
        within = self._within_box(box) & differs
        if not self.length:
            return within
        weight = np.clip(1 - self._beyond(box) / np.float32(self.length), 0, 1)
        between = differs & ~within & (weight > 0)
        if not between.any():
            return within
        share = weight[between]
        level = (1 - share) * signed(self._mask[_window(box)], between) + share * signed(lesion, between)
        changed = within.copy()
        changed[between] = (level > 0) == (self._value == LESION)
        return _hanging_on(changed, within)


def _hanging_on(pixels: Bools, some: Bools) -> Bools:
    """The 8-connected parts of these pixels that hold some of them."""
    from scipy.ndimage import label

    parts, count = label(pixels, np.ones((3, 3)))
    here = np.zeros(count + 1, np.bool_)
    here[parts[some]] = True
    return np.asarray(here[parts])


def _about(pixels: Bools) -> tuple[slice, slice]:
    """Rows and columns of a window that holds all pixels, with one more all round as far as their frame goes."""
    (rows, columns), (h, w) = extent(pixels), pixels.shape
    return slice(max(rows.start - 1, 0), min(rows.stop + 1, h)), slice(
        max(columns.start - 1, 0), min(columns.stop + 1, w)
    )


def _window(box: Box, corner: tuple[int, int] = (0, 0)) -> tuple[slice, slice]:
    """A box's rows and columns, counted from a corner x, y."""
    (x0, y0, x1, y1), (x, y) = box, corner
    return slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)


def at_native(
    values: Floats, box: Box, native: tuple[int, ...], kernel: Image.Resampling = Image.Resampling.BICUBIC
) -> Floats:
    """A map (h, w) within a box of the photograph's pixels, as :func:`engine.photograph.resize.resize` makes it."""
    (h, w), (height, width), (x0, y0, x1, y1) = values.shape, native, box
    source = (x0 * w / width, y0 * h / height, min(x1 * w / width, w), min(y1 * h / height, h))
    resized = Image.fromarray(values).resize((x1 - x0, y1 - y0), kernel, box=source)
    return np.asarray(resized, np.float32)
