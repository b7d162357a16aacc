"""DICOM segmentations, reports and photographs, read back by highdicom, pydicom, dciodvfy, DCMTK and dcmqi."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highdicom
import numpy as np
import pydicom
import pytest
from highdicom.sr import srread
from PIL import Image

from engine.errors import ExportError
from engine.method.expected import ReaderCurve
from engine.photograph.read import read_image
from engine.photograph.resize import resize
from engine.reading.reading import VERDICTS, Reading
from engine.records.filing import NOBODY, Filing
from engine.records.record import Record
from engine.records.writers import writers
from tests.engine import dicoms
from tests.engine.records_setup import reading_of, result

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

pytestmark = pytest.mark.slow

IDENTIFIERS = {"StudyInstanceUID": "1.2.3.1", "SeriesInstanceUID": "1.2.3.2"}
FILM = f"{dicoms.CAPTURE}.4"  # Multi-frame True Color Secondary Capture, which has frames
OWN = Filing(as_source=True)
REGION = [dicoms.Dataset()]
REGION[0].CodeValue, REGION[0].CodingSchemeDesignator, REGION[0].CodeMeaning = "77568009", "SCT", "Back"
BESIDE = {"segmentation.dcm", "probability.dcm", "report.dcm"}
WARNINGS = ("DICOMDIR", "<DMS>", "<99DIFFSEG>")  # named in docs/formats.md

Make = "Callable[..., Record]"


@pytest.fixture
def make(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> Make:
    """Makes a record of the photograph in a file of a kind: "jpg", "dcm", or frame 2 of "frames"."""

    def made(kind: str = "jpg", filing: Filing = NOBODY, reading: str = "", **entries: Any) -> Record:
        path = tmp_path / f"arm.{kind}"
        if kind == "jpg":
            Image.fromarray(photo.pixels).save(path)
        else:
            pixels = photo.pixels if kind == "dcm" else np.stack([255 - photo.pixels, photo.pixels])
            said = {**IDENTIFIERS, "AnatomicRegionSequence": REGION, "PixelSpacing": [0.05, 0.05], **entries}
            path.write_bytes(dicoms.native(pixels, dicoms.DERMOSCOPY if kind == "dcm" else FILM, **said))
        found = result(evidence, read_image(path, 1 if kind == "frames" else None))
        empty = Reading(np.full(found.mask.shape, -1, np.int8), verdict="not usable", note="Haar über dem Rand")
        readings = {"corrected": reading_of(found), "empty": empty}
        return Record.of(found, readings.get(reading), filing=filing)

    return made


def files_of(record: Record) -> dict[str, bytes]:
    """All that both writers write, by name."""
    return {Path(name).name: data for kind in ("dicom-seg", "dicom-sr") for name, data in writers()[kind].files(record)}


def data_of(record: Record) -> dict[str, pydicom.Dataset]:
    """The same as pydicom reads it."""
    return {name: pydicom.dcmread(io.BytesIO(data)) for name, data in files_of(record).items()}


def frame_of(record: Record, name: str) -> np.ndarray:
    """A segmentation's values for the photograph that it says it is of, as highdicom gives them."""
    read = highdicom.seg.segread(io.BytesIO(files_of(record)[name]))
    (_, _, source), *_ = read.get_source_image_uids()
    number = read.SourceImageSequence[0].get("ReferencedFrameNumber")
    if number is None:
        return read.get_pixels_by_source_instance([source])[0, ..., 0]
    return read.get_pixels_by_source_frame(source, [number])[0, ..., 0]


KINDS = [("jpg", Filing()), ("dcm", Filing()), ("dcm", OWN), ("frames", Filing()), ("frames", OWN)]


@pytest.mark.parametrize(("kind", "filing"), KINDS)
@pytest.mark.parametrize("reading", ["", "corrected", "empty"])
def test_highdicom_gives_the_mask_back_to_the_bit(make: Make, kind: str, filing: Filing, reading: str) -> None:
    record = make(kind, filing, reading)
    mask = frame_of(record, "segmentation.dcm")
    assert mask.shape == (72, 96)
    assert np.array_equal(mask > 0, record.mask)
    assert record.mask.any() == (reading != "empty")


@pytest.mark.parametrize(("kind", "filing"), KINDS)
def test_highdicom_gives_the_probability_back_within_one_step(make: Make, kind: str, filing: Filing) -> None:
    record = make(kind, filing, "corrected")
    wanted = resize(record.found.probability, 96, 72)
    assert np.abs(frame_of(record, "probability.dcm") - wanted).max() <= 1 / 255
    data = data_of(record)["probability.dcm"]
    assert (data.SegmentationType, data.SegmentationFractionalType) == ("FRACTIONAL", "PROBABILITY")
    assert data.file_meta.TransferSyntaxUID == pydicom.uid.RLELossless


def test_without_temperatures_there_is_no_probability(make: Make) -> None:
    record = make()
    assert "probability.dcm" not in files_of(Record.of(replace(record.found, softening=None)))


def test_the_photograph_opens_as_it_was(make: Make, tmp_path: Path) -> None:
    for kind in ("jpg", "dcm", "frames"):
        record = make(kind)
        path = tmp_path / "photograph.dcm"
        path.write_bytes(files_of(record)["photograph.dcm"])
        again = read_image(path)
        assert np.array_equal(again.pixels, record.found.image.pixels)
        assert "Dermoscopic Photography" in again.about.kind
        spacing = again.about.spacing
        assert (spacing and spacing.mm_per_px) == (None if kind == "jpg" else 0.05)
        assert again.about.body_site == ("Skin" if kind == "jpg" else "Back")
        assert (again.about.frames, again.frame) == (1, None)


@pytest.mark.parametrize(("said", "lossy"), [("00", "00"), ("01", "01"), (None, "00")])
def test_what_was_lost_before_a_file_was_decompressed_stays_lost(make: Make, said: str | None, lossy: str) -> None:
    data = data_of(make("dcm", **({} if said is None else {"LossyImageCompression": said})))
    assert {data[name].LossyImageCompression for name in BESIDE - {"report.dcm"} | {"photograph.dcm"}} == {lossy}


def test_all_objects_belong_together(make: Make) -> None:
    objects = data_of(make("jpg"))
    photograph, mask, report = (objects[f"{name}.dcm"] for name in ("photograph", "segmentation", "report"))
    assert {data.StudyInstanceUID for data in objects.values()} == {photograph.StudyInstanceUID}
    for attribute in ("SeriesInstanceUID", "SOPInstanceUID"):
        assert len({data[attribute].value for data in objects.values()}) == len(objects)
    assert mask.SourceImageSequence[0].ReferencedSOPInstanceUID == photograph.SOPInstanceUID
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
    referred = {item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in evidence}
    assert referred == {photograph.SOPInstanceUID, mask.SOPInstanceUID}
    for data in objects.values():
        assert str(data.PatientName) == data.PatientID == data.PatientBirthDate == data.PatientSex == ""
        assert data.file_meta.MediaStorageSOPInstanceUID == data.SOPInstanceUID


@pytest.mark.parametrize("kind", ["dcm", "frames"])
def test_filed_beside_the_clinics_own_file_they_are_of_its_patient_and_study(make: Make, kind: str) -> None:
    record = make(kind, OWN, PatientName="Böhm^Jürgen", SpecificCharacterSet="ISO_IR 192", AccessionNumber="A7")
    original = pydicom.dcmread(record.found.image.path)
    objects = data_of(record)
    assert set(objects) == BESIDE
    for data in objects.values():
        for name in ("StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate"):
            assert data[name].value == original[name].value, name
        assert (data.AccessionNumber, data.SpecificCharacterSet) == ("A7", "ISO_IR 192")
    mask = objects["segmentation.dcm"]
    listed = mask.ReferencedSeriesSequence[0]
    assert listed.SeriesInstanceUID == original.SeriesInstanceUID
    derived = mask.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]
    for item in (listed.ReferencedInstanceSequence[0], mask.SourceImageSequence[0], derived):
        assert item.ReferencedSOPInstanceUID == original.SOPInstanceUID
        assert item.ReferencedSOPClassUID == original.SOPClassUID
    assert derived.get("ReferencedFrameNumber") == (2 if kind == "frames" else None)
    assert "ReferencedFrameNumber" not in listed.ReferencedInstanceSequence[0]


@pytest.mark.parametrize("filing", [NOBODY, OWN])
@pytest.mark.filterwarnings("ignore")
def test_entries_of_a_clinics_file_that_are_not_right_hinder_nothing(make: Make, filing: Filing) -> None:
    odd = {"PatientBirthDate": "unknown", "PatientSex": "female", "PatientID": "7" * 90, "StudyDate": "2026.1.2",
           "StudyTime": "9 o'clock", "AcquisitionDateTime": "20269945", "PatientName": "A=B=C=D=E", "StudyID": "x" * 40,
           "StudyInstanceUID": "1.02.not-right"}  # fmt: skip
    objects = data_of(make("dcm", filing, **odd))
    assert set(objects) >= BESIDE
    for data in objects.values():
        assert (data.PatientID == odd["PatientID"]) == (filing is OWN)


def test_a_clinics_file_that_names_no_study_is_a_sentence(make: Make) -> None:
    record = make("dcm", OWN, StudyInstanceUID=None)
    with pytest.raises(ExportError, match=r"arm\.dcm has no StudyInstanceUID, .*without --patient"):
        files_of(record)


def test_a_patient_id_that_was_given_is_in_all_objects(make: Make) -> None:
    given, other = (data_of(make("jpg", Filing(patient_id=text))) for text in ("A\\B\n7", "C"))
    assert {data.PatientID for data in given.values()} == {"A/B 7"}
    studies = {data.StudyInstanceUID for objects in (given, other) for data in objects.values()}
    assert len(studies) == 2, "a study is of one patient"
    assert {data.PatientID for data in data_of(make("jpg", OWN)).values()} == {""}


def test_the_same_result_gives_the_same_bytes_and_another_gives_other_identifiers(make: Make) -> None:
    first, again, corrected = make("jpg"), make("jpg"), make("jpg", reading="corrected")
    assert files_of(first) == files_of(again)
    ours, theirs = data_of(first), data_of(corrected)
    for name in BESIDE:
        assert ours[name].SOPInstanceUID != theirs[name].SOPInstanceUID
    segments = [objects["segmentation.dcm"].SegmentSequence[0] for objects in (ours, theirs)]
    assert segments[0].TrackingUID == segments[1].TrackingUID == ours["photograph.dcm"].TrackingUID
    assert [segment.SegmentAlgorithmType for segment in segments] == ["AUTOMATIC", "SEMIAUTOMATIC"]
    frames = [make("frames").found.image, replace(make("frames").found.image, frame=0)]
    assert len({image.identity for image in frames}) == 2


def test_a_segment_says_what_it_is_and_what_made_it(make: Make) -> None:
    (segment,) = data_of(make("dcm", OWN))["segmentation.dcm"].SegmentSequence
    codes = {
        "SegmentedPropertyCategoryCodeSequence": "49755003",
        "SegmentedPropertyTypeCodeSequence": "52988006",
        "AnatomicRegionSequence": "77568009",
    }
    for name, value in codes.items():
        assert (segment[name].value[0].CodeValue, segment[name].value[0].CodingSchemeDesignator) == (value, "SCT")
    (algorithm,) = segment.SegmentationAlgorithmIdentificationSequence
    assert (algorithm.AlgorithmName, "ab" * 32 in algorithm.AlgorithmParameters) == ("DiffSeg", True)
    (skin,) = data_of(make("jpg"))["segmentation.dcm"].SegmentSequence[0].AnatomicRegionSequence
    assert skin.CodeMeaning == "Skin"


def test_dates_are_those_of_the_result(make: Make) -> None:
    for name, data in data_of(make("dcm")).items():
        assert "2026-11" not in str(data)
        if name != "photograph.dcm":
            assert (data.ContentDate, data.ContentTime) == ("20260503", "140211")
    with pytest.raises(ExportError, match="does not say when it was made"):
        files_of(Record.of(replace(make().found, made="")))


@pytest.mark.parametrize(("kind", "unit"), [("jpg", "{pixels}"), ("dcm", "mm")])
def test_the_report_says_what_the_sidecar_says(make: Make, kind: str, unit: str) -> None:
    curve = ReaderCurve((0, 1), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9))
    record = Record.of(replace(make(kind).found, readers=curve))
    report = srread(io.BytesIO(files_of(record)["report.dcm"]))
    (group,) = report.content.get_volumetric_roi_measurement_groups()
    said: dict[str, dict[str, float]] = {}
    for one in group.get_measurements():
        how = one.derivation.meaning if one.derivation else "Value"
        said.setdefault(one.name.meaning.partition(",")[0], {})[how] = float(one.value)
        assert one.name.meaning != "Perimeter" or one.unit.value == unit
    names = {"Area": "area", "Perimeter": "perimeter", "Long Axis": "largest_diameter",
             "Short Axis": "smallest_diameter", "Asymmetry": "asymmetry",
             "Border irregularity": "compactness"}  # fmt: skip
    for name, measure in names.items():
        wanted = [record.said["measures"][measure][key] for key in ("value", "low", "high")]
        assert [said[name][how] for how in ("Value", "Minimum", "Maximum")] == pytest.approx(wanted)
    assert said["Generalised energy distance of the outlines"] == {"Value": pytest.approx(record.said["ged"])}
    assert list(said["Dice that two readers' outlines would have"].values()) == [0.75, 0.5, 0.9]
    mask = data_of(record)["segmentation.dcm"]
    assert group.reference_type.meaning == "Referenced Segment"
    assert mask.SOPInstanceUID in str(report)
    assert str(group.tracking_uid) == mask.SegmentSequence[0].TrackingUID


@pytest.mark.parametrize("verdict", [None, *VERDICTS])
def test_the_report_says_what_the_person_said(make: Make, verdict: str | None) -> None:
    found = make("dcm", OWN).found
    note = "Haar über\nden Rand \\ <b>\x07" if verdict else ""
    record = Record.of(found, replace(reading_of(found), verdict=verdict, note=note), filing=OWN)
    report = srread(io.BytesIO(files_of(record)["report.dcm"]))
    (group,) = report.content.get_volumetric_roi_measurement_groups()
    assert [one.value.meaning.lower() for one in group.get_qualitative_evaluations()] == [verdict] * bool(verdict)
    texts = [
        one.TextValue for one in group[0].ContentSequence if one.ValueType == "TEXT" and one.name.value == "121106"
    ]
    assert texts == ["Haar über den Rand \\ <b>"] * bool(verdict)
    assert len(group.get_measurements()) > 6


def test_text_from_outside_is_one_value(make: Make) -> None:
    found = make().found
    odd = replace(found, model=replace(found.model, name="a\\b\x1b" + "é" * 80))
    for data in data_of(Record.of(odd)).values():
        assert "\x1b" not in str(data)
    parameters = data_of(Record.of(odd))["segmentation.dcm"].SegmentSequence[0]
    assert "model=a/b" in parameters.SegmentationAlgorithmIdentificationSequence[0].AlgorithmParameters


def checked(command: list[str], folder: Path, record: Record) -> dict[str, str]:
    """What a program says of each file."""
    outputs = {}
    for name, data in files_of(record).items():
        (folder / name).write_bytes(data)
        done = subprocess.run([*command, folder / name], capture_output=True, text=True, check=False)
        outputs[name] = done.stdout + done.stderr
    return outputs


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize(("kind", "filing"), KINDS)
@pytest.mark.parametrize("reading", ["corrected", "empty"])
def test_dciodvfy_finds_no_error(make: Make, kind: str, filing: Filing, reading: str, tmp_path: Path) -> None:
    for name, output in checked(["dciodvfy", "-new"], tmp_path, make(kind, filing, reading)).items():
        assert output.strip(), name
        lines = [line for line in output.splitlines() if line.startswith(("Error", "Warning"))]
        assert not [line for line in lines if not any(known in line for known in WARNINGS)], name


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize("region", ["77568009 Back", "85562004 Hand", ""])
def test_an_unknown_side_of_the_body_is_no_error(make: Make, region: str, tmp_path: Path) -> None:
    place = dicoms.Dataset()
    place.CodeValue, _, place.CodeMeaning = region.partition(" ")
    place.CodingSchemeDesignator = "SCT"
    record = make("dcm", ImageLaterality=None, AnatomicRegionSequence=[place])
    assert "Error" not in checked(["dciodvfy", "-new"], tmp_path, record)["photograph.dcm"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("dcmdump") is None, reason="DCMTK is not installed")
def test_dcmtk_reads_every_file(make: Make, tmp_path: Path) -> None:
    for name, output in checked(["dcmdump", "-q"], tmp_path, make("jpg")).items():
        assert "Pixel" in output or "ContentSequence" in output, name
    done = subprocess.run(["dsrdump", tmp_path / "report.dcm"], capture_output=True, text=True, check=True)
    assert 'NUM:(,,"Area")' in done.stdout


TID_1500 = shutil.which("tid1500reader", path=Path(sys.executable).parent)


@pytest.mark.slow
@pytest.mark.skipif(TID_1500 is None, reason="dcmqi is not installed")
def test_dcmqi_reads_the_report(make: Make, tmp_path: Path) -> None:
    record = make("dcm", OWN)
    record = Record.of(record.found, Reading(verdict="usable", note="Haar über dem Rand"), filing=OWN)
    checked(["true"], tmp_path, record)
    command = [TID_1500, "--inputDICOM", tmp_path / "report.dcm", "--outputMetadata", tmp_path / "report.json"]
    subprocess.run(command, check=True, capture_output=True)
    (group,) = json.loads((tmp_path / "report.json").read_text())["Measurements"]
    area = [float(one["value"]) for one in group["measurementItems"] if one["quantity"]["CodeMeaning"] == "Area"]
    assert area == pytest.approx([record.said["measures"]["area"][key] for key in ("value", "low", "high")])
    verdict, note = group["qualitativeEvaluations"]
    assert (verdict["conceptValue"]["CodeMeaning"], note["conceptValue"]) == ("Usable", "Haar über dem Rand")
