"""The training loop: AdamW, cosine schedule with warm-up, an exponential moving average of the weights, exact resume.

Every random choice of step s on process r is a function of (seed, s, r), so a resumed run equals a straight one and
nothing but the step needs remembering. Under ``torchrun`` each process takes its share of every batch.
"""

from __future__ import annotations

import copy
import math
import os
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from engine.errors import TrainingError
from engine.host import device as devices
from engine.method.schedule import add_noise
from engine.networks.pretrained import PretrainedConfig
from engine.networks.unet import HEALTHY, LESION, UNetConfig
from engine.networks.weights import build, save_model
from engine.training.augment import AugmentConfig, augment, transplant
from engine.training.losses import Batch, LossConfig, diffseg_loss
from engine.training.record import Log, load_checkpoint, origin, save_checkpoint
from engine.training.start import NOTHING, Start
from engine.training.validate import validation_dice

if TYPE_CHECKING:
    from pathlib import Path

    from engine.training.data import Pairs


@dataclass(frozen=True)
class TrainConfig:
    """How a network is trained. batch: over all processes. first_t, last_t: timesteps are drawn between them.

    rate: AdamW's peak learning rate; encoder_rate: the share of it that a pretrained encoder learns with, so that it
    keeps what it knows.

    healthy_share: images replaced by their healthy counterpart with an empty mask, so that the filling's texture is
    never taken for a lesion. transplant_share: images whose lesion moves onto another image's skin, so that a lesion is
    not known by the skin around it.
    """

    network: UNetConfig | PretrainedConfig = field(default_factory=PretrainedConfig)
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
    validate_every: int = 300
    seed: int = 0


def draw_batch(pairs: Pairs, config: TrainConfig, step: int, rank: int, world: int) -> Batch:
    """The batch of one step on one process, on the CPU: a pure function of its arguments."""
    generator = torch.Generator().manual_seed(_seed(config.seed, step, rank))
    count = config.batch // world
    index = _indices(len(pairs), config, step * config.batch + rank * count, count)
    images, healthy, masks, paired = (x[index] for x in (pairs.images, pairs.healthy, pairs.masks, pairs.paired))
    if config.transplant_share:
        donors = (torch.rand(count, generator=generator) < config.transplant_share) & paired & paired.roll(-1, 0)
        images, healthy = transplant(images, healthy, donors)
    emptied = (torch.rand(count, generator=generator) < config.healthy_share) & paired
    images = torch.where(emptied.view(-1, 1, 1, 1), healthy, images)
    masks = masks * ~emptied.view(-1, 1, 1, 1)
    x, h, mask = augment(images, healthy, masks, config.network.size, config.augment, generator)
    t = torch.randint(config.first_t, config.last_t + 1, (count,), generator=generator)
    eps = torch.randn(x.shape, generator=generator)
    return Batch(add_noise(x, t, eps), t, eps, h, mask, paired)


def parameter_groups(network: nn.Module, config: TrainConfig) -> list[dict[str, Any]]:
    """Parameters with their ``share`` of the learning rate: an encoder that knows photographs learns more slowly."""
    encoder = [p for name, p in network.named_parameters() if name.startswith("encoder.")]
    others = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": others, "share": 1.0}, {"params": encoder, "share": config.encoder_rate}]
    return [group for group in groups if group["params"]]


class Trainer:
    """A network in training: one step at a time, with its state to and from a dictionary."""

    def __init__(self, config: TrainConfig, kind: str, start: Start = NOTHING) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        self.kind = kind
        self.began = start.about()  # now, and not from files that may be others once the network is trained
        network = build(config.network)
        start.fill(network)
        self.network = network.to(kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = copy.deepcopy(self.network).eval().requires_grad_(False)
        groups = parameter_groups(self.network, config)
        self.optimizer = torch.optim.AdamW(groups, config.rate, weight_decay=config.weight_decay)
        self.precision = devices.training_precision(kind)
        self.step = 0
        spread = dist.is_initialized()
        self.forward = DistributedDataParallel(self.network) if spread else self.network

    def train_step(self, batch: Batch) -> dict[str, float]:
        """One optimiser step; returns the loss terms."""
        moved = Batch(**{name: value.to(self.kind) for name, value in vars(batch).items()})
        label = torch.tensor([[HEALTHY, LESION]], device=self.kind).expand(len(moved.t), 2)
        x_t = moved.x_t.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.kind, dtype=self.precision, enabled=self.precision != torch.float32):
            predicted = self.forward(x_t, moved.t, label)
        terms = diffseg_loss(predicted.float(), moved, self.config.loss)
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * self.config.rate * _schedule(self.step, self.config)
        self.optimizer.zero_grad(set_to_none=True)
        terms["total"].backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        self.optimizer.step()
        self.step += 1
        self._average()
        return {name: float(value.detach()) for name, value in terms.items()}

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.config.ema, (1 + self.step) / (10 + self.step))
        for average, current in zip(self.ema.parameters(), self.network.parameters(), strict=True):
            average.lerp_(current, 1 - decay)
        for average, current in zip(self.ema.buffers(), self.network.buffers(), strict=True):
            average.copy_(current)  # batch norm's statistics are averages already

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {
            "step": self.step,
            "config": repr(self.config),
            "network": self.network.state_dict(),
            "ema": self.ema.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Continue from :meth:`state`. Raises :class:`TrainingError` if it was made with other settings."""
        if state["config"] != repr(self.config):
            raise TrainingError("The checkpoint was made with other settings; resume with the same, or start anew.")
        self.network.load_state_dict(state["network"])
        self.ema.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]


def check(config: TrainConfig, out: Path, resume: bool, start: Start = NOTHING) -> None:
    """Refuse what can be refused before any image is read. Arguments: as of :func:`train`.

    Raises :class:`TrainingError` for a batch that the processes cannot share evenly, and for an ``out`` that would
    overwrite earlier work or has none to resume.
    """
    world, checkpoint = _processes(), out.with_suffix(".ckpt")
    if config.batch % world:
        raise TrainingError(
            f"A batch of {config.batch} cannot be shared by {world} processes; choose a --batch that {world} divides."
        )
    if start.model is not None and os.path.realpath(start.model) == os.path.realpath(out):
        raise TrainingError(f"{out} is the model that training starts from; choose another --out.")
    if resume and not os.path.isfile(checkpoint):
        raise TrainingError(f"There is no checkpoint {checkpoint} to resume from; start without --resume.")
    for path in () if resume else (out, checkpoint):
        if os.path.exists(path):
            raise TrainingError(f"{path} is there already; choose another --out, or go on with --resume.")


def train(
    pairs: Pairs,
    validation: Pairs | None,
    config: TrainConfig,
    out: Path,
    device: str,
    resume: bool,
    start: Start = NOTHING,
) -> Trainer:
    """Train, validating and saving as it goes, and return the trainer.

    Writes ``out`` (the averaged weights that did best on validation, or the last without it), its description, ``.csv``
    (the log) and ``.ckpt`` (for --resume) beside it. device: see :func:`engine.host.device.choose`. Raises
    :class:`TrainingError` as :func:`check` does, and for a checkpoint of another run or that cannot be written.
    """
    check(config, out, resume, start)
    rank, world, kind = _join_processes(device)
    trainer = Trainer(config, kind, start)
    checkpoint, made_from = out.with_suffix(".ckpt"), origin(pairs.ids, trainer.began, world)
    best, started = _resume(trainer, checkpoint, made_from) if resume else (-1.0, time.monotonic())
    log = Log(out.with_suffix(".csv"), resume) if rank == 0 else None
    bar = tqdm(total=config.steps, initial=trainer.step, desc="training", unit="step", disable=rank != 0)
    while trainer.step < config.steps:
        terms = trainer.train_step(draw_batch(pairs, config, trainer.step, rank, world))
        bar.update()
        if trainer.step % config.validate_every and trainer.step != config.steps:
            continue
        if log is not None:
            dice = validation_dice(trainer.ema, validation, kind, config.loss.delta) if validation else float("nan")
            bar.set_postfix(loss=f"{terms['total']:.3f}", dice=f"{dice:.4f}")
            seconds = time.monotonic() - started
            if not dice < best:  # also without validation, where dice is nan
                best = max(best, dice)
                save_model(out, trainer.ema, _about(trainer, dice, len(pairs), seconds))
            save_checkpoint(checkpoint, trainer.state() | {"best": best, "seconds": seconds, "origin": made_from})
            log.write(trainer.step, seconds, terms, dice)
        if world > 1:
            dist.barrier()
    bar.close()
    return trainer


def _resume(trainer: Trainer, checkpoint: Path, made_from: dict[str, str]) -> tuple[float, float]:
    """Continue where a checkpoint stands. Raises :class:`TrainingError` for one of another run.

    Returns the best validation so far, and when the run would have begun had it never stopped.
    """
    state = load_checkpoint(checkpoint, made_from)
    trainer.load(state)
    return float(state["best"]), time.monotonic() - float(state["seconds"])


def _about(trainer: Trainer, dice: float, images: int, seconds: float) -> dict[str, Any]:
    settings = asdict(trainer.config)
    settings.pop("network")
    return {
        "start": trainer.began,
        "images": images,
        "step": trainer.step,
        "seconds_since_start": round(seconds),
        "device": trainer.kind,
        "threads": torch.get_num_threads() * (dist.get_world_size() if dist.is_initialized() else 1),
        "precision": str(trainer.precision).removeprefix("torch."),
        "val_dice_three_timesteps": None if math.isnan(dice) else round(dice, 4),
        "settings": settings,
    }


def _schedule(step: int, config: TrainConfig) -> float:
    warm = min(1.0, (step + 1) / config.warmup)
    return warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / config.steps)))


def _indices(count: int, config: TrainConfig, start: int, batch: int) -> Tensor:
    """Positions start .. start + batch of an endless sequence of shuffled epochs."""
    positions = range(start, start + batch)
    orders = {epoch: _order(count, config.seed, epoch) for epoch in {p // count for p in positions}}
    return torch.tensor([int(orders[p // count][p % count]) for p in positions])


def _order(count: int, seed: int, epoch: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.random.default_rng((seed, epoch)).permutation(count)


def _seed(*parts: int) -> int:
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _processes() -> int:
    """How many processes torchrun started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def _join_processes(device: str) -> tuple[int, int, str]:
    """(rank, number of processes, kind of device); joins torchrun's group where there is one."""
    kind = devices.choose(device).kind
    if _processes() == 1:
        return 0, 1, kind
    if not dist.is_initialized():
        if kind == "cuda":
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        dist.init_process_group("nccl" if kind == "cuda" else "gloo")
    return dist.get_rank(), dist.get_world_size(), kind
