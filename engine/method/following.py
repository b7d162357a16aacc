"""How the refined border follows a scribble: what was touched is fixed, and what is alike goes along.

A scribble says that the border is wrong, and by lying in the middle of what is wrong it says how far: where its middle
is r pixels behind the present border, the border should be nearly 2 r away beside it, and perhaps r elsewhere. So, for
each pixel of the other label less than 4 r behind the border, the *pull* of a scribble is

    w = sigmoid(1.1 - 2.1 b / r + 2.55 exp(-e / 2 r) - 1.7 c / 20 + 0.75 s ln(d / d_0) + 0.43 ln(0.1 + o) - k e / side)

    b  the pixel's distance behind the present border    r    the median of b along the scribble's middle
    c  its distance in CIELAB from the colours between the scribble's and that of all that is of its label already
    d  its mean noise difference, equation 2             d_0  the scribble's own           s  1 for lesion, -1 for skin
    e  its distance from the scribble                    o    that from those of the other label / (1 + e), up to 5
    k  1 for a scribble that is meant everywhere, 20 for one that is meant near by; side: the longer one of the grid

With P the map of which the border is the level set at one half, lesion makes it max(P, w), skin min(P, 1 - w), w being
smoothed like P. What that would cut off from the rest, less than r / 2 thick, goes along. Then the pixels of all
scribbles are as they say. Scribbles act one after the other, each on the border
that the earlier ones left.

The numbers come from a logistic regression of the annotation at pixels behind the border of 200 training images, each
clicked five times in the middle of the largest wrong region (docs/adr/0018-scribbles.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.method.crf import sigmoid
from engine.method.tidy import smoothed
from engine.scribbles import LESION, labels, mark, path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools, Bytes, Floats
    from engine.scribbles import Places, Scribble, Scribbles

FARTHEST = 4.0  # times the scribble's depth: no pixel farther behind the border changes its label
OFFSET, BEHIND, BESIDE, COLOUR, DIFFERENCE, OPPOSITE = 1.1, 2.1, 2.55, 1.7 / 20, 0.75, 0.43
EVERYWHERE, NEAR = 1.0, 20.0  # k
NO_BORDER = 0.1  # depth where nothing is of the scribble's label yet, of the longer side
LEAST = 1e-3  # difference below which all is one


@dataclass(eq=False)
class Follower:
    """The map of one refinement as it follows scribbles; it keeps each step, so that a further scribble is one step.

    start: probability float32 (H, W) on the CRF's grid, before any scribble. pixels: uint8 (H, W, 3); difference: the
    timesteps' mean, float32 (H, W). native: (height, width) of the photograph. width: of the Gaussian that smooths, in
    the grid's pixels.
    """

    start: Floats
    pixels: Bytes
    difference: Floats
    native: tuple[int, int]
    width: float

    def __post_init__(self) -> None:
        self._steps: list[tuple[Scribble, Floats]] = []

    @cached_property
    def _colour(self) -> Floats:
        """CIELAB, float32 (H, W, 3), without the noise of hair and grain."""
        from scipy import ndimage  # here, because their imports would delay the window
        from skimage.color import rgb2lab

        return np.asarray(ndimage.gaussian_filter(rgb2lab(self.pixels).astype(np.float32), (1, 1, 0)))

    def follow(self, scribbles: Scribbles) -> Floats:
        """The map after all of these."""
        same = 0
        while same < min(len(scribbles), len(self._steps)) and self._steps[same][0] == scribbles[same]:
            same += 1
        del self._steps[same:]
        for number in range(same, len(scribbles)):
            before = self._steps[-1][1] if self._steps else self.start
            after = self._pulled(before, scribbles[number], scribbles[:number])
            self._steps.append((scribbles[number], mark(after, scribbles[number : number + 1], self.native)))
        return self._steps[-1][1] if self._steps else self.start

    def _pulled(self, probability: Floats, scribble: Scribble, earlier: Scribbles) -> Floats:
        """The map pulled by a scribble, outside all earlier ones' pixels."""
        same = (probability > 0.5) == (scribble.label == LESION)
        middle = path(scribble, same.shape, self.native)
        behind = _distance(same) if same.any() else np.full(same.shape, NO_BORDER * max(same.shape))
        deep = behind[middle]
        if not deep.any():  # it only confirms what is found
            return probability
        depth = max(float(np.median(deep[deep > 0])), 1.0)
        fixed = labels(earlier, same.shape, self.native)
        free = ~same & (behind < FARTHEST * depth) & (fixed == 0)
        pull = np.where(free, self._pull(scribble, middle, same, behind, depth, fixed == -scribble.label), 0)
        pull = _with_cut_off(np.where(free, smoothed(pull, self.width), np.float32(0)), free, behind, depth)
        return np.maximum(probability, pull) if scribble.label == LESION else np.minimum(probability, 1 - pull)

    def _pull(
        self,
        scribble: Scribble,
        middle: tuple[Places, Places],
        same: Bools,
        behind: NDArray[np.float64],
        depth: float,
        others: Bools,
    ) -> Floats:
        """w of the module's equation, float32 (H, W). others: the pixels of scribbles of the other label."""
        touched = labels((scribble,), others.shape, self.native) != 0
        touched[middle] = True  # however thin it is
        unlike = self._unlike(touched, same)
        difference = np.log(np.maximum(self.difference, LEAST))
        away = _distance(touched)
        opposite = np.minimum(_distance(others) / (1 + away), 5.0) if others.any() else 5.0
        score = OFFSET - BEHIND * behind / depth + BESIDE * np.exp(-away / (2 * depth)) - COLOUR * unlike
        score += OPPOSITE * np.log(0.1 + opposite)
        score += DIFFERENCE * scribble.label * (difference - difference[touched].mean())
        score -= (EVERYWHERE if scribble.everywhere else NEAR) * away / max(others.shape)
        return sigmoid(score.astype(np.float32))

    def _unlike(self, touched: Bools, same: Bools) -> Floats:
        """Distances in CIELAB from the colours between what was touched and all that is of its label, (H, W)."""
        own = self._colour[touched].mean(axis=0)
        way = self._colour[same].mean(axis=0) - own if same.any() else np.zeros(3, np.float32)
        apart = self._colour - own
        along = np.clip(apart @ way / max(float(way @ way), 1e-6), 0, 1)
        return np.asarray(np.linalg.norm(apart - along[..., None] * way, axis=2))


def _with_cut_off(pull: Floats, free: Bools, behind: NDArray[np.float64], depth: float) -> Floats:
    """The pull, 1 also for what it would cut off from the rest, where no pixel of that lies r / 2 behind the border."""
    from scipy import ndimage

    taken = pull > 0.5
    left, count = ndimage.label((behind > 0) & ~taken)
    index = np.arange(1, count + 1)
    thin = np.asarray(ndimage.maximum(behind, left, index)) < depth / 2
    beside = np.zeros(count + 1, np.bool_)
    beside[np.unique(left[ndimage.binary_dilation(taken)])] = True
    gone = np.concatenate([[False], thin & beside[1:]])[left] & free
    return np.where(gone, np.float32(1), pull)


def _distance(mask: Bools) -> NDArray[np.float64]:
    """Of each pixel from the nearest one of a mask that has some, float64 (H, W)."""
    from scipy import ndimage

    return np.asarray(ndimage.distance_transform_edt(~mask))
