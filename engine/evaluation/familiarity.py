"""Fitting and testing what a model's training photographs look like to it (:mod:`engine.method.familiarity`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ImageError
from engine.method.familiarity import Known
from engine.method.features import features
from engine.photograph.read import read_image
from engine.progress import counted, unheard
from engine.study.batch import values

if TYPE_CHECKING:
    from pathlib import Path

    from engine.arrays import Doubles, Floats, Halves
    from engine.networks.weights import Model
    from engine.progress import Report


DIRECTIONS = 32  # at most; 16 find fewer unfamiliar photographs, all gain nothing
SHARE = 0.99  # of the training photographs lie within the limit, each by a fit without it
FOLDS = 5
LEAST = 20  # photographs: fewer tell no covariance
SMALLEST = 1e-3  # of a standard deviation: a channel that never changes is no reason to divide by nothing


def features_of(model: Model, paths: list[Path], stage: str, report: Report = unheard) -> Floats:
    """What the model's encoder makes of photographs: float32 (n, D). Raises what ``read_image`` does."""
    made = values(counted(paths, stage, report), lambda path: features(model, read_image(path)), lambda path: path)
    return np.stack(list(made))


def fit(features: Floats) -> Known:
    """What these photographs, float32 (n, D), look like. The limit is cross-validated.

    Raises :class:`ImageError` where they are fewer than LEAST, or do not differ.
    """
    if len(features) < LEAST:
        raise ImageError(f"{len(features)} photographs do not tell what a model knows; name at least {LEAST}.")
    fold, distances = np.arange(len(features)) % FOLDS, np.empty(len(features))
    for number in range(FOLDS):
        distances[fold == number] = _gaussian(features[fold != number], 1).distances(features[fold == number])
    return _gaussian(features, round(float(np.quantile(distances, SHARE)), 3))


def _gaussian(features: Floats, limit: float) -> Known:
    mean, deviation = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
    deviation = np.maximum(deviation, SMALLEST)
    z = (features - mean) / deviation
    variances, vectors = np.linalg.eigh(z.T @ z / len(z))  # ascending
    count = min(DIRECTIONS, len(mean) // 4, len(z) // 4)
    rest = float(variances[:-count].mean())
    if not rest > 0:
        raise ImageError("The photographs do not differ; name others.")
    weights = np.sqrt(1 - rest / np.maximum(variances[-count:], rest))
    directions = (vectors[:, -count:] * weights).T
    return Known(_half(mean), _half(deviation * np.sqrt(rest)), _half(directions), limit)


def _half(numbers: Doubles) -> Halves:
    return np.ascontiguousarray(numbers, np.float16)


def auroc(familiar: Doubles, others: Doubles) -> float:
    """How often a photograph of the others has a greater distance than a familiar one, 0 to 1; a half each if equal."""
    greater = np.searchsorted(np.sort(familiar), others, "left") + np.searchsorted(np.sort(familiar), others, "right")
    return float(greater.mean() / 2 / len(familiar))
