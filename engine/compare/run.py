"""The comparison from start to end: train what is missing, score every row on the same photographs, keep both."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from engine import __version__
from engine.compare import cost, store
from engine.compare.fit import fit
from engine.compare.plans import make_plans
from engine.compare.rows import SHIPPED, Row, choose
from engine.compare.score import score
from engine.errors import RecipeError, TrainingError
from engine.host import device as devices
from engine.host.resources import default_model
from engine.networks.description import read_description
from engine.progress import unheard
from engine.training.data import Pairs, from_index, load_pairs, sha256_of
from engine.training.loop import Budget

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from engine.progress import Report, Say

TRAINING_SPLIT = "train"


@dataclass(frozen=True)
class Comparison:
    """What is compared. rows: names, None for all. limit: photographs evaluated. backbone: published weights."""

    index: Path
    split: str
    work: Path
    rows: tuple[str, ...] | None = None
    budget: Budget = field(default_factory=Budget)
    size: int = 128
    batch: int = 16
    seed: int = 0
    limit: int | None = None
    backbone: Path | None = None


def compare(request: Comparison, say: Say, report: Report = unheard) -> dict[str, Any]:
    """Return everything that the tables are made from, JSON-ready; finished parts are taken from ``request.work``.

    Keys: ``data`` (what was trained and evaluated on), ``setting``, and ``rows``: per row its title, the facts of its
    networks and its scores (:func:`engine.compare.score.score`). say: hears what is being done; report: how far. Raises
    :class:`RecipeError` for a request that makes no sense, :class:`TrainingError` for data or files that do not fit.
    """
    if request.split == TRAINING_SPLIT:
        raise RecipeError(f"The networks learn from the split {TRAINING_SPLIT!r}; compare them on another --split.")
    rows = choose(request.rows, request.backbone is not None)
    workshop = _Workshop(request, say, report)
    done = {name: workshop.row(name, row) for name, row in rows.items()}
    return {
        "data": {
            "index": f"{request.index.resolve().parent.name}/{request.index.name}",
            "split": request.split,
            "evaluated": len(workshop.evaluated),
            "trained": len(workshop.samples),
        },
        "setting": {
            "version": __version__,
            "budget": str(request.budget),
            "size": request.size,
            "batch": request.batch,
            "seed": request.seed,
            "threads": torch.get_num_threads(),
            "precision": _precision(),
            "processor": devices.choose("cpu").name,
        },
        "rows": done,
    }


class _Workshop:
    """Makes networks and rows, or finds them made."""

    def __init__(self, request: Comparison, say: Say, report: Report) -> None:
        self.request = request
        self.say = say
        self.report = report
        self.samples = from_index(request.index, TRAINING_SPLIT)
        self.evaluated = from_index(request.index, request.split)[: request.limit]
        self.plans = make_plans(request.size, request.seed, request.batch, request.backbone)
        self.machine = (torch.get_num_threads(), _precision())  # CPU minutes of another machine are others

    @cached_property
    def learnt_from(self) -> str:
        """What the training images hold, hashed when the first network asks."""
        return store.contents(self.samples)

    @cached_property
    def read_on(self) -> str:
        """What the evaluated photographs and their annotations hold."""
        return store.contents(self.evaluated)

    @cached_property
    def backbone(self) -> str:
        """What the file of published weights holds; empty without one."""
        return sha256_of(self.request.backbone) if self.request.backbone else ""

    @cached_property
    def pairs(self) -> Pairs:
        """The training images, read when the first network needs them."""
        return load_pairs(self.samples, self.request.size, self.request.seed, self.report)

    def row(self, name: str, row: Row) -> dict[str, Any]:
        """A row's title, facts and scores."""
        networks = [read_description(default_model())] if name == SHIPPED else map(self._digest, row.plans)
        made_from = store.digest(name, row.recipes, self.read_on, self.machine, *networks)
        path = self.request.work / f"{name}.row.json"
        found = store.load_facts(path, made_from)
        if found is None:
            self.say(f"{row.title}: preparing")
            made = [self._network(plan) for plan in row.plans]
            self.say(f"{row.title}: reading {len(self.evaluated)} photographs")
            facts = cost.shipped() if name == SHIPPED else cost.together([f for _, f in made])
            facts["gflop"] *= row.passes
            reader = row.reader([network for network, _ in made], self.request.size)
            scores = score(reader, self.evaluated, row.title, self.report)
            found = {"title": row.title, "facts": facts, "scores": scores}
            store.save_facts(path, made_from, found)
        self.say(f"{row.title}: done")
        return found

    def _network(self, name: str) -> tuple[nn.Module, dict[str, Any]]:
        """One trained network and its facts."""
        plan, path = self.plans[name], self.request.work / f"{name}.safetensors"
        made_from = self._digest(name)
        facts_path = path.with_suffix(".json")
        facts = store.load_facts(facts_path, made_from)
        if facts is not None:
            return store.load_network(path, plan.build()), facts
        if facts_path.exists():
            raise TrainingError(
                f"{path} was trained with other settings, images or published weights; choose another --work."
            )
        self.say(f"{name}: training, {self.request.budget}")
        fitted = fit(plan.build, plan.objective, self.pairs, plan.config, self.request.budget, name, self.report)
        facts = {
            "parameters": cost.parameters(fitted.network),
            "gflop": cost.gflop(fitted.network, self.request.size),
            "steps": fitted.steps,
            "images": fitted.steps * plan.config.batch,
            "cpu_minutes": fitted.cpu_seconds / 60,
            "config": repr(plan.config),
        }
        store.save_network(path, fitted.network)
        store.save_facts(facts_path, made_from, facts)
        return fitted.network, facts

    def _digest(self, name: str) -> str:
        plan = self.plans[name]
        begun = self.backbone if plan.pretrained else ""
        return store.digest(name, plan.config, self.request.budget, self.learnt_from, begun, self.machine)


def _precision() -> str:
    return str(devices.training_precision("cpu")).removeprefix("torch.")
