"""``diffseg reproduce``: whether results come out the same to the bit, and if not, why."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from engine.host import resources
from engine.networks.weights import load_model, save_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from engine.recipe import Recipe
from engine.records.export import export
from engine.records.sidecar import SIDECAR
from tests.conftest import random_network
from tests.recipes import RECIPE
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(model_path: Path, photo_path: Path, tmp_path: Path) -> Path:
    """A result with its photograph beside it, under another name."""
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "100", "-o", str(tmp_path)]
    assert main(["segment", str(photo_path), *fixed]) == 0
    (tmp_path / "nevus" / "arm.png").write_bytes(photo_path.read_bytes())
    return tmp_path / "nevus"


@pytest.fixture
def again(model_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run ``diffseg reproduce`` on the result; its exit code and what it says of it."""

    def run(*options: object, model: Path = model_path) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["reproduce", str(folder / SIDECAR), "--model", str(model), *map(str, options)])
        said = capsys.readouterr()
        assert said.err == ""
        (line,) = said.out.splitlines()
        assert line.startswith(f"{folder}: ")
        return code, line.removeprefix(f"{folder}: ")

    return run


def change(folder: Path, **said: object) -> None:
    """Write other values into the sidecar."""
    path = folder / SIDECAR
    path.write_text(json.dumps({**json.loads(path.read_text()), **said}))


def spoil(path: Path, more: int = 0) -> None:
    """Take three pixels out of a mask, and put three others in, or more, so that its area is another."""
    mask = np.array(Image.open(path))
    lesion, skin = np.flatnonzero(mask)[:3], np.flatnonzero(mask == 0)[: 3 + more]
    assert len(lesion) == 3
    mask.flat[lesion], mask.flat[skin] = 0, 255
    Image.fromarray(mask).save(path)


def test_the_same_is_said(again: Callable[..., tuple[int, str]]) -> None:
    assert again() == (0, "same")
    assert again("--device", "cpu") == (0, "same")


def test_a_corrected_result_is_the_same_with_its_correction(
    again: Callable[..., tuple[int, str]], folder: Path, model_path: Path, photo_path: Path
) -> None:
    recipe = Recipe.from_json(json.loads((folder / SIDECAR).read_text())["recipe"])
    found = drain(Pipeline(load_model(model_path), "cpu").run(read_image(photo_path), recipe))
    layer = np.zeros(found.mask.shape, np.int8)
    layer[10:30, 10:30] = np.where(found.mask[10:30, 10:30], -1, 1)
    export(found, folder, Reading(layer))
    assert again() == (0, "same")
    spoil(folder / "mask.png")
    code, said = again()
    assert (code, said) == (1, "not the same: the model's mask is, but with its correction it does not make mask.png")


def test_what_differs_is_counted_and_nothing_else_is_blamed(
    again: Callable[..., tuple[int, str]], folder: Path
) -> None:
    spoil(folder / "mask.png")
    code, said = again()
    assert code == 1
    assert said.startswith("not the same: 6 of 6912 pixels differ; settings, version and device are the same")


def test_a_mask_of_another_area_than_the_sidecar_says_is_not_blamed_on_the_machine(
    again: Callable[..., tuple[int, str]], folder: Path
) -> None:
    spoil(folder / "mask.png", more=2)
    assert again() == (1, "not run again: mask.png is not the mask that result.json describes")


def test_other_settings_version_and_device_are_named(again: Callable[..., tuple[int, str]], folder: Path) -> None:
    said = json.loads((folder / SIDECAR).read_text())
    recipe = {**said["recipe"], "vote": {"delta": 1.5, "auto": False}}
    change(folder, version="0.0.9", recipe=recipe, device="cuda")
    code, line = again()
    assert code == 1
    assert f"other delta ({said['delta']:g} then, 1.5 now)" in line
    assert "other version (0.0.9 then, " in line
    assert "other device (cuda " in line


def test_another_model_is_named_and_not_run(
    again: Callable[..., tuple[int, str]], folder: Path, tmp_path: Path
) -> None:
    save_model(tmp_path / "new.safetensors", random_network(1), RECIPE, {})
    code, said = again(model=tmp_path / "new.safetensors")
    assert code == 1
    assert said.startswith("not run again: other model, made with tiny (")
    assert "not new (" in said


def test_another_photograph_of_the_name_is_named(
    again: Callable[..., tuple[int, str]], folder: Path, photo_path: Path, tmp_path: Path
) -> None:
    (folder / "arm.png").unlink()
    assert again() == (
        1, "not run again: no photograph, nevus.png was not found; name its folder with --photographs"
    )  # fmt: skip
    other = folder / "nevus.png"
    Image.fromarray(np.asarray(Image.open(photo_path))[:, ::-1]).save(other)
    assert again() == (1, f"not run again: other photograph, {other} has other bytes")
    (tmp_path / "far" / "away").mkdir(parents=True)
    (tmp_path / "far" / "away" / "anything.png").write_bytes(photo_path.read_bytes())
    assert again("--photographs", tmp_path / "far") == (0, "same")


def test_settings_that_nobody_knows_are_named(again: Callable[..., tuple[int, str]], folder: Path) -> None:
    said = json.loads((folder / SIDECAR).read_text())
    change(folder, recipe={**said["recipe"], "colour": 1})
    assert again() == (1, "not run again: other settings, 'recipe' has no setting 'colour'.")


def test_what_is_no_result_is_a_line_and_the_others_are_done(
    folder: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["reproduce", str(tmp_path / "absent"), str(folder), "--model", str(model_path)]) == 1
    said = capsys.readouterr()
    assert said.out == f"{folder}: same\n"
    assert len(said.err.splitlines()) == 1
    assert "absent does not exist" in said.err


def test_a_device_that_is_not_there_ends_with_2(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    usage_error(["reproduce", folder, "--device", "cuda"])


def test_results_of_several_bundled_models_each_get_their_own(
    model_path: Path, photo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = tmp_path / "resources" / "models"
    folder.mkdir(parents=True)
    for suffix in (".safetensors", ".json"):
        shutil.copy(model_path.with_suffix(suffix), folder / f"{resources.default_model().stem}{suffix}")
    save_model(folder / "other.safetensors", random_network(1), RECIPE, {})
    monkeypatch.setattr(resources, "ROOT", tmp_path / "resources")
    for name in (resources.default_model().stem, "other"):
        fixed = ["--model", name, "--device", "cpu", "--timesteps", "100", "-o", str(tmp_path / "out" / name)]
        assert main(["segment", str(photo_path), *fixed]) == 0
    capsys.readouterr()
    found = [str(tmp_path / "out" / name) for name in (resources.default_model().stem, "other")]
    options = ["--photographs", str(photo_path.parent), "--device", "cpu"]
    assert main(["reproduce", *found, *options]) == 0
    assert [line.rsplit(": ")[-1] for line in capsys.readouterr().out.splitlines()] == ["same", "same"]
    assert main(["reproduce", *found, *options, "--model", "other"]) == 1
    assert "other model, made with tiny" in capsys.readouterr().out


@pytest.mark.parametrize(
    "damage", [{"model": {"sha256": 5}}, {"model": 5}, {"scribbles": [{"label": "skin"}]}, {"delta": "much"}]
)
def test_a_damaged_sidecar_is_a_line_and_the_others_are_done(
    folder: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: dict[str, object]
) -> None:
    shutil.copytree(folder, tmp_path / "z")
    change(folder, **damage)
    spoil(folder / "mask.png")
    capsys.readouterr()
    assert main(["reproduce", str(folder), str(tmp_path / "z"), "--model", str(model_path)]) == 1
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith(f"diffseg: The result in {folder} is damaged (")
    assert said.out == f"{tmp_path / 'z'}: same\n"
