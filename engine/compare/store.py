"""What a stopped comparison has finished: trained networks and scored rows in one folder, each with what made it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors

from engine.errors import TrainingError
from engine.records.atomic import write_whole
from engine.training.data import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import nn

    from engine.training.data import Sample


def digest(*parts: object) -> str:
    """One short name for all that decides a network or a row."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:16]


def contents(samples: Sequence[Sample]) -> str:
    """One short name for annotated photographs, by what their files hold. Raises :class:`TrainingError`."""
    return digest(*((s.id, sha256_of(s.image), sha256_of(s.mask)) for s in samples))


def load_facts(path: Path, made_from: str) -> dict[str, Any] | None:
    """Read ``path`` (JSON), or None where nothing usable made from the same lies there."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        raise TrainingError(f"{path} is damaged; remove it, and the command makes it anew.") from None
    return facts if isinstance(facts, dict) and facts.get("digest") == made_from else None


def save_facts(path: Path, made_from: str, facts: dict[str, Any]) -> None:
    """Write facts as JSON, whole or not at all."""
    write_whole(path, (json.dumps({"digest": made_from, **facts}, indent=1) + "\n").encode())


def load_network(path: Path, network: nn.Module) -> nn.Module:
    """Fill a network from ``path`` (safetensors) for inference. Raises :class:`TrainingError` if it does not fit."""
    try:
        network.load_state_dict(load_tensors(path.read_bytes()))
    except (OSError, RuntimeError, SafetensorError):
        raise TrainingError(
            f"The weights {path} are missing or damaged; remove {path.with_suffix('.json')} to train them anew."
        ) from None
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.eval().requires_grad_(False)


def save_network(path: Path, network: nn.Module) -> None:
    """Write a network's weights in full precision, whole or not at all."""
    write_whole(path, dump_tensors({name: value.contiguous() for name, value in network.state_dict().items()}))
