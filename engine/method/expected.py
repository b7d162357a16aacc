"""How well readers are expected to agree on a lesion, by how far the timesteps' masks overlap.

Photographs on which the timesteps disagree are those on which people do. The curve from one to the other is fitted on
photographs that several people outlined (:mod:`engine.evaluation.readers`) and is kept with the model. It speaks of
the readers among themselves, and not of whether the model is right: readers may agree on what the model does not see.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Expected:
    """Dice of two readers' masks, in [0, 1]: the median, and what four of five photographs lie between."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """value, low, high."""
        return asdict(self)


@dataclass(frozen=True)
class ReaderCurve:
    """Readers' Dice by the overlap of the timesteps' masks; between the knots it is interpolated.

    overlap: the knots, rising from 0 to 1. low, value, high: the tenth, fiftieth and ninetieth of a hundred photographs
    with that overlap, in [0, 1]; they never fall.
    """

    overlap: tuple[float, ...]
    low: tuple[float, ...]
    value: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        curves = (self.low, self.value, self.high)
        if any(len(curve) != len(self.overlap) for curve in curves) or len(self.overlap) < 2:
            raise ValueError("a reader curve has a low, a value and a high for each of its knots")
        if (self.overlap[0], self.overlap[-1]) != (0, 1) or not all(a < b for a, b in pairwise(self.overlap)):
            raise ValueError("a reader curve's knots rise from 0 to 1")
        if not all(0 <= a <= b <= 1 for curve in curves for a, b in pairwise(curve)):
            raise ValueError("a reader curve lies in 0 .. 1 and never falls")
        if not all(low <= value <= high for low, value, high in zip(*curves, strict=True)):
            raise ValueError("a reader curve has low, value and high in this order")

    def at(self, overlap: float) -> Expected:
        """What is expected at an overlap in [0, 1]."""
        return Expected(*(float(np.interp(overlap, self.overlap, one)) for one in (self.value, self.low, self.high)))

    def to_json(self) -> dict[str, list[float]]:
        """Four lists."""
        return {name: list(numbers) for name, numbers in vars(self).items()}

    @classmethod
    def from_json(cls, data: Any) -> ReaderCurve:
        """The inverse of :meth:`to_json`.

        Raises KeyError, ValueError, TypeError or OverflowError where it is not of that form.
        """
        names = ("overlap", "low", "value", "high")
        return cls(*(tuple(float(number) for number in data[name]) for name in names))
