"""What the refinement changed of the consensus, and where it overrode timesteps that agreed.

Timesteps *agree* on a pixel of the working grid where at most a tenth of their masks say otherwise (of ten: one).
A refinement that says the opposite there did not settle a doubt but overruled an answer, and a person should look. One
that merely moves a border by a line of pixels does so along all of a sharp border, so a place counts only where it
reaches ``DEPTH`` pixels and is no smaller than ``SMALLEST`` of the photograph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Bools, Floats, read_only
from engine.photograph.resize import resize
from engine.reading.regions import HIGH, LOW, SMALLEST
from engine.results import Box, Dropped, native_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.results import Segmentation

DEPTH = 2  # working-grid pixels from a place's edge to its inside; what is thinner is a border's own uncertainty


@dataclass(frozen=True)
class Override:
    """A place where refinement said the opposite of timesteps that agreed.

    added: whether it made lesion of agreed skin, rather than skin of agreed lesion. area_px: native pixels. box: x0,
    y0, x1, y1 in native pixels.
    """

    added: bool
    area_px: int
    box: Box


@dataclass(frozen=True, eq=False)
class RefinementChanges:
    """What refinement added to the consensus mask and removed from it.

    added, removed: read-only float32 (H, W) on the working grid, positive where it did so; their level set at 0 bounds
    these pixels without stairs, at any size. added_px, removed_px: pixels of the photograph. overridden: the places
    where it overrode agreement, largest first. dropped: pieces and holes that were too small to stay, largest first.
    """

    added: Floats
    removed: Floats
    added_px: int
    removed_px: int
    overridden: tuple[Override, ...]
    dropped: tuple[Dropped, ...] = ()

    def __post_init__(self) -> None:
        read_only(self.added)
        read_only(self.removed)


def refinement_changes(found: Segmentation) -> RefinementChanges | None:
    """Compare the refined mask with the consensus; None where refinement was not asked for.

    At the photograph's own size the consensus is cut from the interpolated order statistic, as its border is drawn;
    from :attr:`Segmentation.consensus_mask` it differs along that border only, and costs one interpolation, not N.
    """
    refined, delta = found.refined, np.float32(found.consensus.delta)
    if refined is None:
        return None
    majority = found.evidence.agreement(0.5)
    consensus = resize(majority, found.image.width, found.image.height) > delta
    more, less = refined.probability - np.float32(0.5), majority - delta
    return RefinementChanges(
        added=np.minimum(more, -less),
        removed=np.minimum(-more, less),
        added_px=int(np.count_nonzero(refined.mask & ~consensus)),
        removed_px=int(np.count_nonzero(consensus & ~refined.mask)),
        overridden=_overridden(found, refined.probability > 0.5),
        dropped=refined.dropped,
    )


def _overridden(found: Segmentation, lesion: Bools) -> tuple[Override, ...]:
    if len(found.evidence.timesteps) == 1:
        return ()  # one timestep alone agrees with nobody
    consistency, native = found.consensus.consistency, (found.image.height, found.image.width)
    added = _places(lesion & (consistency <= LOW), True, native)
    removed = _places(~lesion & (consistency >= HIGH), False, native)
    return tuple(sorted([*added, *removed], key=lambda place: (-place.area_px, place.box)))


def _places(pixels: Bools, added: bool, native: tuple[int, int]) -> Iterator[Override]:
    """The 8-connected parts of the working grid's pixels that are large and deep enough to count."""
    from scipy import ndimage  # here, because its import would delay the window

    (h, w), (height, width) = pixels.shape, native
    around = np.ones((3, 3))
    parts, count = ndimage.label(pixels, around)
    inside = ndimage.binary_erosion(pixels, around, iterations=DEPTH, border_value=1)
    deep = set(np.unique(parts[inside]).tolist())
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        if number in deep and sizes[number] >= SMALLEST * pixels.size:
            box = native_box((columns.start, rows.start, columns.stop, rows.stop), pixels.shape, native)
            yield Override(added, round(int(sizes[number]) * (width / w) * (height / h)), box)
