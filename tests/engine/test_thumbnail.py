"""Photographs in small look like the large ones and are known by the same identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.errors import ImageError
from engine.photograph.read import read_image
from engine.photograph.thumbnail import thumbnail
from tests.engine.icc import matrix_profile

if TYPE_CHECKING:
    from pathlib import Path

ORIENTATION = 0x0112


def gradient(width: int, height: int) -> Image.Image:
    """Red grows to the right and green downwards, so that every way to turn it can be told."""
    rows, columns = np.mgrid[0:height, 0:width]
    red, green = columns * 255 / width, rows * 255 / height
    return Image.fromarray(np.dstack([red, green, np.full_like(red, 90)]).astype(np.uint8))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_it_is_the_photograph_in_small(tmp_path: Path, name: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    gradient(1600, 1200).save(tmp_path / name, exif=exif)
    large, small = read_image(tmp_path / name), thumbnail(tmp_path / name, 100)
    assert small.identity == large.identity
    assert max(small.width, small.height) == 100
    assert (small.width > small.height) == (large.width > large.height)
    expected = Image.fromarray(large.pixels).resize((small.width, small.height), Image.Resampling.BOX)
    assert np.abs(small.pixels.astype(int) - np.asarray(expected)).mean() < 3
    assert not small.pixels.flags.writeable


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_other_colours_become_rgb(tmp_path: Path, mode: str) -> None:
    gradient(400, 300).convert(mode).save(tmp_path / "a.jpg")
    assert thumbnail(tmp_path / "a.jpg", 80).pixels.shape == (60, 80, 3)


def test_its_colours_are_those_that_the_profile_means(tmp_path: Path) -> None:
    picture = Image.new("RGB", (400, 300), (200, 60, 60))
    for name, profile in (("plain", None), ("p3", matrix_profile()), ("damaged", b"profile")):
        picture.save(tmp_path / f"{name}.jpg", quality=95, icc_profile=profile)
    for name in ("plain", "p3", "damaged"):
        large, small = read_image(tmp_path / f"{name}.jpg"), thumbnail(tmp_path / f"{name}.jpg", 80)
        assert np.abs(small.pixels[5, 5].astype(int) - large.pixels[50, 50]).max() <= 2, name
    plain, p3 = (thumbnail(tmp_path / f"{name}.jpg", 80).pixels[5, 5].astype(int) for name in ("plain", "p3"))
    assert np.abs(plain - p3).max() > 10


def test_a_small_photograph_is_not_enlarged(tmp_path: Path) -> None:
    gradient(60, 40).save(tmp_path / "a.png")
    assert thumbnail(tmp_path / "a.png", 100).pixels.shape == (40, 60, 3)


@pytest.mark.parametrize("data", [b"", b"photograph", b"\xff\xd8\xff\xe0 cut short"])
def test_what_cannot_be_opened_is_refused_as_when_it_is_opened(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    sentences = []
    for read in (read_image, lambda path: thumbnail(path, 100)):
        with pytest.raises(ImageError) as error:
            read(path)
        sentences.append(str(error.value))
    assert sentences[0] == sentences[1]
