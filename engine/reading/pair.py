"""Two timesteps' masks compared: which pair lies farthest apart, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Floats, read_only

if TYPE_CHECKING:
    from engine.results import Consensus, Evidence


@dataclass(frozen=True, eq=False)
class Pair:
    """Two masks as maps, read-only float32 (H, W) on the working grid, each positive where its pixels are.

    first, second: the two masks. only_first, only_second: what the one has and the other has not. share: the part of
    the image where they differ, in [0, 1]; their distance, equation 7, is its root.
    """

    first: Floats
    second: Floats
    only_first: Floats
    only_second: Floats
    share: float

    def __post_init__(self) -> None:
        for array in (self.first, self.second, self.only_first, self.only_second):
            read_only(array)


def pair(evidence: Evidence, delta: float, t: int, u: int) -> Pair:
    """Compare the masks of two timesteps at one delta. Raises ValueError if the evidence lacks one of them."""
    first, second = (evidence.difference[evidence.timesteps.index(one)] - np.float32(delta) for one in (t, u))
    differing = np.count_nonzero((first > 0) != (second > 0))
    return Pair(first, second, np.minimum(first, -second), np.minimum(second, -first), differing / first.size)


def farthest(timesteps: tuple[int, ...], consensus: Consensus) -> tuple[int, int] | None:
    """The two timesteps whose masks lie farthest apart (equation 7), the earlier first; None if none differ."""
    matrix = consensus.ged_matrix
    if not matrix.any():
        return None
    row, column = sorted(np.unravel_index(matrix.argmax(), matrix.shape))
    return timesteps[row], timesteps[column]
