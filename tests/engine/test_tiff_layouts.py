"""TIFF files of any layout: each opens with the pixels that were written."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import ImageError
from engine.photograph.read import read_image
from tests.engine.test_image import PIXELS, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

DEEP = np.random.default_rng(1).integers(0, 65536, PIXELS.shape, dtype=np.uint16)
LAYOUTS = [
    {"planarconfig": planes, "tile": tile, "compression": compression, "byteorder": order, "bigtiff": big,
     "predictor": compression is not None}
    for planes, tile, compression, order, big in itertools.product(
        ("contig", "separate"), (None, (32, 32)), (None, "zlib"), "<>", (False, True)
    )
]  # fmt: skip


def in_8_bits(values: np.ndarray) -> np.ndarray:
    """16 bits to the nearest of 8."""
    return np.round(values / 257).astype(np.uint8)


def saved(path: Path, values: np.ndarray, **options: Any) -> Path:
    """A TIFF file of some layout; pixels (H, W, 3) also where each colour has a plane of its own."""
    separate = options.get("planarconfig") == "separate"
    tifffile.imwrite(path, np.moveaxis(values, -1, 0) if separate else values, photometric="rgb", **options)
    return path


@pytest.mark.parametrize("depth", [8, 16])
def test_every_layout_opens_with_the_pixels_that_were_written(tmp_path: Path, depth: int) -> None:
    values, right = (PIXELS, PIXELS) if depth == 8 else (DEEP, in_8_bits(DEEP))
    for layout in LAYOUTS:
        image = read_image(saved(tmp_path / "photo.tif", values, **layout))
        assert np.array_equal(image.pixels, right), layout
        assert (image.about.kind, image.about.depth, image.about.used) == ("TIFF", depth, depth)


def test_compressions_that_only_libtiff_knows_keep_16_bits(tmp_path: Path) -> None:
    """Pillow itself writes no 16-bit colour, so the pixels come from grey ones."""
    path = tmp_path / "grey.tif"
    Image.fromarray(DEEP[..., 0]).save(path, compression="tiff_lzw")
    assert np.array_equal(read_image(path).pixels[..., 0], in_8_bits(DEEP[..., 0]))


@pytest.mark.parametrize("depth", [8, 16])
def test_where_white_is_stored_as_zero(tmp_path: Path, depth: int) -> None:
    values = PIXELS[..., 0] if depth == 8 else DEEP[..., 0]
    tifffile.imwrite(tmp_path / "photo.tif", np.iinfo(values.dtype).max - values, photometric="miniswhite")
    right = values if depth == 8 else in_8_bits(values)
    assert np.array_equal(read_image(tmp_path / "photo.tif").pixels[..., 0], right)


@pytest.mark.parametrize("separate", [False, True])
def test_16_bits_with_transparency_are_laid_over_white(tmp_path: Path, separate: bool) -> None:
    values = np.concatenate([DEEP, np.zeros_like(DEEP[..., :1])], axis=-1)
    values[:20, :, 3] = 65535
    options = {"planarconfig": "separate" if separate else "contig", "extrasamples": ["unassalpha"]}
    pixels = read_image(saved(tmp_path / "photo.tif", values, **options)).pixels
    assert np.array_equal(pixels[:20], in_8_bits(DEEP[:20]))
    assert (pixels[20:] == 255).all()


def test_a_reduced_copy_beside_the_photograph_is_no_second_page(tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(PIXELS, photometric="rgb", subfiletype=0)
        file.write(PIXELS[::2, ::2], photometric="rgb", subfiletype=1)
    image = read_image(path)
    assert np.array_equal(image.pixels, PIXELS)
    assert image.about.left_out == ("its reduced copies",)


def test_a_reduced_copy_may_come_first(tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(PIXELS[::2, ::2], photometric="rgb", subfiletype=1)
        file.write(DEEP, photometric="rgb", subfiletype=0)
    assert np.array_equal(read_image(path).pixels, in_8_bits(DEEP))


@pytest.mark.parametrize("order", "<>")
def test_two_pages_are_refused_in_every_byte_order(tmp_path: Path, order: Any) -> None:
    path = tmp_path / "photo.tif"
    with tifffile.TiffWriter(path, byteorder=order, bigtiff=True) as file:
        file.write(PIXELS, photometric="rgb")
        file.write(PIXELS, photometric="rgb")
    with pytest.raises(ImageError, match="2 pages or frames"):
        read_image(path)


def test_a_layout_that_nobody_reads_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    tifffile.imwrite(path, DEEP.astype(np.float64), photometric="rgb", bigtiff=True, byteorder=">")
    with pytest.raises(ImageError, match="of a layout that cannot be read; save it as RGB of 8 or 16 bits"):
        read_image(path)


def test_lab_colours_become_rgb(tmp_path: Path) -> None:
    grey = Image.new("LAB", (56, 40), (138, 128, 128))
    pixels = read_image(written(tmp_path / "photo", encoded(grey, "TIFF"))).pixels
    assert np.abs(pixels.astype(int) - 129).max() <= 3  # L* 54 of 100


@pytest.mark.parametrize(("compression", "lossy"), [("jpeg", True), ("tiff_lzw", False)])
def test_a_tiff_says_whether_its_compression_lost_something(tmp_path: Path, compression: str, lossy: bool) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "a.tif", compression=compression)
    assert read_image(tmp_path / "a.tif").about.lossy == lossy
