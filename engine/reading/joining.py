"""What "extend" and "retract" change of a mask, and how the new border joins the old one at the ends of a region.

Within the region's reach R the border goes where the decision puts it. Beyond its ends it goes back to where it was, at
no more than one pixel a pixel. With s the signed distance to a mask's border (positive inside, in the photograph's
pixels), m the mask before, D the mask as decided if the whole photograph were within reach, and d the distance to R::

    phi = (1 - w) s_m + w s_D,    w = max(0, 1 - d / L),    the new mask = {phi > 0}

L is the farthest that the decision moves the border within R. w is 1 within R, where the border is the decided one, and
0 from L on, where it is the old one. Between two borders that run side by side it lies at the share w of the way, so
that pieces which are all decided alike give one border without notches.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from engine.reading.contours import extent
from engine.reading.correction import LESION, SKIN, Patch
from engine.reading.regions import HIGH, LOW
from engine.results import native_box

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.reading.regions import Region
    from engine.results import Box, Segmentation

FAR = 1e6  # pixels


class Edit(NamedTuple):
    """patch: what a decision changes, None where that is nothing. zone: where it may, bool (h, w), from ``corner``."""

    patch: Patch | None
    zone: Bools
    corner: tuple[int, int]

    @property
    def window(self) -> tuple[slice, slice]:
        """The zone's place in an array of the photograph's size."""
        (x, y), (rows, columns) = self.corner, self.zone.shape
        return slice(y, y + rows), slice(x, x + columns)


def edit(region: Region, decision: str, found: Segmentation, mask: Bools) -> Edit | None:
    """What "extend" or "retract" changes of a mask (bool, the photograph's size); None for other decisions.

    extend: LESION where more than a tenth of the masks agree, so that the mask reaches the 10 % contour. retract: SKIN
    where no more than nine tenths do, so that it draws back to the 90 % contour. All else is 0. Both act within the
    region's reach, a little beyond its box, and where a border's piece ends go on until old and new border meet.
    """
    if decision not in ("extend", "retract"):
        return None
    view = _View(region, decision, found, mask)
    box = view.box()
    within, before, decided = view.look(box)
    length = _moved(before, decided, within) if region.kind == "border" else 0.0
    after, zone = np.where(within, decided, before), within
    if length > 0:
        box = view.box(math.ceil(length) + 1)
        within, before, decided = view.look(box)
        after, zone = _joined(within, before, decided, length)
    value = LESION if decision == "extend" else SKIN
    values = np.where(after != before, np.int8(value), np.int8(0))
    if not values.any():
        return Edit(None, zone, box[:2])
    changed = extent(values != 0)
    patch = Patch(box[0] + changed[1].start, box[1] + changed[0].start, values[changed].copy())
    return Edit(patch, zone, box[:2])


class _View(NamedTuple):
    """A decision on a mask, which can be looked at box by box of the photograph's pixels."""

    region: Region
    decision: str
    found: Segmentation
    mask: Bools

    def box(self, margin: int = 0) -> Box:
        """The reach's, with a margin, as far as the photograph goes."""
        (x, y), (rows, columns) = self.region.corner, self.region.reach.shape
        grid, (height, width) = self.found.evidence.difference.shape[1:], self.mask.shape
        x0, y0, x1, y1 = native_box((x, y, x + columns, y + rows), grid, (height, width))
        return max(x0 - margin, 0), max(y0 - margin, 0), min(x1 + margin, width), min(y1 + margin, height)

    def look(self, box: Box) -> tuple[Bools, Bools, Bools]:
        """The region's reach, the mask before, and the mask as decided were all of it within reach: bool (h, w)."""
        x0, y0, x1, y1 = box
        agreed = self.found.evidence.agreement(LOW if self.decision == "extend" else HIGH)
        (x, y), (rows, columns) = self.region.corner, self.region.reach.shape
        reach = np.zeros_like(agreed)
        reach[y : y + rows, x : x + columns] = self.region.reach
        within = at_native(reach, box, self.mask.shape) > 0.5
        lesion = at_native(agreed, box, self.mask.shape) > np.float32(self.found.consensus.delta)
        before = self.mask[y0:y1, x0:x1]
        return within, before, (before | lesion if self.decision == "extend" else before & lesion)


def _moved(before: Bools, decided: Bools, within: Bools) -> float:
    """The farthest from the old border that a pixel changes within reach; 0 where there is no border to go back to."""
    from scipy.ndimage import distance_transform_edt  # here, because its import would delay the window

    changed = within & (before != decided)
    if not changed.any() or before.all() or not before.any():
        return 0.0
    return float(distance_transform_edt(~before if decided[changed].any() else before)[changed].max())


def _joined(within: Bools, before: Bools, decided: Bools, length: float) -> tuple[Bools, Bools]:
    """The new mask and where it may differ from the old one; see the module's equation. Bool (h, w)."""
    from scipy.ndimage import distance_transform_edt, label

    weight = np.maximum(0.0, 1.0 - distance_transform_edt(~within) / length)
    level = (1 - weight) * _signed(before) + weight * _signed(decided)
    after = np.where(weight > 0, level > 0, before)
    parts, _ = label(after != before, np.ones((3, 3)))
    here = np.unique(parts[within])
    after = np.where(np.isin(parts, here[here > 0]), after, before)  # what lies apart is another region's
    return after, weight > 0


def _signed(mask: Bools) -> Floats:
    """Distances to a mask's border, positive inside, in pixels; far away from it everywhere where there is none."""
    from scipy.ndimage import distance_transform_edt

    if mask.all() or not mask.any():
        return np.full(mask.shape, FAR if mask.any() else -FAR, np.float32)
    inside, outside = distance_transform_edt(mask), distance_transform_edt(~mask)
    return np.asarray(np.where(mask, inside - 0.5, 0.5 - outside), np.float32)


def at_native(values: Floats, box: Box, native: tuple[int, ...]) -> Floats:
    """A map (h, w) within a box of the photograph's pixels, as :func:`engine.photograph.resize.resize` makes it."""
    (h, w), (height, width), (x0, y0, x1, y1) = values.shape, native, box
    source = (x0 * w / width, y0 * h / height, min(x1 * w / width, w), min(y1 * h / height, h))
    resized = Image.fromarray(values).resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC, box=source)
    return np.asarray(resized, np.float32)
