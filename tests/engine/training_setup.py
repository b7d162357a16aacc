"""Training runs small enough for a test."""

from __future__ import annotations

import csv
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from engine.training.augment import AugmentConfig
from engine.training.config import TrainConfig
from engine.training.loop import Learner
from engine.training.train import train
from tests.conftest import TINY

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from engine.networks.weights import Network
    from engine.training.data import Pairs

STILL = AugmentConfig(**dict.fromkeys(asdict(AugmentConfig()), 0.0))
CONFIG = TrainConfig(network=TINY, steps=6, batch=4, warmup=2, validate_every=3)


def straight(pairs: Pairs, out: Path, config: TrainConfig = CONFIG) -> Learner[Network]:
    """One run from beginning to end on the CPU."""
    return train(pairs, pairs, config, out, "cpu", resume=False)


def rows(path: Path) -> list[dict[str, str]]:
    """The training log."""
    with path.with_suffix(".csv").open(newline="") as file:
        return list(csv.DictReader(file))


def cut_short(pairs: Pairs, out: Path, config: TrainConfig = CONFIG) -> None:
    """A run that the power leaves at step 4, after a checkpoint at step 3."""
    step = Learner.step

    def power_cut(learner: Learner[Network], *given: object) -> dict[str, Tensor]:
        if learner.steps == 4:
            raise KeyboardInterrupt
        return step(learner, *given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Learner, "step", power_cut)
        with pytest.raises(KeyboardInterrupt):
            straight(pairs, out, config)
