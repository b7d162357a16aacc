"""Validation during training: quick, on the network's own grid, three timesteps and one delta."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from engine.method.evidence import draw_noise, noise_difference
from engine.method.schedule import add_noise
from engine.networks.unet import HEALTHY, LESION

if TYPE_CHECKING:
    from engine.networks.registry import Network
    from engine.training.data import Pairs

TIMESTEPS = (60, 100, 150)


@torch.inference_mode()
def validation_dice(network: Network, pairs: Pairs, kind: str, delta: float, batch: int = 16) -> float:
    """Mean Dice over images of the three timesteps' majority against the annotation, at one delta.

    Two empty masks agree perfectly, as :func:`engine.reading.agreement.agreement` says.
    """
    total = 0.0
    size = network.config.size
    label = torch.tensor([[HEALTHY, LESION]], device=kind)
    for start in range(0, len(pairs), batch):
        images = pairs.images[start : start + batch].float() / 127.5 - 1
        x = torch.nn.functional.interpolate(images, (size, size), mode="bilinear", antialias=True).to(kind)
        mask = pairs.masks[start : start + batch].float()
        mask = torch.nn.functional.interpolate(mask, (size, size), mode="area")[:, 0].to(kind) > 0.5
        votes = torch.zeros_like(mask, dtype=torch.int64)
        for t in TIMESTEPS:
            steps = torch.full((len(x),), t, device=kind)
            x_t = add_noise(x, steps, draw_noise(0, t, 0, size).to(kind).expand_as(x))
            predicted = network(x_t.contiguous(memory_format=torch.channels_last), steps, label.expand(len(x), 2))
            votes += noise_difference(predicted, steps) > delta
        found = votes * 2 > len(TIMESTEPS)
        both = 2 * (found & mask).sum(dim=(1, 2))
        sizes = found.sum(dim=(1, 2)) + mask.sum(dim=(1, 2))
        total += float(torch.where(sizes > 0, both / sizes, 1.0).sum())
    return total / len(pairs)
