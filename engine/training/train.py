"""``diffseg train``: a network from its start to the model file, with validation, a log and exact resume.

Every random choice of a step is a function of the seed, the step and the process (:mod:`engine.training.batches`), so
a resumed run equals a straight one.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist

from engine.errors import TrainingError
from engine.host import device as devices
from engine.networks.registry import Network, build
from engine.networks.weights import save_model
from engine.progress import Progress, to_stderr, unheard
from engine.training.batches import draw_batch
from engine.training.loop import Budget, Learner, learn
from engine.training.record import Log, load_checkpoint, origin, save_checkpoint
from engine.training.start import NOTHING, Inherited, Start
from engine.training.styles import add_styles, in_first_style
from engine.training.teacher import objective_of
from engine.training.validate import validation_dice

if TYPE_CHECKING:
    from pathlib import Path

    from engine.progress import Report, Say
    from engine.training.config import TrainConfig
    from engine.training.data import Pairs


def begin(config: TrainConfig, kind: str, start: Start = NOTHING) -> Learner[Network]:
    """A network before its first step: untrained weights of the seed, and what it starts from in their place.

    Raises :class:`TrainingError` if it has another shape than what it starts from.
    """
    torch.manual_seed(config.seed)
    network = build(config.network)
    start.fill(network)
    add_styles(network, config.styles)
    return Learner(network, config, kind)


def check(config: TrainConfig, out: Path, resume: bool, start: Start = NOTHING) -> None:
    """Refuse what can be refused before any image is read. Arguments: as of :func:`train`.

    Raises :class:`TrainingError` for a batch that the processes cannot share evenly, for an ``out`` beside which
    something would be overwritten or nothing is to resume, and for earlier models that do not suit.
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
    for path in () if resume else (out.with_suffix(".json"), out.with_suffix(".csv")):  # of no run: an index, perhaps
        if os.path.exists(path):
            raise TrainingError(f"{path} is there already; choose another --out, or move it away.")
    start.inherited(config.loss.delta)
    objective_of(config, "cpu", start.teacher)


def train(
    pairs: Pairs,
    validation: Pairs | None,
    config: TrainConfig,
    out: Path,
    device: str,
    resume: bool,
    start: Start = NOTHING,
    report: Report = unheard,
    say: Say = to_stderr,
) -> Learner[Network]:
    """Train, validating and saving as it goes, and return the trained network.

    Writes ``out`` (the averaged weights that did best on validation, or the last without it), its description, ``.csv``
    (the log) and ``.ckpt`` (for --resume) beside it. device: see :func:`engine.host.device.choose`. Raises
    :class:`TrainingError` as :func:`check` does and for another run's checkpoint, :class:`ExportError` for a full disk.
    """
    check(config, out, resume, start)
    rank, world, kind = _join_processes(device)
    inherited = start.inherited(config.loss.delta)  # now: the files may be others once the network is trained
    learner, objective = begin(config, kind, start), objective_of(config, kind, start.teacher)
    made_from = origin(pairs.ids, inherited.about, world)
    best, started = _resume(learner, out.with_suffix(".ckpt"), made_from) if resume else (-1.0, time.monotonic())
    log = Log(out.with_suffix(".csv"), resume, say) if rank == 0 else None
    files = _Files(out, made_from, inherited, len(pairs), log, best, started) if log else None
    progress = partial(Progress, "training", total=config.steps, unit="step")
    report(progress(done=learner.steps))
    draw = partial(draw_batch, pairs, config, rank=rank, world=world, kind=kind)
    for step in learn(learner, draw, objective, Budget(steps=config.steps)):
        if step.number % config.validate_every and step.used < 1:
            report(progress(done=step.number))
            continue
        if files is not None:
            terms = {name: float(value) for name, value in step.terms.items()}
            dice = validation_dice(learner.average, validation, kind, config.loss.delta) if validation else float("nan")
            files.write(learner, terms, dice)
            report(progress(done=step.number, note=f"dice={dice:.4f}, loss={terms['total']:.3f}"))
        if world > 1:
            dist.barrier()
    return learner


def _resume(learner: Learner[Network], checkpoint: Path, made_from: dict[str, str]) -> tuple[float, float]:
    """Continue where a checkpoint stands. Raises :class:`TrainingError` for one of another run.

    Returns the best validation so far, and when the run would have begun had it never stopped.
    """
    state = load_checkpoint(checkpoint, made_from)
    learner.load(state)
    return float(state["best"]), time.monotonic() - float(state["seconds"])


@dataclass
class _Files:
    """What a run writes: the best model so far with its description, the checkpoint, the log.

    inherited: what comes from the start. images: how many it learns from. best: the best validation so far. started: on
    the monotonic clock.
    """

    out: Path
    made_from: dict[str, str]
    inherited: Inherited
    images: int
    log: Log
    best: float
    started: float

    def write(self, learner: Learner[Network], terms: dict[str, float], dice: float) -> None:
        """Write all of it after a validation."""
        seconds = time.monotonic() - self.started
        if not dice < self.best:  # also without validation, where dice is nan
            self.best = max(self.best, dice)
            about = {"start": self.inherited.about, "images": self.images, **_about(learner, dice, seconds)}
            network = in_first_style(learner.average)
            save_model(self.out, network, self.inherited.recipe, about, self.inherited.licence)
        course = {"best": self.best, "seconds": seconds, "origin": self.made_from}
        save_checkpoint(self.out.with_suffix(".ckpt"), learner.state() | course)
        self.log.write(learner.steps, seconds, terms, dice)


def _about(learner: Learner[Network], dice: float, seconds: float) -> dict[str, Any]:
    settings = asdict(learner.config)
    settings.pop("network")
    return {
        "step": learner.steps,
        "seconds_since_start": round(seconds),
        "device": learner.kind,
        "threads": torch.get_num_threads() * (dist.get_world_size() if dist.is_initialized() else 1),
        "precision": str(learner.precision).removeprefix("torch."),
        "val_dice_three_timesteps": None if math.isnan(dice) else round(dice, 4),
        "settings": settings,
    }


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
