"""The size of a pixel: a ruler laid by hand wins over what the file says, and results tell which it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.method.consensus import vote
from engine.method.stability import stability
from engine.photograph.read import read_image
from engine.reading.reading import Reading, Ruler
from engine.reading.scale import RULER, mm_per_px, scale_of
from engine.records.export import export
from engine.records.sidecar import result_json
from engine.records.table import row
from engine.records.writers import writers
from engine.results import ModelName, Segmentation
from tests.engine.dicoms import native
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

LAID = Reading(ruler=Ruler((0.0, 0.0), (10.0, 0.0), 1.0))
PLANTED = ("PLANTED", "ID-4711", "19700102", "1970-01", "SECRET")


def result(image: SkinImage, evidence: Evidence) -> Segmentation:
    """An unrefined result."""
    name = ModelName("made up", "0" * 64)
    return Segmentation(
        image,
        RECIPE,
        name,
        evidence,
        vote(evidence, RECIPE.vote),
        None,
        stability(evidence),
        made="2026-05-03T14:02:11",
    )


@pytest.fixture
def dicom(tmp_path: Path, photo: SkinImage) -> SkinImage:
    """A DICOM photograph with pixels of 0.05 mm, a patient and more that tells who it is."""
    entries = {
        "PixelSpacing": [0.05, 0.05], "AccessionNumber": "SECRET-1", "ReferringPhysicianName": "SECRET^DOCTOR",
        "InstitutionName": "SECRET CLINIC", "PatientComments": "SECRET", "StudyDescription": "SECRET",
    }  # fmt: skip
    path = tmp_path / "lesion.dcm"
    path.write_bytes(native(photo.pixels, **entries))
    return read_image(path)


@pytest.fixture
def found(dicom: SkinImage, evidence: Evidence) -> Segmentation:
    """Its result."""
    return result(dicom, evidence)


def test_the_files_scale_holds_until_a_ruler_is_laid(dicom: SkinImage, photo: SkinImage) -> None:
    assert mm_per_px(dicom, Reading()) == 0.05
    assert mm_per_px(dicom, LAID) == mm_per_px(photo, LAID) == 0.1
    laid = scale_of(dicom, LAID)
    assert laid is not None
    assert laid.source == RULER
    assert scale_of(photo, Reading()) is scale_of(None, Reading()) is None


def test_results_are_in_mm_and_say_why(found: Segmentation) -> None:
    plain, laid = result_json(found), result_json(found, LAID)
    assert plain["scale"] == {"mm_per_px": 0.05, "source": "DICOM Pixel Spacing"}
    assert laid["scale"] == {"mm_per_px": 0.1, "source": "ruler"}
    area, larger = (said["measures"]["area"] for said in (plain, laid))
    assert (area["unit"], larger["unit"]) == ("mm²", "mm²")
    assert np.isclose(larger["value"], 4 * area["value"])
    assert np.isclose(area["value"], found.mask.sum() * 0.05**2)


def test_a_table_has_the_scale_that_its_measures_have(found: Segmentation, photo: SkinImage) -> None:
    plain, laid, without = (
        row(said) for said in (result_json(found), result_json(found, LAID), result_json(replace(found, image=photo)))
    )
    assert [one["mm_per_px"] for one in (plain, laid, without)] == [0.05, 0.1, None]
    assert plain["area_px2"] == laid["area_px2"] == without["area_px2"] == found.mask.sum()
    assert plain["area_mm2"] == pytest.approx(plain["area_px2"] * 0.05**2)
    assert without["area_mm2"] is None


def test_a_table_of_a_result_of_before_has_its_rulers_scale(found: Segmentation) -> None:
    said = result_json(found, LAID)
    del said["scale"]
    assert row(said) == row(result_json(found, LAID))


def test_results_without_a_scale_are_in_pixels(found: Segmentation, photo: SkinImage) -> None:
    said = result_json(replace(found, image=photo))
    assert said["scale"] is None
    assert said["image"] == {"file": "nevus.png", "sha256": photo.sha256, "width": 96, "height": 72}
    assert {measure["unit"] for measure in said["measures"].values()} <= {"px", "px²", ""}


def test_results_keep_when_and_where_it_was_taken(found: Segmentation) -> None:
    said = result_json(found)["image"]
    kept = {name: said[name] for name in ("date", "body_site", "laterality", "device")}
    assert kept == {
        "date": "2026-05-04 10:11:12", "body_site": "Back", "laterality": "left", "device": "Maker DX-1"
    }  # fmt: skip


def test_no_byte_of_any_format_tells_who_the_patient_is(found: Segmentation, tmp_path: Path) -> None:
    files = export(found, tmp_path / "out", LAID, also=tuple(writers()))
    assert len(files) > 5
    for path in files:
        content = path.read_bytes()
        for planted in PLANTED:
            assert planted.encode() not in content, path
    assert PLANTED[0].encode() in found.image.path.read_bytes()


def test_what_a_camera_wrote_is_shown_and_not_kept(tmp_path: Path, evidence: Evidence) -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x0132] = "PLANTED CAMERA", "1970:01:02 03:04:05"
    exif.get_ifd(0x8825)[29] = "1970:01:02"  # GPS
    path = tmp_path / "photo.jpg"
    Image.fromarray(lesion_photo(0, 72, 96)[0]).save(path, exif=exif)
    image = read_image(path)
    assert (image.about.device, image.about.date) == ("PLANTED CAMERA", "1970-01-02 03:04:05")
    for written in export(result(image, evidence), tmp_path / "out", also=tuple(writers())):
        assert not any(
            planted.encode() in written.read_bytes() for planted in ("PLANTED", "1970:01", "1970-01", "197001")
        )
