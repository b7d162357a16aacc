"""What a decision about a region does to the correction layer, and how a new one takes an earlier one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.reading import correction
from engine.reading.correction import AS_FOUND, LESION, SKIN
from engine.reading.regions import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reading.correction import Layer, Patch
    from engine.reading.regions import Region
    from engine.results import Segmentation

LAID = {"extend": LESION, "retract": SKIN}  # the decisions that change the layer, and what they lay over it


def lay(layer: Layer, region: Region, earlier: str | None, choice: str | None, found: Segmentation) -> Patch | None:
    """Return the patch of a layer, int8 (height, width), that a decision makes; None where it changes nothing.

    First the ``earlier`` decision is taken back: within the region's reach, what the layer calls lesion after "extend",
    or skin after "retract", is as the model says again. So nothing of it remains there, even if it was made at another
    delta or in an earlier sitting; what was painted there with the same value goes with it. Then ``choice`` is laid
    over what is left (:func:`engine.reading.regions.edit`). None, for either: no decision. The layer stays as it is.
    """
    after = layer.copy()
    if earlier in LAID:
        for part in _reach(region, found):
            there = after[part.window]
            there[(part.values != AS_FOUND) & (there == LAID[earlier])] = AS_FOUND
    if choice in LAID:
        laid = edit(region, choice, found, correction.apply(after, found.mask))
        if laid is not None:
            there = after[laid.window]
            np.copyto(there, laid.values, where=laid.values != AS_FOUND)
    return correction.changed(layer, 0, 0, after)


def _reach(region: Region, found: Segmentation) -> Iterator[Patch]:
    """A region's reach at the photograph's own size, in two parts.

    One is all that extending a mask of nothing adds, the other all that retracting a mask of everything removes.
    """
    nothing = np.zeros(found.mask.shape, np.bool_)
    for choice, mask in (("extend", nothing), ("retract", ~nothing)):
        part = edit(region, choice, found, mask)
        if part is not None:
            yield part
