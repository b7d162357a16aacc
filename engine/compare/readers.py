"""What a method says of one photograph: its masks at the photograph's own size, and how sure it is, pixel by pixel.

A supervised network gives probabilities, resized bilinearly to the photograph and cut at one half. Several of them,
from dropout, from turned photographs or from several networks, are averaged first; each cut by itself is one opinion,
as each timestep's vote is for DiffSeg.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
from skimage.color import rgb2lab
from torch import Tensor, nn

from engine.evaluation import baselines
from engine.host import device as devices
from engine.photograph.image import SkinImage
from engine.photograph.resize import resize, resize_rgb
from engine.progress import drain

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.pipeline import Pipeline
    from engine.recipe import Recipe

DROPOUT_PASSES = 20


@dataclass(frozen=True, eq=False)
class Found:
    """masks: bool (H, W), the photograph's own size, by the line they are reported in; seconds: CPU time until each.

    uncertainty: float32 (H, W), larger where the method is less sure of its first mask: p (1 - p) of the lesion's
    probability p, DiffSeg's being the share of timesteps that vote for it; None for a method without. opinions: bool
    (N, h, w), the masks whose disagreement is measured; None for a method that has but one. calibrated: as uncertainty,
    p being DiffSeg's calibrated probability; None where nothing softens its votes.
    """

    masks: dict[str, Bools]
    seconds: dict[str, float]
    uncertainty: Floats | None
    opinions: Bools | None
    calibrated: Floats | None = None


Reader: TypeAlias = Callable[[SkinImage], Found]
Sampler: TypeAlias = Callable[[Tensor], Tensor]
"""An image (1, 3, S, S) in [-1, 1] -> N logit maps (N, 1, S, S)."""


def each(networks: Sequence[nn.Module]) -> Sampler:
    """What every network says: one, or an ensemble (Lakshminarayanan et al. 2017)."""
    return lambda x: torch.cat([network(x) for network in networks])


def dropout(networks: Sequence[nn.Module]) -> Sampler:
    """Passes of one network with its dropout switched on (Gal & Ghahramani 2016), the same draws for every image."""
    (network,) = networks
    for part in network.modules():
        if isinstance(part, nn.Dropout2d):
            part.train()

    def sample(x: Tensor) -> Tensor:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            logits: Tensor = network(x.expand(DROPOUT_PASSES, -1, -1, -1))
        return logits

    return sample


def turned(networks: Sequence[nn.Module]) -> Sampler:
    """One network on the eight rotations and reflections of the image (test-time augmentation), turned back."""
    (network,) = networks

    def sample(x: Tensor) -> Tensor:
        views = torch.cat([torch.rot90(side, k, (2, 3)) for side in (x, x.flip(3)) for k in range(4)])
        upright = [torch.rot90(one, -k % 4, (1, 2)) for one, k in zip(network(views), [*range(4)] * 2, strict=True)]
        return torch.stack([*upright[:4], *(one.flip(2) for one in upright[4:])])

    return sample


def probability_reader(sample: Sampler, size: int) -> Reader:
    """Read photographs with a supervised method whose networks see squares of the given size."""
    precision = devices.training_precision("cpu")

    @torch.inference_mode()
    def read(image: SkinImage) -> Found:
        started = time.process_time()
        square = torch.from_numpy(resize_rgb(image.pixels, size, size).astype(np.float32) / 127.5 - 1)
        x = square.permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=precision, enabled=precision != torch.float32):
            logits = sample(x)
        native = (image.height, image.width)
        each = F.interpolate(logits.float().sigmoid(), native, mode="bilinear")[:, 0].numpy()
        mean = each.mean(axis=0)
        mask = mean > 0.5
        seconds = time.process_time() - started
        return Found({"": mask}, {"": seconds}, mean * (1 - mean), each > 0.5 if len(each) > 1 else None)

    return read


def diffseg_reader(pipeline: Pipeline, recipes: dict[str, Recipe]) -> Reader:
    """Read photographs with DiffSeg under several recipes, each reported in the line that it is named for.

    The recipes differ in what follows the votes only; the pipeline keeps what they share.
    """

    def read(image: SkinImage) -> Found:
        started = time.process_time()
        masks, seconds = {}, {}
        for line, recipe in recipes.items():
            found = drain(pipeline.run(image, recipe))
            masks[line] = found.mask
            seconds[line] = time.process_time() - started
        if all(recipe.refine for recipe in recipes.values()):  # doubts are the votes', and these are not shown
            return Found(masks, seconds, None, None)
        votes, p = found.consensus, found.probability
        doubts = (votes.ambiguity, None if p is None else p * (1 - p))
        uncertainty, calibrated = (None if d is None else resize(d, image.width, image.height) for d in doubts)
        return Found(masks, seconds, uncertainty, votes.votes, calibrated)

    return read


def baseline_reader(image: SkinImage) -> Found:
    """The trivial masks that a method must beat to have learnt anything (:mod:`engine.evaluation.baselines`)."""
    started = time.process_time()
    masks = {
        "Otsu on luminance": baselines.dark_side(image.pixels),
        "unlike the border": baselines.unlike_the_border(rgb2lab(image.pixels)),
        "centred disc": baselines.disc(image.height, image.width),
    }
    seconds = (time.process_time() - started) / len(masks)
    return Found(masks, dict.fromkeys(masks, seconds), None, None)
