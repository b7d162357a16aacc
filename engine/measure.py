"""Measures of masks: agreement with an annotation (equations 13a to 13d) and borders as smooth curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from contourpy import contour_generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Agreement:
    """Dice, Jaccard, precision and recall of a mask against an annotation, each in [0, 1]."""

    dice: float
    jaccard: float
    precision: float
    recall: float


def agreement(mask: NDArray[np.bool_], annotation: NDArray[np.bool_]) -> Agreement:
    """Compare two bool masks (H, W). Two empty masks agree perfectly; an empty one against a lesion scores 0.

    Raises ValueError if their shapes differ.
    """
    if mask.shape != annotation.shape:
        raise ValueError(f"masks of different shapes, {mask.shape} and {annotation.shape}")
    both = int((mask & annotation).sum())
    found, true = int(mask.sum()), int(annotation.sum())
    if found == true == 0:
        return Agreement(1.0, 1.0, 1.0, 1.0)
    return Agreement(
        dice=2 * both / (found + true),
        jaccard=both / (found + true - both),
        precision=both / found if found else 0.0,
        recall=both / true if true else 0.0,
    )


def contours(values: NDArray[np.float32], level: float, width: int, height: int) -> list[NDArray[np.float64]]:
    """Curves along which a map (h, w) crosses a level, in pixels of a photograph width x height.

    Each curve is float64 (points, 2) of x, y, with (0, 0) the photograph's upper left corner; curves are closed, along
    the image's border where they reach it.
    """
    h, w = values.shape
    low = min(float(values.min()), level) - 1.0
    padded = np.pad(values.astype(np.float64), 1, constant_values=low)
    padded[1:-1, 1:-1] = values
    x = np.clip((np.arange(-1, w + 1) + 0.5) * width / w, 0, width)
    y = np.clip((np.arange(-1, h + 1) + 0.5) * height / h, 0, height)
    return [np.asarray(line) for line in contour_generator(x, y, padded).lines(level) if len(line) > 2]
