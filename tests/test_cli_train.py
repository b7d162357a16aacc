"""``diffseg train``, from arguments to files, sentences and exit codes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from engine.cli import main
from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.weights import load_model, save_model
from tests.recipes import RECIPE
from tests.test_cli import FAST, usage_error

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("--steps", "1", "--batch", "2", "--device", "cpu", "--size", "32", "--base", "8")


@pytest.fixture
def results(dataset: Path, photo_path: Path, model_path: Path, tmp_path: Path) -> Path:
    """Results of three annotated photographs (of training, validation and test), and of two others, all corrected."""
    folder = tmp_path / "results"
    shutil.copy(photo_path, tmp_path / "lost.png")
    with (tmp_path / "lost.png").open("ab") as file:
        file.write(b"another file")
    images = [*(dataset / "images" / f"L{number}.png" for number in (0, 4, 5)), photo_path, tmp_path / "lost.png"]
    options = ("-o", folder, "--model", model_path, "--device", "cpu", "--no-refine", *FAST)
    assert main(["segment", *map(str, (*images, *options))]) == 0
    for result in folder.iterdir():
        (result / "correction.png").touch()
    return folder


def test_training_goes_on_from_a_model_with_a_persons_corrections(
    dataset: Path,
    photo_path: Path,
    model_path: Path,
    results: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    index, photographs, out = tmp_path / "index.csv", tmp_path / "photographs", tmp_path / "next.safetensors"
    rows = (dataset / "index.csv").read_text().replace(",images", f",{dataset}/images")
    index.write_text(rows.replace(",masks", f",{dataset}/masks").replace("L5,val", "L5,test"))
    shutil.copytree(dataset / "images", photographs / "ward")
    for number in range(6):
        (photographs / "ward" / f"L{number}.png").rename(photographs / "ward" / f"renamed{number}.png")
    shutil.copy(photo_path, photographs / "ward" / "another name.png")
    where = ("--index", index, "--results", results, "--photographs", photographs)
    capsys.readouterr()
    options = ("--start", model_path, "--out", out, "--steps", "1", "--batch", "2", "--device", "cpu")
    assert main([*map(str, ("train", *where, *options))]) == 0
    said = json.loads(out.with_suffix(".json").read_text())["training"]
    assert said["start"]["model"]["name"] == model_path.stem
    assert said["images"] == 5  # four of the index and the corrected one
    assert f"1 results have no photograph in {photographs} and are left out (first: lost)." in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--results", "--photographs"])
def test_results_need_their_photographs(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    where = ("--index", dataset / "index.csv", "--out", tmp_path / "a.safetensors")
    usage_error(["train", *where, *SMALL, option, tmp_path])
    assert "--results needs --photographs" in capsys.readouterr().err


def test_options_that_mean_nothing_alone_or_together_are_refused(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where, val = ("--index", dataset / "index.csv", "--out", tmp_path / "a.safetensors"), tmp_path
    for option in ("--val-images", "--val-masks"):
        usage_error(["train", *where, *SMALL, option, val])
        assert "--val-images and --val-masks belong together" in capsys.readouterr().err
    usage_error(["train", *where, *SMALL, "--start", tmp_path / "b.safetensors", "--backbone", tmp_path / "lite0.pth"])
    assert "give --start or --backbone, not both" in capsys.readouterr().err
    usage_error(["train", *where, *SMALL, "--val-images", val, "--val-masks", val])
    assert "--index names its own validation images" in capsys.readouterr().err
    usage_error(["train", *where, *SMALL, "--widths", "8,8,8,8,8"])
    assert "--widths are those behind a pretrained encoder" in capsys.readouterr().err


@pytest.mark.parametrize("widths", ["8,8,8", "8,8,8,8,9"])
def test_widths_that_no_decoder_has_are_refused(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], widths: str
) -> None:
    where = ("--index", dataset / "index.csv", "--out", tmp_path / "a.safetensors", "--device", "cpu")
    usage_error(["train", *where, "--backbone", tmp_path / "lite0.pth", "--widths", widths])
    assert "Such a network cannot be built: a decoder has 4 or 5 widths, multiples of 8" in capsys.readouterr().err


@pytest.mark.parametrize("widths", [(8, 16, 16, 16, 24), (16, 16, 16, 24)])
def test_a_model_goes_on_with_other_widths(dataset: Path, tmp_path: Path, widths: tuple[int, ...]) -> None:
    start, out = tmp_path / "wide.safetensors", tmp_path / "narrow.safetensors"
    save_model(start, PretrainedUNet(PretrainedConfig(size=32, widths=(16, 16, 16, 16, 24))), RECIPE, {})
    where = ("--index", dataset / "index.csv", "--start", start, "--out", out, "--widths", ",".join(map(str, widths)))
    assert main([*map(str, ("train", *where, "--steps", 1, "--batch", 2, "--device", "cpu"))]) == 0
    assert load_model(out).network.config == PretrainedConfig(size=32, widths=widths)


@pytest.mark.parametrize("rate", ["0", "-0.001", "nan", "inf", "fast"])
def test_a_rate_is_a_finite_number_above_zero(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], rate: str
) -> None:
    where = ("--index", dataset / "index.csv", "--out", tmp_path / "a.safetensors")
    usage_error(["train", *where, *SMALL, f"--rate={rate}"])
    assert f"argument --rate: invalid rate value: '{rate}'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_rate_reaches_the_training(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.safetensors"
    where = ("--index", dataset / "index.csv", "--out", out, "--rate", "1e-5")
    assert main([*map(str, ("train", *where, *SMALL))]) == 0
    assert json.loads(out.with_suffix(".json").read_text())["training"]["settings"]["rate"] == 1e-5


def test_earlier_work_is_seen_before_any_image_is_read(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.safetensors"
    out.touch()
    monkeypatch.setattr("engine.training.data.load_pairs", lambda *_: pytest.fail("read"))
    assert main([*map(str, ("train", "--index", dataset / "index.csv", "--out", out, *SMALL))]) == 1
    [sentence] = capsys.readouterr().err.splitlines()
    assert "another --out" in sentence
    assert "--resume" in sentence


def test_an_index_named_as_the_model_is_kept(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(dataset, tmp_path / "lesions")
    index = tmp_path / "lesions" / "index.csv"
    before = index.read_bytes()
    assert main([*map(str, ("train", "--index", index, "--out", index.with_suffix(".safetensors"), *SMALL))]) == 1
    assert capsys.readouterr().err == f"diffseg: {index} is there already; choose another --out, or move it away.\n"
    assert index.read_bytes() == before


def test_on_the_cpu_freed_memory_is_kept(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("engine.cli.train.keep_freed", lambda: asked.append(True))
    where = ("--index", dataset / "index.csv", "--out", tmp_path / "a.safetensors")
    assert main([*map(str, ("train", *where, *SMALL))]) == 0
    assert asked == [True]
