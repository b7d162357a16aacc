"""What stands beside a model's weights: ``NAME.json`` says all that makes a model of ``NAME.safetensors``.

    {"format": 2, "name", "kind", "sha256", "config", "recipe", "softening", "licence", "training", "readers",
     "familiar"}

kind: of network, a name in :mod:`engine.networks.registry`. sha256: of the weights. config: the network's shape.
recipe: the model's own settings. All of it is read without torch, so that they are known before the network is there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import ModelError, RecipeError
from engine.formats import format_of
from engine.host.resources import default_model
from engine.method.expected import ReaderCurve
from engine.method.familiarity import Known
from engine.method.probability import Softening, from_format_1, softening_from_json
from engine.recipe import CrfSettings, NoiseSettings, Recipe, VoteSettings
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

FORMAT = 2  # 1: temperatures only, under that name
NOT_STATED = "not stated"  # the licence of a model whose maker says nothing of it
FORMAT_0_RECIPE = Recipe(  # what every model was used with when their descriptions had no number
    NoiseSettings(timesteps=tuple(range(60, 151, 10))),
    VoteSettings(delta=0.13),
    CrfSettings(
        w1=4.0, theta_alpha=15.0, theta_beta=5.0, w2=5.0, theta_gamma=3.0, tau=0.03, iterations=5, rounds=3, subset=4,
        side=256,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Description:
    """A model, but for its weights.

    config: the fields of the network's shape, by name. softening: what makes its votes probabilities; None for a
    model that has not been calibrated. licence: one line for people. training: JSON-ready facts on how it came about.
    readers: what its disagreement says of readers' agreement; None for a model of which that is not known. familiar:
    what its training photographs look like to it; None for a model that cannot tell others from them.
    """

    name: str
    kind: str
    sha256: str
    config: dict[str, Any]
    recipe: Recipe
    softening: Softening | None
    licence: str
    training: dict[str, Any]
    readers: ReaderCurve | None = None
    familiar: Known | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the format's number and all fields as JSON-ready values."""
        softening = None if self.softening is None else self.softening.to_json()
        readers = None if self.readers is None else self.readers.to_json()
        familiar = None if self.familiar is None else self.familiar.to_json()
        parts = {"recipe": self.recipe.to_json(), "softening": softening, "readers": readers, "familiar": familiar}
        return {"format": FORMAT, **vars(self), **parts}

    @classmethod
    def from_json(cls, data: Any) -> Description:
        """The inverse of :meth:`to_json`.

        Raises KeyError, TypeError, ValueError or OverflowError where the data is not of that form,
        :class:`RecipeError` where its recipe cannot be used.
        """
        return cls(
            name=_of(str, data["name"]),
            kind=_of(str, data["kind"]),
            sha256=_of(str, data["sha256"]),
            config=_of(dict, data["config"]),
            recipe=Recipe.from_json(data["recipe"]),
            softening=softening_from_json(data["softening"]),
            licence=_of(str, data["licence"]),
            training=_of(dict, data["training"]),
            readers=None if (readers := data.get("readers")) is None else ReaderCurve.from_json(readers),
            familiar=None if (familiar := data.get("familiar")) is None else Known.from_json(familiar),
        )


def read_description(path: Path) -> Description:
    """What stands beside the weights at ``path``, in whatever format it was written.

    Raises :class:`ModelError` with one sentence if it is missing, damaged, or of a newer format.
    """
    if os.path.isdir(path):
        raise ModelError(f"The model {path} is a folder; choose a .safetensors file.")
    beside = path.with_suffix(".json")
    try:
        data = json.loads(read_file(beside))
        number = format_of(data, FORMAT, f"The model's description {beside}", ModelError)
        if number == 0:
            data = _from_format_0(data)
        elif number == 1:
            data = {**data, "softening": from_format_1(data["temperatures"])}
        return Description.from_json(data)
    except RecipeError as error:
        raise ModelError(f"The model's description {beside} has no recipe that can be used: {error}") from None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ModelError(f"The model's description {beside} is damaged; copy it again with its weights.") from None


def write_description(path: Path, description: Description) -> None:
    """Write what stands beside the weights at ``path``, whole or not at all. Raises :class:`ExportError`."""
    write_whole(path.with_suffix(".json"), (json.dumps(description.to_json(), indent=2) + "\n").encode())


def default_recipe() -> Recipe:
    """The bundled model's own recipe. Raises :class:`ModelError` as :func:`read_description` does."""
    return read_description(default_model()).recipe


def read_file(path: Path) -> bytes:
    """The bytes of one of a model's two files. Raises :class:`ModelError`."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"The model file {path} is missing; restore it or choose another model.") from None
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}).") from None


def _from_format_0(data: Any) -> dict[str, Any]:
    """The present format of a description without a number; its kind told by its shape, without recipe and licence.

    Its temperatures were called ``calibration``. Raises KeyError or TypeError where the data is not of that form.
    """
    return {
        "name": data["name"],
        "kind": "pretrained-unet" if "backbone" in data["config"] else "unet",
        "sha256": data["sha256"],
        "config": data["config"],
        "recipe": FORMAT_0_RECIPE.to_json(),
        "softening": from_format_1(data.get("calibration")),
        "licence": NOT_STATED,
        "training": data.get("training", {}),
    }


def _of(kind: type[T], value: object) -> T:
    """The value, if it is of that type."""
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
