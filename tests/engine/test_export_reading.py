"""Exports of what a person made of an image: corrections, decisions, calibration, beside what the model found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.errors import ExportError, ReadingError
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading import correction
from engine.reading.layer_png import layer_from_png
from engine.reading.measures import measures_json
from engine.reading.reading import Decision, Reading, Ruler, blind, corrected, decide
from engine.reading.regions import regions, regions_json
from engine.reading.snapshots import added
from engine.recipe import Recipe
from engine.records import atomic
from engine.records.export import export
from engine.records.record import Record
from engine.records.sidecar import read_scribbles
from engine.scribbles import LESION, SKIN, Scribble, labels
from tests.engine.test_export import NAMES, content, enclosed, pixels, segment

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

CORRECTED = NAMES | {"model_mask.png", "correction.png", "blind_outline.png"}


@pytest.fixture
def found(model: Model, photo: SkinImage) -> Segmentation:
    """A result for a photograph larger than its working grid: 768 x 576."""
    return segment(model, replace(photo, pixels=photo.pixels.repeat(8, 0).repeat(8, 1)))


def read(found: Segmentation) -> Reading:
    """A reading of every kind: corrections at the corners, a decision, a ruler, a blind outline."""
    layer = correction.blank(*found.mask.shape)
    height, width = layer.shape
    for point, value in (((0, 0), correction.LESION), ((width / 2, height / 2), correction.SKIN)):
        correction.put(layer, correction.stroke(layer, [point], height / 5, value))
    ruler = Ruler((0, 0), (width / 2, 0), 10)
    outline = blind(~found.mask, found.mask, 12.0, 3)
    decisions = (Decision("accept", (-90.0, -90.0), (-99.0, -99.0, -80.0, -80.0)),)
    snapshots = added((), "before the hair", layer)
    reading = Reading(
        layer, decisions, ruler, outline, 7, verdict="usable", note="a hair lies over it", snapshots=snapshots
    )
    listed = regions(found.consensus, width, height)
    return decide(reading, listed, listed[0].number, "undecidable")


def test_a_correction_is_written_beside_what_the_model_found(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path / "model")
    reading = read(found)
    paths = export(found, tmp_path / "read", reading)
    model, files = content(tmp_path / "model"), content(tmp_path / "read")
    assert set(files) == CORRECTED == {path.relative_to(tmp_path / "read").as_posix() for path in paths}
    mask = pixels(tmp_path / "read" / "mask.png") > 0
    assert np.array_equal(mask, correction.apply(reading.layer, found.mask))
    assert not np.array_equal(mask, found.mask)
    assert files["model_mask.png"] == model["mask.png"]
    assert np.array_equal(layer_from_png(files["correction.png"]), reading.layer)
    assert np.array_equal(pixels(tmp_path / "read" / "blind_outline.png"), np.where(found.mask, 0, 255))
    changed = {name for name in NAMES if files[name] != model[name]}
    assert changed == {"mask.png", "overlay.png", "result.json"}
    drawn = (pixels(tmp_path / "read" / "overlay.png") != found.image.pixels).any(axis=2)
    radius = 576 / 5
    assert drawn[:4, round(radius) - 2 : round(radius) + 2].any()  # where the stroke in the corner ends


def test_the_sidecar_says_what_a_person_made_of_it(found: Segmentation, tmp_path: Path) -> None:
    reading = read(found)
    export(found, tmp_path, reading)
    said = json.loads((tmp_path / "result.json").read_text())
    mask, model_mask = (pixels(tmp_path / name) > 0 for name in ("mask.png", "model_mask.png"))
    listed = regions(found.consensus, 768, 576)
    first = {listed[0].number: "undecidable"}
    assert said["lesion_area_px"] == mask.sum()
    assert said["measures"] == json.loads(json.dumps(measures_json(found, mask, 10 / 384)))
    assert said["regions"] == json.loads(json.dumps(regions_json(listed, first)))
    about = said["reading"]
    assert (about["added_px"], about["removed_px"]) == ((mask & ~model_mask).sum(), (model_mask & ~mask).sum())
    assert min(about["added_px"], about["removed_px"]) > 0
    assert (about["edits"], about["reviewed"], about["of"]) == (7, 1, len(listed))
    assert [(made["choice"], made["region"]) for made in about["decisions"]] == [
        ("accept", None),
        ("undecidable", listed[0].number),
    ]
    assert about["ruler"] == {"start": [0, 0], "end": [384, 0], "length_mm": 10}
    assert about["mm_per_px"] == pytest.approx(10 / 384)
    assert (about["blind"]["seconds"], about["blind"]["edits"]) == (12, 3)
    assert about["snapshots"] == ["before the hair"]
    assert (about["verdict"], about["note"]) == ("usable", "a hair lies over it")
    assert about["blind"]["agreement"]["dice"] == 0


def test_a_sidecar_and_its_correction_reproduce_the_final_mask(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    found = segment(model, photo)
    export(found, tmp_path, read(found))
    said = json.loads((tmp_path / "result.json").read_text())
    again = segment(model, photo, Recipe.from_json(said["recipe"]))
    assert np.array_equal(again.mask, pixels(tmp_path / "model_mask.png") > 0)
    reading = Reading.from_json(said["reading"], layer_from_png((tmp_path / "correction.png").read_bytes()))
    assert np.array_equal(corrected(again, reading), pixels(tmp_path / "mask.png") > 0)
    assert reading.to_json() == read(found).to_json()


def test_a_reading_without_correction_changes_no_picture(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path / "model", Reading())
    reading = read(found)
    export(found, tmp_path / "read", replace(reading, layer=None, blind=replace(reading.blind, layer=None)))
    model, files = content(tmp_path / "model"), content(tmp_path / "read")
    assert set(model) == set(files) == NAMES
    assert {name for name in NAMES if files[name] != model[name]} == {"result.json"}
    assert json.loads(model["result.json"])["reading"] is None
    about = json.loads(files["result.json"])["reading"]
    assert (about["added_px"], about["removed_px"], about["reviewed"]) == (0, 0, 1)


def test_a_correction_of_another_size_is_refused_and_nothing_written(found: Segmentation, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="made at 3 x 2 pixels, but it is 768 x 576"):
        export(found, tmp_path, Reading(np.ones((2, 3), np.int8)))
    assert content(tmp_path) == {}


def test_a_correction_that_was_taken_back_leaves_no_file(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    found = segment(model, photo)
    export(found, tmp_path / "never")
    export(found, tmp_path / "again", read(found))
    assert (tmp_path / "again" / "blind_outline.png").exists()
    (tmp_path / "again" / "notes.txt").write_bytes(b"mine")
    export(found, tmp_path / "again", Reading())
    assert content(tmp_path / "again") == content(tmp_path / "never") | {"notes.txt": b"mine"}


@pytest.mark.parametrize("names", [NAMES, CORRECTED])
def test_a_full_disk_leaves_the_earlier_files_and_their_correction(
    model: Model, photo: SkinImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: set[str]
) -> None:
    found = segment(model, photo)
    export(found, tmp_path, read(found) if names is CORRECTED else None)
    before = content(tmp_path)
    assert set(before) == names
    write = atomic._write

    def fills_up(path: Path, data: bytes) -> None:
        if path.name == "result.json":
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(atomic, "_write", fills_up)
    with pytest.raises(ExportError, match="No space left on device"):
        export(found, tmp_path, None if names is CORRECTED else read(found))
    assert content(tmp_path) == before


@pytest.mark.parametrize("value", [correction.LESION, correction.SKIN])
def test_the_border_of_a_corrected_mask_encloses_exactly_that(model: Model, photo: SkinImage, value: int) -> None:
    found = segment(model, photo)
    noise = np.random.default_rng(0).choice([0, value], found.mask.shape, p=[0.9, 0.1])
    for layer in (noise, np.full_like(noise, value), read(found).layer):
        record = Record.of(found, Reading(layer.astype(np.int8)))
        assert np.array_equal(enclosed(record.border, record.mask.shape), record.mask)


def test_scribbles_are_written_so_that_the_mask_can_be_made_again(
    model: Model, found: Segmentation, tmp_path: Path
) -> None:
    height, width = found.mask.shape
    scribbles = (
        Scribble(LESION, ((10.0, 10.0), (40.0, 30.0)), 12.0),
        Scribble(SKIN, ((width / 2, height / 2),), 30.0, everywhere=False),
    )
    pipeline = Pipeline(model, "cpu")
    scribbled = drain(pipeline.run(found.image, found.recipe, scribbles))
    assert not np.array_equal(scribbled.mask, found.mask)
    export(scribbled, tmp_path, Reading(scribbles=scribbles))
    layer = layer_from_png((tmp_path / "scribbles.png").read_bytes())
    assert np.array_equal(layer, labels(scribbles, layer.shape, (height, width)))
    read = read_scribbles(tmp_path / "result.json", found.image)
    assert read == scribbles
    again = drain(Pipeline(model, "cpu").run(found.image, found.recipe, read))
    assert np.array_equal(pixels(tmp_path / "mask.png") > 0, again.mask)
    export(found, tmp_path)
    assert not (tmp_path / "scribbles.png").exists()
    with pytest.raises(ReadingError, match="another photograph"):
        read_scribbles(tmp_path / "result.json", replace(found.image, sha256="0" * 64))


HUGE = '{"scribbles": [{"label": "skin", "everywhere": true, "points": [[1, 1]], "radius": 1' + "0" * 400 + "}]}"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"image": {"sha256": "0"}, "scribbles": [{"label": "hair"}]}', HUGE])
def test_scribbles_that_cannot_be_read_are_refused(photo: SkinImage, tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text)
    with pytest.raises(ReadingError, match=r"result\.json is no result with scribbles"):
        read_scribbles(tmp_path / "result.json", photo)
