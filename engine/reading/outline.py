"""Borders for drawing and for export: of a result, smooth; of a mask that was corrected, pixel by pixel.

The latter are made quickly enough to follow a brush.

A photograph has millions of pixels and a border some thousand sides of them: only the sides are looked at one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.reading.contours import contours, extent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools
    from engine.results import Segmentation

    Curves = list[NDArray[np.float64]]
    Places = NDArray[np.intp]

WAYS = np.array(((0, 1), (-1, 0), (0, -1), (1, 0)))  # down, left, up, right, as x and y; next in turn: to the right
WORD = 8  # pixels that are compared at once
EASED = 64  # points
GROUP = 4  # neighbouring points that become one; they are half a pixel to a pixel apart


def border(found: Segmentation) -> Curves:
    """The border of a result's own mask as closed curves in the photograph's pixels, smooth."""
    if found.refined is None:
        return consensus_border(found)
    return contours(found.refined.probability, 0.5, found.image.width, found.image.height)


def consensus_border(found: Segmentation) -> Curves:
    """The border of the pixels where more than half of the masks agree, smooth, as closed curves like the others."""
    return contours(found.evidence.agreement(0.5), found.consensus.delta, found.image.width, found.image.height)


def outline(mask: Bools) -> Curves:
    """Closed curves half-way between a bool mask's (H, W) pixels and the others, each float64 (points, 2) of x, y.

    (0, 0) is the photograph's upper left corner. Where the mask reaches the photograph's side, the curve runs along it.
    """
    if not mask.any():
        return []
    rows, columns = extent(mask)
    cut = np.pad(mask[rows, columns], 1)  # skin all round closes every curve
    lesion, way = _sides(cut)
    y, x = np.divmod(lesion, cut.shape[1])
    middles = np.column_stack([x, y]) + WAYS[way - 1] / 2  # half-way to the skin, which is on the left
    middles += np.array((columns.start, rows.start)) - 0.5  # (0, 0) was the padding's first centre
    return [middles[ring] for ring in _rings(_following(cut, lesion, way))]


def _sides(cut: Bools) -> tuple[Places, Places]:
    """Pixels, counted along the rows, and the ways in which to go along each of their sides with skin on the left."""
    flat, width = cut.ravel(), cut.shape[1]
    across, below = _true(flat[1:] != flat[:-1]), _true(flat[width:] != flat[:-width])
    before, above = flat[across], flat[below]
    lesion = (across[before], below[above], across[~before] + 1, below[~above] + width)
    return np.concatenate(lesion), np.repeat(np.arange(4), [len(part) for part in lesion])


def _true(values: Bools) -> Places:
    """Where a long vector is True, which is seldom."""
    whole = len(values) // WORD * WORD
    words = np.flatnonzero(values[:whole].view(np.uint64))
    near = np.concatenate([(words[:, None] * WORD + np.arange(WORD)).ravel(), np.arange(whole, len(values))])
    found: Places = near[values[near]]
    return found


def _following(cut: Bools, lesion: Places, way: Places) -> Places:
    """Which side follows on each; two lesion pixels that touch at a corner only are parted."""
    flat, step = cut.ravel(), WAYS @ (1, cut.shape[1])
    ahead = lesion + step[way]
    beside = ahead + step[way - 1]
    right = ~flat[ahead]
    left = flat[beside] & ~right
    to = np.where(right, lesion, np.where(left, beside, ahead)) * 4 + (way + right - left) % 4
    keys = lesion * 4 + way
    order = np.argsort(keys)
    found: Places = order[np.searchsorted(keys, to, sorter=order)]
    return found


def _rings(following: Places) -> list[list[int]]:
    """The closed ways round, each with its beginning at both ends."""
    then, new, rings = following.tolist(), [True] * len(following), []
    for first in range(len(then)):
        ring, at = [first], first
        while new[at]:
            new[at], at = False, then[at]
            ring.append(at)
        if len(ring) > 1:
            rings.append(ring)
    return rings


def eased(curves: Curves) -> Curves:
    """The same curves with pixel stairs averaged away, and a quarter of the points: long ones draw that much faster.

    Points move by less than a pixel and a half; curves of up to 64 points stay as they are, so that no dab is lost.
    """
    return [_averaged(curve) if len(curve) > EASED else curve for curve in curves]


def _averaged(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    count = (len(curve) - 1) // GROUP
    means = curve[: count * GROUP].reshape(count, GROUP, 2).mean(axis=1)
    return np.concatenate([means, means[:1]])


def stretches(curves: Curves, where: Bools) -> Curves:
    """The pieces of curves that run through pixels of ``where``, bool (H, W), or next to them; open curves."""
    found = []
    height, width = where.shape
    for curve in curves:
        x, y = np.floor(curve).astype(int).T
        near = np.zeros(len(curve), np.bool_)
        for dx, dy in ((0, 0), (-1, 0), (0, -1), (-1, -1)):  # a border runs between pixels
            near |= where[np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)]
        for piece in np.split(np.arange(len(curve)), np.flatnonzero(np.diff(near)) + 1):
            if near[piece[0]]:
                found.append(curve[max(piece[0] - 1, 0) : piece[-1] + 2])  # with the points on either side
    return found
