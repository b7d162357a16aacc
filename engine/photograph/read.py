"""Reading photographs and masks: any accepted file becomes upright 8-bit RGB in its own geometry."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import ImageError, MemoryShortageError
from engine.photograph.image import SkinImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")  # Pillow knows more, some of which run other programs
MAX_PIXELS = 60_000_000  # 180 MB as RGB: beyond any dermatoscope, within any laptop
DEEP = ("I;16", "I;16L", "I;16B", "I")  # Pillow's modes of more than 8 bits
MIN_SIDE = 32  # pixels; nothing smaller shows a lesion
TWO_VALUES = 0.5  # share of its two commonest greys from which a picture is a mask; of 7,360 photographs at most 0.45
EXTREMES = 0.8  # the same of greys at most NOISE from black or white: masks with noise all over; photographs up to 0.73
NOISE = 16


def read_image(path: str | Path) -> SkinImage:
    """Read a JPEG, PNG, TIFF, BMP or WebP file as a :class:`SkinImage`.

    EXIF orientation is applied; 16-bit, grey, palette, CMYK and transparent images (over white) become RGB. Raises
    :class:`ImageError` for anything else: unreadable, damaged, animated, multi-page, too small or too large;
    :class:`MemoryShortageError` where memory does not suffice.
    """
    path = Path(path)
    data = _read_bytes(path)
    pixels = np.asarray(_to_rgb(_decode(path, data), path))
    pixels.flags.writeable = False
    return SkinImage(path, hashlib.sha256(data).hexdigest(), pixels)


def read_mask(path: str | Path, image: SkinImage | None = None) -> NDArray[np.bool_]:
    """Read a mask file as bool (H, W): True where the grey value is above one half, and nowhere that is transparent.

    image: the photograph that it must be as large as. Raises :class:`ImageError` for what is no image, for another
    size, for a photograph, whose bright half would read as lesion, and for a mask that is dark all over but not black
    (of the values 0 and 1, say): it would read as no lesion.
    """
    path = Path(path)
    decoded = _decode(path, _read_bytes(path))
    flat = _to_rgb(decoded, path, "black").convert("L")
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
    faint = decoded.mode in DEEP and np.asarray(decoded).any()  # a 1 of 65,535 is 0 in 8 bits
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
    return data


def _decode(path: Path, data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        _check_size(path, *image.size)
        if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":  # MPO: a camera's JPEG with a preview behind
            raise ImageError(
                f"{path} holds {image.n_frames} pages or frames; save the one you need as a file of its own."  # type: ignore[attr-defined]
            )
        image.load()
        return ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageError(
            f"{path} is too large; images of up to {MAX_PIXELS // 10**6} megapixels can be opened: reduce it first."
        ) from None
    except UnidentifiedImageError:
        raise ImageError(f"{path} is not an image that can be read; use JPEG, PNG, TIFF, BMP or WebP.") from None
    except ImageError:
        raise
    except MemoryError:
        raise MemoryShortageError.of(path) from None
    except Exception as error:  # decoders raise nearly anything on damaged files
        raise ImageError(f"{path} is damaged or cut short; copy it again from its source ({error}).") from None


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{path} is {width} x {height} pixels; images of up to {MAX_PIXELS // 10**6} megapixels can be opened:"
            " reduce it first."
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(
            f"{path} is {width} x {height} pixels; the smallest image with a use is {MIN_SIDE} x {MIN_SIDE}."
        )


def _to_8_bits(image: Image.Image, path: Path) -> Image.Image:
    if image.mode in DEEP:
        values = np.asarray(image).astype(np.float64)
        if values.min() < 0 or values.max() > 65535:
            raise ImageError(f"{path} has grey values outside 16 bits; save it with 8 or 16 bits per channel.")
        image = Image.fromarray(np.round(values / 257).astype(np.uint8))
    elif image.mode == "F":
        raise ImageError(f"{path} holds floating-point values; save it with 8 or 16 bits per channel.")
    return image


def _to_rgb(image: Image.Image, path: Path, behind: str = "white") -> Image.Image:
    """The image as 8-bit RGB, laid over a colour where it is transparent."""
    image = _to_8_bits(image, path)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, behind), image)
    return image.convert("RGB")
