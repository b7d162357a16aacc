"""``diffseg average``: the mean of models' weights, from arguments to files and sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

from engine.cli import main
from engine.compare import cost
from engine.networks.registry import build
from engine.networks.weights import load_model, save_model
from engine.training.average import each_once
from tests.conftest import TINY, random_network
from tests.recipes import RECIPE
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def models(tmp_path: Path) -> list[Path]:
    """Two models of one shape, under one licence."""
    paths = [tmp_path / f"{name}.safetensors" for name in ("one", "other")]
    for seed, path in enumerate(paths):
        save_model(path, random_network(seed), RECIPE, {"seed": seed}, "MIT")
    return paths


def averaged(*arguments: object) -> int:
    return main(["average", *map(str, arguments)])


def test_each_weight_is_the_mean(models: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "mean.safetensors"
    assert averaged(*models, "--out", out) == 0
    one, other, mean = (load_model(path).network.state_dict() for path in (*models, out))
    for name, value in mean.items():
        torch.testing.assert_close(value, (one[name] + other[name]) / 2, atol=1e-3, rtol=1e-3)
    assert load_model(out).recipe == RECIPE


def test_the_description_tells_of_what_it_is_the_mean(models: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "mean.safetensors"
    averaged(*models, models[0], "--out", out)
    said = json.loads(out.with_suffix(".json").read_text())
    assert [(part["name"], part.get("training")) for part in said["training"]["mean_of"]] == [
        ("one", {"seed": 0}), ("other", {"seed": 1}), ("one", None)
    ], "what is known of a training stands there once"  # fmt: skip
    assert said["licence"] == "MIT"
    assert said["softening"] is None, "what was fitted to one is not the mean's"


def test_what_two_parts_came_from_is_described_once_and_a_teacher_as_it_is() -> None:
    before = {"name": "before", "sha256": "b", "training": {"step": 1}}
    parts = [before, {"name": "after", "sha256": "a", "training": {"start": {"model": before, "teacher": before}}}]
    named = {"name": "before", "sha256": "b"}
    assert each_once({"mean_of": parts}, set()) == {
        "mean_of": [before, {**parts[1], "training": {"start": {"model": named, "teacher": before}}}]
    }
    assert [stage.get("step") for stage in cost.stages(each_once({"mean_of": parts}, set()))] == [1, None]


def test_licences_that_differ_need_one_for_the_mean(
    models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mean.safetensors"
    save_model(models[1], random_network(1), RECIPE, {}, "CC BY-NC 4.0")
    assert averaged(*models, "--out", out) == 1
    assert "give --licence" in capsys.readouterr().err
    assert averaged(*models, "--out", out, "--licence", "CC BY-NC 4.0") == 0
    assert load_model(out).licence == "CC BY-NC 4.0"


def test_what_has_no_mean_is_refused(models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, wide = tmp_path / "mean.safetensors", tmp_path / "wide.safetensors"
    save_model(wide, build(replace(TINY, base=16)), RECIPE, {})
    assert averaged(*models, wide, "--out", out) == 1
    assert f"{wide} have other shapes" in capsys.readouterr().err
    assert averaged(*models, "--out", models[0]) == 1
    assert "is there already" in capsys.readouterr().err
    assert averaged(models[0], tmp_path / "none.safetensors", "--out", out) == 1
    assert "is missing" in capsys.readouterr().err
    usage_error(["average", models[0], "--out", out])
    assert "two models or more" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_where_the_description_would_be_is_kept(
    models: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "result.json").write_text("{}")
    assert averaged(*models, "--out", tmp_path / "result.safetensors") == 1
    assert f"{tmp_path / 'result.json'} is there already" in capsys.readouterr().err
    assert (tmp_path / "result.json").read_text() == "{}"
    assert not (tmp_path / "result.safetensors").exists()
