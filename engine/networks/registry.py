"""The kinds of network, by the name that a model's description gives; a new kind is a line in :data:`KINDS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.unet import UNet, UNetConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

Network: TypeAlias = UNet | PretrainedUNet
NetworkConfig: TypeAlias = UNetConfig | PretrainedConfig


@dataclass(frozen=True)
class Kind:
    """config: the shape, made from its fields by name. network: a network of that shape, with untrained weights."""

    config: Callable[..., NetworkConfig]
    network: Callable[[Any], Network]


KINDS = {
    UNetConfig.kind: Kind(UNetConfig, UNet),
    PretrainedConfig.kind: Kind(PretrainedConfig, PretrainedUNet),
}


def build(config: NetworkConfig) -> Network:
    """A network of the given shape, with untrained weights."""
    return KINDS[config.kind].network(config)


def is_denoiser(network: nn.Module) -> bool:
    """Whether a network is of one of the kinds here: it takes a noised image, a timestep and labels."""
    return isinstance(network, Network)
