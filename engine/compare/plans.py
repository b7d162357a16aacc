"""What is trained for the comparison: each network's shape, loss and settings, all from one size and one seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.compare.networks import BASES, Segmenter
from engine.compare.objectives import paired, supervised, unpaired
from engine.errors import RecipeError
from engine.networks.backbone import load_published
from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.segmenter import PretrainedSegmenter
from engine.networks.unet import UNet, UNetConfig
from engine.training.augment import AugmentConfig
from engine.training.config import TrainConfig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import nn

    from engine.compare.objectives import Objective

SUPERVISED_RATE = 1e-3
DIFFUSION_RATE = 4e-4
MEMBERS = 3  # of the ensemble
STRIDE = 32  # of the deepest network
# Its own augmentation, so that finished rows stay comparable when the defaults of training move.
COMMON = TrainConfig(augment=AugmentConfig(zoom=0.20, colour=0.08), healthy_share=0.12, transplant_share=0.0)


@dataclass(frozen=True)
class Plan:
    """One network to train. config: augmentation, optimiser, seed, and the size of the square it sees.

    pretrained: it starts from a backbone's published weights.
    """

    config: TrainConfig
    build: Callable[[], nn.Module]
    objective: Objective
    pretrained: bool = False


def make_plans(size: int, seed: int, batch: int, backbone: Path | None) -> dict[str, Plan]:
    """All plans by name; those that start from a backbone's published weights only where its file is given.

    size: side of every network's square, pixels. batch: images a step. Raises :class:`RecipeError` for another size
    than the networks can halve.
    """
    if size % STRIDE:
        raise RecipeError(f"The networks need a --size that is a multiple of {STRIDE}, not {size}.")
    shape = UNetConfig(size=size)
    noisy = replace(COMMON, network=shape, batch=batch, rate=DIFFUSION_RATE, seed=seed)
    # A network that learns from masks alone, or from unpaired images, is not to take counterparts for lesion images.
    literal = replace(noisy, healthy_share=0.0)
    plain = replace(literal, rate=SUPERVISED_RATE)
    plans = {name: Plan(plain, lambda name=name: Segmenter(name, BASES[name]), supervised) for name in BASES}  # type: ignore[misc]
    for member in range(1, MEMBERS):
        plans[f"unet-{member}"] = replace(plans["unet"], config=replace(plain, seed=seed + member))
    plans["diffseg-paired"] = Plan(noisy, lambda: UNet(shape), paired)
    plans["diffseg-unpaired"] = Plan(literal, lambda: UNet(shape), unpaired)
    if backbone is not None:
        plans |= _pretrained_plans(size, noisy, plain, backbone)
    return plans


def _pretrained_plans(size: int, noisy: TrainConfig, plain: TrainConfig, backbone: Path) -> dict[str, Plan]:
    shape = PretrainedConfig(size=size)

    def denoiser() -> nn.Module:
        network = PretrainedUNet(shape)
        load_published(network.encoder, backbone)
        return network

    def segmenter() -> nn.Module:
        network = PretrainedSegmenter(shape.widths)
        load_published(network.encoder, backbone)
        return network

    return {
        "unet-pretrained": Plan(plain, segmenter, supervised, True),
        "diffseg-pretrained": Plan(replace(noisy, network=shape, rate=TrainConfig().rate), denoiser, paired, True),
    }
