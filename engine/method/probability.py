"""Votes as probabilities: how sure they are, by how far each timestep's difference lies from delta.

What softens the votes is fitted on annotated photographs, in one of two kinds. *Roots* measure distances in square
roots, between the linear scale, on which a faint lesion looks like sure skin, and the logarithmic one, on which noise
in clean skin looks like doubt; timesteps that lie apart damp what they say:

    r_t = sqrt(difference_t / delta) - 1
    P(lesion) = sigmoid(slope mean_t(r_t) / sqrt(1 + (damping std_t(r_t))^2))

*Temperatures* soften each timestep's vote by itself (temperature scaling, Guo et al. 2017), of which the mean is taken:

    P_t(lesion) = sigmoid((difference_t - delta) / temperature_t)

Either way P is one half at the difference delta and never grows with delta, so that delta keeps its meaning. As the
temperatures go to zero the mean over timesteps becomes equation 3's consistency, and p (1 - p) equation 4's ambiguity.
Unlike those, P also knows how close a unanimous vote was, and its 80 % means that 8 of 10 such pixels were annotated as
lesion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from engine.arrays import Floats

COLDEST, HOTTEST = 1e-3, 1.0  # clean-image units
STEEPEST = 100.0  # slope and damping of roots
LEAST_DELTA = 1e-3  # by which differences are divided, clean-image units


@dataclass(frozen=True)
class Roots:
    """slope, damping: see above; slope in (0, STEEPEST], damping in [0, STEEPEST]."""

    kind: ClassVar[str] = "roots"

    slope: float
    damping: float

    def __post_init__(self) -> None:
        if not (0 < self.slope <= STEEPEST and 0 <= self.damping <= STEEPEST):
            raise ValueError(f"slope lies in 0 .. {STEEPEST:g} and is not 0, damping lies in 0 .. {STEEPEST:g}")

    def probability(self, differences: Floats, timesteps: Sequence[int], delta: float) -> Floats:
        """P(lesion), float32 (H, W) in [0, 1]; the timesteps count alike.

        differences: float32 (N, H, W) in clean-image units, one map for each of the N timesteps. delta: in the same.
        """
        from scipy.special import expit  # here, because its import would delay the window

        if len(differences) != len(timesteps):
            raise ValueError("there is one map for each timestep")
        mean, spread = mean_and_spread(differences, delta)
        return np.asarray(expit(self._logit(mean, spread)), np.float32)

    def _logit(self, mean: Floats, spread: Floats) -> Floats:
        damped = np.sqrt(1 + np.square(np.float32(self.damping) * spread))
        return np.asarray(np.float32(self.slope) * mean / damped)

    def to_json(self) -> dict[str, Any]:
        """The kind and both numbers."""
        return {"kind": self.kind, "slope": self.slope, "damping": self.damping}


def mean_and_spread(differences: Floats, delta: float) -> tuple[Floats, Floats]:
    """Mean and standard deviation over timesteps of r_t, each float32 (...), of differences (N, ...)."""
    roots = np.sqrt(differences / np.float32(max(delta, LEAST_DELTA))) - np.float32(1)
    return np.asarray(roots.mean(axis=0)), np.asarray(roots.std(axis=0))


@dataclass(frozen=True)
class Temperatures:
    """Temperatures, in clean-image units, at ascending timesteps; between them they are interpolated."""

    kind: ClassVar[str] = "temperatures"

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

    def to_json(self) -> dict[str, Any]:
        """The kind, and each timestep's temperature by the timestep, as text."""
        by_timestep = {str(t): one for t, one in zip(self.timesteps, self.temperatures, strict=True)}
        return {"kind": self.kind, "at": by_timestep}


Softening: TypeAlias = Roots | Temperatures


def softening_from_json(data: Any) -> Softening | None:
    """The inverse of each kind's ``to_json``; None of None.

    Raises KeyError, ValueError, TypeError or OverflowError where the data is not of that form.
    """
    if data is None:
        return None
    if data["kind"] == Roots.kind:
        return Roots(float(data["slope"]), float(data["damping"]))
    if data["kind"] != Temperatures.kind:
        raise ValueError(f"votes are not softened by {data['kind']!r}")
    pairs = sorted((int(t), float(temperature)) for t, temperature in dict(data["at"]).items())
    return Temperatures(tuple(t for t, _ in pairs), tuple(temperature for _, temperature in pairs))


def from_format_1(temperatures: Any) -> dict[str, Any] | None:
    """What descriptions and sidecars of format 1 said, temperatures by timestep or None, as it is said now."""
    return None if temperatures is None else {"kind": Temperatures.kind, "at": temperatures}


def fit_roots(mean: Floats, spread: Floats, lesion: NDArray[np.bool_]) -> Roots:
    """The roots under which the annotation is likeliest (least mean negative log-likelihood), four digits each.

    mean, spread: :func:`mean_and_spread` of many pixels, (P,); lesion: whether each is annotated, bool (P,).
    """
    from scipy.optimize import minimize  # as above
    from scipy.special import expit

    def cost(numbers: NDArray[np.float64]) -> tuple[float, list[float]]:
        slope, damping = (np.float32(number) for number in numbers)
        damped = np.sqrt(1 + np.square(damping * spread))
        unit = mean / damped
        logit = slope * unit
        error = expit(logit) - lesion
        by_damping = -error * logit * damping * np.square(spread / damped)
        slopes = [float((error * unit).mean(dtype=np.float64)), float(by_damping.mean(dtype=np.float64))]
        return float(np.logaddexp(0, np.where(lesion, -logit, logit)).mean(dtype=np.float64)), slopes

    bounds = [(COLDEST, STEEPEST), (0.0, STEEPEST)]
    best = minimize(cost, (2.0, 2.0), jac=True, method="L-BFGS-B", bounds=bounds)
    slope, damping = (float(f"{number:.4g}") for number in best.x)
    return Roots(slope, damping)


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
