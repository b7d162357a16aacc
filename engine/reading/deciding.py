"""What a decision about a region does to the correction layer, and how a new one takes an earlier one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.reading import correction
from engine.reading.correction import AS_FOUND
from engine.reading.joining import VALUES, Joining

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.arrays import Bools
    from engine.reading.correction import Layer, Patch
    from engine.reading.regions import Region
    from engine.results import Segmentation


def lay(
    layer: Layer,
    region: Region,
    earlier: str | None,
    choice: str | None,
    found: Segmentation,
    others: Iterable[tuple[Region, str]] = (),
) -> Patch | None:
    """Return the patch of a layer, int8 (height, width), that a decision makes; None where it changes nothing.

    First the ``earlier`` decision is taken back: within the region's reach, and where its border joined the old one,
    what the layer calls lesion after "extend", or skin after "retract", is as the model says again. So nothing of it
    remains there, even if it was made at another delta or in an earlier sitting; what was painted there with the same
    value goes with it. What ``others``, the decisions on the other regions, lay there is laid again. Then ``choice`` is
    laid over what is left (:class:`engine.reading.joining.Joining`). None, for either: no decision. The layer that is
    given stays as it is.
    """
    after = layer.copy()
    if earlier in VALUES:
        taken = _take_back(after, region, earlier, found)
        for other, said in others:
            if said in VALUES and _touch(region, other):
                _put(after, Joining(other, said, found, found.mask), taken)
    if choice in VALUES:
        _put(after, Joining(region, choice, found, correction.apply(after, found.mask)))
    return correction.changed(layer, 0, 0, after)


def _put(layer: Layer, joining: Joining, where: Bools | None = None) -> None:
    """Lay what a decision changes over a layer. where: on these pixels only, bool (height, width)."""
    patch = None if where is not None and not where[joining.window].any() else joining.patch()
    if patch is None:
        return
    there = patch.values != AS_FOUND
    np.copyto(layer[patch.window], patch.values, where=there if where is None else there & where[patch.window])


def _touch(one: Region, other: Region) -> bool:
    """Whether the boxes of two regions' reach meet; others lie too far away to join the border there."""
    pairs = zip(one.corner, one.reach.shape[::-1], other.corner, other.reach.shape[::-1], strict=True)
    return all(
        start <= its_start + its_size and its_start <= start + size for start, size, its_start, its_size in pairs
    )


def _take_back(layer: Layer, region: Region, earlier: str, found: Segmentation) -> Bools:
    """Have what an earlier decision laid as the model says again; returns where that was, bool (height, width)."""
    joining = Joining(region, earlier, found, found.mask)
    taken = np.zeros(layer.shape, np.bool_)
    there = layer[joining.window]
    its = joining.zone() & (there == VALUES[earlier])
    there[its] = AS_FOUND
    taken[joining.window] = its
    return taken
