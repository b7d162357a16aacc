"""Stage 2, the cheap one: what the timesteps vote for at one delta.

    y_t = [difference_t > delta]                                        (2)
    consistency = mean_t y_t                                            (3)
    ambiguity = mean_t (y_t - consistency)^2 = p (1 - p) for binary y   (4)
    D2_GED = 2 / N^2 sum_{i < j} d(y_i, y_j)                            (5; d(y, y) = 0 removes its other two terms)
    d(P, Q) = sqrt( sum (p - q)^2 / (w h) )                             (7)

Area never grows with delta, by (2). Only numpy: the window calls this on every move of the slider.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.recipe import DELTA_MAX
from engine.results import Consensus, Evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Floats
    from engine.recipe import VoteSettings

AGREE, MOSTLY = 0.95, 0.85  # mean Dice of all pairs of masks, for words alone: no result depends on them
GED_MAX = math.sqrt(0.5)  # the limit of N masks that disagree at random, as N grows


def vote(evidence: Evidence, settings: VoteSettings) -> Consensus:
    """Threshold the evidence at delta (or at Otsu's, where settings.auto) and summarise the votes."""
    delta = chosen_delta(evidence, settings)
    votes = evidence.difference > np.float32(delta)
    consistency = mean_of_votes(votes)
    matrix = ged_matrix(votes)
    return Consensus(delta, votes, consistency, consistency * (1 - consistency), matrix, ged(matrix))


def chosen_delta(evidence: Evidence, settings: VoteSettings) -> float:
    """The settings' delta, or Otsu's where they leave it to the evidence."""
    return otsu_delta(evidence) if settings.auto else settings.delta


def otsu_delta(evidence: Evidence) -> float:
    """Otsu's threshold (1979) on the mean difference map, to four decimals."""
    from skimage.filters import threshold_otsu  # here, because its import would delay the window

    mean = evidence.difference.mean(axis=0)
    # In float64, since 256 bins between neighbouring float32 values have no edges of their own.
    threshold = float(threshold_otsu(mean.astype(np.float64))) if np.ptp(mean) > 0 else float(mean.flat[0])
    return round(min(threshold, DELTA_MAX), 4)


def mean_of_votes(votes: NDArray[np.bool_]) -> Floats:
    """Equation 3: the share of masks (N, H, W) that are set, float32 (H, W)."""
    total = np.zeros(votes.shape[1:], np.min_scalar_type(len(votes)))  # one byte a pixel is quickest to add to
    for one in votes:
        total += one.view(np.uint8)
    return np.asarray(total.astype(np.float32) / np.float32(len(votes)))


def ged_matrix(votes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Equation 7 for each pair of masks (N, H, W): symmetric float64 (N, N) in [0, 1], zero on the diagonal."""
    packed = np.packbits(votes.reshape(len(votes), -1), axis=1)
    packed = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)  # 64 pixels a word
    differing = np.zeros((len(votes), len(votes)), np.int64)
    for i, one in enumerate(packed):
        differing[i, :i] = np.bitwise_count(packed[:i] ^ one).sum(axis=1, dtype=np.int64)
    return np.asarray(np.sqrt((differing + differing.T) / votes[0].size))


def ged(matrix: NDArray[np.float64]) -> float:
    """D2_GED, equation 5, from the pairwise distances: float in [0, GED_MAX)."""
    return float(matrix.sum() / len(matrix) ** 2)


def pairwise_dice(consensus: Consensus) -> NDArray[np.float64] | None:
    """Dice of each pair of masks, float64 (N (N - 1) / 2,) in [0, 1]; two empty ones agree. None for a single mask.

    Dice(P, Q) = 2 |P and Q| / (|P| + |Q|) = 1 - d(P, Q)^2 / (a_P + a_Q), with equation 7's d and areas as shares.
    """
    first, second = np.triu_indices(len(consensus.votes), 1)
    if not len(first):
        return None
    differing = consensus.ged_matrix[first, second] ** 2
    areas = consensus.areas[first] + consensus.areas[second]
    apart = np.divide(differing, areas, out=np.zeros_like(differing), where=areas > 0)
    return np.asarray(np.maximum(1 - apart, 0.0))  # rounding makes disjoint masks differ by a hair more than 1


def agree(consensus: Consensus) -> bool:
    """Whether the masks are as good as equal, and there is a lesion."""
    dice = pairwise_dice(consensus)
    return dice is not None and bool(consensus.votes.any()) and float(dice.mean()) >= AGREE


def agreement_in_words(consensus: Consensus) -> str:
    """One sentence on how well the masks of the timesteps agree.

    By Dice and not by GED, which grows with the lesion: of a large one it is large even if the masks hardly differ.
    """
    dice = pairwise_dice(consensus)
    if dice is None:
        return "There is one reading only: nothing to compare."
    if not consensus.votes.any():
        return "No reading finds a lesion."
    if agree(consensus):
        return "The model's readings agree."
    if dice.mean() >= MOSTLY:
        return "The model's readings agree on most of the lesion."
    return "The model's readings differ: look at the doubtful places, or judge by eye."
