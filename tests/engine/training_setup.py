"""A training run small enough for a test."""

from __future__ import annotations

from dataclasses import asdict

from engine.training.augment import AugmentConfig
from engine.training.train import TrainConfig
from tests.conftest import TINY

STILL = AugmentConfig(**dict.fromkeys(asdict(AugmentConfig()), 0.0))
CONFIG = TrainConfig(network=TINY, steps=6, batch=4, warmup=2, validate_every=3)
