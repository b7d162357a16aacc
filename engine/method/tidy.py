"""From the refined masks of stage 3 to one border that follows the skin: smooth, cut once, and free of specks.

A CRF's probabilities are nearly 0 or 1, so where an edge is faint their level sets run along single pixels: spurs,
islands, pinholes. Averaged over the members, smoothed by little more than a pixel and cut once at the end they do not.

*Specks* are 8-connected pieces of lesion, and 4-connected holes in it, that are smaller than a share of the largest
piece, which therefore stays in any case. They are found in the map on the working grid, and its border is drawn without
them; in the mask at the photograph's own size only what hung on by less than a pixel can be left of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.method.parts import parts
from engine.results import Dropped, native_box
from engine.scribbles import LESION, SKIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.arrays import Bools, Floats
    from engine.method.parts import Parts
    from engine.scribbles import Labels

ABOVE = np.float32(0.5 + 1e-6)  # what a filled hole holds at least: just lesion


def smoothed(probability: Floats, width: float) -> Floats:
    """A map (H, W) through a Gaussian of this standard deviation in its pixels; 0 leaves it as it is.

    At the photograph's side the map is taken to go on as it ends.
    """
    from scipy import ndimage  # here, because its import would delay the window

    return np.asarray(ndimage.gaussian_filter(probability, width, mode="nearest")) if width > 0 else probability


def recut(probability: Floats, cut: float) -> Floats:
    """A map in [0, 1] that exceeds one half exactly where this one exceeds ``cut``: its odds times (1 - cut) / cut."""
    if cut == 0.5:
        return probability
    lesion, skin = probability * np.float32(1 - cut), (1 - probability) * np.float32(cut)
    return np.asarray(lesion / (lesion + skin))


def bound(probability: Floats, drop: float) -> float:
    """How many pixels of a map (H, W) make a speck's size: ``drop`` times its largest piece above one half."""
    return float(drop * _pieces(probability > 0.5, None).sizes.max(initial=0)) if drop > 0 else 0.0


def without_specks(
    probability: Floats, least: float, native: tuple[int, int], fixed: Labels | None = None
) -> tuple[Floats, tuple[Dropped, ...]]:
    """Leave out of a map what is smaller than ``least`` pixels, and tell what that was, the largest first.

    probability: float32 (H, W) in [0, 1], lesion above one half; what is left out is mirrored about one half. native:
    height and width of the photograph. fixed: int8 (H, W), where a person said lesion (1) or skin (-1): a piece, or a
    hole, that holds such a pixel of its own label stays.
    """
    if least <= 0:
        return probability, ()
    pieces = _pieces(probability > 0.5, fixed)
    small = list(_told(pieces, least, native, hole=False))
    if small:
        probability = np.where(pieces.below(least), 1 - probability, probability)
    holes = _holes(probability > 0.5, fixed)
    pinholes = list(_told(holes, least, native, hole=True))
    if pinholes:
        probability = np.where(holes.below(least), np.maximum(1 - probability, ABOVE), probability)
    return probability, tuple(sorted([*small, *pinholes], key=lambda one: (-one.area_px, one.box)))


def cleaned(mask: Bools, least: float, fixed: Labels | None = None) -> Bools:
    """A mask (H, W) without pieces and holes of less than ``least`` pixels; fixed: as of :func:`without_specks`.

    Quick also for many megapixels: it looks at the window about the lesion only, and seldom finds more than one piece.
    """
    if least <= 0 or not mask.any():
        return mask
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    lesion, fixed = mask[window], None if fixed is None else fixed[window]
    pieces = _pieces(lesion, fixed)
    if pieces.sizes.min() < least:
        lesion = lesion & ~pieces.below(least)
    holes = _holes(lesion, fixed)
    if holes.sizes.min(initial=np.inf) < least:
        lesion = lesion | holes.below(least)
    found = np.zeros_like(mask)
    found[window] = lesion
    return found


def _pieces(lesion: Bools, fixed: Labels | None) -> Parts:
    """8-connected pieces of lesion; those that hold a pixel which was fixed to lesion count as larger than anything."""
    found = parts(lesion, corners=True)
    return found if fixed is None else found.larger_than_all(found.holding(fixed == LESION))


def _holes(lesion: Bools, fixed: Labels | None) -> Parts:
    """4-connected parts of skin, like :func:`_pieces`; what reaches the side is no hole, and counts like the fixed."""
    found = parts(~lesion, corners=False)
    found = found.larger_than_all(found.reaching_the_side())
    return found if fixed is None else found.larger_than_all(found.holding(fixed == SKIN))


def _told(small: Parts, least: float, native: tuple[int, int], hole: bool) -> Iterator[Dropped]:
    """The parts of the working grid that are smaller than ``least`` pixels, in the photograph's."""
    scale = native[0] * native[1] / (small.shape[0] * small.shape[1])
    for size, box in zip(small.sizes.tolist(), small.boxes().tolist(), strict=True):
        if size < least:
            yield Dropped(hole, round(size * scale), native_box(tuple(box), small.shape, native))
