"""Evaluation against annotations: the whole pipeline at each image's own size (section 4.2)."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import ImageError
from engine.image import read_image, read_mask
from engine.measure import Agreement, agreement
from engine.progress import drain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.pipeline import Pipeline
    from engine.recipe import Recipe
    from engine.training.data import Sample


@dataclass(frozen=True)
class Score:
    """How one image went: agreement of both masks with the annotation, GED, and seconds from file to mask."""

    id: str
    consensus: Agreement
    refined: Agreement
    ged: float
    seconds: float


def score_samples(pipeline: Pipeline, samples: list[Sample], recipe: Recipe) -> Iterator[Score | ImageError]:
    """Evaluate images one by one; an image that cannot be used gives its error instead of a score."""
    for sample in samples:
        try:
            yield _score(pipeline, sample, recipe)
        except ImageError as error:
            yield error


def summary(scores: list[Score]) -> dict[str, Any]:
    """Means over images, JSON-ready."""
    return {
        "n": len(scores),
        "consensus": _mean([s.consensus for s in scores]),
        "refined": _mean([s.refined for s in scores]),
        "ged_mean": float(np.mean([s.ged for s in scores])),
        "seconds_per_image": float(np.mean([s.seconds for s in scores])),
    }


def _score(pipeline: Pipeline, sample: Sample, recipe: Recipe) -> Score:
    started = time.perf_counter()
    image = read_image(sample.image)
    annotation = read_mask(sample.mask)
    if annotation.shape != (image.height, image.width):
        raise ImageError(
            f"{sample.mask} is {annotation.shape[1]} x {annotation.shape[0]} pixels, its image {image.width} x"
            f" {image.height}; a mask must have its image's size."
        )
    found = drain(pipeline.run(image, recipe))
    seconds = time.perf_counter() - started
    return Score(
        sample.id,
        agreement(found.consensus_mask, annotation),
        agreement(found.mask, annotation),
        found.consensus.ged,
        seconds,
    )


def _mean(agreements: list[Agreement]) -> dict[str, float]:
    rows = [asdict(a) for a in agreements]
    return {f.name: float(np.mean([row[f.name] for row in rows])) for f in fields(Agreement)}
