"""A model's description: in its own format, in that without a number, and in one from the future."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import ModelError
from engine.host import resources
from engine.method.probability import Roots, Temperatures
from engine.networks.description import (
    NOT_STATED,
    Description,
    default_recipe,
    read_description,
    write_description,
)
from engine.networks.pretrained import PretrainedConfig
from engine.networks.registry import KINDS, build, is_denoiser
from engine.networks.weights import load_model, save_model, save_softening
from tests.conftest import TINY, random_network
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.registry import NetworkConfig

WARM = Temperatures((60, 100), (0.02, 0.04))
OTHER = replace(RECIPE, vote=replace(RECIPE.vote, delta=0.25), refine=False)
FULL = Description("mine", "unet", "ab" * 32, TINY.to_json(), OTHER, WARM, "CC BY 4.0", {"steps": 5})


def without_number(path: Path, **changes: Any) -> None:
    """A saved model's description as it was before formats had numbers."""
    said = json.loads(path.with_suffix(".json").read_text())
    old = {name: said[name] for name in ("name", "sha256", "config", "training")}
    path.with_suffix(".json").write_text(json.dumps({**old, **changes}))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A saved model."""
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(), OTHER, {"steps": 5}, "CC BY 4.0")
    return path


@pytest.mark.parametrize("description", [FULL, replace(FULL, softening=None)], ids=["calibrated", "not"])
def test_a_description_survives_its_file(tmp_path: Path, description: Description) -> None:
    path = tmp_path / "mine.safetensors"
    write_description(path, description)
    said = json.loads((tmp_path / "mine.json").read_text())
    assert list(said) == [
        *("format", "name", "kind", "sha256", "config", "recipe", "softening", "licence", "training", "readers"),
        "familiar",
    ]
    assert (said["format"], said["recipe"]["format"]) == (2, 2)
    assert read_description(path) == description


def test_a_model_has_the_settings_that_it_was_saved_with(path: Path) -> None:
    model = load_model(path)
    assert (model.recipe, model.licence, model.softening) == (OTHER, "CC BY 4.0", None)
    save_softening(path, WARM)
    model = load_model(path)
    assert (model.recipe, model.licence, model.softening) == (OTHER, "CC BY 4.0", WARM)
    assert read_description(path).training == {"steps": 5}


@pytest.mark.parametrize("temperatures", [None, WARM])
def test_a_description_without_a_number_is_read(path: Path, temperatures: Temperatures | None) -> None:
    calibration = {} if temperatures is None else {"calibration": temperatures.to_json()["at"]}
    sha256 = load_model(path).sha256
    without_number(path, **calibration)
    model = load_model(path)
    assert (model.recipe, model.licence, model.softening) == (RECIPE, NOT_STATED, temperatures)
    assert read_description(path) == Description(
        "mine", "unet", sha256, TINY.to_json(), RECIPE, temperatures, NOT_STATED, {"steps": 5}
    )


@pytest.mark.parametrize("temperatures", [None, WARM])
def test_a_description_of_format_1_is_read(path: Path, temperatures: Temperatures | None) -> None:
    said = json.loads(path.with_suffix(".json").read_text())
    del said["softening"]
    old = None if temperatures is None else temperatures.to_json()["at"]
    path.with_suffix(".json").write_text(json.dumps({**said, "format": 1, "temperatures": old}))
    assert load_model(path).softening == temperatures


def test_a_pretrained_network_without_a_number_is_recognised(tmp_path: Path) -> None:
    path, config = tmp_path / "mine.safetensors", PretrainedConfig(size=32, widths=(8, 8, 8, 8, 8))
    save_model(path, build(config), RECIPE, {})
    without_number(path)
    assert read_description(path).kind == PretrainedConfig.kind
    assert load_model(path).network.config == config


def test_temperatures_of_a_model_without_a_number_make_it_a_numbered_one(path: Path) -> None:
    without_number(path)
    save_softening(path, WARM)
    assert json.loads(path.with_suffix(".json").read_text())["format"] == 2
    assert load_model(path).softening == WARM


@pytest.mark.parametrize("use", [read_description, load_model, lambda path: save_softening(path, WARM)])
def test_a_newer_description_is_refused_and_stays(path: Path, use: Any) -> None:
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps({"format": 3, "shape": "unknown"}))
    before = beside.read_bytes()
    with pytest.raises(ModelError, match=rf"The model's description {beside} has format 3, .* use a newer DiffSeg"):
        use(path)
    assert beside.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("format", "1", "the format '1'"),
        ("kind", 3, "damaged"),
        ("licence", None, "damaged"),
        ("training", [], "damaged"),
        ("sha256", None, "damaged"),
        ("softening", {"kind": "roots", "slope": 10**400, "damping": 1}, "damaged"),
        ("readers", {key: [10**400] for key in ("overlap", "low", "value", "high")}, "damaged"),
        ("familiar", {"numbers": "", "features": float("inf"), "limit": 1}, "damaged"),
        ("recipe", None, "no recipe that can be used: 'recipe' must be"),
        ("recipe", {}, "no recipe that can be used: 'noise' lacks the setting 'timesteps'"),
        ("recipe", {"format": 3}, "no recipe that can be used: .* use a newer DiffSeg"),
        ("kind", "transformer", "kind 'transformer', which this DiffSeg does not know; use a newer DiffSeg"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_reason(path: Path, name: str, value: Any, reason: str) -> None:
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), name: value}))
    with pytest.raises(ModelError, match=reason) as refused:
        load_model(path)
    assert str(path.with_suffix("")) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("config", [TINY, PretrainedConfig(size=32, widths=(8, 8, 8, 8, 8))])
def test_every_kind_is_built_by_its_name(config: NetworkConfig) -> None:
    network = build(config)
    assert type(network.config) is type(config)
    assert is_denoiser(network)
    assert KINDS[config.kind].config(**config.to_json()) == config
    assert (network.encoder is None) == (config.kind == "unet")


def test_the_bundled_model_describes_itself() -> None:
    described = read_description(resources.default_model())
    assert described.recipe == default_recipe() == load_model().recipe
    assert described.kind == PretrainedConfig.kind
    assert isinstance(described.softening, Roots)
    assert json.loads(resources.default_model().with_suffix(".json").read_text())["format"] == 2
