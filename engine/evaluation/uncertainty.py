"""Whether ambiguity and GED know where, and in which images, the masks are wrong.

Pixels. The masks of N timesteps are summed up in a *tally*: how many pixels have k votes for lesion, and how many of
those the annotation calls lesion. The consensus mask (2 k > N), its errors, the ambiguity (equation 4: it depends on
k through min(k, N - k) alone) and the calibration of the consistency k / N all follow from it exactly, and tallies of
images add up. The calibrated probability, which has no few values, is counted in thousandths, apart for skin and lesion
of the consensus mask, whose errors its doubt p (1 - p) is to find. Two regions are tallied: the whole image, and the
pixels *near* the lesion, at most 24 pixels of an image of 256 from the annotation or the consensus mask: far skin is
easily right and flatters every figure.

Images. GED shrinks with the lesion, and so does nothing that Dice measures; two forms without that are given beside it:
the same energy distance with d = 1 - IoU (Kohl et al. 2018, "A probabilistic U-Net") and D2 over the square root
of the masks' mean area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage, stats

if TYPE_CHECKING:
    from engine.arrays import Bools, Doubles, Floats, Ints

REGIONS = ("image", "near")
NEAR = 24 / 256  # of the image's longer side
LEVELS = 1000  # of a calibrated probability; hundredths would call most pixels equally sure, and take 0.02 off an AUROC
BINS = 100  # of its reliability diagram and calibration error
NEVER = float("nan")  # a figure that its images do not define


def within(mask: Bools, reach: float) -> Bools:
    """Pixels at most ``reach`` times the longer side from a mask, bool (H, W); none where the mask is empty."""
    if not mask.any():
        return np.zeros_like(mask)
    return np.asarray(ndimage.distance_transform_edt(~mask) <= reach * max(mask.shape))


def tally(votes: Bools, annotation: Bools) -> Ints:
    """Count pixels by votes and annotation: int64 (2, N + 1, 2) over REGIONS, votes for lesion, and skin or lesion.

    votes: bool (N, H, W); annotation: bool (H, W).
    """
    number = len(votes)
    count = votes.sum(axis=0, dtype=np.int64)
    code = 2 * count + annotation
    near = within(annotation | (2 * count > number), NEAR)
    counted = [np.bincount(pixels, minlength=2 * number + 2) for pixels in (code.ravel(), code[near])]
    return np.stack(counted).reshape(len(REGIONS), number + 1, 2)


def calibrated_tally(probability: Floats, consensus: Bools, annotation: Bools) -> Ints:
    """Count pixels by calibrated probability, consensus and annotation: int64 (2, LEVELS + 1, 2, 2) over REGIONS.

    probability: float32 (H, W) in [0, 1]; consensus, annotation: bool (H, W).
    """
    level = np.rint(probability * LEVELS).astype(np.int64)
    code = 4 * level + 2 * consensus + annotation
    near = within(annotation | consensus, NEAR)
    counted = [np.bincount(pixels, minlength=4 * (LEVELS + 1)) for pixels in (code.ravel(), code[near])]
    return np.stack(counted).reshape(len(REGIONS), LEVELS + 1, 2, 2)


def binned(tallies: Ints) -> Ints:
    """Tallies of a calibrated probability, (..., LEVELS + 1, 2, 2), by its BINS and annotation: (..., BINS + 1, 2)."""
    bin_of = (np.arange(LEVELS + 1) * BINS + LEVELS // 2) // LEVELS  # the nearest
    starts = np.searchsorted(bin_of, np.arange(BINS + 1))
    return np.asarray(np.add.reduceat(tallies.sum(axis=-2), starts, axis=-2))


def calibrated_auroc(tallies: Doubles | Ints) -> Doubles:
    """How well p (1 - p) of the calibrated probability tells the consensus mask's wrong pixels from its right ones.

    tallies: (..., LEVELS + 1, 2, 2), of one region; float64 (...), see :func:`auroc_of_counts`.
    """
    k = np.arange(LEVELS + 1)
    level = (np.minimum(k, LEVELS - k)[:, None] == np.arange(LEVELS // 2 + 1)).astype(np.int64)
    wrong = tallies[..., 0, 1] + tallies[..., 1, 0]
    right = tallies[..., 0, 0] + tallies[..., 1, 1]
    return auroc_of_counts(wrong @ level, right @ level)


def auroc_of_counts(wrong: Doubles | Ints, right: Doubles | Ints) -> Doubles:
    """Area under the ROC curve from histograms (..., L) of a score, over its L values ascending.

    The probability that a wrong pixel scores higher than a right one, ties counting half: float64 (...) in [0, 1], and
    NaN where there is no wrong or no right pixel. Mann & Whitney (1947).
    """
    below = np.cumsum(right, axis=-1) - right
    won = (wrong * (below + 0.5 * right)).sum(axis=-1)
    return _ratio(won, wrong.sum(axis=-1) * np.asarray(right.sum(axis=-1), dtype=np.float64))


def ambiguity_auroc(tallies: Doubles | Ints) -> Doubles:
    """How well ambiguity tells the consensus mask's wrong pixels from its right ones.

    tallies: (..., N + 1, 2), of one region; float64 (...), see :func:`auroc_of_counts`.
    """
    number = tallies.shape[-2] - 1
    k = np.arange(number + 1)
    lesion = 2 * k > number
    wrong = np.where(lesion, tallies[..., 0], tallies[..., 1])
    right = np.where(lesion, tallies[..., 1], tallies[..., 0])
    level = np.minimum(k, number - k)[:, None] == np.arange(number // 2 + 1)
    return auroc_of_counts(wrong @ level.astype(np.int64), right @ level.astype(np.int64))


def calibration(tallies: Doubles | Ints) -> tuple[Doubles, Doubles]:
    """The reliability diagram of the consistency map, one bin for each of its N + 1 values.

    tallies: (..., N + 1, 2), of one region. Returns the share of lesion among the pixels of each bin (NaN where it is
    empty) and each bin's share of all pixels, both float64 (..., N + 1).
    """
    pixels = tallies.sum(axis=-1)
    return _ratio(tallies[..., 1], pixels), _ratio(pixels, pixels.sum(axis=-1, keepdims=True))


def ece(tallies: Doubles | Ints) -> Doubles:
    """Expected calibration error of the consistency k / N as the probability of lesion: float64 (...) in [0, 1].

    The mean over pixels of |share of lesion in the pixel's bin - k / N| (Naeini et al. 2015); NaN without pixels.
    """
    lesion, weight = calibration(tallies)
    gap = np.abs(lesion - np.linspace(0, 1, lesion.shape[-1]))
    return np.where(np.isnan(weight).all(axis=-1), NEVER, np.nansum(gap * weight, axis=-1))


def ged_by_sqrt_area(ged: float, areas: Doubles) -> float:
    """D2 over the square root of the masks' mean area (shares of the image); 0 where all masks are empty."""
    return float(ged / np.sqrt(areas.mean())) if areas.any() else 0.0


def spearman(a: Doubles, b: Doubles) -> Doubles:
    """Spearman's rank correlation along the last axis: float64 (...) in [-1, 1], NaN where one side is constant."""
    ranks = [stats.rankdata(x, axis=-1) for x in (a, b)]
    x, y = (rank - rank.mean(axis=-1, keepdims=True) for rank in ranks)
    return _ratio((x * y).sum(axis=-1), np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1)))


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """What is left of the error if the doubtful images are put aside (Geifman & El-Yaniv 2017).

    coverage, risk: float64 (n,), the share of images kept, least doubtful first, and their mean error. aurc: the mean
    of risk, the smaller the better; random: the same for a doubt that knows nothing; oracle: for one that knows all.
    """

    coverage: Doubles
    risk: Doubles
    aurc: float
    random: float
    oracle: float


def risk_coverage(doubt: Doubles, error: Doubles) -> RiskCoverage:
    """Keep images in the order of their doubt, (n,), n >= 1; images of equal doubt come in any order, on average."""
    values, place, count = np.unique(doubt, return_inverse=True, return_counts=True)
    of_ties = np.bincount(place, error, minlength=len(values)) / count
    kept = np.arange(1, len(error) + 1)
    risk = np.cumsum(np.repeat(of_ties, count)) / kept
    best = np.cumsum(np.sort(error)) / kept
    return RiskCoverage(kept / len(error), risk, float(risk.mean()), float(error.mean()), float(best.mean()))


def aurc(doubt: Doubles, error: Doubles) -> Doubles:
    """:func:`risk_coverage`'s ``aurc`` of several sets of n images, (..., n) each: float64 (...)."""
    sets = zip(doubt.reshape(-1, doubt.shape[-1]), error.reshape(-1, error.shape[-1]), strict=True)
    return np.array([risk_coverage(*one).aurc for one in sets]).reshape(doubt.shape[:-1])


def _ratio(above: Doubles | Ints, below: Doubles | Ints) -> Doubles:
    """Quotients, NaN where the lower side is zero."""
    above, below = np.broadcast_arrays(above, below)
    return np.asarray(np.divide(above, below, out=np.full(above.shape, NEVER), where=below != 0))
