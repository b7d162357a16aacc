"""Finding, verifying and loading trained models: safetensors weights with a JSON description beside them.

``NAME.safetensors`` holds the weights; ``NAME.json`` holds ``name``, ``sha256`` of the weights, the network's
``config``, how it was trained, and its ``temperatures`` once it has one. Nothing in either file is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors

from engine.errors import ModelError
from engine.host.resources import default_model
from engine.method.probability import Temperatures
from engine.networks.backbone import fold_batch_norm
from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.unet import UNet, UNetConfig
from engine.records.atomic import write_whole

Network: TypeAlias = UNet | PretrainedUNet


def build(config: UNetConfig | PretrainedConfig) -> Network:
    """A network of the given shape, with untrained weights."""
    return PretrainedUNet(config) if isinstance(config, PretrainedConfig) else UNet(config)


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network with its name and the SHA-256 of its weights; moved to a device when first used there.

    temperatures: what makes its votes probabilities; None for a model that has not been calibrated.
    """

    name: str
    sha256: str
    network: Network
    temperatures: Temperatures | None = None

    @cached_property
    def _placed(self) -> dict[str, Network]:
        return {}

    @property
    def size(self) -> int:
        """Side of the square that the network sees, pixels."""
        return self.network.config.size

    def on(self, kind: str) -> Network:
        """Return the network on a device ("cpu", "cuda", "mps"), ready for inference."""
        if kind not in self._placed:
            placed = build(self.network.config)
            placed.load_state_dict(self.network.state_dict())
            fold_batch_norm(placed.eval())
            self._placed[kind] = placed.to(kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self._placed[kind]


def load_model(path: str | Path | None = None) -> Model:
    """Load a model's weights (default: the bundled model's), checking its digest and shape.

    Raises :class:`ModelError` with one sentence if a file is missing, altered, or does not hold what it says.
    """
    path = Path(path) if path is not None else default_model()
    described = description(path)
    data = _read(path)
    digest = hashlib.sha256(data).hexdigest()
    if digest != described.get("sha256"):
        raise ModelError(
            f"The model {path} is not the one its description names (its SHA-256 differs); copy both again."
        )
    try:
        shape = described["config"]
        network = build(PretrainedConfig(**shape) if "backbone" in shape else UNetConfig(**shape))
        tensors = {n: v.float() if v.is_floating_point() else v for n, v in load_tensors(data).items()}
        network.load_state_dict(tensors)
        _check_finite(path, tensors)
        stored = described.get("temperatures")
        temperatures = None if stored is None else Temperatures.from_json(stored)
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError):
        raise ModelError(
            f"The model {path} does not fit the network that its description names; use a matching pair of files."
        ) from None
    return Model(str(described["name"]), digest, network, temperatures)


def _check_finite(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise ModelError(f"The model {path} holds weights that are no numbers; train it anew.")


def save_model(path: Path, network: Network, about: dict[str, Any]) -> str:
    """Write weights (float16) and description, each whole or not at all; return the weights' SHA-256.

    path: ends in ``.safetensors``; its stem is the model's name. about: JSON-ready facts on how it was trained.
    """
    tensors = {
        name: (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    data = dump_tensors(tensors)
    digest = hashlib.sha256(data).hexdigest()
    described = {"name": path.stem, "sha256": digest, "config": network.config.to_json(), "training": about}
    write_whole(path, data)
    write_whole(path.with_suffix(".json"), (json.dumps(described, indent=2) + "\n").encode())
    return digest


def save_temperatures(path: Path, temperatures: Temperatures) -> None:
    """Write temperatures into the description of the model at ``path``; its weights and digest stay as they are."""
    described = {**description(path), "temperatures": temperatures.to_json()}
    write_whole(path.with_suffix(".json"), (json.dumps(described, indent=2) + "\n").encode())


def description(path: Path) -> dict[str, Any]:
    """What stands beside the weights at ``path``: name, digest, shape, training. Raises :class:`ModelError`."""
    if os.path.isdir(path):
        raise ModelError(f"The model {path} is a folder; choose a .safetensors file.")
    beside = path.with_suffix(".json")
    try:
        described = json.loads(_read(beside))
        if isinstance(described, dict) and isinstance(described["config"], dict) and "name" in described:
            return described
    except (ValueError, KeyError, RecursionError):
        pass
    raise ModelError(f"The model's description {beside} is damaged; copy it again with its weights.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"The model file {path} is missing; restore it or choose another model.") from None
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}).") from None
