"""How a method does on annotated photographs: agreement line by line, and whether its doubts point at its errors.

Agreement is taken at the photograph's own size. The figures on doubt are those of :mod:`engine.evaluation.uncertainty`;
a score there that is not a count of votes is sorted into LEVELS steps before it is summed up.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.evaluation.bootstrap import Bootstrap
from engine.evaluation.uncertainty import NEAR, REGIONS, auroc_of_counts, spearman, within
from engine.method.doubt import ged_iou
from engine.photograph.read import read_image, read_mask
from engine.progress import counted, unheard
from engine.reading.agreement import agreement
from engine.study.batch import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from engine.arrays import Bools, Floats
    from engine.compare.readers import Reader
    from engine.progress import Report
    from engine.training.data import Sample

FIGURES = ("dice", "jaccard", "precision", "recall")
LEVELS = 1024
MOST = 0.25  # p (1 - p) at p = 1/2

Counts: TypeAlias = "NDArray[np.int64]"
"""Pixels by region, right or wrong, and level of doubt: (2, 2, LEVELS)."""


@dataclass(frozen=True, eq=False)
class _Read:
    """What is kept of a photograph: figures by line; pixels by counted and calibrated doubt; how opinions differ."""

    rows: dict[str, dict[str, float]]
    counts: Counts | None
    calibrated: Counts | None
    disagreement: float | None


def score(reader: Reader, samples: Sequence[Sample], title: str, report: Report = unheard) -> dict[str, Any]:
    """Read every photograph and return figures, JSON-ready (None: not defined by these photographs).

    ``lines``: per mask the means of FIGURES and of ``seconds``, ``interval`` (95 %, Dice) and ``dice_of`` each image.
    ``doubt`` (empty for a method without): of the first mask, ``auroc_image`` and ``auroc_near`` with their
    ``..._interval``, and for methods with several opinions ``spearman`` of their disagreement (GED with 1 - IoU)
    against 1 - Dice, its interval, and the mean ``disagreement``; for a calibrated model ``calibrated``, the AUROC's
    figures once more. Raises :class:`ImageError` for a photograph that cannot be used.
    """
    read = [*values(counted(samples, title, report), partial(_read, reader), lambda sample: sample.image)]
    counts = [one.counts for one in read if one.counts is not None]
    calibrated = [one.calibrated for one in read if one.calibrated is not None]
    disagreement = [one.disagreement for one in read if one.disagreement is not None]
    resamples = Bootstrap(len(read))
    lines = {line: [one.rows[line] for one in read] for line in read[0].rows}
    dice = np.array([row["dice"] for row in next(iter(lines.values()))])
    return {
        "lines": {line: _line(rows, resamples) for line, rows in lines.items()},
        "doubt": {
            **(_pixels(np.stack(counts), resamples) if counts else {}),
            **(_images(np.array(disagreement), 1 - dice, resamples) if disagreement else {}),
            **({"calibrated": _pixels(np.stack(calibrated), resamples)} if calibrated else {}),
        },
    }


def _read(reader: Reader, sample: Sample) -> _Read:
    image = read_image(sample.image)
    annotation = read_mask(sample.mask, image)
    found = reader(image)
    rows = {
        line: {**asdict(agreement(mask, annotation)), "seconds": found.seconds[line]}
        for line, mask in found.masks.items()
    }
    first = next(iter(found.masks.values()))
    counts, calibrated = (
        None if doubt is None else error_counts(doubt, first, annotation)
        for doubt in (found.uncertainty, found.calibrated)
    )
    return _Read(rows, counts, calibrated, None if found.opinions is None else ged_iou(found.opinions))


def error_counts(uncertainty: Floats, mask: Bools, annotation: Bools) -> Counts:
    """Count pixels by uncertainty: int64 (2, 2, LEVELS) over REGIONS, and right or wrong in the mask."""
    level = np.minimum((uncertainty * (LEVELS / MOST)).astype(np.int64), LEVELS - 1)
    code = level + LEVELS * (mask != annotation)
    near = within(annotation | mask, NEAR)
    counted = [np.bincount(code[region].ravel(), minlength=2 * LEVELS) for region in (..., near)]
    return np.stack(counted).reshape(len(REGIONS), 2, LEVELS)


def _line(rows: list[dict[str, float]], resamples: Bootstrap) -> dict[str, Any]:
    dice = np.array([row["dice"] for row in rows])
    means = {name: float(np.mean([row[name] for row in rows])) for name in (*FIGURES, "seconds")}
    return {**means, "interval": _known(*resamples.of_mean(dice)), "dice_of": [round(float(d), 5) for d in dice]}


def _pixels(counts: Counts, resamples: Bootstrap) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for number, region in enumerate(REGIONS):
        table = counts[:, number]
        whole = table.sum(axis=0)
        figures[f"auroc_{region}"] = _known(float(auroc_of_counts(whole[1], whole[0])))[0]
        interval = resamples.of_sums(lambda sums: auroc_of_counts(sums[:, 1], sums[:, 0]), table)
        figures[f"auroc_{region}_interval"] = _known(*interval)
    return figures


def _images(
    disagreement: np.ndarray[Any, np.dtype[np.float64]],
    error: np.ndarray[Any, np.dtype[np.float64]],
    resamples: Bootstrap,
) -> dict[str, Any]:
    return {
        "spearman": _known(float(spearman(disagreement, error)))[0],
        "spearman_interval": _known(*resamples.of_columns(spearman, disagreement, error)),
        "disagreement": float(disagreement.mean()),
    }


def _known(*values: float) -> list[float | None]:
    """JSON has no NaN."""
    return [float(value) if np.isfinite(value) else None for value in values]
