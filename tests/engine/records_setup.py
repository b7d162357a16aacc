"""Records to write of: a result of the ten discs, and what a person made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.method.consensus import vote
from engine.method.probability import Temperatures
from engine.method.refine import Refiner
from engine.method.stability import trace
from engine.progress import drain
from engine.reading.reading import Reading, Ruler, blind, decide
from engine.reading.regions import regions
from engine.results import DeviceUse, Evidence, ModelName, Segmentation
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage


SOFT = replace(RECIPE, crf=replace(RECIPE.crf, combine="soft", smooth=1.0, cut=0.4, drop=0.03))


def result(evidence: Evidence, photo: SkinImage, refine: bool = True) -> Segmentation:
    """What the stages after the network find in the evidence; the model is said to be calibrated."""
    consensus = vote(evidence, RECIPE.vote)
    refined = drain(Refiner().run(photo, evidence, consensus.delta, SOFT.crf)) if refine else None
    return Segmentation(
        photo,
        replace(SOFT, refine=refine),
        ModelName("tiny", "ab" * 32),
        evidence,
        consensus,
        refined,
        drain(trace(evidence)),
        {"total": 1.5},
        Temperatures((60, 150), (0.03, 0.05)),
        made="2026-05-03T14:02:11",
    )


def discs(height: int, width: int) -> Evidence:
    """Ten discs of growing radius as evidence on a grid of this size, soft at the border."""
    rows, columns = np.mgrid[:height, :width]
    distance = np.hypot(rows - height / 2, columns - width / 2)
    radii = np.linspace(min(height, width) / 6, min(height, width) / 3, 10)
    difference = np.stack([0.3 / (1 + np.exp(distance - radius)) for radius in radii]).astype(np.float32)
    device = DeviceUse("cpu", "test", "float32")
    return Evidence(tuple(range(60, 151, 10)), difference, np.zeros((height, width, 3), np.uint8), device)


def layer_of_all_kinds(shape: tuple[int, int]) -> np.ndarray:
    """A correction that leaves nothing of the model: two pieces of lesion, one of them with a hole."""
    height, width = shape
    rows, columns = np.mgrid[:height, :width]
    distance = np.hypot(rows - height / 2, (columns - width / 3) * 0.8)
    ring = (distance < height / 3) & (distance > height / 9)
    small = np.hypot(rows - height / 5, columns - 0.8 * width) < height / 12
    return np.where(ring | small, np.int8(1), np.int8(-1))


def reading_of(found: Segmentation) -> Reading:
    """A correction with a hole, a decision, a ruler and a blind outline."""
    height, width = found.mask.shape
    reading = Reading(
        layer_of_all_kinds((height, width)),
        ruler=Ruler((0.0, 0.0), (width / 2, 0.0), 10.0),
        blind=blind(~found.mask, found.mask, 12.0, 3),
        edits=7,
    )
    return decide(reading, regions(found.consensus, width, height), 1, "undecidable")
