"""Colour profiles: what a file's numbers mean comes out in sRGB, whatever kind of file it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.photograph.read import UNUSABLE, read_image, read_mask
from tests.engine.icc import DISPLAY_P3, GAMMA, grey_profile, matrix_profile
from tests.engine.test_image import PIXELS, RGB, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

P3, SRGB = matrix_profile(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SRGB_XYZ = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))  # D50
KINDS = {"PNG": {}, "JPEG": {"quality": 100, "subsampling": 0}, "TIFF": {}, "WEBP": {"lossless": True},
         "AVIF": {"quality": 100, "subsampling": "4:4:4"}}  # fmt: skip


def in_srgb(pixels: np.ndarray) -> np.ndarray:
    """Display P3 of gamma 2.2 as sRGB, by the definitions."""
    linear = (pixels / 255) ** GAMMA @ np.array(DISPLAY_P3) @ np.linalg.inv(np.array(SRGB_XYZ))
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("kind", KINDS)
def test_an_embedded_profile_of_any_format_becomes_srgb(tmp_path: Path, kind: str) -> None:
    plain = read_image(written(tmp_path / "plain", encoded(RGB, kind, **KINDS[kind]))).pixels
    image = read_image(written(tmp_path / "photo", encoded(RGB, kind, icc_profile=P3, **KINDS[kind])))
    assert np.abs(image.pixels - in_srgb(plain)).max() < 2
    assert np.abs(image.pixels.astype(int) - plain).max() > 20
    assert image.about.profile == "Display P3"


@pytest.mark.parametrize("kind", KINDS)
def test_a_profile_that_is_srgb_itself_changes_no_byte(tmp_path: Path, kind: str) -> None:
    plain = read_image(written(tmp_path / "plain", encoded(RGB, kind, **KINDS[kind])))
    same = read_image(written(tmp_path / "photo", encoded(RGB, kind, icc_profile=SRGB, **KINDS[kind])))
    assert np.array_equal(plain.pixels, same.pixels)


@pytest.mark.parametrize("profile", [P3, SRGB])
@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
def test_pictures_of_every_mode_take_an_rgb_profile(tmp_path: Path, mode: str, profile: bytes) -> None:
    picture = RGB.quantize(16) if mode == "P" else RGB.convert(mode)
    plain = read_image(written(tmp_path / "plain.png", encoded(picture, "PNG"))).pixels
    image = read_image(written(tmp_path / "photo.png", encoded(picture, "PNG", icc_profile=profile)))
    assert np.abs(image.pixels - (in_srgb(plain) if profile is P3 else plain)).max() < 2
    assert image.about.notes == ()


def test_transparency_is_laid_over_the_white_of_srgb(tmp_path: Path) -> None:
    picture = RGB.copy()
    picture.putalpha(Image.new("L", RGB.size, 0))
    pixels = read_image(written(tmp_path / "photo.png", encoded(picture, "PNG", icc_profile=P3))).pixels
    assert (pixels == 255).all()


def test_a_grey_profile(tmp_path: Path) -> None:
    path = written(tmp_path / "photo.png", encoded(RGB.convert("L"), "PNG", icc_profile=grey_profile()))
    grey = np.asarray(RGB.convert("L"))[..., None].repeat(3, 2)
    linear = (grey / 255) ** GAMMA
    right = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(read_image(path).pixels - right).max() < 2


@pytest.mark.parametrize("profile", [b"nonsense", P3[:200], grey_profile()], ids=["nonsense", "cut", "of grey"])
def test_a_profile_that_cannot_be_used_is_told_and_does_not_block(tmp_path: Path, profile: bytes) -> None:
    image = read_image(written(tmp_path / "photo.tif", encoded(RGB, "TIFF", icc_profile=profile)))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.about.notes == (UNUSABLE,)


def test_a_masks_values_are_no_colours(tmp_path: Path) -> None:
    """A profile could move a grey value over one half."""
    grey = np.tile(np.repeat(np.arange(0, 256, 17, dtype=np.uint8), 40), (40, 1))
    grey[:, 40:-40] = grey[:, 40:-40] // 128 * 255
    path = written(tmp_path / "mask.png", encoded(Image.fromarray(grey), "PNG", icc_profile=grey_profile()))
    assert np.array_equal(read_mask(path), grey > 127)


def as_before(data: bytes, path: Path) -> np.ndarray:
    """What 8-bit files without a profile have always been read as."""
    with Image.open(written(path, data)) as picture:
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        return np.asarray(picture.convert("RGB"))


MODES = {
    "JPEG": ("RGB", "L", "CMYK"), "PNG": ("RGB", "L", "P", "RGBA", "LA", "1"), "BMP": ("RGB", "L", "P", "RGBA", "1"),
    "TIFF": ("RGB", "L", "P", "RGBA", "LA", "CMYK", "1"), "WEBP": ("RGB", "RGBA"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes])
def test_eight_bits_without_a_profile_are_what_they_always_were(tmp_path: Path, kind: str, mode: str) -> None:
    data = encoded(RGB.quantize(16) if mode == "P" else RGB.convert(mode), kind)
    path = tmp_path / "photo"
    assert np.array_equal(read_image(written(path, data)).pixels, as_before(data, path))
