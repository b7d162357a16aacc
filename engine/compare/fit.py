"""Training one row's network within a budget: AdamW, cosine over the share of the budget used, averaged weights.

The budget is this process's CPU time, so that other work on the machine takes nothing from a network; or a number of
steps. Batch s is a pure function of (seed, s): all rows of one seed see the same images in the same order, changed in
the same way, some further than others.
"""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from tqdm import tqdm

from engine.host import device as devices
from engine.training.train import TrainConfig, draw_batch, parameter_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.compare.objectives import Objective
    from engine.training.data import Pairs


@dataclass(frozen=True)
class Budget:
    """What a network may use: CPU minutes, or (where ``steps`` is given) optimiser steps."""

    minutes: float = 30.0
    steps: int | None = None

    def share(self, steps: int, seconds: float) -> float:
        """How much of it is used after so many steps and CPU seconds; 1 and more is all of it."""
        return seconds / (60 * self.minutes) if self.steps is None else steps / self.steps

    def __str__(self) -> str:
        return f"{self.minutes:g} CPU minutes" if self.steps is None else f"{self.steps} steps"


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained network (averaged weights, ready for inference) and what it took."""

    network: nn.Module
    steps: int
    cpu_seconds: float


def fit(
    build: Callable[[], nn.Module], objective: Objective, pairs: Pairs, config: TrainConfig, budget: Budget, title: str
) -> Fitted:
    """Train a network on the CPU until the budget is used. config: its schedule's ``steps`` are not heeded."""
    torch.manual_seed(config.seed)
    network = build().to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    average = copy.deepcopy(network).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(parameter_groups(network, config), config.rate, weight_decay=config.weight_decay)
    precision = devices.training_precision("cpu")
    step, used, started = 0, 0.0, time.process_time()
    with tqdm(total=100, desc=title, unit="%", disable=None, bar_format="{l_bar}{bar}| {elapsed}") as bar:
        while used < 1:
            batch = draw_batch(pairs, config, step, 0, 1)
            with torch.autocast("cpu", dtype=precision, enabled=precision != torch.float32):
                loss = objective(network, batch)
            for group in optimizer.param_groups:
                group["lr"] = group["share"] * config.rate * _schedule(step, used, config.warmup)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), config.clip)
            optimizer.step()
            step += 1
            update_average(average, network, min(config.ema, (1 + step) / (10 + step)))
            seconds = time.process_time() - started
            before, used = used, budget.share(step, seconds)
            bar.update(100 * (min(used, 1.0) - before))
    return Fitted(average, step, seconds)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move averaged weights towards the present ones; the statistics of batch normalisation are averaged like them."""
    for mean, current in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(current, 1 - decay)
        else:
            mean.copy_(current)


def _schedule(step: int, used: float, warmup: int) -> float:
    return min(1.0, (step + 1) / warmup) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * used)))
