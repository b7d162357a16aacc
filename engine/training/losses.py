"""What the network is trained for: one noised image, predicted under both labels.

Under the label "lesion" the target is the noise itself, equation (1). Under "healthy" the target is the noise plus the
lesion, so that the implied clean image is the healthy counterpart h:

    eps_healthy = eps + (x - h) / sigma_t,      L_pair = E || clean(x_t, eps_healthy) - h ||^2

The difference of the two, in clean-image units, is the lesion's contribution |x - h|; a third term asks that its
threshold at delta be the annotated mask: binary cross-entropy of p = sigmoid((difference - delta) / tau), and soft Dice
of p measured from where no difference puts it, p_0 = sigmoid(-delta / tau): (p - p_0) / (1 - p_0). Counted from zero,
p_0 adds to every image the area of a small lesion, and soft Dice then asks for masks that are too wide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.method.evidence import noise_difference
from engine.method.schedule import clean_image
from engine.training.styles import labels_of


@dataclass(frozen=True)
class LossConfig:
    """Weights of the three terms; delta and tau (clean-image units, images in [-1, 1]) of the third."""

    noise: float = 1.0
    pair: float = 3.0
    mask: float = 1.0
    delta: float = 0.15
    tau: float = 0.04


@dataclass(frozen=True)
class Batch:
    """Noised images x_t (B, 3, S, S), timesteps t (B,), noise eps, counterparts h, masks (B, 1, S, S), paired (B,).

    style: int64 (B,), in which way each mask is outlined (:mod:`engine.training.styles`).
    """

    x_t: Tensor
    t: Tensor
    eps: Tensor
    healthy: Tensor
    mask: Tensor
    paired: Tensor
    style: Tensor


def diffseg_objective(network: nn.Module, batch: Batch, config: LossConfig) -> dict[str, Tensor]:
    """Have a network predict a batch's noise under both labels; the terms of :func:`diffseg_loss`."""
    return diffseg_loss(predict(network, batch), batch, config)


def predict(network: nn.Module, batch: Batch) -> Tensor:
    """A batch's noise under its style's HEALTHY and LESION, as a network predicts it: float32 (B, 2, 3, S, S)."""
    label = labels_of(batch.style)
    predicted: Tensor = network(batch.x_t.contiguous(memory_format=torch.channels_last), batch.t, label)
    return predicted.float()


def diffseg_loss(predicted: Tensor, batch: Batch, config: LossConfig) -> dict[str, Tensor]:
    """Return the scalar terms ``noise``, ``pair``, ``mask`` and their weighted sum ``total``.

    predicted: float32 (B, 2, 3, S, S), the noise under HEALTHY and LESION.
    """
    healthy, lesion = predicted.unbind(1)
    noise = F.mse_loss(lesion, batch.eps)
    error = (clean_image(batch.x_t, batch.t, healthy) - batch.healthy).square().mean(dim=(1, 2, 3))
    pair = (error * batch.paired).sum() / batch.paired.sum().clamp(min=1)
    logits = (noise_difference(predicted, batch.t)[:, None] - config.delta) / config.tau
    none = 1 / (1 + math.exp(config.delta / config.tau))
    probability = (logits.sigmoid() - none) / (1 - none)
    mask = F.binary_cross_entropy_with_logits(logits, batch.mask) + soft_dice_loss(probability, batch.mask)
    total = config.noise * noise + config.pair * pair + config.mask * mask
    return {"noise": noise, "pair": pair, "mask": mask, "total": total}


def soft_dice_loss(probability: Tensor, mask: Tensor) -> Tensor:
    """1 - soft Dice, averaged over images; smoothing keeps empty masks differentiable."""
    inside = (probability * mask).sum(dim=(1, 2, 3))
    sizes = probability.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3))
    smooth = 0.002 * mask[0].numel()
    return torch.mean(1 - (2 * inside + smooth) / (sizes + smooth))
