"""What a network costs: its parameters, the work of one pass, and what its training took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.host.resources import default_model
from engine.networks.description import read_description
from engine.networks.registry import is_denoiser
from engine.networks.unet import HEALTHY, LESION
from engine.networks.weights import load_model

if TYPE_CHECKING:
    from torch import nn


def parameters(network: nn.Module) -> int:
    """How many trainable numbers a network holds."""
    return sum(p.numel() for p in network.parameters())


def gflop(network: nn.Module, size: int) -> float:
    """Of one pass of an image of that side (a denoiser: one timestep, both labels); a multiply-add counts as two."""
    inputs = [torch.zeros(1, 3, size, size)]
    if is_denoiser(network):
        inputs += [torch.ones(1, dtype=torch.int64), torch.tensor([[HEALTHY, LESION]])]
    training = network.training
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.eval()(*inputs)
    network.train(training)
    return float(counter.get_total_flops() / 1e9)


def together(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums over the networks that a row needs."""
    return {name: sum(f[name] for f in facts) for name in ("parameters", "gflop", "images", "cpu_minutes")}


def shipped() -> dict[str, Any]:
    """The bundled model's, as far as its description tells (else None); its minutes are wall clock times threads.

    gflop: of an image, with all timesteps and draws of the model's own recipe.
    """
    model = load_model()
    noise = model.recipe.noise
    images, minutes = _training(read_description(default_model()).training)
    return {
        "parameters": parameters(model.network),
        "gflop": gflop(model.network, model.size) * len(noise.timesteps) * noise.draws,
        "images": images,
        "cpu_minutes": minutes,
    }


def _training(about: dict[str, Any]) -> tuple[int | None, float | None]:
    """Images seen and minutes taken in all stages of a model's training; None where one of them does not tell."""
    images: list[int | None] = []
    minutes: list[float | None] = []
    for stage in stages(about):
        step, batch = stage.get("step"), stage.get("settings", {}).get("batch")
        seconds, threads = stage.get("seconds_since_start"), stage.get("threads")
        images.append(step * batch if step and batch else None)
        minutes.append(seconds * threads / 60 if stage.get("device") == "cpu" and seconds and threads else None)
    return _sum(images), _sum(minutes)


def stages(about: dict[str, Any]) -> list[dict[str, Any]]:
    """A model's training and those of the models that it went on from, or is the mean of; each once, the last first."""
    found: dict[str, dict[str, Any]] = {}

    def look(digest: str, training: dict[str, Any]) -> None:
        parts = training.get("mean_of")
        if parts is None:
            found.setdefault(digest, training)
            earlier = training.get("start", {}).get("model")
            parts = [earlier] if earlier else []
        for part in parts:
            if "training" in part:  # else it has been told
                look(part["sha256"], part["training"])

    look("", about)
    return list(found.values())


def _sum(numbers: list[Any]) -> Any:
    return None if None in numbers else sum(numbers)
