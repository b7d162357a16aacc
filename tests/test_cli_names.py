"""The names of photographs that are segmented, and of the folders that their results get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def segment(model_path: Path, tmp_path: Path) -> Callable[..., int]:
    """Run ``diffseg segment`` with one timestep of the tiny model on the CPU into ``tmp_path / "out"``."""

    def run(*images: object) -> int:
        options = ("--model", model_path, "--device", "cpu", "--timesteps", 100, "-o", tmp_path / "out")
        return main(["segment", *map(str, (*images, *options))])

    return run


def photographed(folder: Path) -> str:
    """The photograph whose results lie in a folder."""
    path: str = json.loads((folder / "result.json").read_text())["image"]["path"]
    return path


def test_images_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usage_error(["segment", "a/ISIC_1.jpg", "b/ISIC_1.png", "-o", tmp_path / "out"])
    assert "ISIC_1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("one", "other"), [("ISIC_1.jpg", "isic_1.png"), ("arm.jpg", "arm..jpg"), ("a.b", "a .b")])
def test_images_whose_names_are_one_on_some_system_are_refused(tmp_path: Path, one: str, other: str) -> None:
    usage_error(["segment", f"a/{one}", f"b/{other}", "-o", tmp_path / "out"])


def test_results_of_another_image_of_that_name_stay(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / photo_path.name
    Image.fromarray(np.asarray(Image.open(photo_path))[:, ::-1]).save(other)
    for path in (photo_path, other, photo_path, other):
        assert segment(path) == 0
    first, second = sorted((tmp_path / "out").iterdir())
    assert (first.name, photographed(first)) == ("nevus", str(photo_path))
    assert (second.name[:6], photographed(second)) == ("nevus-", str(other))
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [str(first), str(second)] * 2


def test_a_name_too_long_for_a_file_is_a_failure(segment: Callable[..., int], photo_path: Path) -> None:
    assert segment("[" + "a" * 300, photo_path) == 1


def test_wildcards_are_expanded_where_the_shell_has_not(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path
) -> None:
    for name in ("one.png", "two.png", "three[3].png"):
        (tmp_path / name).write_bytes(photo_path.read_bytes())
    assert segment(tmp_path / "*o.png", tmp_path / "three[3].png") == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"two", "three[3]"}
