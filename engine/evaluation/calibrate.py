"""Fitting what softens a model's votes (:mod:`engine.method.probability`) on annotated photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.method.consensus import chosen_delta
from engine.method.evidence import gather
from engine.method.probability import Roots, Temperatures, fit_roots, fit_temperature, mean_and_spread
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize
from engine.progress import counted, drain, unheard
from engine.study.batch import values

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.method.probability import Softening
    from engine.pipeline import Pipeline
    from engine.progress import Report
    from engine.recipe import Recipe
    from engine.training.data import Sample

GRID = 128  # every photograph counts alike, whatever its size; neighbouring pixels say the same


KINDS = (Roots.kind, Temperatures.kind)


def calibrate(
    pipeline: Pipeline, samples: list[Sample], recipe: Recipe, kind: str = Roots.kind, report: Report = unheard
) -> Softening:
    """What softens votes with the recipe's timesteps at its delta, or at each photograph's own (Otsu's).

    kind: of KINDS. Raises :class:`ImageError` for an image or mask that cannot be used: a fit with holes would look
    like any other.
    """
    model, noise = pipeline.model, recipe.noise

    def read(sample: Sample) -> tuple[list[Floats], Bools]:
        """What the fit needs, each (GRID²,); where the annotation is, (GRID²,)."""
        image = read_image(sample.image)
        annotation = read_mask(sample.mask, image)
        found = drain(gather(image, noise, model.on, model.size, pipeline.device))
        difference = resize(found.difference, GRID, GRID).reshape(len(noise.timesteps), -1)
        delta = chosen_delta(found, recipe.vote)
        needed = mean_and_spread(difference, delta) if kind == Roots.kind else difference - np.float32(delta)
        return list(needed), resize(annotation, GRID, GRID).ravel() > 0.5

    read_all = values(counted(samples, "", report), read, lambda sample: sample.image)
    needed, lesion = zip(*read_all, strict=True)
    annotated = np.concatenate(lesion)
    columns = [np.concatenate(one) for one in zip(*needed, strict=True)]
    if kind == Roots.kind:
        return fit_roots(columns[0], columns[1], annotated)
    return Temperatures(noise.timesteps, tuple(fit_temperature(one, annotated) for one in columns))
