"""The one training loop: AdamW, a learning rate that warms up and falls with the budget used, averaged weights.

``diffseg train`` (steps; resumable; several processes) and ``diffseg compare`` (CPU minutes or steps; any loss) run
it alike and differ in their batches, their objective and their budget. With s steps done and the share u of the budget
used, the next step learns at

    rate min(1, (s + 1) / warmup) (0.01 + 0.99 (1 + cos(pi u)) / 2)

Under ``torchrun`` each process takes its share of every batch.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import get_ema_multi_avg_fn

from engine.errors import TrainingError
from engine.host import device as devices
from engine.training.losses import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.training.config import TrainConfig

Net = TypeVar("Net", bound=nn.Module)
Objective: TypeAlias = Callable[[nn.Module, Batch], dict[str, Tensor]]
"""(network, batch) -> terms of the loss, of which ``total`` is made smaller."""


@dataclass(frozen=True)
class Budget:
    """What a network may use: CPU minutes, or (where ``steps`` is given) optimiser steps.

    CPU time is this process's, so that other work on the machine takes nothing from a network.
    """

    minutes: float = 30.0
    steps: int | None = None

    def share(self, steps: int, seconds: float) -> float:
        """How much of it is used after so many steps and CPU seconds; 1 and more is all of it."""
        return seconds / (60 * self.minutes) if self.steps is None else steps / self.steps

    def __str__(self) -> str:
        return f"{self.minutes:g} CPU minutes" if self.steps is None else f"{self.steps} steps"


@dataclass(frozen=True, eq=False)
class Step:
    """A step that was done. number: how many are done now; seconds: of CPU time since the loop began.

    used: the share of the budget; terms: of the loss, on the network's device.
    """

    number: int
    seconds: float
    used: float
    terms: dict[str, Tensor]


class Learner(Generic[Net]):
    """A network that learns step by step, and the average of its weights, which is what training is for.

    network: channels last, in training mode; average: for inference; steps: how many are done.
    """

    def __init__(self, network: Net, config: TrainConfig, kind: str) -> None:
        """kind: of device ("cpu", "cuda", "mps")."""
        self.config = config
        self.kind = kind
        self.network: Net = network.to(kind, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        groups = parameter_groups(self.network, config)
        self.optimizer = torch.optim.AdamW(groups, config.rate, weight_decay=config.weight_decay)
        self.precision = devices.training_precision(kind)
        self.steps = 0
        self._forward = DistributedDataParallel(self.network) if dist.is_initialized() else self.network

    def step(self, batch: Batch, objective: Objective, used: float) -> dict[str, Tensor]:
        """One optimiser step at a share of the budget used; returns the terms of the loss. batch: on the device."""
        with torch.autocast(self.kind, dtype=self.precision, enabled=self.precision != torch.float32):
            terms = objective(self._forward, batch)
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * self.config.rate * _schedule(self.steps, used, self.config.warmup)
        self.optimizer.zero_grad(set_to_none=True)
        terms["total"].backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        self.optimizer.step()
        self.steps += 1
        update_average(self.average, self.network, min(self.config.ema, (1 + self.steps) / (10 + self.steps)))
        return {name: value.detach() for name, value in terms.items()}

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {
            "step": self.steps,
            "config": repr(self.config),
            "network": self.network.state_dict(),
            "ema": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Continue from :meth:`state`. Raises :class:`TrainingError` if it was made with other settings."""
        if state["config"] != repr(self.config):
            raise TrainingError("The checkpoint was made with other settings; resume with the same, or start anew.")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps = state["step"]


def learn(learner: Learner[Net], draw: Callable[[int], Batch], objective: Objective, budget: Budget) -> Iterator[Step]:
    """Learn until the budget is used, yielding after each step. draw: gives the batch of a step, counted from 0."""
    started = time.process_time()
    used = budget.share(learner.steps, 0.0)
    while used < 1:
        terms = learner.step(draw(learner.steps), objective, used)
        seconds = time.process_time() - started
        used = budget.share(learner.steps, seconds)
        yield Step(learner.steps, seconds, used, terms)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the average a towards the present state w: a <- decay a + (1 - decay) w, for all floating-point state.

    That is the weights and the running statistics of batch normalisation alike. Statistics belong to weights: those of
    averaged weights are, to first order, the average of the statistics. The newest ones belong to the newest weights,
    behind which the average lies by about 1 / (1 - decay) steps; copied, they would normalise what they were not
    measured on. Counts are copied.
    """
    pairs = list(zip(average.state_dict().values(), network.state_dict().values(), strict=True))
    means, currents = zip(*(pair for pair in pairs if pair[0].is_floating_point()), strict=True)
    move = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    move(means, currents, 0)  # all at once: a GPU is done with one before the next is asked for
    for count, current in pairs:
        if not count.is_floating_point():
            count.copy_(current)


def parameter_groups(network: nn.Module, config: TrainConfig) -> list[dict[str, Any]]:
    """Parameters with their ``share`` of the learning rate: an encoder that knows photographs learns more slowly."""
    encoder = [p for name, p in network.named_parameters() if name.startswith("encoder.")]
    others = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": others, "share": 1.0}, {"params": encoder, "share": config.encoder_rate}]
    return [group for group in groups if group["params"]]


def _schedule(steps: int, used: float, warmup: int) -> float:
    return min(1.0, (steps + 1) / warmup) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * used)))
