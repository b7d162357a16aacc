"""Whether a photograph is like those that the model was trained on, by what its own encoder makes of it.

A network that has only seen dermoscopy draws a border on a face, too. So the photograph's features, the mean and the
spread of each of the encoder's channels over the photograph without noise (:mod:`engine.method.features`), are compared
with those of the training photographs, by the distance of a Gaussian whose covariance is a few directions and one
variance for all others (Mahalanobis 1936; Tipping & Bishop 1999, "Probabilistic principal component analysis"). With
u the features in units of the common standard deviation and W the directions,

    distance = sqrt((|u|^2 - |W u|^2) / D)

is about 1 for a training photograph. Beyond ``limit``, where one of a hundred of these lies, the model is out of its
depth.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.arrays import read_only

if TYPE_CHECKING:
    from engine.arrays import Doubles, Floats, Halves


UNFAMILIAR = (  # of a photograph
    "is unlike those that the model was trained on; if it is not a dermoscopy photograph, the result means little"
)


@dataclass(frozen=True)
class Familiarity:
    """How far a photograph lies from those that the model was trained on, about 1 for one of them; and the limit."""

    distance: float
    limit: float

    @property
    def out_of_depth(self) -> bool:
        """Whether the photograph lies beyond the limit: what the model says of it means little."""
        return self.distance > self.limit

    def to_json(self) -> dict[str, float | bool]:
        """distance, limit, out_of_depth."""
        return {**asdict(self), "out_of_depth": self.out_of_depth}


@dataclass(frozen=True, eq=False)
class Known:
    """What the training photographs look like to a model's encoder.

    mean, deviation: float16 (D,), of their features; the deviation is that of the directions that are not W's.
    directions: float16 (K, D), W. limit: the distance beyond which a photograph is not like them.
    """

    mean: Halves
    deviation: Halves
    directions: Halves
    limit: float

    def __post_init__(self) -> None:
        if self.mean.ndim != 1 or self.deviation.shape != self.mean.shape:
            raise ValueError("a mean and a deviation belong to each feature")
        if self.directions.ndim != 2 or self.directions.shape[1:] != self.mean.shape:
            raise ValueError("a direction has a number for each feature")
        if not all(np.isfinite(one).all() for one in (self.mean, self.deviation, self.directions, self.limit)):
            raise ValueError("what a model knows are numbers")
        if not (self.deviation > 0).all() or self.limit <= 0:
            raise ValueError("deviations and the limit lie above zero")
        for array in (self.mean, self.deviation, self.directions):
            read_only(array)

    def distances(self, features: Floats) -> Doubles:
        """Of features (n, D): float64 (n,), at least 0."""
        u = (features - self.mean.astype(np.float64)) / self.deviation.astype(np.float64)
        along = u @ self.directions.astype(np.float64).T
        rest = (u**2).sum(axis=1) - (along**2).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(rest, 0) / u.shape[1]))

    def of(self, features: Floats) -> Familiarity:
        """How familiar a photograph with these features, float32 (D,), is, to the thousandth."""
        return Familiarity(round(float(self.distances(features[None])[0]), 3), self.limit)

    def to_json(self) -> dict[str, Any]:
        """features (D), the limit, and mean, deviation and directions in this order as one text of little-endian halves
        in base64: some 7,600 numbers."""
        numbers = np.concatenate([self.mean[None], self.deviation[None], self.directions]).astype("<f2")
        return {"features": len(self.mean), "limit": self.limit, "numbers": b64encode(numbers.tobytes()).decode()}

    @classmethod
    def from_json(cls, data: Any) -> Known:
        """The inverse of :meth:`to_json`.

        Raises KeyError, ValueError, TypeError or OverflowError where it is not of that form.
        """
        numbers = np.frombuffer(b64decode(data["numbers"], validate=True), "<f2").reshape(-1, int(data["features"]))
        mean, deviation, *directions = numbers.astype(np.float16)
        return cls(mean, deviation, np.array(directions, np.float16).reshape(-1, len(mean)), float(data["limit"]))
