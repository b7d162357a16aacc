"""Outlines of masks, pixel by pixel, as a correction made them: for drawing, quick enough to follow a brush."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from contourpy import contour_generator

from engine.measure import extent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.results import Bools

    Curves = list[NDArray[np.float64]]

EASED = 64  # points
GROUP = 4  # neighbouring points that become one; they are half a pixel to a pixel apart


def outline(mask: Bools) -> Curves:
    """Closed curves half-way between a bool mask's (H, W) pixels and the others, each float64 (points, 2) of x, y.

    (0, 0) is the photograph's upper left corner. Where the mask reaches the photograph's side, the curve runs along it.
    """
    if not mask.any():
        return []
    rows, columns = extent(mask)
    cut = np.pad(mask[rows, columns], 1)  # skin all round closes every curve
    corner = np.array((columns.start, rows.start)) - 0.5  # contourpy's (0, 0) is the padding's first centre
    return [np.asarray(line) + corner for line in contour_generator(z=cut.astype(np.float64)).lines(0.5)]


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
