"""Damage that does not touch the pixels: in the metadata, or at the very end."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from engine.errors import ImageError
from engine.host.resources import samples
from engine.photograph.exif import DAMAGED
from engine.photograph.read import read_image
from tests.engine.test_image import PIXELS, RGB, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

NONSENSE = b"Exif\0\0" + bytes(range(1, 60))
SMOOTH = Image.fromarray(np.add.outer(np.arange(120), np.arange(160)).astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_data_does_not_block_good_pixels(tmp_path: Path, kind: str) -> None:
    right = read_image(written(tmp_path / "right", encoded(RGB, kind))).pixels
    image = read_image(written(tmp_path / "photo", encoded(RGB, kind, exif=NONSENSE)))
    assert np.array_equal(image.pixels, right)
    assert image.about.notes == (DAMAGED,)


def with_chunk(data: bytes, kind: bytes, content: bytes, checksum: int | None = None) -> bytes:
    """A PNG with one more chunk behind its header."""
    end = 8 + 25
    checksum = zlib.crc32(kind + content) if checksum is None else checksum
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
    return data[:end] + chunk + data[end:]


@pytest.mark.parametrize("kind", [b"tEXt", b"eXIf", b"tIME", b"iCCP", b"pHYs"])
def test_a_png_whose_metadata_has_a_wrong_checksum_opens(tmp_path: Path, kind: bytes) -> None:
    image = read_image(written(tmp_path / "photo.png", with_chunk(encoded(RGB, "PNG"), kind, b"what?", checksum=1)))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.about.notes == (DAMAGED,)


def test_a_png_with_a_bomb_of_a_text_opens_without_it(tmp_path: Path) -> None:
    bomb = b"Comment\0\0" + zlib.compress(bytes(PngImagePlugin.MAX_TEXT_CHUNK + 1))
    image = read_image(written(tmp_path / "photo.png", with_chunk(encoded(RGB, "PNG"), b"zTXt", bomb)))
    assert np.array_equal(image.pixels, PIXELS)


def test_a_png_whose_pixels_have_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    data = bytearray(encoded(RGB, "PNG"))
    data[data.index(b"IDAT") + 200] ^= 1
    with pytest.raises(ImageError, match="is damaged or cut short"):
        read_image(written(tmp_path / "photo.png", data))


def test_a_jpeg_whose_metadata_no_decoder_takes_opens(tmp_path: Path) -> None:
    """APP14 says what the channels mean and stays; APP2 claims to be a piece of a profile that is not there."""
    data = encoded(RGB.convert("CMYK"), "JPEG", quality=95)
    right = read_image(written(tmp_path / "right.jpg", data)).pixels
    segment = b"ICC_PROFILE\0"
    data = data[:2] + b"\xff\xe2" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
    assert np.array_equal(read_image(written(tmp_path / "photo.jpg", data)).pixels, right)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}], ids=str)
def test_a_jpeg_cut_short_after_its_last_row_opens(tmp_path: Path, options: dict[str, object]) -> None:
    for picture in (RGB, SMOOTH, Image.open(samples()[0])):
        data = encoded(picture, "JPEG", **options)
        right = read_image(written(tmp_path / "right.jpg", data)).pixels
        for cut in (1, 2):  # the marker at the end
            image = read_image(written(tmp_path / "photo.jpg", data[:-cut]))
            assert np.array_equal(image.pixels, right)


@pytest.mark.parametrize("rows", range(8, 120, 8))
def test_a_jpeg_that_lost_rows_says_so(tmp_path: Path, rows: int) -> None:
    """Markers that restart the decoder stand before each row of blocks, so it is known where they are."""
    data = encoded(SMOOTH, "JPEG", restart_marker_rows=1, subsampling=0)
    place = [found.start() for found in re.finditer(rb"\xff[\xd0-\xd7]", data)][rows // 8 - 1]
    with pytest.raises(ImageError, match=rf"is cut short: from row {rows + 1} of 120 on it is incomplete"):
        read_image(written(tmp_path / "photo.jpg", data[:place]))


def test_no_cut_of_a_jpeg_opens_with_other_pixels(tmp_path: Path) -> None:
    data = encoded(SMOOTH, "JPEG", quality=60)
    right, opened = read_image(written(tmp_path / "right.jpg", data)).pixels, 0
    for length in range(len(data) - 40, len(data)):
        try:
            pixels = read_image(written(tmp_path / "photo.jpg", data[:length])).pixels
        except ImageError:
            continue
        opened += 1
        assert np.array_equal(pixels, right)
    assert opened >= 2


@pytest.mark.parametrize("cut", [1, 12, 16])
def test_a_png_cut_short_after_its_last_row_opens(tmp_path: Path, cut: int) -> None:
    assert np.array_equal(read_image(written(tmp_path / "photo.png", encoded(RGB, "PNG")[:-cut])).pixels, PIXELS)
