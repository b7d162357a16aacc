"""Colour profiles: pixels of any embedded ICC profile become sRGB, by LittleCMS as Pillow has it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsProfile, ImageCmsTransform

MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}  # ICC's names, without blanks, and Pillow's modes
SAME = 1  # grey values; a profile that moves no colour by more is sRGB itself, and nothing is done


class ProfileError(Exception):
    """A profile that is damaged, or of other colours than the picture."""


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """An 8-bit picture in sRGB: RGB, or RGBA where it is transparent, or as it is where its profile is sRGB itself.

    Raises :class:`ProfileError`.
    """
    mode, transform = _transform(profile)
    if transform is None:
        return picture
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    if mode == "RGB" or (mode == "L" and picture.mode in ("1", "LA")):
        picture = picture.convert(mode)
    if picture.mode != mode:
        raise ProfileError(f"a profile for {mode} in a picture of {picture.mode}")
    found = transform.apply(picture)
    if alpha is not None:
        found.putalpha(alpha)
    return found


def lab_to_rgb(picture: Image.Image) -> Image.Image:
    """A picture of mode LAB, which Pillow does not convert itself, as RGB."""
    from PIL import ImageCms

    return _to_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB").apply(picture)


def name_of(profile: bytes) -> str:
    """What a profile calls itself; empty where it cannot be read."""
    from PIL import ImageCms

    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (OSError, UnicodeDecodeError, ImageCms.PyCMSError):
        return ""


@lru_cache(maxsize=16)
def _transform(profile: bytes) -> tuple[str, ImageCmsTransform | None]:
    """The mode that a profile is for, and the way from there to sRGB; None where it leads nowhere else."""
    from PIL import ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = MODES[opened.profile.xcolor_space.strip()]
        transform = _to_srgb(opened, mode)
    except (OSError, KeyError, UnicodeDecodeError, ImageCms.PyCMSError) as error:
        raise ProfileError(str(error)) from None
    return mode, None if mode == "RGB" and _moves_nothing(transform) else transform


def _to_srgb(profile: ImageCmsProfile, mode: str) -> ImageCmsTransform:
    from PIL import ImageCms

    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB", intent)


def _moves_nothing(transform: ImageCmsTransform) -> bool:
    """Whether colours all over RGB stay where they are, but for rounding."""
    levels = np.linspace(0, 255, 18).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(18, -1, 3)
    moved = np.asarray(transform.apply(Image.fromarray(cube))).astype(int) - cube
    return bool(np.abs(moved).max() <= SAME)
