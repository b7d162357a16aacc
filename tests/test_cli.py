"""The command line, from arguments to files and exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from engine.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FAST = ("--timesteps", "60,100,150")


@pytest.fixture
def segment(model_path: Path, tmp_path: Path) -> Callable[..., int]:
    """Run ``diffseg segment`` with the tiny model on the CPU into ``tmp_path / "out"``."""

    def run(*arguments: object, out: str = "out") -> int:
        options = ("--model", model_path, "--device", "cpu", "-o", tmp_path / out)
        return main(["segment", *map(str, (*arguments, *options))])

    return run


def usage_error(arguments: Sequence[object]) -> None:
    """Expect exit code 2, as argparse gives it."""
    with pytest.raises(SystemExit) as exit_:
        main([*map(str, arguments)])
    assert exit_.value.code == 2


def result(folder: Path) -> dict:
    """The sidecar of one image."""
    return json.loads((folder / "result.json").read_text())


def votes(folder: Path) -> list[str]:
    """The names of the written timesteps."""
    return sorted(path.name for path in (folder / "votes").iterdir())


def test_segment_writes_a_folder_for_each_image(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.bmp"
    Image.fromarray(np.asarray(Image.open(photo_path))[:, ::-1]).save(other)
    assert segment(photo_path, other, *FAST) == 0
    for name in ("nevus", "other"):
        folder = tmp_path / "out" / name
        assert {p.name for p in folder.iterdir()} == {
            "mask.png",
            "consensus.png",
            "consistency.png",
            "ambiguity.png",
            "overlay.png",
            "maps.npz",
            "result.json",
            "votes",
        }
        assert votes(folder) == ["t060.png", "t100.png", "t150.png"]
        assert Image.open(folder / "mask.png").size == (96, 72)
    said = capsys.readouterr()
    assert said.err == ""
    assert len(said.out.splitlines()) == 2
    area = result(tmp_path / "out" / "nevus")["lesion_area_px"]
    assert f"{tmp_path / 'out' / 'nevus'}: lesion {area} px" in said.out


def test_each_failure_is_one_line_and_the_others_are_done(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.jpg").write_text("not an image")
    assert segment(tmp_path / "absent.png", tmp_path / "letter.jpg", photo_path, *FAST) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("diffseg: ") for line in lines)
    assert "absent.png" in lines[0]
    assert "letter.jpg" in lines[1]
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["nevus"]


def test_a_place_that_cannot_be_written_is_a_failure(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("in the way")
    assert segment(photo_path, *FAST) == 1
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["absent.safetensors", "nevus.png"])
def test_a_model_that_does_not_load_ends_with_1(
    photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    model = photo_path.with_name(name)
    assert main(["segment", str(photo_path), "-o", str(tmp_path), "--model", str(model), "--device", "cpu"]) == 1
    assert capsys.readouterr().err.startswith("diffseg: The model")


def test_no_refine_leaves_the_consensus(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    assert segment(photo_path, *FAST, "--no-refine") == 0
    folder = tmp_path / "out" / "nevus"
    assert (folder / "mask.png").read_bytes() == (folder / "consensus.png").read_bytes()
    assert not result(folder)["refined"]


def test_options_reach_the_recipe(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    assert segment(photo_path, "--timesteps", "60:150:30", "--delta", "0.12", "--seed", "7") == 0
    said = result(tmp_path / "out" / "nevus")
    assert said["recipe"]["noise"] == {"timesteps": [60, 90, 120, 150], "draws": 1, "seed": 7, "turn": True}
    assert said["recipe"]["vote"] == {"delta": 0.12, "auto": False}
    assert said["delta"] == 0.12
    assert votes(tmp_path / "out" / "nevus") == ["t060.png", "t090.png", "t120.png", "t150.png"]


def test_seed_and_delta_change_the_mask(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    assert segment(photo_path, *FAST, out="a") == 0
    assert segment(photo_path, *FAST, "--seed", 1, out="b") == 0
    assert segment(photo_path, *FAST, "--delta", 0.1, out="c") == 0
    masks = [(tmp_path / out / "nevus" / "consensus.png").read_bytes() for out in "abc"]
    assert len(set(masks)) == 3


def test_delta_auto_is_otsus(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    assert segment(photo_path, *FAST, "--delta", "auto") == 0
    said = result(tmp_path / "out" / "nevus")
    assert said["recipe"]["vote"]["auto"]
    with np.load(tmp_path / "out" / "nevus" / "maps.npz") as maps:
        mean = maps["difference"].mean(axis=0)
    below, above = mean[mean <= said["delta"]], mean[mean > said["delta"]]
    between = below.size * above.size * (below.mean() - above.mean()) ** 2
    for delta in np.quantile(mean, np.linspace(0.02, 0.98, 49)):  # Otsu's separates best
        low, high = mean[mean <= delta], mean[mean > delta]
        assert low.size * high.size * (low.mean() - high.mean()) ** 2 <= between * 1.01


@pytest.mark.parametrize("options", [(), ("--no-refine",), ("--delta", "auto"), ("--seed", "5", "--delta", "0.1")])
def test_a_result_run_again_gives_the_same_bytes(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert segment(photo_path, *FAST, *options, out="first") == 0
    first, again = (tmp_path / out / "nevus" for out in ("first", "again"))
    assert segment(photo_path, "--recipe", first / "result.json", out="again") == 0
    for name in ("mask.png", "consensus.png", "consistency.png", "maps.npz", "overlay.png"):
        assert (first / name).read_bytes() == (again / name).read_bytes(), name
    assert result(first)["recipe"] == result(again)["recipe"]


def test_options_win_over_the_recipe_file(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"noise": {"timesteps": [80, 90], "seed": 3}, "vote": {"auto": True}}))
    assert segment(photo_path, "--recipe", recipe, "--delta", "0.2", "--seed", "4") == 0
    said = Recipe.from_json(result(tmp_path / "out" / "nevus")["recipe"])
    assert (said.noise.timesteps, said.noise.seed) == ((80, 90), 4)
    assert (said.vote.delta, said.vote.auto) == (0.2, False)


@pytest.mark.parametrize(
    "options",
    [
        ("--delta", "high"),
        ("--delta", "9"),
        ("--delta", "nan"),
        ("--timesteps", "60:150"),
        ("--timesteps", "0,60"),
        ("--timesteps", ""),
        ("--timesteps", "1:1000000000000:1"),
        ("--seed", "-1"),
        ("--seed", "x"),
        ("--device", "abacus"),
        ("--recipe", "absent.json"),
        ("--colour", "red"),
    ],
    ids=" ".join,
)
def test_wrong_options_end_with_2(photo_path: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    usage_error(["segment", photo_path, "-o", tmp_path / "out", *options])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["segment"],
        ["segment", "a.png"],
        ["evaluate"],
        ["evaluate", "--images", "."],
        ["calibrate", "--index", "i.csv"],
        ["train"],
        ["train", "--out", "a.safetensors"],
        ["train", "--out", "a.bin", "--index", "i.csv"],
        ["train", "--out", "a.safetensors", "--index", "i.csv", "--steps", "0"],
        ["compare", "--index", "i.csv", "--work", "w", "--out", "o.md", "--rows", ","],
        ["compare", "--index", "i.csv", "--work", "w", "--out", "o.md", "--seed", "-1"],
        ["compare", "--index", "i.csv", "--work", "w", "--out", "o.md", "--seed", str(2**31)],
    ],
    ids=" ".join,
)
def test_incomplete_commands_end_with_2(arguments: list[str]) -> None:
    usage_error(arguments)


def test_a_device_that_is_not_there_ends_with_2(
    photo_path: Path, model_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    usage_error(["segment", photo_path, "-o", tmp_path / "out", "--model", model_path, "--device", "cuda"])


def test_a_trained_model_segments(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "models" / "mine.safetensors"
    small = ["--size", "32", "--base", "8", "--steps", "2", "--batch", "2", "--device", "cpu", "--validate-every", "1"]
    assert main(["train", "--index", str(dataset / "index.csv"), "--out", str(model), *small]) == 0
    assert {p.name for p in model.parent.iterdir()} == {f"mine.{end}" for end in ("safetensors", "json", "csv", "ckpt")}
    photo = dataset / "images" / "L5.png"
    assert main(["segment", str(photo), "-o", str(tmp_path), "--model", str(model), "--device", "cpu", *FAST]) == 0
    assert result(tmp_path / "L5")["model"]["name"] == "mine"


def test_training_errors_end_with_1_and_wrong_networks_with_2(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, index = ["--out", str(tmp_path / "a.safetensors"), "--device", "cpu"], str(dataset / "index.csv")
    assert main(["train", "--index", str(tmp_path / "absent.csv"), *out]) == 1
    assert main(["train", "--images", str(tmp_path), "--masks", str(tmp_path), *out]) == 1
    assert main(["train", "--index", index, *out, "--size", "32", "--base", "8", "--resume"]) == 1
    assert len([line for line in capsys.readouterr().err.splitlines() if line.startswith("diffseg: ")]) == 3
    usage_error(["train", "--index", index, *out, "--size", "33"])
    usage_error(["train", "--index", index, *out, "--base", "12"])
