"""Votes as probabilities: how sure a timestep's vote is, by how far its difference lies from delta.

    P_t(lesion) = sigmoid((difference_t - delta) / temperature_t)

with one temperature per timestep, fitted on annotated photographs (temperature scaling, Guo et al. 2017). At the
difference delta P is one half, so delta keeps its meaning; as the temperatures go to zero the mean over timesteps
becomes equation 3's consistency, and p (1 - p) equation 4's ambiguity. Unlike those it also knows how close a unanimous
vote was, and its 80 % means that 8 of 10 such pixels were annotated as lesion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from engine.arrays import Floats

COLDEST, HOTTEST = 1e-3, 1.0  # clean-image units


@dataclass(frozen=True)
class Temperatures:
    """Temperatures, in clean-image units, at ascending timesteps; between them they are interpolated."""

    timesteps: tuple[int, ...]
    temperatures: tuple[float, ...]

    def __post_init__(self) -> None:
        ascending = list(self.timesteps) == sorted(set(self.timesteps))
        if not self.timesteps or not ascending or len(self.timesteps) != len(self.temperatures):
            raise ValueError("there is one temperature for each of its ascending timesteps")
        if not all(COLDEST <= t <= HOTTEST for t in self.temperatures):
            raise ValueError(f"temperatures lie in {COLDEST} .. {HOTTEST}")

    def at(self, timesteps: Sequence[int]) -> Floats:
        """Temperatures at other timesteps, float32 (N,); beyond the ends, those of the ends."""
        return np.asarray(np.interp(timesteps, self.timesteps, self.temperatures), np.float32)

    def probability(self, differences: Floats, timesteps: Sequence[int], delta: float) -> Floats:
        """Mean over timesteps of P_t(lesion), float32 (H, W) in [0, 1].

        differences: float32 (N, H, W) in clean-image units, one map for each of the N timesteps. delta: in the same.
        """
        from scipy.special import expit  # here, because its import would delay the window

        total = np.zeros(differences.shape[1:], np.float32)
        for difference, temperature in zip(differences, self.at(timesteps), strict=True):
            total += expit((difference - np.float32(delta)) / temperature)
        return total / np.float32(len(timesteps))

    def to_json(self) -> dict[str, float]:
        """Timestep, as text, to temperature."""
        return {str(t): temperature for t, temperature in zip(self.timesteps, self.temperatures, strict=True)}

    @classmethod
    def from_json(cls, data: Any) -> Temperatures:
        """The inverse of :meth:`to_json`. Raises ValueError or TypeError where the data is not of that form."""
        pairs = sorted((int(t), float(temperature)) for t, temperature in dict(data).items())
        return cls(tuple(t for t, _ in pairs), tuple(temperature for _, temperature in pairs))


def fit_temperature(margins: Floats, lesion: NDArray[np.bool_]) -> float:
    """The temperature under which the annotation is likeliest (least mean negative log-likelihood), four digits.

    margins: differences minus delta of many pixels, float32 (P,); lesion: whether each is annotated, bool (P,).
    """
    from scipy.optimize import minimize_scalar  # as above

    signed = np.where(lesion, margins, -margins)

    def cost(log_temperature: float) -> float:
        return float(np.logaddexp(0, -signed / np.float32(np.exp(log_temperature))).mean())

    best = minimize_scalar(cost, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded", options={"xatol": 1e-3})
    return float(f"{np.clip(np.exp(best.x), COLDEST, HOTTEST):.4g}")
