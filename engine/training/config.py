"""How a network is trained, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.networks.pretrained import PretrainedConfig
from engine.training.augment import AugmentConfig
from engine.training.losses import LossConfig

if TYPE_CHECKING:
    from engine.networks.registry import NetworkConfig


@dataclass(frozen=True)
class TrainConfig:
    """How a network is trained. batch: over all processes. first_t, last_t: timesteps are drawn between them.

    rate: AdamW's peak learning rate; encoder_rate: the share of it that a pretrained encoder learns with, so that it
    keeps what it knows.

    healthy_share: images replaced by their healthy counterpart with an empty mask, so that the filling's texture is
    never taken for a lesion. transplant_share: images whose lesion moves onto another image's skin, so that a lesion is
    not known by the skin around it.

    teacher_share: of each mask in the loss, the teacher's part, where there is one; the rest is the annotation.

    styles: of annotation, the one that the model is to answer in first; empty: all masks are outlined alike.
    """

    network: NetworkConfig = field(default_factory=PretrainedConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    steps: int = 4500
    batch: int = 16
    rate: float = 8e-4
    encoder_rate: float = 0.4
    warmup: int = 100
    weight_decay: float = 0.01
    ema: float = 0.999
    clip: float = 1.0
    first_t: int = 40
    last_t: int = 170
    healthy_share: float = 0.03
    transplant_share: float = 0.25
    teacher_share: float = 0.5
    validate_every: int = 300
    seed: int = 0
    styles: tuple[str, ...] = ()
