"""Reading masks: where they are lesion, and which are refused because they would say something else than was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.errors import ImageError
from engine.host.resources import samples
from engine.photograph.read import NOISE, read_image, read_mask
from tests.engine.test_image import GREY, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage


def test_a_mask_is_where_grey_exceeds_one_half(tmp_path: Path) -> None:
    soft = np.arange(256).repeat(2)  # a border with every grey between black and white
    grey = np.tile(np.concatenate([np.zeros(300), soft, np.full(300, 255)]).astype(np.uint8), (40, 1))
    path = written(tmp_path / "mask.png", encoded(Image.fromarray(grey), "PNG"))
    assert np.array_equal(read_mask(path), grey > 127)
    path = written(tmp_path / "mask1.png", encoded(Image.fromarray(grey > 99), "PNG"))
    assert np.array_equal(read_mask(path), grey > 99)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_16_bit_mask_is_where_grey_exceeds_one_half(tmp_path: Path, kind: str) -> None:
    grey = np.concatenate([np.zeros_like(GREY), GREY, np.full_like(GREY, 65535)])
    path = written(tmp_path / "mask", encoded(Image.fromarray(grey), kind))
    assert np.array_equal(read_mask(path), grey > 65535 // 2)


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "P"])
def test_a_photograph_is_no_mask(photo: SkinImage, tmp_path: Path, mode: str) -> None:
    """Its bright half would silently read as lesion."""
    picture = Image.fromarray(photo.pixels)
    picture = picture.quantize(256) if mode == "P" else picture.convert(mode)
    path = written(tmp_path / "nevus.png", encoded(picture, "PNG"))
    with pytest.raises(ImageError, match=r"nevus\.png has too many shades to be a mask, .*; choose the mask"):
        read_mask(path, photo)
    for sample in samples():
        with pytest.raises(ImageError, match="as a photograph has"):
            read_mask(sample)


def test_a_dark_photograph_is_called_one(photo: SkinImage, tmp_path: Path) -> None:
    path = written(tmp_path / "dark.png", encoded(Image.fromarray(photo.pixels // 3), "PNG"))
    with pytest.raises(ImageError, match="as a photograph has"):
        read_mask(path)


@pytest.mark.parametrize("side", [32, 64, 256])
@pytest.mark.parametrize("quality", [15, 75, 95])
def test_a_mask_that_was_compressed_is_one(tmp_path: Path, side: int, quality: int) -> None:
    rows, columns = np.mgrid[:side, :side]
    disc = np.hypot(rows - side / 2, columns - side / 2) < 0.3 * side
    path = written(tmp_path / "mask.jpg", encoded(Image.fromarray(disc).convert("L"), "JPEG", quality=quality))
    assert np.mean(read_mask(path) != disc) < 0.02


def test_a_mask_with_noise_or_of_two_greys_is_one(tmp_path: Path) -> None:
    lesion = np.zeros((64, 64), np.bool_)
    lesion[20:40, 5:60] = True
    noise = np.random.default_rng(0).integers(0, NOISE + 1, lesion.shape)
    for number, grey in enumerate((np.where(lesion, 255 - noise, noise), np.where(lesion, 150, 90))):
        path = written(tmp_path / f"{number}.png", encoded(Image.fromarray(grey.astype(np.uint8)), "PNG"))
        assert np.array_equal(read_mask(path), lesion)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_where_a_mask_is_transparent_there_is_no_lesion(tmp_path: Path, mode: str) -> None:
    lesion = np.zeros((40, 56), bool)
    lesion[10:20, 5:25] = True
    picture = Image.new("RGBA", (56, 40), (255, 255, 255, 0))  # white all over, as paint programs leave it
    picture.putalpha(Image.fromarray(lesion.astype(np.uint8) * 255))
    options = {}
    if mode == "P":
        picture, options = Image.fromarray(lesion.astype(np.uint8)), {"transparency": 0}
        picture.putpalette([255] * 6)
    else:
        picture = picture.convert(mode)
    assert np.array_equal(read_mask(written(tmp_path / "mask", encoded(picture, "PNG", **options))), lesion)


def test_a_mask_in_lab_colours_is_read(tmp_path: Path) -> None:
    lightness = np.zeros((40, 56, 3), np.uint8)
    lightness[:20, :, 0] = 255
    picture = Image.fromarray(lightness[..., 0])
    middle = Image.new("L", picture.size, 128)
    path = written(tmp_path / "mask.tif", encoded(Image.merge("LAB", (picture, middle, middle)), "TIFF"))
    assert np.array_equal(read_mask(path), lightness[..., 0] > 0)


@pytest.mark.parametrize(
    ("depth", "value", "kind"),
    [
        *((np.uint8, value, "PNG") for value in (1, 38, 127)),
        *((np.uint16, value, "PNG") for value in (1, 128, 257, 127 * 257)),
        *((np.uint16, value, "TIFF") for value in (1, 255)),
        (np.int32, 1, "TIFF"),
    ],
)
def test_a_mask_whose_lesion_is_nearly_black_is_refused(tmp_path: Path, depth: type, value: int, kind: str) -> None:
    """Of the values 0 and 1, say, or a palette's first colour: it would silently read as no lesion."""
    grey = np.zeros((40, 56), depth)
    grey[10:20] = value
    path = written(tmp_path / "mask", encoded(Image.fromarray(grey), kind))
    with pytest.raises(ImageError, match="dark all over, but not black; save the mask with white"):
        read_mask(path)


@pytest.mark.parametrize("mode", ["L", "I;16"])
def test_a_black_mask_says_no_lesion(tmp_path: Path, mode: str) -> None:
    assert not read_mask(written(tmp_path / "mask", encoded(Image.new(mode, (56, 40)), "PNG"))).any()


def test_a_mask_of_another_size_than_its_photograph_is_refused(photo: SkinImage, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    Image.new("1", (photo.width, photo.height), 1).save(path)
    assert read_mask(path, photo).all()
    Image.new("1", (photo.height, photo.width), 1).save(path)
    with pytest.raises(ImageError, match=f"{photo.height} x {photo.width} .* is {photo.width} x {photo.height}"):
        read_mask(path, photo)
    assert read_image(path).pixels.all()
