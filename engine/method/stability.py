"""How lesion area and GED depend on delta: exact, for every delta of a grid at once.

Masks are thresholds of maps, so two of them differ at delta where the larger value exceeds delta and the smaller does
not: their Hamming distance is a difference of two counts, #(max > delta) - #(min > delta). As max and min are the two
values themselves, that is 2 #(max > delta) - #(a > delta) - #(b > delta). Counts for all delta come from one histogram
each; quantising the maps to the grid keeps order, so maxima of quantised maps are exact too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.progress import Progress, Run, drain
from engine.results import Evidence, Stability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Doubles, Ints

HIGHEST, STEP = 0.60, 0.005
TOLERANCE = 1.10  # on a plateau the area at one end is at most this many times that at the other


def stability(evidence: Evidence) -> Stability:
    """Area and GED of the evidence's votes at each delta of the grid 0, 0.005 .. 0.6."""
    return drain(trace(evidence))


def trace(evidence: Evidence) -> Run[Stability]:
    """:func:`stability` as a run, which yields once for each timestep."""
    grid = np.round(np.arange(round(HIGHEST / STEP) + 1) * STEP, 4)
    levels = np.searchsorted(grid.astype(np.float32), evidence.difference.ravel(), side="left").astype(np.uint8)
    levels = levels.reshape(len(evidence.timesteps), -1)  # how many deltas of the grid each value exceeds
    pixels = levels.shape[1]
    majority = np.searchsorted(grid.astype(np.float32), evidence.agreement(0.5).ravel(), side="left")
    area = _exceeding(majority, len(grid)) / pixels
    distances = np.zeros(len(grid))
    own = [_exceeding(one, len(grid)) for one in levels]
    for number, a in enumerate(levels):
        yield Progress("stability", number, len(levels))
        for other, b in enumerate(levels[number + 1 :], number + 1):
            differing = 2 * _exceeding(np.maximum(a, b), len(grid)) - own[number] - own[other]
            distances += np.sqrt(differing / pixels)
    ged = 2 * distances / len(levels) ** 2
    return Stability(grid, area, ged, _plateau(grid, area))


def _exceeding(levels: NDArray[np.integer], count: int) -> Ints:
    """For each delta of the grid, how many pixels exceed it, int64 (count,)."""
    histogram = np.bincount(levels, minlength=count + 1)
    return np.asarray(levels.size - np.cumsum(histogram)[:count])


def _plateau(grid: Doubles, area: Doubles) -> tuple[float, float] | None:
    """The longest stretch whose areas lie within TOLERANCE of each other; of equally long ones the first."""
    best: tuple[int, int] | None = None
    start = 0
    for end in range(len(grid)):
        if area[end] <= 0:
            break
        while area[start] > TOLERANCE * area[end]:
            start += 1
        if best is None or end - start > best[1] - best[0]:
            best = start, end
    return None if best is None else (float(grid[best[0]]), float(grid[best[1]]))
