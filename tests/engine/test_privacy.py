"""What must not leave with a result: whatever the photograph's file and its folders say of a person."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import pydicom
import pytest
from PIL import Image

from engine.photograph.about import PATIENT_AND_STUDY
from engine.photograph.read import read_image
from engine.records.export import export
from engine.records.filing import Filing
from engine.records.writers import writers
from tests.engine import dicoms
from tests.engine.records_setup import reading_of, result
from tests.engine.test_export import content

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

pytestmark = pytest.mark.slow

SECRET = "Mustermann"
GPS = 0x8825
TEXTS = (
    *("PatientName", "PatientID", "OtherPatientNames", "ReferringPhysicianName", "AccessionNumber", "StudyID"),
    *("InstitutionName", "StationName", "OperatorsName", "PatientComments", "ImageComments", "StudyDescription"),
    *("SeriesDescription", "PatientAddress", "RequestingPhysician"),
)
STUDY = {"PatientBirthDate": "19010203", "StudyInstanceUID": "1.2.3.4711", "SeriesInstanceUID": "1.2.3.4712"}
NUMBERS = tuple(STUDY.values())


def marked(photo: SkinImage, path: Path, kind: str) -> Path:
    """The photograph in a file that says a person's name wherever such a file can, and where it was taken."""
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x013B, 0x8298, 0x9286, 0x9C9B, 0x9C9D):
        exif[tag] = SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 8.0, 13.0), 29: SECRET})
    more = {"comment": SECRET.encode()} if kind == "jpg" else {}
    Image.fromarray(photo.pixels).save(path, exif=exif, **more)
    assert SECRET.encode() in path.read_bytes()
    return path


def marked_dicom(photo: SkinImage, path: Path) -> Path:
    """The photograph as a DICOM file that says a person's name wherever such a file can."""
    path.write_bytes(dicoms.native(photo.pixels, **dict.fromkeys(TEXTS, SECRET), **STUDY))
    return path


def unpacked(data: bytes) -> bytes:
    """A file's bytes, and with them those of what it holds in compressed form."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return data + b"".join(archive.read(name) for name in archive.namelist())
    if data.startswith(b"%PDF") and shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True).stdout
        assert b"arm." in text
        return data + text
    return data


@pytest.mark.parametrize("kind", ["jpg", "png", "tif", "webp", "dcm"])
def test_nothing_of_a_person_is_in_any_byte_of_any_format(
    evidence: Evidence, photo: SkinImage, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / f"{SECRET}, Hans" / SECRET
    folder.mkdir(parents=True)
    mark = marked_dicom if kind == "dcm" else partial(marked, kind=kind)
    found = result(evidence, read_image(mark(photo, folder / f"arm.{kind}")))
    export(found, tmp_path / "out", reading_of(found), also=tuple(writers()))
    files = content(tmp_path / "out")
    assert len(files) > 20
    for name, data in files.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert SECRET.encode(encoding) not in unpacked(data), name
        assert b"1.2.3.471" not in data, f"{name} names the clinic's study"
        assert b"19010203" not in data, name
        assert str(tmp_path).encode() not in unpacked(data), name
        if name.endswith((".png", ".tif")):
            with Image.open(io.BytesIO(data)) as picture:
                assert not {1, 2, 29} & set(picture.getexif().get_ifd(GPS)), name
                assert not {0x010F, 0x013B, 0x8298, 0x9286} & set(picture.getexif()), name


def entries_with(data: bytes, texts: Collection[str]) -> set[str]:
    """The entries of a DICOM file, by keyword, that hold one of these texts; sequences only where they name a person.

    They may refer to the photograph, by the identifiers of its study and series.
    """
    told = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
    sought = {True: [SECRET], False: texts}
    return {one.keyword for one in told if any(text in str(one.value) for text in sought[one.VR == "SQ"])}


OF_STUDY = {name for name in (*TEXTS, *STUDY) if name in (*PATIENT_AND_STUDY, "StudyInstanceUID")}


@pytest.mark.parametrize(
    ("filing", "texts", "entries"),
    [
        (Filing(as_source=True), {SECRET, *NUMBERS}, OF_STUDY),
        (Filing(patient_id="GIVEN-1"), {"GIVEN-1"}, {"PatientID"}),
    ],
    ids=["own study", "given ID"],
)
def test_a_deliberate_choice_takes_exactly_what_is_said_and_into_dicom_files_alone(
    evidence: Evidence, photo: SkinImage, tmp_path: Path, filing: Filing, texts: set[str], entries: set[str]
) -> None:
    found = result(evidence, read_image(marked_dicom(photo, tmp_path / "arm.dcm")))
    export(found, tmp_path / "out", reading_of(found), tuple(writers()), filing)
    everything = {SECRET, *NUMBERS, "GIVEN-1"}
    for name, data in content(tmp_path / "out").items():
        if name.startswith("dicom/"):
            assert entries_with(data, texts) == entries, name
            assert not any(text.encode() in data for text in everything - texts), name
        else:
            assert not any(text.encode() in unpacked(data) for text in everything), name
