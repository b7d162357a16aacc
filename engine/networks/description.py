"""What stands beside a model's weights: ``NAME.json`` says all that makes a model of ``NAME.safetensors``.

    {"format": 1, "name", "kind", "sha256", "config", "recipe", "temperatures", "licence", "training"}

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
from engine.method.probability import Temperatures
from engine.recipe import CrfSettings, NoiseSettings, Recipe, VoteSettings
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

FORMAT = 1
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

    config: the fields of the network's shape, by name. temperatures: what makes its votes probabilities; None for a
    model that has not been calibrated. licence: one line for people. training: JSON-ready facts on how it came about.
    """

    name: str
    kind: str
    sha256: str
    config: dict[str, Any]
    recipe: Recipe
    temperatures: Temperatures | None
    licence: str
    training: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the format's number and all fields as JSON-ready values."""
        temperatures = None if self.temperatures is None else self.temperatures.to_json()
        fields = {**vars(self), "recipe": self.recipe.to_json(), "temperatures": temperatures}
        return {"format": FORMAT, **fields}

    @classmethod
    def from_json(cls, data: Any) -> Description:
        """The inverse of :meth:`to_json`.

        Raises KeyError, TypeError or ValueError where the data is not of that form, :class:`RecipeError` where its
        recipe cannot be used.
        """
        temperatures = data["temperatures"]
        return cls(
            name=_of(str, data["name"]),
            kind=_of(str, data["kind"]),
            sha256=_of(str, data["sha256"]),
            config=_of(dict, data["config"]),
            recipe=Recipe.from_json(data["recipe"]),
            temperatures=None if temperatures is None else Temperatures.from_json(temperatures),
            licence=_of(str, data["licence"]),
            training=_of(dict, data["training"]),
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
        if format_of(data, FORMAT, f"The model's description {beside}", ModelError) == 0:
            data = _from_format_0(data)
        return Description.from_json(data)
    except RecipeError as error:
        raise ModelError(f"The model's description {beside} has no recipe that can be used: {error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
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
    """Format 1 of a description without a number, which told the kind by its shape and had neither recipe nor licence.

    Its temperatures were called ``calibration``. Raises KeyError or TypeError where the data is not of that form.
    """
    return {
        "name": data["name"],
        "kind": "pretrained-unet" if "backbone" in data["config"] else "unet",
        "sha256": data["sha256"],
        "config": data["config"],
        "recipe": FORMAT_0_RECIPE.to_json(),
        "temperatures": data.get("calibration"),
        "licence": NOT_STATED,
        "training": data.get("training", {}),
    }


def _of(kind: type[T], value: object) -> T:
    """The value, if it is of that type."""
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
