"""Fitting a model's :class:`engine.calibration.Calibration` on annotated photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from engine.calibration import Calibration, fit_temperature
from engine.evidence import gather
from engine.image import read_image, read_mask, resize
from engine.progress import drain

if TYPE_CHECKING:
    from engine.pipeline import Pipeline
    from engine.recipe import Recipe
    from engine.training.data import Sample

GRID = 128  # every photograph counts alike, whatever its size; neighbouring pixels say the same


def calibrate(pipeline: Pipeline, samples: list[Sample], recipe: Recipe) -> Calibration:
    """The temperature of each of the recipe's timesteps at its delta.

    Raises :class:`ImageError` for an image or mask that cannot be read: a fit with holes would look like any other.
    """
    model, noise = pipeline.model, recipe.noise
    margins: list[np.ndarray] = []
    lesion: list[np.ndarray] = []
    for sample in tqdm(samples, unit="image", disable=None):
        image = read_image(sample.image)
        found = drain(gather(image, noise, model.on, model.size, pipeline.device))
        margins.append(resize(found.difference, GRID, GRID).reshape(len(noise.timesteps), -1) - recipe.vote.delta)
        lesion.append(resize(read_mask(sample.mask), GRID, GRID).ravel() > 0.5)
    annotated = np.concatenate(lesion)
    temperatures = (fit_temperature(np.concatenate(one), annotated) for one in zip(*margins, strict=True))
    return Calibration(noise.timesteps, tuple(temperatures))
