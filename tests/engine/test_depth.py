"""Pixels of more than 8 bits: every bit counts, and what does not fill its range is scaled and said."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import ImageError
from engine.photograph.read import read_image, read_mask
from tests.engine.test_image import PIXELS, written

if TYPE_CHECKING:
    from pathlib import Path

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # PNG's, by the number of channels


def png(values: np.ndarray) -> bytes:
    """A PNG of 16 bits, uint16 (H, W, channels), which Pillow cannot write."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, COLOUR_TYPES[channels], 0, 0, 0)
    parts = (b"IHDR" + header, b"IDAT" + zlib.compress(rows), b"IEND")
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("channels", COLOUR_TYPES)
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_deep_pngs_are_scaled_by_the_depth_that_they_use(tmp_path: Path, channels: int, bits: int) -> None:
    """PIXELS are all of 8 bits, so scaling them up and down must give them back."""
    colours = PIXELS[..., : 1 if channels < 3 else 3]
    values = np.round(colours / 255 * (2**bits - 1)).astype(np.uint16)
    if channels in (2, 4):
        values = np.concatenate([values, np.full_like(values[..., :1], 65535)], axis=-1)
    image = read_image(written(tmp_path / "photo.png", png(values)))
    assert np.array_equal(image.pixels, np.broadcast_to(colours, PIXELS.shape))
    assert (image.about.depth, image.about.used) == (16, bits)
    said = [f"its values fill {bits} of 16 bits, and were scaled to that"] if bits < 16 else []
    assert list(image.about.notes) == said


def test_16_bit_colour_is_rounded_and_not_cut(tmp_path: Path) -> None:
    """A cut would darken each channel by half a grey value, and dark colours in one direction."""
    values = np.full((40, 56, 3), (257 * 100 + 200, 257 * 100 + 50, 65535), np.uint16)
    assert (read_image(written(tmp_path / "photo.png", png(values))).pixels == (101, 100, 255)).all()


def test_transparent_grey_of_16_bits_is_laid_over_white(tmp_path: Path) -> None:
    values = np.zeros((40, 56, 2), np.uint16)
    values[..., 0], values[:20, :, 1] = 40000, 65535
    pixels = read_image(written(tmp_path / "photo.png", png(values))).pixels
    assert (pixels[:20] == round(40000 / 257)).all()
    assert (pixels[20:] == 255).all()


def test_what_is_black_all_over_stays_black(tmp_path: Path) -> None:
    image = read_image(written(tmp_path / "photo.png", png(np.zeros((40, 56, 3), np.uint16))))
    assert not image.pixels.any()


def test_a_deep_mask_is_not_scaled(tmp_path: Path) -> None:
    """Of 0 and 4095 it might be a mask of 12 bits, or of something else: better to ask."""
    values = np.zeros((40, 56, 1), np.uint16)
    values[10:20] = 4095
    path = written(tmp_path / "mask.png", png(values))
    with pytest.raises(ImageError, match="dark all over"):
        read_mask(path)
    path = written(tmp_path / "mask.png", png(values * 16))
    assert np.array_equal(read_mask(path), values[..., 0] > 0)


def test_an_orientation_turns_deep_pixels_too(tmp_path: Path) -> None:
    values = PIXELS.astype(np.uint16) * 257
    path = tmp_path / "photo.tif"
    for planes in ("contig", "separate"):
        stored = np.moveaxis(values, -1, 0) if planes == "separate" else values
        tifffile.imwrite(path, stored, photometric="rgb", planarconfig=planes, extratags=[(274, "H", 1, 3, True)])
        assert np.array_equal(read_image(path).pixels, PIXELS[::-1, ::-1])


def test_a_deep_photograph_with_a_mode_that_pillow_cuts_still_opens(tmp_path: Path) -> None:
    values = np.random.default_rng(2).integers(0, 65536, (40, 56, 4), dtype=np.uint16)
    path = tmp_path / "ink.tif"
    tifffile.imwrite(path, values, photometric="separated")
    with Image.open(path) as cut:
        assert np.array_equal(read_image(path).pixels, np.asarray(cut.convert("RGB")))
