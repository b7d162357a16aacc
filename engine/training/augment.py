"""Augmentation: one random change per image, shared by the image, its healthy counterpart and (geometry) its mask.

Before that, some lesions are transplanted: what a lesion adds to its own skin is added to another image's skin.

All randomness comes from the generator that is passed in, on the CPU, so a resumed run repeats a straight one exactly.
Images are changed on the device that they are on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class AugmentConfig:
    """How far images are changed. Ranges are symmetric about "no change"; probabilities are per image."""

    rotation: float = math.pi  # radians
    zoom: float = 0.25
    stretch: float = 0.10  # of one axis against the other: dermatoscopes differ in aspect ratio
    shift: float = 0.08  # of the image's side
    brightness: float = 0.20  # of full range, in [-1, 1] units
    contrast: float = 0.20
    colour: float = 0.10  # gain per channel
    gamma: float = 0.20
    blur_or_sharpen: float = 0.4  # probability


def augment(
    images: Tensor, healthy: Tensor, masks: Tensor, size: int, config: AugmentConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Return an augmented batch at the network's size.

    images, healthy: uint8 (B, 3, H, W); masks: uint8 (B, 1, H, W). Returns float32 (B, 3, size, size) in [-1, 1] twice
    and float32 (B, 1, size, size) of 0 and 1.
    """
    stack = torch.cat([images, healthy, masks * 255], dim=1).float() / 127.5 - 1
    moves = _affine(len(images), config, generator).to(stack.device)
    grid = F.affine_grid(moves, [len(images), 7, size, size], align_corners=False)
    moved = F.grid_sample(stack, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    pair = _sharpness(_colour(moved[:, :6], config, generator), config, generator)
    return pair[:, :3], pair[:, 3:], (moved[:, 6:] > 0).float()


def transplant(images: Tensor, healthy: Tensor, donors: Tensor) -> tuple[Tensor, Tensor]:
    """Move lesions onto the skin of the batch's next image: h' = h_next and x' = h_next + (x - h), with x's own mask.

    images, healthy: uint8 (B, 3, H, W); donors: bool (B,), the images whose lesion moves, which must be paired as the
    one after them must. Returns images and healthy counterparts, uint8; a lesion that would leave 0..255 is cut there.
    """
    skin = healthy.roll(-1, 0)
    moved = (skin.int() + images.int() - healthy.int()).clamp(0, 255).byte()
    chosen = donors.view(-1, 1, 1, 1)
    return torch.where(chosen, moved, images), torch.where(chosen, skin, healthy)


def _uniform(count: int, spread: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=generator) * 2 - 1) * spread


def _affine(count: int, config: AugmentConfig, generator: torch.Generator) -> Tensor:
    angle = _uniform(count, config.rotation, generator)
    zoom = 1 + _uniform(count, config.zoom, generator)
    stretch = 1 + _uniform(count, config.stretch, generator)
    flip = torch.randint(0, 2, (count,), generator=generator) * 2 - 1
    shift = [_uniform(count, 2 * config.shift, generator) for _ in range(2)]
    cos, sin = angle.cos() / zoom, angle.sin() / zoom
    row_x = torch.stack([flip * cos * stretch, -sin * stretch, shift[0]], dim=1)
    row_y = torch.stack([flip * sin / stretch, cos / stretch, shift[1]], dim=1)
    return torch.stack([row_x, row_y], dim=1)


def _colour(pair: Tensor, config: AugmentConfig, generator: torch.Generator) -> Tensor:
    count = len(pair)
    gamma = torch.exp(_uniform(count, config.gamma, generator)).view(-1, 1, 1, 1)
    contrast = (1 + _uniform(count, config.contrast, generator)).view(-1, 1, 1, 1)
    brightness = _uniform(count, config.brightness, generator).view(-1, 1, 1, 1)
    gain = 1 + _uniform(count * 3, config.colour, generator).view(count, 3, 1, 1)
    gamma, contrast, brightness, gain = (change.to(pair.device) for change in (gamma, contrast, brightness, gain))
    unit = ((pair + 1) / 2).clamp(1e-4, 1) ** gamma
    unit = unit * torch.cat([gain, gain], dim=1)
    return ((unit * 2 - 1) * contrast + brightness).clamp(-1, 1)


def _sharpness(pair: Tensor, config: AugmentConfig, generator: torch.Generator) -> Tensor:
    """Blur (amount below 0) or sharpen (above) by mixing the image with its 3 x 3 binomial smoothing."""
    count = len(pair)
    amount = _uniform(count, 1.0, generator)
    chosen = torch.rand(count, generator=generator) < config.blur_or_sharpen
    amount = torch.where(chosen, amount, torch.zeros(count)).view(-1, 1, 1, 1).to(pair.device)
    line = torch.tensor([0.25, 0.5, 0.25], device=pair.device)
    kernel = (line[:, None] * line[None]).expand(pair.shape[1], 1, 3, 3)
    smooth = F.conv2d(F.pad(pair, (1, 1, 1, 1), mode="replicate"), kernel, groups=pair.shape[1])
    return (pair + amount * (pair - smooth)).clamp(-1, 1)
