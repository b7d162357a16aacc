"""The mean of several models' weights, which is a model again where all have come from the same weights.

It is as fast as one of them and, as a rule, better than they are on the average; with the weights before training among
them it keeps more of what these knew (Wortsman et al. 2022, "Model soups", "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import TrainingError
from engine.networks.description import read_description
from engine.networks.weights import load_model, save_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def average(models: Sequence[Path], out: Path, licence: str | None = None) -> None:
    """Write the mean of two or more models' weights to ``out``, with the recipe of the first.

    licence: of the mean; None: that which all have. Raises :class:`ModelError` for a model that cannot be read, and
    :class:`TrainingError` for networks of several shapes, for licences that differ where none is given, and for an
    ``out``, or a description of it, that is there already.
    """
    for path in (out, out.with_suffix(".json")):
        if os.path.lexists(path):
            raise TrainingError(f"{path} is there already; choose another --out.")
    described = [read_description(path) for path in models]
    networks = [load_model(path).network for path in models]
    for path, network in zip(models, networks, strict=True):
        if network.config != networks[0].config:
            raise TrainingError(
                f"The networks of {models[0]} and {path} have other shapes; choose models of one shape."
            )
    licences = {one.licence for one in described}
    if licence is None and len(licences) > 1:
        raise TrainingError("The licences of these models differ; give --licence.")
    states = [network.state_dict() for network in networks]
    for name, first in states[0].items():
        if first.is_floating_point():
            first.copy_(torch.stack([state[name].double() for state in states]).mean(0))
    parts = [{"name": one.name, "sha256": one.sha256, "training": one.training} for one in described]
    about = each_once({"mean_of": parts}, set())
    save_model(out, networks[0], described[0].recipe, about, licence or licences.pop())


def each_once(about: Any, seen: set[str]) -> Any:
    """What is known of trainings, with a model's own only where it is named first: parts often come from one model.

    seen: the SHA-256 of models whose training is known already. What a teacher was trained on stays as it is, since
    nobody looks there for the training of another.
    """
    if isinstance(about, list):
        return [each_once(one, seen) for one in about]
    if not isinstance(about, dict):
        return about
    kept = dict(about)
    if "training" in kept and (digest := kept.get("sha256")):
        if digest in seen:
            del kept["training"]
        seen.add(digest)
    return {name: value if name == "teacher" else each_once(value, seen) for name, value in kept.items()}
