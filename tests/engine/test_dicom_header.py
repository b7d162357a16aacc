"""What a DICOM header says of a photograph, and what is no photograph."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, RLELossless

from engine.errors import ImageError
from engine.photograph.dicom.header import NOT_ITS_SIZE, NOT_LIKELY, NOT_SQUARE, OF_DETECTOR
from engine.photograph.dicom.pixels import OWN_SIZE
from engine.photograph.read import read_image
from engine.photograph.readers.dicom import BURNED_IN
from tests.engine.dicoms import CAPTURE, CLASSES, VL, encapsulated, header, native, saved
from tests.engine.test_dicom import SIZE, opened, own
from tests.engine.test_image import PIXELS, RGB, encoded, refusal, written

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.about import About

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def about(tmp_path: Path, **entries: Any) -> About:
    """What is said of a photograph with these entries in its header."""
    return opened(tmp_path, native(PIXELS, **entries)).about


def test_pixel_spacing_gives_the_scale_and_names_itself(tmp_path: Path) -> None:
    found = about(tmp_path, PixelSpacing=[0.04, 0.04]).spacing
    assert found is not None
    assert (found.mm_per_px, found.source) == (0.04, "DICOM Pixel Spacing")
    found = about(tmp_path, PixelSpacing=[0.05, 0.05], PixelSpacingCalibrationType="FIDUCIAL").spacing
    assert found is not None
    assert found.source == "DICOM Pixel Spacing, calibrated by fiducial"


def test_the_sensors_spacing_is_never_the_skins(tmp_path: Path) -> None:
    assert about(tmp_path, ImagerPixelSpacing=[0.04, 0.04]).spacing is None
    repeated = about(tmp_path, ImagerPixelSpacing=[0.04, 0.04], PixelSpacing=[0.04, 0.04])
    assert (repeated.spacing, repeated.notes) == (None, (OF_DETECTOR,))
    both = about(tmp_path, ImagerPixelSpacing=[0.004, 0.004], PixelSpacing=[0.04, 0.04]).spacing
    assert both is not None
    assert both.mm_per_px == 0.04


@pytest.mark.parametrize("value", [None, [0, 0], [-1, -1], [0.04]], ids=str)
def test_no_spacing_that_means_something_is_none(tmp_path: Path, value: Any) -> None:
    assert about(tmp_path, PixelSpacing=value).spacing is None


def test_a_spacing_that_cannot_be_the_skins_is_told(tmp_path: Path) -> None:
    found = about(tmp_path, PixelSpacing=[0.04, 0.05])
    assert (found.spacing, found.notes) == (None, (NOT_SQUARE.format("0.05", "0.04"),))
    for size, side in ((0.001, "0.056"), (100, "5600")):
        found = about(tmp_path, PixelSpacing=[size, size])
        assert found.spacing is None
        assert found.notes == (NOT_LIKELY.format(float(side)),)


def test_the_spacing_of_a_picture_of_another_size_is_not_taken(tmp_path: Path) -> None:
    height, width = PIXELS.shape[:2]
    data = encapsulated([encoded(RGB, "JPEG")], (2 * width, 2 * height), PixelSpacing=[0.05, 0.05])
    found = opened(tmp_path, data).about
    said = OWN_SIZE.format(2 * width, 2 * height, width, height)
    assert (found.spacing, found.notes) == (None, (said, NOT_ITS_SIZE))
    data = encapsulated([encoded(RGB, "JPEG")], (width, height), PixelSpacing=[0.05, 0.05])
    assert opened(tmp_path, data).about.spacing is not None


@pytest.mark.parametrize("place", ["shared", "each"])
def test_the_spacing_of_a_multi_frame_file(tmp_path: Path, place: str) -> None:
    groups = []
    for size in (0.04, 0.05):
        measures, group = Dataset(), Dataset()
        measures.PixelSpacing = [size, size]
        group.PixelMeasuresSequence = [measures]
        groups.append(group)
    entries: dict[str, Any] = (
        {"SharedFunctionalGroupsSequence": groups[:1]}
        if place == "shared"
        else {"PerFrameFunctionalGroupsSequence": groups}
    )
    data = native(np.stack([PIXELS, PIXELS]), **entries)
    for frame, right in enumerate((0.04, 0.04 if place == "shared" else 0.05)):
        found = opened(tmp_path, data, frame=frame).about.spacing
        assert found is not None
        assert found.mm_per_px == right


def test_date_place_and_device_are_read(tmp_path: Path) -> None:
    found = about(tmp_path)
    assert (found.date, found.body_site, found.laterality) == ("2026-05-04 10:11:12", "Back", "left")
    assert found.device == "Maker DX-1"
    assert about(tmp_path, AcquisitionDateTime=None).date == "2026-05-03"
    assert about(tmp_path, AcquisitionDateTime="", ContentDate="20260601", ContentTime="080910.5").date == (
        "2026-06-01 08:09:10"
    )
    assert about(tmp_path, AnatomicRegionSequence=None, BodyPartExamined="FOOT").body_site == "Foot"
    assert about(tmp_path, ImageLaterality="X").laterality == ""


def test_the_patient_is_read_and_not_among_what_is_kept(tmp_path: Path) -> None:
    found = about(tmp_path, PixelSpacing=[0.04, 0.04])
    assert dict(found.patient.entries) == {
        "Name": "PLANTED, PATIENT", "ID": "ID-4711", "Born": "1970-01-02", "Sex": "F"
    }  # fmt: skip
    assert found.kept() == {
        "mm_per_px": 0.04, "mm_per_px_from": "DICOM Pixel Spacing", "date": "2026-05-04 10:11:12",
        "body_site": "Back", "laterality": "left", "device": "Maker DX-1",
    }  # fmt: skip
    assert "PLANTED" not in repr(found)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    assert about(tmp_path, WindowCenter=100, WindowWidth=50).left_out == ("its window of grey values",)
    assert "its overlays" in read_image(own("examples_overlay.dcm")).about.left_out
    assert about(tmp_path, BurnedInAnnotation="YES").notes == (BURNED_IN,)


@pytest.mark.parametrize("kind", [VL, CAPTURE, f"{CAPTURE}.4"])
def test_other_photographs_open_without_a_word(tmp_path: Path, kind: str) -> None:
    assert opened(tmp_path, native(PIXELS, kind=kind)).about.notes == ()


def test_what_is_no_kind_of_photograph_opens_and_is_told() -> None:
    assert read_image(own("examples_rgb_color.dcm")).about.notes == (
        "its kind is “Ultrasound Image”, which is not one of photographs",
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [("liver_1frame.dcm", "is a segmentation, not a photograph; open the photograph that it was made of"),
     ("test-SR.dcm", "is a report, not a photograph"), ("reportsi.dcm", "is a report, not a photograph"),
     ("rtplan.dcm", "is a DICOM file without pixels"), ("waveform_ecg.dcm", "is a DICOM file without pixels"),
     ("CT_small.dcm", "has pixels that no photograph has (int16)"),
     ("SC_rgb_rle_32bit.dcm", "has pixels that no photograph has (uint32)"),
     ("JPGExtended.dcm", "is compressed as JPEG Extended (Process 2 and 4) of 12 bits, which cannot be read"),
     ("MR_truncated.dcm", "is cut short: it holds 8130 bytes of pixels, and its header says 8192")],
)  # fmt: skip
def test_pydicoms_files_that_are_no_photographs_are_one_sentence(name: str, what: str) -> None:
    from pathlib import Path

    assert what in refusal(Path(own(name)))


KINDS = {
    "1.2.840.10008.1.3.10": "index of a DICOM disc", f"{CLASSES}104.1": "holds a document",
    f"{CLASSES}11.1": "says how to show a photograph", f"{CLASSES}77.1.6": "a slide whose frames are tiles",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_are_one_sentence_each(tmp_path: Path, kind: str) -> None:
    assert KINDS[kind] in refusal(written(tmp_path / "other.dcm", native(PIXELS, kind=kind)))


def test_a_film_is_one_sentence(tmp_path: Path) -> None:
    data = encapsulated([b"\0\0\1\xb3" + bytes(60)], SIZE, syntax="1.2.840.10008.1.2.4.102")
    assert "is a film" in refusal(written(tmp_path / "film.dcm", data))


def test_colours_of_an_unknown_kind_are_one_sentence(tmp_path: Path) -> None:
    data = native(PIXELS, PhotometricInterpretation="HSV")
    assert "colours of the kind 'HSV'" in refusal(written(tmp_path / "photo.dcm", data))


def test_sizes_out_of_range_are_refused_without_making_room(tmp_path: Path) -> None:
    assert "smallest" in refusal(written(tmp_path / "dot.dcm", native(PIXELS[:20])))
    assert "megapixels" in refusal(written(tmp_path / "huge.dcm", native(PIXELS, Rows=60000, Columns=60000)))


def test_what_inflates_beyond_all_bounds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.photograph.readers.dicom.MOST_BYTES", 100_000)
    data = native(np.zeros((200, 400, 3), np.uint8), syntax=DeflatedExplicitVRLittleEndian)
    assert len(data) < 10_000
    assert "too large" in refusal(written(tmp_path / "bomb.dcm", data))


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.995])
def test_truncated_files_are_refused(tmp_path: Path, share: float) -> None:
    deflated = native(PIXELS, syntax=DeflatedExplicitVRLittleEndian)
    for data in (native(PIXELS), encapsulated([encoded(RGB, "JPEG")], SIZE), deflated):
        refusal(written(tmp_path / "photo.dcm", data[: int(len(data) * share)]))


def rle(pixels: np.ndarray) -> bytes:
    """Compressed by run lengths."""
    data = pydicom.dcmread(io.BytesIO(native(pixels)))
    data.compress(RLELossless)
    buffer = io.BytesIO()
    data.save_as(buffer)
    return buffer.getvalue()


FILES = {"native": native(PIXELS), "jpeg": encapsulated([encoded(RGB, "JPEG")], SIZE), "rle": rle(PIXELS),
         "film": native(np.stack([PIXELS, PIXELS]))}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", FILES)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    content = bytearray(FILES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 1500) | st.integers(0, len(content) - 1))
        content[min(place, len(content) - 1)] = data.draw(st.integers(0, 255))
    try:
        pixels = read_image(written(tmp_path_factory.getbasetemp() / "damaged.dcm", bytes(content))).pixels
    except ImageError:
        return
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3


def test_a_header_that_ends_before_its_pixels(tmp_path: Path) -> None:
    assert "without pixels" in refusal(written(tmp_path / "header.dcm", saved(header())))
    data = encapsulated([encoded(RGB, "JPEG")], SIZE)
    place = data.index(b"\xff\xd8\xff")
    refusal(written(tmp_path / "photo.dcm", data[: place - 8]))


def test_the_syntax_is_named(tmp_path: Path) -> None:
    assert about(tmp_path).kind.endswith(ExplicitVRLittleEndian.name)
