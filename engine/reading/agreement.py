"""How well a mask agrees with an annotation (equations 13a to 13d)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
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
