"""Borders as polygons for other programs: pieces of lesion with their holes, no finer than they need to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ring = NDArray[np.float64]

COARSEST = 1.0  # pixels by which a border may move at most where points are left out
SHARE = 1e-3  # of the square root of the enclosed area; so that of a small one no part to speak of changes


@dataclass(frozen=True, eq=False)
class Piece:
    """One piece of lesion: its outer ring and those of its holes.

    Rings are float64 (points, 2) of x, y in the photograph's pixels, to hundredths, without a second first point. The
    outer one has a positive area by the shoelace formula, as GeoJSON wants it; holes have a negative one.
    """

    outer: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer ring, then the holes."""
        return (self.outer, *self.holes)


def pieces(curves: Sequence[Ring]) -> list[Piece]:
    """Closed curves, whose last point is their first, as pieces with holes, the largest first.

    The curves bound lesion on one and the same side, as :func:`engine.reading.outline.border` has them. Points are left
    out where that moves the border by less than a pixel, and by still less around a small lesion.
    """
    thinned = [_thinned(curve) for curve in curves]
    rings = sorted(((signed_area(ring), ring) for ring in thinned if len(ring) > 2), key=lambda one: -abs(one[0]))
    if not rings:
        return []
    largest = rings[0][0]  # which cannot be a hole
    outer = [(abs(area), ring) for area, ring in rings if area * largest > 0]
    holes: list[list[Ring]] = [[] for _ in outer]
    for area, hole in rings:
        if area * largest < 0:
            within = [i for i, (size, ring) in enumerate(outer) if size > abs(area) and _holds(ring, hole)]
            if within:
                holes[within[-1]].append(_turned(hole, -1))  # the smallest
    return [Piece(_turned(ring, 1), tuple(its)) for (_, ring), its in zip(outer, holes, strict=True)]


def signed_area(ring: Ring) -> float:
    """The area within a ring (points, 2) in px², negative where it runs the other way round (shoelace formula)."""
    x, y = (ring - ring[0]).T
    return float(x @ np.roll(y, -1) - np.roll(x, -1) @ y) / 2


def keyhole(piece: Piece) -> Ring:
    """A piece as one ring, for programs that know no holes: cut open along a line to each hole, there and back.

    A cut encloses nothing, wherever it runs, and is as short as the corners allow.
    """
    ring = piece.outer
    for hole in sorted(piece.holes, key=lambda hole: float(hole[:, 0].min())):
        at, to = _nearest(ring, hole)
        ring = np.concatenate([ring[: at + 1], np.roll(hole, -to, axis=0), hole[to : to + 1], ring[at:]])
    return ring


def _thinned(curve: Ring) -> Ring:
    from skimage.measure import approximate_polygon  # here, because its import would delay the window

    tolerance = min(COARSEST, SHARE * math.sqrt(abs(signed_area(curve[:-1]))))
    ring: Ring = np.round(approximate_polygon(curve, tolerance)[:-1], 2)
    new: NDArray[np.bool_] = (ring != np.roll(ring, 1, axis=0)).any(axis=1)
    return np.asarray(ring[new])


def _turned(ring: Ring, sense: int) -> Ring:
    """The ring in the way round that has an area of this sign."""
    return ring if signed_area(ring) * sense > 0 else ring[::-1]


def _holds(ring: Ring, other: Ring) -> bool:
    """Whether most corners of another ring lie within this one; rounding can put one on its line (even-odd rule)."""
    (xa, ya), (xb, yb) = ring.T[:, :, None], np.roll(ring, -1, axis=0).T[:, :, None]
    x, y = other.T
    crosses = (ya > y) != (yb > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = x < xa + (y - ya) * (xb - xa) / (yb - ya)
    return bool(((crosses & left).sum(axis=0) % 2 == 1).mean() > 0.5)


def _nearest(ring: Ring, hole: Ring) -> tuple[int, int]:
    """The corners of both that lie nearest to each other."""
    from scipy.spatial import KDTree

    distance, corner = KDTree(ring).query(hole)
    to = int(np.argmin(distance))
    return int(corner[to]), to
