"""Fitting and testing what a model's disagreement says of readers' agreement (:mod:`engine.method.expected`).

The agreement comes from a CSV with the columns ``id`` (a photograph's name without its ending), ``set`` and
``dice_mean`` (mean Dice of all pairs of readers), as IMA++ publishes it (Abhishek et al. 2025).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, eye_array

from engine.errors import ImageError
from engine.evaluation.uncertainty import spearman
from engine.method.doubt import overlap
from engine.method.expected import ReaderCurve
from engine.photograph.files import stem_of
from engine.photograph.read import read_image
from engine.progress import counted, drain, unheard
from engine.study.batch import values
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from pathlib import Path

    from engine.arrays import Doubles
    from engine.pipeline import Pipeline
    from engine.progress import Report
    from engine.recipe import Recipe


KNOTS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
QUANTILES = (0.1, 0.5, 0.9)
FOLDS = 10


@dataclass(frozen=True)
class Outlined:
    """A photograph that several readers outlined, and their mean Dice."""

    image: Path
    dice: float


@dataclass(frozen=True)
class Fit:
    """How well a curve predicts readers: error (mean of |Dice - value|), Spearman's rank correlation, coverage (share
    of photographs whose Dice lies within low .. high) and width (mean of high - low)."""

    n: int
    error: float
    spearman: float
    coverage: float
    width: float


def outlined(path: Path, folders: list[Path], sets: list[str]) -> list[Outlined]:
    """The photographs of these sets, in the CSV's order, found in the folders by name.

    Raises :class:`ImageError` where the CSV cannot be used, or lacks one of the sets, or names a photograph that is
    not there or a Dice that is none.
    """
    there = {stem_of(file): file for folder in folders for file in photographs_in(folder)}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # with or without the mark that Excel sets
            table = csv.DictReader(file)
            rows = [
                (row["set"], row["id"], _dice(path, table.line_num, row["dice_mean"]))
                for row in table
                if row["set"] in sets
            ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        raise ImageError(f"{path} is no table of readers' agreement; it needs id, set and dice_mean.") from None
    if unknown := set(sets) - {its for its, _, _ in rows}:
        raise ImageError(f"{path} has no row of the set {min(unknown)!r}; look up in it what its sets are called.")
    if missing := [name for _, name, _ in rows if name not in there]:
        raise ImageError(
            f"{path} names the photograph {missing[0]}, which is in none of the folders; name them with --photographs."
        )
    return [Outlined(there[name], dice) for _, name, dice in rows]


def _dice(path: Path, line: int, text: str) -> float:
    """A cell's Dice. Raises :class:`ImageError` for a number that is none, nan too."""
    dice = float(text)
    if not 0 <= dice <= 1:
        raise ImageError(f"{path} has a dice_mean of {text} in line {line}; a Dice lies from 0 to 1, correct that row.")
    return dice


def overlaps(
    pipeline: Pipeline, photographs: list[Outlined], recipe: Recipe, report: Report = unheard
) -> tuple[Doubles, Doubles]:
    """Overlap of the timesteps' masks and readers' Dice, each float64 (n,), of the photographs with a lesion.

    Raises :class:`ImageError` where fewer than two have one.
    """

    def read(one: Outlined) -> float | None:
        return overlap(drain(pipeline.run(read_image(one.image), replace(recipe, refine=False))).consensus)

    found = list(values(counted(photographs, "", report), read, lambda one: one.image))
    pairs = [(x, one.dice) for x, one in zip(found, photographs, strict=True) if x is not None]
    if len(pairs) < 2:
        raise ImageError("The model finds a lesion on fewer than two of these photographs; name more of them.")
    x, y = np.array(pairs, np.float64).reshape(-1, 2).T
    return x, y


def fit_curve(x: Doubles, y: Doubles) -> ReaderCurve:
    """The monotone curves of least pinball loss (Koenker & Bassett 1978), all three at once by a linear programme.

    x: overlaps, y: readers' Dice, float64 (n,) in [0, 1].
    """
    n, k, q = len(x), len(KNOTS), len(QUANTILES)
    weights = np.stack([np.interp(x, KNOTS, unit) for unit in np.eye(k)], axis=1)  # (n, k): curve @ weights at x
    above, below = (np.repeat([f(quantile) for quantile in QUANTILES], n) for f in (float, lambda one: 1 - one))
    fits = block_array([[np.kron(np.eye(q), weights), eye_array(q * n), -eye_array(q * n)]])
    rising = np.kron(np.eye(q), np.eye(k)[:-1] - np.eye(k)[1:])
    ordered = np.kron(np.eye(q)[:-1] - np.eye(q)[1:], np.eye(k))
    never = np.concatenate([rising, ordered])
    solved = linprog(
        np.concatenate([np.zeros(q * k), above, below]),
        A_ub=np.pad(never, ((0, 0), (0, 2 * q * n))),
        b_ub=np.zeros(len(never)),
        A_eq=fits,
        b_eq=np.tile(y, q),
        bounds=[(0, 1)] * (q * k) + [(0, None)] * (2 * q * n),
    )
    curves = np.maximum.accumulate(np.maximum.accumulate(np.round(solved.x[: q * k].reshape(q, k), 3), 1), 0)
    low, value, high = (tuple(float(one) for one in np.abs(np.clip(curve, 0, 1))) for curve in curves)
    return ReaderCurve(KNOTS, low, value, high)


def scored(curve: ReaderCurve, x: Doubles, y: Doubles) -> Fit:
    """How well the curve predicts these photographs."""
    return _fit(np.array([(one.low, one.value, one.high) for one in map(curve.at, x)]), y)


def cross_validated(x: Doubles, y: Doubles) -> Fit:
    """How well curves predict the tenth of the photographs, every tenth one, that each was not fitted on."""
    fold, found = np.arange(len(x)) % FOLDS, np.empty((len(x), 3))
    for number in range(min(FOLDS, len(x))):
        curve = fit_curve(x[fold != number], y[fold != number])
        found[fold == number] = [(one.low, one.value, one.high) for one in map(curve.at, x[fold == number])]
    return _fit(found, y)


def _fit(found: Doubles, y: Doubles) -> Fit:
    low, value, high = found.T
    return Fit(
        len(y),
        float(np.abs(value - y).mean()),
        float(spearman(value, y)),
        float(((low <= y) & (y <= high)).mean()),
        float((high - low).mean()),
    )
