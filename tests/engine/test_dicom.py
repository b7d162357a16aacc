"""DICOM photographs: pixels of every compression and colour model, and frames."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.encaps import get_frame
from pydicom.pixels import convert_color_space
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from engine.errors import ImageError
from engine.photograph import reader
from engine.photograph.read import read_image, read_mask
from tests.engine.dicoms import encapsulated, native
from tests.engine.icc import matrix_profile
from tests.engine.test_colours import in_srgb
from tests.engine.test_image import PIXELS, RGB, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage

SIZE = RGB.size
GREY = PIXELS[..., 0]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


@pytest.fixture
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of pydicom's own test files are tiny."""
    monkeypatch.setattr(reader, "MIN_SIDE", 1)


def opened(tmp_path: Path, data: bytes, **options: Any) -> SkinImage:
    """A file's content, opened."""
    return read_image(written(tmp_path / "photo.dcm", data), **options)


def own(name: str) -> str:
    """One of the files that come with pydicom."""
    found = get_testdata_file(name, download=False)
    assert isinstance(found, str)
    return found


UNCOMPRESSED = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
def test_uncompressed_files_keep_every_pixel(tmp_path: Path, syntax: str) -> None:
    image = opened(tmp_path, native(PIXELS, syntax=syntax))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.frame is None
    assert (image.about.depth, image.about.used, image.about.notes) == (8, 8, ())
    assert image.about.kind.startswith("DICOM, Dermoscopic Photography Image, ")


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
def test_a_file_without_an_ending_is_known_by_its_content(tmp_path: Path, syntax: str) -> None:
    from engine.study.items import photographs_in

    path = written(tmp_path / "1.2.840.113619.4", native(PIXELS, syntax=syntax))
    assert photographs_in(tmp_path) == [path]
    assert np.array_equal(read_image(path).pixels, PIXELS)


def test_a_file_without_the_magic_is_known_by_its_beginning(tmp_path: Path) -> None:
    path = written(tmp_path / "photo", native(PIXELS)[132:])
    assert np.array_equal(read_image(path).pixels, PIXELS)


def test_colours_that_lie_in_planes(tmp_path: Path) -> None:
    data = native(PIXELS, PlanarConfiguration=1).replace(PIXELS.tobytes(), np.moveaxis(PIXELS, -1, 0).tobytes())
    assert np.array_equal(opened(tmp_path, data).pixels, PIXELS)


@pytest.mark.parametrize("quality", [60, 95])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422"])
def test_a_jpeg_is_to_the_bit_what_it_is_alone(
    tmp_path: Path, quality: int, subsampling: int, photometric: str
) -> None:
    """Other decoders differ by up to three grey values."""
    jpeg = encoded(RGB, "JPEG", quality=quality, subsampling=subsampling)
    alone = read_image(written(tmp_path / "photo.jpg", jpeg)).pixels
    image = opened(tmp_path, encapsulated([jpeg], SIZE, PhotometricInterpretation=photometric))
    assert np.array_equal(image.pixels, alone)
    assert image.about.notes == ()


def test_an_orientation_that_the_jpeg_within_says_is_not_the_files(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    image = opened(tmp_path, encapsulated([encoded(RGB, "JPEG", exif=exif)], SIZE))
    assert np.array_equal(image.pixels, read_image(written(tmp_path / "photo.jpg", encoded(RGB, "JPEG"))).pixels)


def test_a_jpeg_that_says_other_colours_than_the_header_wins_and_is_told(tmp_path: Path) -> None:
    jpeg = encoded(RGB, "JPEG")
    image = opened(tmp_path, encapsulated([jpeg], SIZE, PhotometricInterpretation="RGB"))
    assert np.array_equal(image.pixels, read_image(written(tmp_path / "photo.jpg", jpeg)).pixels)
    assert image.about.notes == ("its header says RGB, and the JPEG in it says YCbCr, as which it is shown",)
    plain = encoded(RGB, "JPEG", keep_rgb=True, quality=95)
    image = opened(tmp_path, encapsulated([plain], SIZE))
    assert np.abs(image.pixels.astype(int) - PIXELS).mean() < 3
    assert image.about.notes == ("its header says YBR_FULL_422, and the JPEG in it says RGB, as which it is shown",)


@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize(
    "name",
    ["SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_dcmtk_+eb+cr.dcm", "SC_rgb_dcmtk_+eb+cy+np.dcm", "SC_jpeg_no_color_transform.dcm",
     "SC_jpeg_no_color_transform_2.dcm", "SC_rgb_small_odd_jpeg.dcm", "SC_rgb_small_odd_big_endian.dcm",
     "SC_rgb_rle.dcm", "SC_rgb_rle_2frame.dcm", "SC_rgb_jls_lossy_line.dcm", "SC_rgb_jls_lossy_sample.dcm",
     "SC_ybr_full_422_uncompressed.dcm", "SC_rgb_gdcm_KY.dcm", "examples_rgb_color.dcm", "examples_jpeg2k.dcm",
     "examples_ybr_color.dcm", "ExplVR_BigEnd.dcm", "SC_rgb_jpeg_dcmd.dcm"],
)  # fmt: skip
def test_pydicoms_own_files_look_as_pydicom_has_them(name: str) -> None:
    right = pydicom.pixels.pixel_array(own(name), index=0)
    assert np.array_equal(read_image(own(name)).pixels, right)


@pytest.mark.usefixtures("of_any_size")
def test_near_lossless_is_lossy() -> None:
    assert read_image(own("SC_rgb_jls_lossy_line.dcm")).about.lossy
    assert not read_image(own("SC_rgb_rle.dcm")).about.lossy


def test_a_file_that_pillow_cannot_decode(tmp_path: Path) -> None:
    """JPEG 2000 within a file format of its own, which DICOM forbids; there is text on grey in it."""
    pixels = read_image(own("GDCMJ2K_TextGBR.dcm")).pixels
    assert pixels.shape == (400, 400, 3)
    assert (pixels[5, 5] == pixels[-5, -5]).all()
    assert pixels.std() > 10


def test_lossless_jpeg(tmp_path: Path) -> None:
    image = read_image(own("SC_rgb_jpeg_gdcm.dcm"))
    assert np.array_equal(image.pixels, read_image(own("SC_rgb_rle.dcm")).pixels)  # the same picture


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [(ExplicitVRLittleEndian, 8), *((s, b) for s in (ExplicitVRLittleEndian, RLELossless) for b in (12, 16))],
)
def test_deep_colours_are_scaled_by_the_bits_that_are_stored(tmp_path: Path, syntax: str, bits: int) -> None:
    values = np.round(PIXELS / 255 * (2**bits - 1)).astype(np.uint16)
    data = pydicom.dcmread(io.BytesIO(native(values, BitsStored=bits, HighBit=bits - 1)))
    if syntax == RLELossless:
        data.compress(RLELossless)
    buffer = io.BytesIO()
    data.save_as(buffer)
    image = opened(tmp_path, buffer.getvalue())
    assert np.array_equal(image.pixels, PIXELS)
    assert (image.about.depth, image.about.used, image.about.notes) == (16, bits, ())


def test_values_that_do_not_fill_the_bits_that_are_said_are_scaled_and_told(tmp_path: Path) -> None:
    values = np.round(PIXELS / 255 * 4095).astype(np.uint16)
    image = opened(tmp_path, native(values))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.about.notes == ("its values fill 12 of 16 bits, and were scaled to that",)


def test_big_endian_16_bits(tmp_path: Path) -> None:
    data = native((PIXELS.astype(np.uint16) * 257).astype(">u2"), syntax=ExplicitVRBigEndian)
    assert np.array_equal(opened(tmp_path, data).pixels, PIXELS)


@pytest.mark.parametrize("bits", [7, 8, 12, 16])
def test_grey_where_white_is_zero_is_inverted(tmp_path: Path, bits: int) -> None:
    full = 2**bits - 1
    values = np.round(GREY / 255 * full).astype(np.uint8 if bits <= 8 else np.uint16)
    right = np.round(values / full * 255)
    options = {"BitsStored": bits, "HighBit": bits - 1}
    bright = opened(tmp_path, native(values, PhotometricInterpretation="MONOCHROME2", **options)).pixels
    dark = opened(tmp_path, native(full - values, PhotometricInterpretation="MONOCHROME1", **options)).pixels
    assert np.array_equal(bright[..., 0], right)
    assert np.array_equal(dark[..., 0], right)


@pytest.mark.parametrize("bits", [8, 16])
def test_colours_of_a_palette_are_looked_up(tmp_path: Path, bits: int) -> None:
    table = np.random.default_rng(3).integers(0, 256, (256, 3), dtype=np.uint8)
    words = table.astype(np.uint16) * (257 if bits == 16 else 1)
    entries: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for k, colour in enumerate(("Red", "Green", "Blue")):
        entries[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        packed = words[:, k].tobytes() if bits == 16 else table[:, k].tobytes()
        entries[f"{colour}PaletteColorLookupTableData"] = packed
    image = opened(tmp_path, native(GREY, **entries))
    assert np.array_equal(image.pixels, table[GREY])


def test_a_palette_of_pydicoms(tmp_path: Path) -> None:
    data = pydicom.dcmread(own("examples_palette.dcm"))
    right = pydicom.pixels.apply_color_lut(data.pixel_array, data)
    assert np.abs(read_image(own("examples_palette.dcm")).pixels - right / 257).max() <= 0.5


def test_a_colour_profile_becomes_srgb(tmp_path: Path) -> None:
    image = opened(tmp_path, native(PIXELS, ICCProfile=matrix_profile()))
    assert np.abs(image.pixels - in_srgb(PIXELS)).max() < 2
    assert image.about.profile == "Display P3"


def ybr(pixels: np.ndarray) -> np.ndarray:
    """RGB as YBR_FULL."""
    return np.asarray(convert_color_space(pixels, "RGB", "YBR_FULL"))


def test_luminance_and_chroma_become_rgb(tmp_path: Path) -> None:
    image = opened(tmp_path, native(ybr(PIXELS), PhotometricInterpretation="YBR_FULL"))
    assert np.abs(image.pixels.astype(int) - PIXELS).max() <= 2


def test_a_header_that_says_halved_chroma_over_whole_pixels_is_recognised(tmp_path: Path) -> None:
    """Programs that decompressed a JPEG and left the header as it was: so are the files of ISIC 2020."""
    image = opened(tmp_path, native(PIXELS, PhotometricInterpretation="YBR_FULL_422"))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.about.notes == ("its header says YBR_FULL_422 and its pixels are RGB, as which they are shown",)


def test_a_header_that_says_whole_pixels_over_halved_chroma_is_recognised() -> None:
    """A header is changed and its pixels are not."""
    data = pydicom.dcmread(own("SC_ybr_full_422_uncompressed.dcm"))
    right = read_image(own("SC_ybr_full_422_uncompressed.dcm")).pixels
    data.PhotometricInterpretation = "RGB"
    buffer = io.BytesIO()
    data.save_as(buffer)
    path = own("SC_ybr_full_422_uncompressed.dcm")
    found = reader_decode(path, buffer.getvalue())
    assert np.array_equal(np.asarray(found.picture), right)
    assert found.about.notes[0].startswith("its header says RGB and its pixels are YBR_FULL_422")


def reader_decode(path: str, data: bytes) -> reader.Decoded:
    """What the DICOM reader makes of a file's content."""
    from pathlib import Path

    from engine.photograph.readers import reader_of

    return reader_of(data).decode(Path(path), data)


def film(count: int) -> np.ndarray:
    """Frames that differ."""
    return np.stack([np.roll(PIXELS, 5 * number, axis=0) for number in range(count)])


def test_a_frame_is_chosen_and_part_of_the_identity(tmp_path: Path) -> None:
    frames, data = film(3), native(film(3))
    found = [opened(tmp_path, data, frame=number) for number in range(3)]
    for number, image in enumerate(found):
        assert np.array_equal(image.pixels, frames[number])
        assert (image.frame, image.about.frames) == (number, 3)
    assert len({image.identity for image in found}) == 3
    assert opened(tmp_path, data).identity == found[0].identity
    with pytest.raises(ImageError, match="holds 3 frames, and no frame 4; choose another"):
        opened(tmp_path, data, frame=3)


@pytest.mark.parametrize("offsets", [False, True])
def test_a_frame_of_jpegs_is_chosen_with_and_without_a_table_of_offsets(tmp_path: Path, offsets: bool) -> None:
    jpegs = [encoded(Image.fromarray(frame), "JPEG") for frame in film(4)]
    data = encapsulated(jpegs, SIZE, offsets=offsets)
    for number, jpeg in enumerate(jpegs):
        alone = read_image(written(tmp_path / "photo.jpg", jpeg)).pixels
        assert np.array_equal(opened(tmp_path, data, frame=number).pixels, alone)


def test_the_last_of_thirty_frames() -> None:
    path = own("examples_ybr_color.dcm")
    image = read_image(path, frame=29)
    data = pydicom.dcmread(path)
    with Image.open(io.BytesIO(get_frame(data.PixelData, 29, number_of_frames=30))) as alone:
        assert np.array_equal(image.pixels, np.asarray(alone.convert("RGB")))


@pytest.mark.parametrize(("said", "held"), [(1, 3), (5, 3)])
def test_a_number_of_frames_that_is_not_theirs_is_told(tmp_path: Path, said: int, held: int) -> None:
    whole = opened(tmp_path, native(film(held), NumberOfFrames=said), frame=held - 1)
    jpegs = [encoded(Image.fromarray(frame), "JPEG") for frame in film(held)]
    packed = opened(tmp_path, encapsulated(jpegs, SIZE, NumberOfFrames=said), frame=held - 1)
    for image in (whole, packed):
        assert image.about.frames == held
        assert image.about.notes == (f"its header says {said} frames, and it holds {held}",)
    assert np.array_equal(whole.pixels, film(held)[-1])


def test_a_picture_of_another_size_than_the_header_says_is_told(tmp_path: Path) -> None:
    image = opened(tmp_path, encapsulated([encoded(RGB, "JPEG")], (64, 48)))
    assert image.pixels.shape == PIXELS.shape
    assert image.about.notes == ("its header says 64 x 48 pixels, and the picture in it has 56 x 40",)


def test_a_frame_of_the_command_lines_and_windows_folder_is_its_own(tmp_path: Path) -> None:
    from engine.records.folders import folder_for

    first, second = (opened(tmp_path, native(film(2)), frame=number) for number in range(2))
    folder = folder_for(first, tmp_path / "out")
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(f'{{"format": 1, "image": {{"sha256": "{first.sha256}", "frame": 0}}}}')
    assert folder_for(first, tmp_path / "out") == folder
    assert folder_for(second, tmp_path / "out") != folder


def test_a_mask_may_be_a_dicom_file(tmp_path: Path) -> None:
    mask = np.zeros((40, 56), np.uint8)
    mask[8:24, 8:40] = 255
    assert np.array_equal(read_mask(written(tmp_path / "mask.dcm", native(mask))), mask > 127)
