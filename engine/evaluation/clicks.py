"""What clicks are worth: Dice after each of some clicks of a simulated user.

The user looks for the largest connected region where mask and annotation differ, on the working grid, and clicks the
pixel that lies deepest within it, with a disc of ``WIDTH`` of the photograph's width, labelled as that pixel is
annotated. Once each click is a scribble that the border follows, and once, for comparison, a dab of a brush.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from engine.photograph.resize import resize
from engine.progress import drain
from engine.reading import correction
from engine.reading.agreement import agreement
from engine.results import working_size
from engine.scribbles import LESION, SKIN, Scribble

if TYPE_CHECKING:
    from engine.arrays import Bools
    from engine.pipeline import Pipeline
    from engine.results import Segmentation
    from engine.scribbles import Scribbles

WIDTH = 0.03  # diameter of a click, of the photograph's width


@dataclass(frozen=True)
class Clicks:
    """Dice before the first click and after each, where clicks are scribbles and where they are dabs of a brush."""

    scribble: tuple[float, ...]
    brush: tuple[float, ...]


def simulate(pipeline: Pipeline, found: Segmentation, annotation: Bools, clicks: int) -> Clicks:
    """Click this often, both ways. found: without scribbles; annotation: bool, at the photograph's own size."""
    return Clicks(_scribbled(pipeline, found, annotation, clicks), _brushed(found.mask, annotation, clicks))


def click(mask: Bools, annotation: Bools) -> Scribble | None:
    """The user's next click, of masks at the photograph's own size; None where the working grid shows no difference."""
    height, width = mask.shape
    grid = working_size(width, height)
    seen, true = (resize(one, *grid) > 0.5 for one in (mask, annotation))
    regions, count = ndimage.label(seen != true, np.ones((3, 3)))
    if not count:
        return None
    largest = regions == np.argmax(np.bincount(regions.ravel())[1:]) + 1
    depth = ndimage.distance_transform_edt(np.pad(largest, 1))[1:-1, 1:-1]
    y, x = np.unravel_index(depth.argmax(), depth.shape)
    point = ((float(x) + 0.5) * width / grid[0], (float(y) + 0.5) * height / grid[1])
    return Scribble(LESION if true[y, x] else SKIN, (point,), WIDTH / 2 * width)


def _scribbled(pipeline: Pipeline, found: Segmentation, annotation: Bools, clicks: int) -> tuple[float, ...]:
    made: Scribbles = ()
    mask = found.mask
    dice = [agreement(mask, annotation).dice]
    for _ in range(clicks):
        if (one := click(mask, annotation)) is not None:
            made = (*made, one)
            mask = drain(pipeline.run(found.image, found.recipe, made)).mask
        dice.append(agreement(mask, annotation).dice)
    return tuple(dice)


def _brushed(mask: Bools, annotation: Bools, clicks: int) -> tuple[float, ...]:
    layer = correction.blank(*mask.shape)
    dice = [agreement(mask, annotation).dice]
    for _ in range(clicks):
        if (one := click(mask, annotation)) is not None:
            patch = correction.stroke(layer, one.points, one.radius, one.label)
            if patch is not None:
                correction.put(layer, patch)
            mask = correction.apply(layer, mask)
        dice.append(agreement(mask, annotation).dice)
    return tuple(dice)
