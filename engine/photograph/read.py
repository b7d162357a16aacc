"""Reading photographs and masks: any accepted file becomes upright 8-bit sRGB in its own geometry."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.errors import ImageError, MemoryShortageError
from engine.photograph import colours, depth
from engine.photograph.exif import upright
from engine.photograph.image import SkinImage
from engine.photograph.quiet import quieten
from engine.photograph.readers import formats, reader_of, suffixes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photograph.about import About
    from engine.photograph.reader import Decoded

SUFFIXES = suffixes()  # of the files that open; some have none
TWO_VALUES = 0.5  # share of its two commonest greys from which a picture is a mask; of 7,360 photographs at most 0.45
EXTREMES = 0.8  # the same of greys at most NOISE from black or white: masks with noise all over; photographs up to 0.73
NOISE = 16
COMPANION = b"\0\5\x16\7"  # AppleDouble: what macOS writes beside a file where the disk has no room for it
STRIP = 2**20  # pixels that are copied at a time
SCALED = "its values fill {used} of {depth} bits, and were scaled to that"
UNUSABLE = "its colour profile cannot be used, and its colours are taken as sRGB"


def read_image(path: str | Path, frame: int | None = None) -> SkinImage:
    """Read a photograph of any format that :mod:`engine.photograph.readers` knows as a :class:`SkinImage`.

    frame: which one of a file that holds several, from 0; None: the first. Orientation and colour profile are applied;
    deep, grey, palette, CMYK and transparent images (over white) become RGB; what is worth telling stands in its
    ``about.notes``. Raises :class:`ImageError` for anything else: unreadable, damaged, animated, multi-page, too small
    or too large; :class:`MemoryShortageError` where there is not enough memory.
    """
    path = Path(path)
    data = _read_bytes(path)
    decoded = _decode(path, data, frame)
    picture, about = _developed(decoded)
    pixels = _pixels(_to_rgb(picture))
    pixels.flags.writeable = False
    return SkinImage(path, hashlib.sha256(data).hexdigest(), pixels, decoded.frame, about)


def read_mask(path: str | Path, image: SkinImage | None = None) -> NDArray[np.bool_]:
    """Read a mask file as bool (H, W): True where the grey value is above one half, and nowhere that is transparent.

    image: the photograph that it must be as large as. Raises :class:`ImageError` for what is no image, for another
    size, for a photograph, whose bright half would read as lesion, and for a mask that is dark all over but not black
    (of the values 0 and 1, say): it would read as no lesion.
    """
    path = Path(path)
    decoded = _decode(path, _read_bytes(path))
    flat = _to_rgb(_in_8_bits(decoded, 2**depth.BITS - 1), "black").convert("L")
    grey = np.asarray(flat)
    height, width = grey.shape
    if image is not None and (width, height) != (image.width, image.height):
        raise ImageError(
            f"{path} is {width} x {height} pixels, but {image.path.name} is {image.width} x {image.height};"
            " choose the mask of this photograph."
        )
    if not _has_two_values(flat):
        raise ImageError(
            f"{path} has too many shades to be a mask, as a photograph has; choose the mask, white (255) for lesion"
            " and black (0) elsewhere."
        )
    faint = isinstance(decoded.picture, np.ndarray) and decoded.picture.any()  # a 1 of 65,535 is 0 in 8 bits
    if grey.max() <= 127 and (grey.any() or faint):
        raise ImageError(f"{path} is dark all over, but not black; save the mask with white (255) for lesion.")
    return grey > 127


def _has_two_values(grey: Image.Image) -> bool:
    """Whether a picture of mode L is of two values, but for soft borders and the traces of lossy compression."""
    shares = np.array(grey.histogram()) / (grey.width * grey.height)
    extremes = shares[: NOISE + 1].sum() + shares[-NOISE - 1 :].sum()
    return bool(np.sort(shares)[-2:].sum() >= TWO_VALUES or extremes >= EXTREMES)


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ImageError(f"{path} does not exist; check the path and try again.") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        if os.path.isdir(path):  # Windows says no more than "permission denied"
            raise ImageError(f"{path} is a folder; choose an image file.") from None
        reason = getattr(error, "strerror", None) or error
        raise ImageError(f"{path} cannot be read ({reason}); check its name and its permissions.") from None
    if not data:
        raise ImageError(f"{path} is empty (0 bytes); copy it again from its source.")
    if data.startswith(COMPANION):
        raise ImageError(f"{path} is what macOS wrote beside a photograph; open the photograph itself.")
    return data


def _decode(path: Path, data: bytes, frame: int | None = None) -> Decoded:
    quieten()
    try:
        return reader_of(data).decode(path, data, frame)
    except UnidentifiedImageError:
        raise ImageError(f"{path} is not an image that can be read; use {formats()}.") from None
    except (ImageError, MemoryShortageError):
        raise
    except MemoryError:
        raise MemoryShortageError.of(path) from None
    except Exception as error:  # decoders raise nearly anything on damaged files
        reason = " ".join(str(error).split())
        raise ImageError(f"{path} is damaged or cut short; copy it again from its source ({reason}).") from None


def _in_8_bits(decoded: Decoded, full: int) -> Image.Image:
    """The picture in 8 bits and upright; full: the largest value that a deep one could have."""
    picture = decoded.picture
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(depth.to_8_bits(picture, full))
    return upright(picture, decoded.orientation)


def _developed(decoded: Decoded) -> tuple[Image.Image, About]:
    """The picture as it is to be seen: of its true depth, upright, in sRGB; and what there is to say of that."""
    about, full = decoded.about, decoded.full
    if isinstance(decoded.picture, np.ndarray) and full is None:
        used = depth.bits_used(decoded.picture)
        full = 2**used - 1
        note = (SCALED.format(used=used, depth=about.depth),) if used < depth.BITS else ()
        about = replace(about, used=used, notes=(*about.notes, *note))
    picture = _in_8_bits(decoded, full or 0)
    if not decoded.profile:
        return picture, about
    about = replace(about, profile=colours.name_of(decoded.profile) or "without a name")
    try:
        return colours.to_srgb(picture, decoded.profile), about
    except colours.ProfileError:
        return picture, replace(about, notes=(*about.notes, UNUSABLE))


def _to_rgb(image: Image.Image, behind: str = "white") -> Image.Image:
    """An 8-bit image as RGB, laid over a colour where it is transparent."""
    if image.mode == "LAB":
        return colours.lab_to_rgb(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, behind), image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """An RGB image's pixels, uint8 (H, W, 3), taken strip by strip: Pillow would lay out a large one twice."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    rows = max(1, STRIP // image.width)
    for y in range(0, image.height, rows):
        bottom = min(y + rows, image.height)
        pixels[y:bottom] = np.asarray(image.crop((0, y, image.width, bottom)))
    return pixels
