"""Fitting a model's :class:`engine.method.probability.Temperatures` on annotated photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.method.consensus import chosen_delta
from engine.method.evidence import gather
from engine.method.probability import Temperatures, fit_temperature
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize
from engine.progress import counted, drain, unheard
from engine.study.batch import values

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.pipeline import Pipeline
    from engine.progress import Report
    from engine.recipe import Recipe
    from engine.training.data import Sample

GRID = 128  # every photograph counts alike, whatever its size; neighbouring pixels say the same


def calibrate(pipeline: Pipeline, samples: list[Sample], recipe: Recipe, report: Report = unheard) -> Temperatures:
    """The temperature of each of the recipe's timesteps at its delta, or at each photograph's own (Otsu's).

    Raises :class:`ImageError` for an image or mask that cannot be used: a fit with holes would look like any other.
    """
    model, noise = pipeline.model, recipe.noise

    def read(sample: Sample) -> tuple[Floats, Bools]:
        """By how much each timestep's difference exceeds delta, (T, GRID²); where the annotation is, (GRID²,)."""
        image = read_image(sample.image)
        annotation = read_mask(sample.mask, image)
        found = drain(gather(image, noise, model.on, model.size, pipeline.device))
        difference = resize(found.difference, GRID, GRID).reshape(len(noise.timesteps), -1)
        margin = difference - np.float32(chosen_delta(found, recipe.vote))
        return margin, resize(annotation, GRID, GRID).ravel() > 0.5

    read_all = values(counted(samples, "", report), read, lambda sample: sample.image)
    margins, lesion = zip(*read_all, strict=True)
    annotated = np.concatenate(lesion)
    temperatures = (fit_temperature(np.concatenate(one), annotated) for one in zip(*margins, strict=True))
    return Temperatures(noise.timesteps, tuple(temperatures))
