"""What a network costs: its parameters, the work of one pass, and what its training took."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.pretrained import PretrainedUNet
from engine.resources import default_model
from engine.unet import HEALTHY, LESION, UNet
from engine.weights import load_model

if TYPE_CHECKING:
    from torch import nn


def parameters(network: nn.Module) -> int:
    """How many trainable numbers a network holds."""
    return sum(p.numel() for p in network.parameters())


def gflop(network: nn.Module, size: int) -> float:
    """Of one pass of an image of that side (a denoiser: one timestep, both labels); a multiply-add counts as two."""
    inputs = [torch.zeros(1, 3, size, size)]
    if isinstance(network, UNet | PretrainedUNet):
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
    """The bundled model's, as far as its description tells (else None); its minutes are wall clock times threads."""
    model = load_model()
    about = json.loads(default_model().with_suffix(".json").read_text(encoding="utf-8")).get("training", {})
    step, batch = about.get("step"), about.get("settings", {}).get("batch")
    seconds, threads = about.get("seconds_since_start"), about.get("threads")
    on_cpu = about.get("device") == "cpu"
    return {
        "parameters": parameters(model.network),
        "gflop": gflop(model.network, model.size),
        "images": step * batch if step and batch else None,
        "cpu_minutes": seconds * threads / 60 if on_cpu and seconds and threads else None,
    }
