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
    """Images seen and minutes taken, with those of the model that training went on from."""
    step, batch = about.get("step"), about.get("settings", {}).get("batch")
    seconds, threads = about.get("seconds_since_start"), about.get("threads")
    images = step * batch if step and batch else None
    minutes = seconds * threads / 60 if about.get("device") == "cpu" and seconds and threads else None
    if earlier := about.get("start", {}).get("model"):
        before = _training(earlier.get("training", {}))
        images = None if images is None or before[0] is None else images + before[0]
        minutes = None if minutes is None or before[1] is None else minutes + before[1]
    return images, minutes
