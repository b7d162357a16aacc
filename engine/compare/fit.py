"""Training one row's network within a budget, by the loop that ``diffseg train`` uses too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import nn

from engine.progress import Progress, unheard
from engine.training.batches import draw_batch
from engine.training.loop import Learner, learn

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.compare.objectives import Objective
    from engine.progress import Report
    from engine.training.config import TrainConfig
    from engine.training.data import Pairs
    from engine.training.loop import Budget


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained network (averaged weights, ready for inference) and what it took."""

    network: nn.Module
    steps: int
    cpu_seconds: float


def fit(
    build: Callable[[], nn.Module],
    objective: Objective,
    pairs: Pairs,
    config: TrainConfig,
    budget: Budget,
    title: str,
    report: Report = unheard,
) -> Fitted:
    """Train a network on the CPU until the budget is used. config: its ``steps`` are not heeded."""
    torch.manual_seed(config.seed)
    learner = Learner(build(), config, "cpu")
    draw = partial(draw_batch, pairs, config, rank=0, world=1)
    seconds = 0.0
    report(Progress(title, 0, 100, unit="%"))
    for step in learn(learner, draw, lambda network, batch: {"total": objective(network, batch)}, budget):
        seconds = step.seconds
        report(Progress(title, round(100 * min(step.used, 1.0)), 100, unit="%"))
    return Fitted(learner.average, learner.steps, seconds)
