"""HEIC, which telephones write."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from engine.errors import ImageError
from engine.photograph.exif import DAMAGED, turned
from engine.photograph.read import read_image, read_mask
from engine.photograph.readers.heif import OTHER_COLOURS
from tests.engine.icc import matrix_profile
from tests.engine.test_colours import in_srgb
from tests.engine.test_image import ORIENTATION, RGB, TURNS, refusal, written

if TYPE_CHECKING:
    from pathlib import Path


def heic(*pictures: Image.Image, exif: bytes | None = None, **options: Any) -> bytes:
    """Pictures as a file's content, nearly without loss."""
    file, buffer = pillow_heif.HeifFile(), io.BytesIO()
    for picture in pictures:
        file.add_from_pillow(picture)
    if exif is not None:
        file.info["exif"] = exif
    file.save(buffer, quality=-1, chroma=444, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_its_pixels_come_out(tmp_path: Path, mode: str) -> None:
    image = read_image(written(tmp_path / "photo.heic", heic(RGB.convert(mode))))
    assert np.abs(image.pixels.astype(int) - np.asarray(RGB.convert(mode).convert("RGB"))).max() <= 2
    assert (image.about.kind, image.about.depth, image.about.notes) == ("HEIC", 8, ())


@pytest.mark.parametrize("orientation", TURNS)
def test_its_orientation_is_applied_once(tmp_path: Path, orientation: int) -> None:
    upright = np.full((40, 56, 3), 200, np.uint8)
    upright[:16, :24], upright[-16:, :24] = (255, 0, 0), (0, 0, 255)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = Image.fromarray(np.ascontiguousarray(TURNS[orientation](upright)))
    image = read_image(written(tmp_path / "photo.heic", heic(stored, exif=exif.tobytes())))
    assert np.abs(image.pixels.astype(int) - upright).max() < 40
    assert image.about.turned == turned(orientation)


def test_a_telephones_colour_profile_becomes_srgb(tmp_path: Path) -> None:
    picture = RGB.copy()
    picture.info["icc_profile"] = matrix_profile()
    plain = read_image(written(tmp_path / "plain.heic", heic(RGB))).pixels
    image = read_image(written(tmp_path / "photo.heic", heic(picture)))
    assert np.abs(image.pixels - in_srgb(plain)).max() < 3
    assert image.about.profile == "Display P3"


def test_other_colours_without_a_profile_are_told(tmp_path: Path) -> None:
    data = heic(RGB, color_primaries=12)
    assert read_image(written(tmp_path / "photo.heic", data)).about.notes == (OTHER_COLOURS,)


def test_ten_bits_are_scaled(tmp_path: Path) -> None:
    values = (np.asarray(RGB).astype("<u2") * 257).tobytes()
    buffer = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", RGB.size, values).save(buffer, quality=-1, chroma=444)
    image = read_image(written(tmp_path / "photo.heic", buffer.getvalue()))
    assert np.abs(image.pixels.astype(int) - np.asarray(RGB)).max() <= 2
    assert image.about.depth == 10


def test_of_several_pictures_the_one_that_the_file_names_is_opened(tmp_path: Path) -> None:
    pictures = [Image.new("RGB", (56, 40), colour) for colour in ("red", "green", "blue")]
    image = read_image(written(tmp_path / "photo.heic", heic(*pictures, primary_index=1)))
    assert np.abs(image.pixels.astype(int) - (0, 128, 0)).max() <= 2
    assert image.about.left_out == ("2 further pictures in it",)


def test_transparency_is_laid_over_white(tmp_path: Path) -> None:
    path = written(tmp_path / "photo.heic", heic(Image.new("RGBA", (56, 40), (255, 0, 0, 0))))
    assert (read_image(path).pixels == 255).all()


def test_damaged_exif_data_does_not_block_good_pixels(tmp_path: Path) -> None:
    image = read_image(written(tmp_path / "photo.heic", heic(RGB, exif=b"Exif\0\0" + bytes(range(1, 60)))))
    assert np.abs(image.pixels.astype(int) - np.asarray(RGB)).max() <= 2
    assert image.about.notes == (DAMAGED,)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.6, 0.98])
def test_truncated_files_are_refused(tmp_path: Path, share: float) -> None:
    data = heic(RGB)
    assert "damaged or cut short" in refusal(written(tmp_path / "photo.heic", data[: int(len(data) * share)]))


def test_sizes_out_of_range_are_refused(tmp_path: Path) -> None:
    assert "smallest" in refusal(written(tmp_path / "dot.heic", heic(Image.new("RGB", (400, 31)))))


def test_a_film_is_refused(tmp_path: Path) -> None:
    data = heic(RGB)
    assert "is a film" in refusal(written(tmp_path / "photo.heic", data[:8] + b"hevc" + data[12:]))


def test_a_mask_may_be_one(tmp_path: Path) -> None:
    grey = np.zeros((40, 56), np.uint8)
    grey[8:24, 8:40] = 255
    assert np.array_equal(read_mask(written(tmp_path / "mask.heic", heic(Image.fromarray(grey)))), grey > 127)


def test_a_frame_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "photo.heic", heic(RGB))
    with pytest.raises(ImageError, match="holds one photograph, and no frame 2"):
        read_image(path, frame=1)
