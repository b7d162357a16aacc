"""What each network is trained for, as a loss of (network, batch); every one sees the same draws of the same images.

A batch comes noised, for DiffSeg. A network that sees no noise gets the same images with their noise taken off again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.method.schedule import add_noise, clean_image
from engine.networks.unet import HEALTHY, LESION
from engine.training.losses import Batch, LossConfig, diffseg_objective, soft_dice_loss

if TYPE_CHECKING:
    from engine.method.evidence import Denoiser

Objective: TypeAlias = Callable[[nn.Module, Batch], Tensor]


def supervised(network: nn.Module, batch: Batch) -> Tensor:
    """Binary cross-entropy and soft Dice of the network's logits against the annotated masks."""
    logits = network(_channels_last(clean_image(batch.x_t, batch.t, batch.eps))).float()
    return F.binary_cross_entropy_with_logits(logits, batch.mask) + soft_dice_loss(logits.sigmoid(), batch.mask)


def paired(network: nn.Module, batch: Batch) -> Tensor:
    """DiffSeg's own loss: noise, healthy counterpart and mask (:mod:`engine.training.losses`)."""
    return diffseg_objective(network, batch, LossConfig())["total"]


def unpaired(network: Denoiser, batch: Batch) -> Tensor:
    """Equation 1 to the letter: noise under "lesion" from lesion images, under "healthy" from healthy counterparts.

    Every other image of the batch is replaced by its counterpart, where it has one; no image is seen under both labels
    and the mask is not used, so nothing ties the two labels together.
    """
    swapped = (torch.arange(len(batch.t)) % 2 == 1) & batch.paired
    counterpart = add_noise(batch.healthy, batch.t, batch.eps)
    x_t = torch.where(swapped.view(-1, 1, 1, 1), counterpart, batch.x_t)
    label = torch.where(swapped, HEALTHY, LESION)[:, None]
    return F.mse_loss(network(_channels_last(x_t), batch.t, label)[:, 0].float(), batch.eps)


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
