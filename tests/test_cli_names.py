"""The names of photographs that are segmented, and of the folders that their results get."""

from __future__ import annotations

import csv
import hashlib
import json
import os
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
    """The digest of the photograph whose results lie in a folder."""
    image: str = json.loads((folder / "result.json").read_text())["image"]["sha256"]
    return image


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mirrored(path: Path, to: Path) -> Path:
    """Another photograph."""
    to.parent.mkdir(exist_ok=True)
    Image.fromarray(np.asarray(Image.open(path))[:, ::-1]).save(to)
    return to


def test_images_of_one_name_get_two_folders(segment: Callable[..., int], photo_path: Path, tmp_path: Path) -> None:
    other = mirrored(photo_path, tmp_path / "left" / photo_path.name)
    assert segment(photo_path, other) == 0
    first, second = sorted((tmp_path / "out").iterdir())
    assert (first.name, photographed(first)) == ("nevus", digest(photo_path))
    assert (second.name, photographed(second)) == (f"nevus-{digest(other)[:8]}", digest(other))


def test_results_of_another_image_of_that_name_stay(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = mirrored(photo_path, tmp_path / photo_path.name)
    for path in (photo_path, other, photo_path, other):
        assert segment(path) == 0
    first, second = sorted((tmp_path / "out").iterdir())
    assert (first.name, photographed(first)) == ("nevus", digest(photo_path))
    assert (second.name[:6], photographed(second)) == ("nevus-", digest(other))
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [str(first), str(second)] * 2


def test_a_photograph_that_is_named_twice_has_one_row(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copies" / photo_path.name
    copy.parent.mkdir()
    copy.write_bytes(photo_path.read_bytes())
    assert segment(photo_path, copy, photo_path, copy.parent, "--table", tmp_path / "table.csv") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2, "each file once"
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["file"] for row in csv.DictReader(file)] == [photo_path.name]


def test_a_table_is_not_emptied_by_a_name_that_is_wrong(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    assert segment(photo_path, "--table", table) == 0
    before = table.read_bytes()
    assert segment(tmp_path / "absent.jpg", "--table", table) == 1
    assert table.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="there a backslash parts folders")
def test_further_formats_lie_beside_the_result_of_an_odd_name(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "left\\arm.png"
    odd.write_bytes(photo_path.read_bytes())
    assert segment(odd) == 0
    assert segment(odd, "--resume", "--also", "svg") == 0
    assert [path.parent.name for path in (tmp_path / "out").glob("*/border.svg")] == ["left_arm"]
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_name_too_long_for_a_file_is_a_failure(segment: Callable[..., int], photo_path: Path) -> None:
    assert segment("[" + "a" * 300, photo_path) == 1


def test_wildcards_are_expanded_where_the_shell_has_not(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path
) -> None:
    for name in ("one.png", "two.png", "three[3].png"):
        (tmp_path / name).write_bytes(photo_path.read_bytes())
    assert segment(tmp_path / "*o.png", tmp_path / "three[3].png") == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"two", "three[3]"}


def test_a_folder_stands_for_its_images(
    segment: Callable[..., int], photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "series"
    folder.mkdir()
    for name in ("one.png", "one_segmentation.png", "two.PNG", "alone_segmentation.png"):
        (folder / name).write_bytes(photo_path.read_bytes())
    (folder / "notes.txt").write_text("no image")
    assert segment(folder) == 0
    made = {p.name for p in (tmp_path / "out").iterdir()}
    assert made == {"one", "two", "alone_segmentation"}, "a mask beside its photograph is none"
    assert capsys.readouterr().err == ""
    (folder / "deeper").mkdir()
    assert segment(folder) == 0
    assert capsys.readouterr().err == f"diffseg: {folder}: the folders in it are not searched.\n"
    (tmp_path / "empty").mkdir()
    capsys.readouterr()
    usage_error(["segment", tmp_path / "empty", "-o", tmp_path / "out"])
    assert "empty holds no image" in capsys.readouterr().err
