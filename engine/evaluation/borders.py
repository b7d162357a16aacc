"""How far a mask's border lies from the annotation's, and how tidy it is.

Distances are taken between the centres of border pixels: those of a mask that touch, by a side, a pixel outside it or
the image's own side. They are shares of the image's diagonal, in %, so that they mean the same at every size. Two empty
masks are 0 apart; an empty one and one that is not are 100 % apart, since no answer must not pass for a near one.

Irregularity is the perimeter squared over 4 pi times the area (:func:`engine.reading.measures.irregularity`) of the
border as it is drawn: the smooth level set for a result's masks, the outline without pixel stairs for the annotation.

Some collections hold their photographs squashed into a square. Where an index has the columns ``full_width`` and
``full_height``, its images and masks are taken to be those originals, resized: a step along x then counts
``full_width / width`` of the original's pixels, and one along y ``full_height / height``. What an image lost to its
small size stays lost: at 256 pixels one pixel is 0.3 % of the diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

from engine.reading.contours import extent
from engine.reading.measures import irregularity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from engine.arrays import Bools

    Curves = list[NDArray[np.float64]]
    Steps = tuple[float, float]

FARTHEST = 100.0  # % of the diagonal: what the distance to no border counts
EIGHT = np.ones((3, 3))  # pixels that touch at a corner are one piece


@dataclass(frozen=True)
class Distances:
    """Between two borders, % of the image's diagonal.

    hd95: the larger of both directions' 95th percentiles of the distance from a border pixel to the other border. assd:
    the mean of that distance over the pixels of both borders (Heimann et al. 2009).
    """

    hd95: float
    assd: float


@dataclass(frozen=True)
class Tidiness:
    """Of a mask and its border.

    pieces: 8-connected parts. holes: 4-connected skin within them. irregularity: at least 1; NaN without a border.
    """

    pieces: int
    holes: int
    irregularity: float


def steps(facts: Mapping[str, str], width: int, height: int) -> Steps:
    """What one pixel of an image of this size means along x and y, in pixels of the original; (1, 1) where unknown.

    facts: the index's columns, of which ``full_width`` and ``full_height`` tell the original's size.
    """
    try:
        full = float(facts["full_width"]), float(facts["full_height"])
    except (KeyError, ValueError):
        return 1.0, 1.0
    if not all(0 < side < np.inf for side in full):
        return 1.0, 1.0
    return full[0] / width, full[1] / height


def distances(mask: Bools, annotation: Bools, steps: Steps = (1.0, 1.0)) -> Distances:
    """Surface distances between two bool masks (H, W); steps: see :func:`steps`."""
    if not mask.any() or not annotation.any():
        apart = FARTHEST if mask.any() or annotation.any() else 0.0
        return Distances(apart, apart)
    ours, theirs = (surface(one) * steps for one in (mask, annotation))
    there, back = KDTree(theirs).query(ours)[0], KDTree(ours).query(theirs)[0]
    percent = 100 / float(np.hypot(mask.shape[1] * steps[0], mask.shape[0] * steps[1]))
    return Distances(
        hd95=float(max(np.percentile(there, 95), np.percentile(back, 95))) * percent,
        assd=float(np.concatenate([there, back]).mean()) * percent,
    )


def surface(mask: Bools) -> NDArray[np.float64]:
    """The border pixels of a bool mask (H, W), float64 (n, 2) of x, y; see this module."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.argwhere(mask & ~inside)[:, ::-1].astype(np.float64)


def tidiness(mask: Bools, border: Curves, steps: Steps = (1.0, 1.0)) -> Tidiness:
    """Count the parts of a bool mask (H, W), and measure its border, closed curves (points, 2), as it is drawn."""
    if not mask.any():
        return Tidiness(0, 0, float("nan"))
    window = np.pad(mask[extent(mask)], 1)  # skin all round: what the image's side cuts off is no hole
    pieces, skin = ndimage.label(window, EIGHT)[1], ndimage.label(~window)[1]
    return Tidiness(pieces, skin - 1, irregularity([curve * steps for curve in border]))
