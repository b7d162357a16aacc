"""One image against its annotation, by the whole pipeline (section 4.2).

Dice, Jaccard, precision and recall, and the figures of borders, are taken at the photograph's own size; everything else
on the working grid, where the votes live, with the annotation brought to it. What is kept of an image is a few hundred
numbers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from skimage.color import rgb2lab

from engine.evaluation import baselines, borders, uncertainty
from engine.evaluation.clicks import Clicks, simulate
from engine.evaluation.groups import groups_of, skin_tone
from engine.method.doubt import ged_iou
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize, resize_rgb
from engine.progress import counted, drain, unheard
from engine.reading.agreement import Agreement, agreement
from engine.reading.measures import mask_border
from engine.reading.outline import border, consensus_border
from engine.study.batch import Outcome, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.arrays import Bools, Ints
    from engine.pipeline import Pipeline
    from engine.progress import Report
    from engine.recipe import Recipe
    from engine.results import Segmentation
    from engine.training.data import Sample


@dataclass(frozen=True, eq=False)
class Score:
    """How one image went.

    consensus, refined: agreement of both masks with the annotation; baselines: that of trivial masks, by name.
    distances: of both masks' borders from the annotation's; tidiness: theirs and the annotation's own. ged: D2,
    equation 5; ged_iou, ged_by_sqrt_area: its forms that do not shrink with the lesion. tally, calibrated: see
    :func:`engine.evaluation.uncertainty.tally` and ``calibrated_tally``; None without calibration. area: the
    annotation's share of the image; tone: ITA in degrees, or NaN; groups: the names of those it is in. seconds: from
    file to mask. clicks: what a simulated user made of it, where one was asked for.
    """

    id: str
    consensus: Agreement
    refined: Agreement
    baselines: dict[str, Agreement]
    distances: dict[str, borders.Distances]
    tidiness: dict[str, borders.Tidiness]
    ged: float
    ged_iou: float
    ged_by_sqrt_area: float
    tally: Ints
    calibrated: Ints | None
    area: float
    tone: float
    groups: tuple[str, ...]
    seconds: float
    clicks: Clicks | None = None


def score_samples(
    pipeline: Pipeline,
    samples: list[Sample],
    recipe: Recipe,
    shown: Callable[[Score, Segmentation, Bools], None] | None = None,
    report: Report = unheard,
    clicks: int = 0,
) -> Iterator[Outcome[Sample, Score]]:
    """Evaluate images one by one, whatever becomes of the others.

    shown: called with each score, its segmentation and the annotation on the working grid, which are then let go.
    clicks: how often a simulated user clicks on each.
    """

    def evaluate(sample: Sample) -> Score:
        started = time.perf_counter()
        image = read_image(sample.image)
        annotation = read_mask(sample.mask, image)
        found = drain(pipeline.run(image, recipe))
        seconds = time.perf_counter() - started
        on_grid = _on_grid(annotation, found)
        clicked = simulate(pipeline, found, annotation, clicks) if clicks else None
        score = replace(_score(sample, found, annotation, on_grid, seconds), clicks=clicked)
        if shown is not None:
            shown(score, found, on_grid)
        return score

    return outcomes(counted(samples, "", report), evaluate, lambda sample: sample.image)


def _score(sample: Sample, found: Segmentation, annotation: Bools, on_grid: Bools, seconds: float) -> Score:
    consensus = found.consensus
    height, width = on_grid.shape
    pixels = resize_rgb(found.image.pixels, width, height)
    lab = rgb2lab(pixels)
    area = float(annotation.mean())
    tone = skin_tone(pixels, lab, on_grid)
    distances, tidiness = _borders(sample, found, annotation)
    return Score(
        id=sample.id,
        consensus=agreement(found.consensus_mask, annotation),
        refined=agreement(found.mask, annotation),
        baselines=baselines.baselines(pixels, lab, on_grid),
        distances=distances,
        tidiness=tidiness,
        ged=consensus.ged,
        ged_iou=ged_iou(consensus.votes),
        ged_by_sqrt_area=uncertainty.ged_by_sqrt_area(consensus.ged, consensus.areas),
        tally=uncertainty.tally(consensus.votes, on_grid),
        calibrated=_calibrated(found, on_grid),
        area=area,
        tone=tone,
        groups=groups_of(area, tone, sample.facts),
        seconds=seconds,
    )


def _borders(
    sample: Sample, found: Segmentation, annotation: Bools
) -> tuple[dict[str, borders.Distances], dict[str, borders.Tidiness]]:
    """The borders' figures by mask: how far from the annotation's, and how tidy."""
    steps = borders.steps(sample.facts, found.image.width, found.image.height)
    masks = {"consensus": found.consensus_mask, "refined": found.mask}
    drawn = {
        "consensus": (found.consensus_mask, consensus_border(found)),
        "refined": (found.mask, border(found)),
        "annotation": (annotation, mask_border(annotation)),
    }
    return (
        {name: borders.distances(mask, annotation, steps) for name, mask in masks.items()},
        {name: borders.tidiness(mask, curves, steps) for name, (mask, curves) in drawn.items()},
    )


def _calibrated(found: Segmentation, on_grid: Bools) -> Ints | None:
    if found.probability is None:
        return None
    return uncertainty.calibrated_tally(found.probability, found.consensus.consistency > 0.5, on_grid)


def _on_grid(annotation: Bools, found: Segmentation) -> Bools:
    height, width = found.consensus.consistency.shape
    return np.asarray(resize(annotation, width, height) > 0.5)
