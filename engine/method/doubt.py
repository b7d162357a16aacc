"""How far the timesteps' masks differ, as one figure that does not shrink with the lesion, and what that says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.method.consensus import ged_matrix, pairwise_dice

if TYPE_CHECKING:
    from engine.arrays import Bools
    from engine.method.expected import Expected, ReaderCurve
    from engine.results import Consensus

# A fifth of the 200 validation images of ISIC 2017 lie above. Their consensus has a mean Dice of 0.75, the others 0.93;
# 19 of the 23 images below 0.8 are among them.
DOUBTFUL = 0.125


def ged_iou(votes: Bools) -> float:
    """Equation 5 with d = 1 - IoU instead of equation 7: float in [0, 1), 0 where all masks (N, H, W) agree.

    It does not shrink with the lesion. Two empty masks do not differ. Kohl et al. (2018).
    """
    differing = np.rint(ged_matrix(votes) ** 2 * votes[0].size)  # pixels, exact again
    area = np.array([np.count_nonzero(mask) for mask in votes])
    both = (area[:, None] + area - differing) / 2
    union = both + differing
    return float((1 - np.divide(both, union, out=np.ones_like(both), where=union > 0)).mean())


def is_doubtful(consensus: Consensus) -> bool:
    """Whether a person should look closely: the masks differ more than ``DOUBTFUL``, or most show no lesion at all."""
    return consensus.area == 0 or ged_iou(consensus.votes) > DOUBTFUL


def overlap(consensus: Consensus) -> float | None:
    """Mean IoU of every two timesteps' masks, in [0, 1]; None for a single timestep, or where no mask has a lesion.

    Of N masks, 1 - N / (N - 1) times :func:`ged_iou`.
    """
    dice = pairwise_dice(consensus)
    if dice is None or not consensus.areas.any():
        return None
    return float((dice / (2 - dice)).mean())


def expected_agreement(readers: ReaderCurve | None, consensus: Consensus) -> Expected | None:
    """How well readers are expected to agree, by these votes; None where the model or the votes cannot say."""
    found = overlap(consensus)
    return None if readers is None or found is None else readers.at(found)
