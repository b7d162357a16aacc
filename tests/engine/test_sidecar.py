"""The sidecar: its format, those of before and after, and what it says of frames and of what softens votes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.errors import ExportError, TrainingError
from engine.method.probability import Roots, Temperatures, softening_from_json
from engine.reading.reading import Reading, Ruler
from engine.records.export import export
from engine.records.folders import folder_for
from engine.records.reading_back import read_record
from engine.records.sidecar import SIDECAR, read_sidecar
from engine.results import Dropped, Refined
from engine.training.data import from_results
from tests.engine.test_export import content, segment

if TYPE_CHECKING:
    from pathlib import Path

    from engine.method.probability import Softening
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

RULER = Ruler((0.0, 0.0), (30.0, 40.0), 5.0)


@pytest.fixture
def found(model: Model, photo: SkinImage) -> Segmentation:
    """A result of the tiny model."""
    return segment(model, photo)


def test_it_says_its_format_first(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path, Reading(ruler=RULER))
    said = json.loads((tmp_path / SIDECAR).read_text())
    assert next(iter(said)) == "format"
    assert (said["format"], said["recipe"]["format"]) == (2, 2)
    assert said["reading"]["ruler"]["length_mm"] == 5
    assert said["softening"] is None
    assert "frame" not in said["image"]


def test_it_tells_what_was_too_small_to_stay(found: Segmentation, tmp_path: Path) -> None:
    speck = Dropped(True, 12, (3, 4, 7, 9))
    refined = Refined(np.zeros((72, 96), np.float32), np.zeros((72, 96), np.bool_), ((80,),), (speck,))
    export(replace(found, refined=refined), tmp_path)
    said = json.loads((tmp_path / SIDECAR).read_text())
    assert said["dropped"] == [{"hole": True, "area_px": 12, "box": [3, 4, 7, 9]}]
    export(replace(found, refined=None), tmp_path)
    assert json.loads((tmp_path / SIDECAR).read_text())["dropped"] == []


@pytest.mark.parametrize("softening", [Temperatures((60, 150), (0.02, 0.05)), Roots(8.0, 15.0)])
def test_its_softening_gives_the_probability_again(
    model: Model, photo: SkinImage, tmp_path: Path, softening: Softening
) -> None:
    found = segment(replace(model, softening=softening), photo)
    export(found, tmp_path)
    said = json.loads((tmp_path / SIDECAR).read_text())
    read = softening_from_json(said["softening"])
    assert read == softening
    with np.load(tmp_path / "maps.npz") as maps:
        again = read.probability(maps["difference"], said["recipe"]["noise"]["timesteps"], said["delta"])
        np.testing.assert_array_equal(maps["probability"], again)


def test_one_without_a_number_is_read(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path, Reading(ruler=RULER))
    said = json.loads((tmp_path / SIDECAR).read_text())
    del said["format"], said["recipe"]["format"], said["softening"]
    said["reading"]["calibration"] = said["reading"].pop("ruler")
    (tmp_path / SIDECAR).write_text(json.dumps(said))
    read = read_sidecar(tmp_path)
    assert read["image"]["sha256"] == found.image.sha256
    assert Reading.from_json(read["reading"]).ruler == RULER


@pytest.mark.parametrize("softening", [None, Temperatures((60, 150), (0.02, 0.05))])
def test_temperatures_of_format_1_are_read_as_a_softening(
    model: Model, photo: SkinImage, tmp_path: Path, softening: Temperatures | None
) -> None:
    export(segment(replace(model, softening=softening), photo), tmp_path)
    said = json.loads((tmp_path / SIDECAR).read_text())
    del said["softening"]
    old = softening and softening.to_json()["at"]
    (tmp_path / SIDECAR).write_text(json.dumps({**said, "format": 1, "temperatures": old}))
    assert read_record(tmp_path).found.softening == softening


def test_results_of_a_newer_format_are_refused_and_stay(found: Segmentation, tmp_path: Path) -> None:
    folder = tmp_path / found.image.path.stem
    folder.mkdir()
    (folder / SIDECAR).write_text(json.dumps({"format": 3, "photograph": {}}))
    before = content(tmp_path)
    sentence = rf"The result .*{SIDECAR} has format 3, .* use a newer DiffSeg"
    with pytest.raises(ExportError, match=sentence):
        read_sidecar(folder)
    with pytest.raises(ExportError, match=sentence):
        folder_for(found.image, tmp_path)
    with pytest.raises(ExportError, match=sentence):
        export(found, folder)
    with pytest.raises(TrainingError, match=sentence):
        from_results(tmp_path, tmp_path)
    assert content(tmp_path) == before


def test_frames_of_one_file_have_folders_of_their_own(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    frames = [replace(photo, frame=number) for number in range(3)]
    assert {photo.identity, *(frame.identity for frame in frames)} == {
        photo.sha256,
        *(f"{photo.sha256}-{number}" for number in range(3)),
    }
    for image in (photo, *frames):
        folder = folder_for(image, tmp_path)
        assert not folder.exists()
        export(segment(model, image), folder)
        assert folder_for(image, tmp_path) == folder
        assert json.loads((folder / SIDECAR).read_text())["image"].get("frame") == image.frame
