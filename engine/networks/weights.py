"""Trained models: safetensors weights with a description beside them, verified when they are loaded.

``NAME.safetensors`` holds the weights, ``NAME.json`` what :mod:`engine.networks.description` says. Nothing in either
file is executed.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors
from torch.overrides import TorchFunctionMode

from engine.errors import ModelError
from engine.host.alone import alone
from engine.host.resources import default_model
from engine.networks.backbone import fold_batch_norm
from engine.networks.description import NOT_STATED, Description, read_description, read_file, write_description
from engine.networks.registry import KINDS, Network, NetworkConfig, build
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.method.expected import ReaderCurve
    from engine.method.familiarity import Known
    from engine.method.probability import Softening
    from engine.recipe import Recipe

LARGEST_SIDE = 2048  # pixels that a network may see


class Unfilled(TorchFunctionMode):
    """Within it networks are built without their first random weights, which a file's are to replace.

    To draw these for shapes alone, on the device "meta", torch would load its whole compiler, which takes a second.
    """

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: Sequence[Any] = (), named: dict[str, Any] | None = None
    ) -> Any:
        """Leave a tensor as it is where ``torch.nn.init`` would fill it."""
        named = named or {}
        if getattr(function, "__module__", None) != "torch.nn.init":
            return function(*args, **named)
        return args[0] if args else named["tensor"]


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network with its name and the SHA-256 of its weights; moved to a device when first used there.

    recipe: its own settings, where nobody chooses others. softening: what makes its votes probabilities; None for a
    model that has not been calibrated. readers: what its disagreement says of readers' agreement, or None. familiar:
    what its training photographs look like to it, or None.
    """

    name: str
    sha256: str
    network: Network
    recipe: Recipe
    softening: Softening | None = None
    licence: str = NOT_STATED
    readers: ReaderCurve | None = None
    familiar: Known | None = None

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
            with alone():
                placed = deepcopy(self.network)
                fold_batch_norm(placed.eval())
                self._placed[kind] = placed.to(kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self._placed[kind]


def load_model(path: str | Path | None = None) -> Model:
    """Load a model's weights (default: the bundled model's), checking its digest and shape.

    Raises :class:`ModelError` with one sentence if a file is missing, altered, or does not hold what it says.
    """
    path = Path(path) if path is not None else default_model()
    described = read_description(path)
    data = read_file(path)
    digest = hashlib.sha256(data).hexdigest()
    if digest != described.sha256:
        raise ModelError(
            f"The model {path} is not the one its description names (its SHA-256 differs); copy both again."
        )
    with alone():
        network = _filled(path, described, data)
    if described.familiar is not None and len(described.familiar.mean) != 2 * network.channels:
        raise ModelError(f"The model {path} does not fit what its description knows of photographs; fit that anew.")
    return Model(
        described.name,
        digest,
        network,
        described.recipe,
        described.softening,
        described.licence,
        described.readers,
        described.familiar,
    )


def _filled(path: Path, described: Description, data: bytes) -> Network:
    """The described network with the weights that a file's bytes hold."""
    kind = KINDS.get(described.kind)
    if kind is None:
        raise ModelError(
            f"The model {path} is a network of the kind {described.kind!r}, which this DiffSeg does not know;"
            " use a newer DiffSeg."
        )
    try:
        config = kind.config(**described.config)
        _check_size(config, len(data))
        with Unfilled():
            network = build(config)
        tensors = {n: v.float() if v.is_floating_point() else v for n, v in load_tensors(data).items()}
        network.load_state_dict(tensors)
    except (TypeError, ValueError, RuntimeError, SafetensorError):
        raise ModelError(
            f"The model {path} does not fit the network that its description names; use a matching pair of files."
        ) from None
    _check_finite(path, tensors)
    return network


def _check_size(config: NetworkConfig, held: int) -> None:
    """Raise ValueError where a description asks for more than a file of so many bytes holds, before room is made."""
    if config.size > LARGEST_SIDE:
        raise ValueError("a network sees no such photograph")
    with torch.device("meta"), Unfilled():  # shapes alone
        needed = sum(value.numel() for value in build(config).state_dict().values())
    if needed > held:  # every number takes a byte or more
        raise ValueError("the file cannot hold such a network")


def _check_finite(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise ModelError(f"The model {path} holds weights that are no numbers; train it anew.")


def save_model(
    path: Path, network: Network, recipe: Recipe, training: dict[str, Any], licence: str = NOT_STATED
) -> str:
    """Write weights (float16) and description, each whole or not at all; return the weights' SHA-256.

    path: ends in ``.safetensors``; its stem is the model's name. recipe: the model's own settings. training: JSON-ready
    facts on how it was trained. Its votes are not softened yet. Raises :class:`ExportError`.
    """
    tensors = {
        name: (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    data, config = dump_tensors(tensors), network.config
    digest = hashlib.sha256(data).hexdigest()
    described = Description(path.stem, config.kind, digest, config.to_json(), recipe, None, licence, training)
    write_whole(path, data)
    write_description(path, described)
    return digest


def save_softening(path: Path, softening: Softening) -> None:
    """Write what softens votes into the description of the model at ``path``; its weights and digest stay."""
    write_description(path, replace(read_description(path), softening=softening))


def save_readers(path: Path, readers: ReaderCurve) -> None:
    """Write what disagreement says of readers' agreement into the description of the model at ``path``."""
    write_description(path, replace(read_description(path), readers=readers))


def save_familiar(path: Path, familiar: Known) -> None:
    """Write what a model's training photographs look like to it into the description of the model at ``path``."""
    write_description(path, replace(read_description(path), familiar=familiar))
