"""What a network sees at each step: a pure function of the seed, the step and the process.

So a resumed run equals a straight one with nothing to remember but the step, and networks of one seed see the same
images in the same order, changed in the same way, some further than others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.method.schedule import add_noise
from engine.training.augment import augment, transplant
from engine.training.losses import Batch

if TYPE_CHECKING:
    from engine.training.config import TrainConfig
    from engine.training.data import Pairs


def draw_batch(pairs: Pairs, config: TrainConfig, step: int, rank: int, world: int, kind: str = "cpu") -> Batch:
    """The batch of one step on one process: a pure function of its arguments.

    kind: of device, which changes the photographs and draws the noise; every other choice is the same on each.
    """
    seed = _seed(config.seed, step, rank)
    generator = torch.Generator().manual_seed(seed)
    count = config.batch // world
    index = _indices(len(pairs), config, step * config.batch + rank * count, count)
    images, healthy, masks = (x[index].to(kind) for x in (pairs.images, pairs.healthy, pairs.masks))
    paired = pairs.paired[index]
    if config.transplant_share:
        donors = (torch.rand(count, generator=generator) < config.transplant_share) & paired & paired.roll(-1, 0)
        images, healthy = transplant(images, healthy, donors.to(kind))
    emptied = ((torch.rand(count, generator=generator) < config.healthy_share) & paired).to(kind)
    images = torch.where(emptied.view(-1, 1, 1, 1), healthy, images)
    masks = masks * ~emptied.view(-1, 1, 1, 1)
    x, h, mask = augment(images, healthy, masks, config.network.size, config.augment, generator)
    t = torch.randint(config.first_t, config.last_t + 1, (count,), generator=generator).to(kind)
    noise = generator if kind == "cpu" else torch.Generator(kind).manual_seed(seed)
    eps = torch.randn(x.shape, device=kind, generator=noise)
    return Batch(add_noise(x, t, eps), t, eps, h, mask, paired.to(kind), pairs.style[index].to(kind))


def _indices(count: int, config: TrainConfig, start: int, batch: int) -> Tensor:
    """Positions start .. start + batch of an endless sequence of shuffled epochs."""
    positions = range(start, start + batch)
    orders = {epoch: _order(count, config.seed, epoch) for epoch in {p // count for p in positions}}
    return torch.tensor([int(orders[p // count][p % count]) for p in positions])


def _order(count: int, seed: int, epoch: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.random.default_rng((seed, epoch)).permutation(count)


def _seed(*parts: int) -> int:
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> np.uint64(1))
