"""Many photographs at once: going on where a run stopped, a table of all, and what is never written over."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest

from engine.cli import main
from engine.networks.weights import save_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from engine.recipe import NoiseSettings
from engine.records.export import export
from engine.records.sidecar import read_sidecar
from engine.scribbles import LESION, Scribble
from tests.conftest import random_network
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.networks.weights import Model


@pytest.fixture
def segment(model_path: Path, photo_path: Path, tmp_path: Path) -> Callable[..., int]:
    """Run ``diffseg segment`` on two photographs with one timestep of the tiny model on the CPU."""
    other = tmp_path / "other.png"
    other.write_bytes(photo_path.read_bytes())

    def run(*options: object, model: Path = model_path) -> int:
        fixed = ("--model", model, "--device", "cpu", "--timesteps", 100, "-o", tmp_path / "out")
        return main(["segment", *map(str, (photo_path, other, *fixed, *options))])

    return run


def written(folder: Path) -> int:
    """When the results in a folder were written."""
    return (folder / "result.json").stat().st_mtime_ns


def test_resume_leaves_out_what_is_there(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment() == 0
    first, second = tmp_path / "out" / "nevus", tmp_path / "out" / "other"
    (second / "result.json").unlink()  # as a run that was stopped leaves it
    before = written(first)
    capsys.readouterr()
    assert segment("--resume") == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{first}: is there already"
    assert written(first) == before
    assert read_sidecar(second) is not None


@pytest.mark.parametrize("name", ["mask.png", "maps.npz", "overlay.png"])
def test_resume_does_anew_what_lacks_a_file(segment: Callable[..., int], tmp_path: Path, name: str) -> None:
    assert segment() == 0
    lost = tmp_path / "out" / "nevus" / name
    before = lost.read_bytes()
    lost.unlink()
    assert segment("--resume") == 0
    assert lost.read_bytes() == before


def test_resume_does_anew_what_other_settings_or_another_model_made(
    segment: Callable[..., int], tmp_path: Path
) -> None:
    assert segment() == 0
    folder = tmp_path / "out" / "nevus"
    before = written(folder)
    assert segment("--resume", "--delta", "0.2") == 0
    changed = written(folder)
    assert changed > before
    save_model(tmp_path / "new.safetensors", random_network(1), RECIPE, {})
    assert segment("--resume", "--delta", "0.2", model=tmp_path / "new.safetensors") == 0
    assert written(folder) > changed


def test_resume_writes_what_is_asked_for_beside_what_is_there(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formats = ("--also", "svg,dicom-seg,pdf")
    assert segment("--also", "dicom-seg,pdf", "--language", "de") == 0
    folder = tmp_path / "out" / "nevus"
    before, report = written(folder), (folder / "report.pdf").read_bytes()
    capsys.readouterr()
    assert segment("--resume", *formats, "--patient-id", "X-17") == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{folder}: is there already; svg, dicom-seg, pdf written"
    assert written(folder) == before, "nothing was segmented again"
    assert {pydicom.dcmread(path).PatientID for path in (folder / "dicom").iterdir()} == {"X-17"}
    assert (folder / "report.pdf").read_bytes() != report
    at_once = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert segment("--resume", *formats, "--patient-id", "X-17") == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == at_once


def test_the_table_has_a_row_for_each_result(segment: Callable[..., int], tmp_path: Path) -> None:
    assert segment("--table", tmp_path / "table.csv") == 0
    assert segment("--table", tmp_path / "again.csv", "--resume") == 0
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == ["nevus.png", "other.png"]
    made = read_sidecar(tmp_path / "out" / "other")
    assert rows[1]["folder"] == str(tmp_path / "out" / "other")
    assert (rows[1]["width"], rows[1]["sha256"]) == ("96", made["image"]["sha256"])
    assert (int(rows[1]["lesion_area_px"]), float(rows[1]["ged"])) == (made["lesion_area_px"], made["ged"])
    assert (rows[1]["model"], rows[1]["device"]) == ("tiny", "cpu")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "table.csv").read_bytes()


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_a_damaged_result_has_no_row_and_the_others_have(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert segment() == 0
    path = tmp_path / "out" / "nevus" / "result.json"
    made = json.loads(path.read_text())
    for damage in ({"measures": {}}, {"ged": [0.1]}, {"ged": float("inf")}, {"regions": 5}):
        path.write_text(json.dumps({**made, **damage}))
        capsys.readouterr()
        assert segment("--resume", "--table", tmp_path / name) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"diffseg: The result in {path.parent} is damaged (")
        assert (tmp_path / name).exists()
    if name == "table.csv":
        with (tmp_path / name).open(newline="", encoding="utf-8-sig") as file:
            assert [row["file"] for row in csv.DictReader(file)] == ["other.png"]


def test_a_damaged_result_gets_no_further_format_and_the_others_do(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment() == 0
    path = tmp_path / "out" / "nevus" / "result.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "measures": {"area": {}}}))
    capsys.readouterr()
    assert segment("--resume", "--also", "geojson") == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"diffseg: The result in {path.parent} is damaged (")
    assert said.out == f"{tmp_path / 'out' / 'other'}: is there already; geojson written\n"


@pytest.mark.parametrize("model", [None, "tiny", [], {}])
def test_resume_does_anew_what_does_not_say_its_model(
    segment: Callable[..., int], tmp_path: Path, model: object
) -> None:
    assert segment() == 0
    path = tmp_path / "out" / "nevus" / "result.json"
    made = json.loads(path.read_text())
    path.write_text(json.dumps({**made, "model": model}))
    assert segment("--resume") == 0
    assert json.loads(path.read_text())["model"] == made["model"]


def test_the_table_tells_a_persons_verdict_and_note(
    segment: Callable[..., int], model: Model, photo_path: Path, tmp_path: Path
) -> None:
    assert segment() == 0
    found = drain(Pipeline(model, "cpu").run(read_image(photo_path), replace(RECIPE, noise=NoiseSettings((100,)))))
    export(found, tmp_path / "out" / "nevus", Reading(verdict="not usable", note="=1+1; hair,\nruler"))
    segment("--table", tmp_path / "table.csv", "--resume")
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["file"]: (row["verdict"], row["note"]) for row in csv.DictReader(file)}
    assert rows["nevus.png"] == ("not usable", "'=1+1; hair, ruler"), "a spreadsheet must not take it for a formula"
    assert rows["other.png"] == ("", "")


def test_what_a_person_made_of_an_image_is_not_written_over(
    segment: Callable[..., int], model: Model, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings((100,)))
    found = drain(Pipeline(model, "cpu").run(read_image(photo_path), recipe))
    folder = tmp_path / "out" / "nevus"
    export(found, folder, Reading(np.ones((72, 96), np.int8)))
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert segment() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{folder} holds what a person made of nevus.png" in line
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert read_sidecar(tmp_path / "out" / "other") is not None, "the others are done"


def test_resume_leaves_a_persons_work_alone_and_gives_it_its_row(
    segment: Callable[..., int], model: Model, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings((100,)))
    photo, folder = read_image(photo_path), tmp_path / "out" / "nevus"
    scribbled = drain(Pipeline(model, "cpu").run(photo, recipe, (Scribble(LESION, ((48, 36), (50, 36)), 2),)))
    corrected = drain(Pipeline(model, "cpu").run(photo, recipe))
    for found, reading in ((scribbled, None), (corrected, Reading(np.ones((72, 96), np.int8)))):
        export(found, folder, reading)
        before = written(folder)
        assert segment("--resume", "--also", "coco", "--table", tmp_path / "table.csv") == 0
        said = capsys.readouterr().out.splitlines()[0]
        assert said.startswith(f"{folder}: a person worked on it; left as it is")
        assert written(folder) == before
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["file"] for row in csv.DictReader(file)] == ["nevus.png", "other.png"]


def test_a_sidecar_of_another_model_is_named(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment() == 0
    path = tmp_path / "out" / "nevus" / "result.json"
    assert segment("--recipe", path) == 0
    assert capsys.readouterr().err == ""
    said = json.loads(path.read_text())
    said["model"] = {"name": "older", "sha256": "0123456789"}
    (tmp_path / "older.json").write_text(json.dumps(said))
    assert segment("--recipe", tmp_path / "older.json") == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert "was made with the model older (01234567), not tiny (" in line


def test_formats_are_asked_for_by_name(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment("--also", "votes,masks") == 0  # which are written anyway
    assert (tmp_path / "out" / "nevus" / "mask.png").exists()
    with pytest.raises(SystemExit) as ended:
        segment("--also", "votes,papyrus")
    assert ended.value.code == 2
    assert "there is no format 'votes,papyrus'; choose from" in capsys.readouterr().err


def test_scribbles_of_a_result_are_followed_on_their_photograph_alone(
    segment: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment() == 0
    first = tmp_path / "out" / "nevus"
    before = (first / "mask.png").read_bytes()
    made = json.loads((first / "result.json").read_text())
    made["scribbles"] = [{"label": "skin", "points": [[48.0, 36.0]], "radius": 8.0, "everywhere": True}]
    (tmp_path / "scribbled.json").write_text(json.dumps(made))
    assert segment("--recipe", tmp_path / "scribbled.json") == 0  # settings alone
    assert (first / "mask.png").read_bytes() == before
    assert segment("--scribbles", tmp_path / "scribbled.json", "--resume") == 0  # both files hold the same bytes
    assert (first / "mask.png").read_bytes() != before
    assert (first / "scribbles.png").exists()
    capsys.readouterr()
    assert segment("--scribbles", tmp_path / "scribbled.json", "--resume") == 0
    assert [line.endswith("is there already") for line in capsys.readouterr().out.splitlines()] == [True, True]
    made["image"]["sha256"] = "0" * 64
    (tmp_path / "scribbled.json").write_text(json.dumps(made))
    assert segment("--scribbles", tmp_path / "scribbled.json") == 1
    assert "another photograph" in capsys.readouterr().err
