"""Trivial masks of the same images: what a method must beat to have learnt anything.

All see the photograph alone, nothing of the annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from skimage.color import rgb2gray
from skimage.filters import threshold_otsu

from engine.reading.agreement import Agreement, agreement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools, Bytes

DISC_SHARE = 0.2  # of the image: the mean annotation's in ISIC 2017's training split (0.196)
FRAME = 0.04  # width of the border that stands for skin, of the shorter side


def baselines(pixels: Bytes, lab: NDArray[np.float64], annotation: Bools) -> dict[str, Agreement]:
    """Agreement of each trivial mask with the annotation, bool (H, W).

    pixels: uint8 (H, W, 3) RGB; lab: the same in CIE L*a*b*, float64 (H, W, 3).
    """
    masks = {"otsu": dark_side(pixels), "border_colour": unlike_the_border(lab), "disc": disc(*annotation.shape)}
    return {name: agreement(mask, annotation) for name, mask in masks.items()}


def dark_side(pixels: Bytes) -> Bools:
    """Luminance at most Otsu's threshold (1979), bool (H, W)."""
    luminance = rgb2gray(pixels)
    return np.asarray(luminance <= _otsu(luminance))


def unlike_the_border(lab: NDArray[np.float64]) -> Bools:
    """Distance in L*a*b* from the median colour of the image's border above Otsu's threshold, bool (H, W)."""
    width = max(1, round(FRAME * min(lab.shape[:2])))
    frame = np.ones(lab.shape[:2], bool)
    frame[width:-width, width:-width] = False
    distance = np.linalg.norm(lab - np.median(lab[frame], axis=0), axis=2)
    return np.asarray(distance > _otsu(distance))


def disc(height: int, width: int) -> Bools:
    """The centred disc of DISC_SHARE of the image's area, bool (H, W)."""
    y, x = np.ogrid[:height, :width]
    squared = (y - (height - 1) / 2) ** 2 + (x - (width - 1) / 2) ** 2
    return np.asarray(squared <= DISC_SHARE * height * width / np.pi)


def _otsu(values: NDArray[np.float64]) -> float:
    return float(threshold_otsu(values)) if np.ptp(values) > 0 else float("inf")
