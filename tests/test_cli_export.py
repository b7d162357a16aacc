"""``diffseg export``: more formats of results that are there already."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.cli import main
from engine.networks.weights import load_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from engine.records.export import export
from engine.records.reading_back import read_record
from engine.records.sidecar import SIDECAR
from engine.records.style import Style
from engine.records.writers import writers
from tests.engine import dicoms
from tests.engine.test_export import content
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

NEW = "labelme,coco,svg,geojson,csv,xlsx,tiff,figure"


@pytest.fixture
def results(model_path: Path, photo_path: Path, tmp_path: Path) -> Path:
    """A folder with results of two photographs, of which one was corrected, with all formats."""
    other = tmp_path / "photographs" / "deep" / "renamed.png"
    other.parent.mkdir(parents=True)
    Image.fromarray(np.asarray(Image.open(photo_path))[:, ::-1]).save(tmp_path / "arm.png")
    (tmp_path / "photographs" / "mine.png").write_bytes(photo_path.read_bytes())
    other.write_bytes((tmp_path / "arm.png").read_bytes())
    (other.parent / "arm.png").write_bytes(photo_path.read_bytes())  # another photograph of that name
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "60,100", "-o", str(tmp_path / "results")]
    assert main(["segment", str(photo_path), *fixed, "--also", NEW]) == 0
    found = drain(Pipeline(load_model(model_path), "cpu").run(read_image(tmp_path / "arm.png"), recipe_of(tmp_path)))
    layer = np.full(found.mask.shape, -1, np.int8)
    layer[20:50, 20:60] = 1
    export(found, tmp_path / "results" / "arm", Reading(layer), also=NEW.split(","))
    return tmp_path / "results"


def recipe_of(folder: Path) -> object:
    """The recipe that the command line ran."""
    from engine.recipe import Recipe

    return Recipe.from_json(json.loads((folder / "results" / "nevus" / SIDECAR).read_text())["recipe"])


@pytest.fixture
def command(results: Path, tmp_path: Path) -> Callable[..., int]:
    """Run ``diffseg export`` on these results into ``tmp_path / "out"``."""

    def run(*options: object) -> int:
        return main(["export", *map(str, options), "-o", str(tmp_path / "out")])

    return run


def test_what_is_exported_later_is_what_would_have_been_exported_at_once(
    command: Callable[..., int], results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(results, "--to", NEW, "--photographs", tmp_path / "photographs") == 0
    out = content(tmp_path / "out")
    at_once = content(results)
    collections = {"coco.json", "table.csv", "table.xlsx"}
    assert {name.split("/")[0] for name in out} == {"arm", "nevus"} | collections
    for name in set(out) - collections:
        assert out[name] == at_once[name], name
    lines = capsys.readouterr().out.splitlines()
    assert f"{results / 'arm'}: labelme, svg, geojson, tiff, figure in {tmp_path / 'out' / 'arm'}" in lines
    assert f"{tmp_path / 'out' / 'coco.json'}: 2 photographs" in lines


def test_a_collection_of_one_is_that_of_its_folder(command: Callable[..., int], results: Path, tmp_path: Path) -> None:
    assert command(results / "arm" / SIDECAR, results / "arm", "--to", "coco,csv,xlsx") == 0
    at_once = content(results / "arm")
    assert content(tmp_path / "out") == {name: at_once[name] for name in ("coco.json", "table.csv", "table.xlsx")}
    with (tmp_path / "out" / "table.csv").open(newline="", encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["corrected"], row["lesion_area_px"]) == ("arm.png", "yes", "1200")


def test_only_what_shows_the_photograph_needs_it(
    command: Callable[..., int], results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(results / "arm", "--to", "figure,pdf") == 1
    assert "arm.png was not found, and figure and pdf need it; name" in capsys.readouterr().err
    assert not (tmp_path / "out" / "arm").exists(), "nothing is left of what could not be written"
    assert command(results, "--to", "svg,labelme,tiff") == 0
    capsys.readouterr()
    (results / "nevus" / "copy.png").write_bytes((tmp_path / "photographs" / "mine.png").read_bytes())
    assert command(results / "arm", results / "nevus", "--to", "figure") == 1
    said = capsys.readouterr()
    missing = "The photograph arm.png was not found, and figure needs it; name its folder with --photographs."
    assert said.err == f"diffseg: {missing}\n"
    assert said.out.splitlines() == [f"{results / 'nevus'}: figure in {tmp_path / 'out' / 'nevus'}"]
    assert (tmp_path / "out" / "nevus" / "figure.png").exists()


def test_the_results_own_folder_takes_more_formats(
    results: Path, model_path: Path, photo_path: Path, tmp_path: Path
) -> None:
    (results / "nevus" / "border.svg").unlink()
    before = content(results)
    assert main(["export", str(results), "--to", "svg", "-o", str(results)]) == 0
    after = content(results)
    assert set(after) - set(before) == {"nevus/border.svg"}
    assert {name: after[name] for name in before} == before


def test_a_results_own_folder_is_known_under_another_name(results: Path, tmp_path: Path) -> None:
    (results / "nevus" / "border.svg").unlink()
    (results / "nevus").rename(results / "patient 7")
    before = content(results)
    assert main(["export", str(results), "--to", "svg", "-o", str(results)]) == 0
    assert set(content(results)) - set(before) == {"patient 7/border.svg"}, "no second folder of the same result"


def test_what_is_no_result_is_a_line_and_the_others_are_done(
    command: Callable[..., int], results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (results / "arm" / "maps.npz").unlink()
    assert command(tmp_path / "photographs" / "mine.png", results, "--to", "geojson,csv") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert f"mine.png holds no {SIDECAR} that can be read" in lines[0]
    assert "maps.npz is missing in" in lines[1]
    assert (tmp_path / "out" / "nevus" / "border.geojson").exists()


@pytest.mark.parametrize("to", ["csv", "xlsx", "dicom-sr", "geojson"])
@pytest.mark.parametrize("harm", ["without", "of another kind"])
def test_a_sidecar_that_lacks_a_figure_is_a_line_and_the_others_are_done(
    command: Callable[..., int],
    results: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    to: str,
    harm: str,
) -> None:
    said = json.loads((results / "arm" / SIDECAR).read_text())
    if harm == "without":
        del said["measures"]["area"]["low"]
    else:
        said |= {"ged": ["a"], "measures": {**said["measures"], "area": []}}
    (results / "arm" / SIDECAR).write_text(json.dumps(said))
    assert command(results, "--to", to, "--photographs", tmp_path / "photographs") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"diffseg: The result in {results / 'arm'} is damaged (")
    assert line.endswith("segment its photograph again.")
    written = {name.split("/")[0] for name in content(tmp_path / "out")}
    assert written == {"csv": {"table.csv"}, "xlsx": {"table.xlsx"}}.get(to, {"nevus"})


@pytest.mark.parametrize(
    "options",
    [["--to", "papyrus"], ["--to", ""], [], ["--to", "figure", "--photographs", "absent"]],
    ids=" ".join,
)
def test_wrong_options_end_with_2(tmp_path: Path, options: list[str]) -> None:
    usage_error(["export", tmp_path / "nevus", "-o", tmp_path / "out", *options])
    assert not (tmp_path / "out").exists()


def test_a_folder_without_results_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usage_error(["export", tmp_path, "--to", "svg", "-o", tmp_path / "out"])
    assert f"{tmp_path} holds no {SIDECAR}" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["A" * 65, "A\\B", "A\x07"])
def test_a_patient_id_that_would_be_changed_is_refused(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", str(tmp_path), "--to", "dicom-seg", "--patient-id", wrong, "-o", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert "at most 64 characters" in capsys.readouterr().err


def test_dicom_files_are_filed_as_it_is_chosen_each_time(model_path: Path, photo_path: Path, tmp_path: Path) -> None:
    pixels = np.asarray(Image.open(photo_path).convert("RGB"))
    data = dicoms.native(
        np.stack([255 - pixels, pixels]), f"{dicoms.CAPTURE}.4", StudyInstanceUID="1.2.3.4", SeriesInstanceUID="1.2.3.5"
    )
    (tmp_path / "arm.dcm").write_bytes(data)
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "60,100", "--frame", "2"]
    chosen = ["--also", "dicom-sr", "--patient", "-o", str(tmp_path / "at_once")]
    assert main(["segment", str(tmp_path / "arm.dcm"), *fixed, *chosen]) == 0
    later = ["export", str(tmp_path / "at_once"), "--photographs", str(tmp_path), "--to", "dicom-seg,dicom-sr"]
    for name, options in (("own", ["--patient"]), ("nobody", []), ("given", ["--patient-id", "MINE-1"])):
        assert main([*later, *options, "-o", str(tmp_path / name)]) == 0
    of = {name: content(tmp_path / name / "arm" / "dicom") for name in ("at_once", "own", "nobody", "given")}
    assert of["own"] == of["at_once"]
    assert set(of["nobody"]) == set(of["given"]) == {*of["own"], "photograph.dcm"}
    for name, said in (("own", b"ID-4711"), ("given", b"MINE-1")):
        assert all(said in file for file in of[name].values())
    for file in (*of["nobody"].values(), *of["given"].values()):
        assert dicoms.PATIENT.encode() not in file
        assert b"ID-4711" not in file


def test_one_patient_id_is_for_the_photographs_of_one_patient(
    model_path: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.asarray(Image.open(photo_path).convert("RGB"))
    for name, patient in (("a", "Doe^Jane"), ("b", "Doe^Jane"), ("c", "Roe^Richard")):
        (tmp_path / f"{name}.dcm").write_bytes(dicoms.native(pixels, PatientName=patient, PatientID=patient[:3]))
    photographs = [str(tmp_path / f"{name}.dcm") for name in "abc"] + [str(photo_path)]
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "60,100", "-o", str(tmp_path / "out")]
    assert main(["segment", *photographs, *fixed, "--also", "dicom-seg", "--patient-id", "MINE-1"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("diffseg: c.dcm names another patient than a photograph before it")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "b", photo_path.stem]


@pytest.mark.parametrize(
    ("options", "style"),
    [
        ((), Style()),
        (("--language", "de"), Style("de", "a4", ",")),
        (("--language", "de", "--paper", "letter", "--decimal", "point"), Style("de", "letter", ".")),
    ],
)
def test_reports_are_in_the_style_that_is_wanted(
    command: Callable[..., int], results: Path, tmp_path: Path, options: tuple[str, ...], style: Style
) -> None:
    where = ("--photographs", tmp_path / "photographs")
    assert command(results / "nevus", "--to", "pdf", *where, *options) == 0
    record = read_record(results / "nevus", read_image(tmp_path / "photographs" / "mine.png"))
    ((name, data),) = writers()["pdf"].files(replace(record, style=style))
    assert (tmp_path / "out" / "nevus" / name).read_bytes() == data
