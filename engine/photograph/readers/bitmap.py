"""JPEG, PNG, TIFF, BMP, WebP and AVIF: by Pillow, and by tifffile where Pillow does not know a TIFF's layout."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.errors import ImageError, MemoryShortageError
from engine.photograph import depth, mended, tiff
from engine.photograph.about import About
from engine.photograph.exif import DAMAGED, read_exif, turned
from engine.photograph.reader import Decoded, Reader, check_frame, check_size, too_large

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.reader import Picture

KNOWN = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "AVIF")  # Pillow knows more, some of which run other programs
LOSSY = ("JPEG", "MPO", "WEBP", "AVIF")  # the latter two can be without loss, too, but do not say it
NAMES = {"WEBP": "WebP", "MPO": "JPEG"}  # MPO: a camera's JPEG with a preview behind


class Bitmap(Reader):
    """What cameras, telephones and programs write."""

    formats = ("JPEG", "PNG", "TIFF", "BMP", "WebP", "AVIF")
    suffixes = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".webp", ".avif")
    is_last = True

    def knows(self, head: bytes) -> bool:
        """See :class:`Reader`; what no other reader knows is left to Pillow."""
        return True

    def decode(self, path: Path, data: bytes, frame: int | None = None) -> Decoded:
        """See :class:`Reader`."""
        check_frame(path, frame, 1)
        try:
            return _decode(path, data)
        except (ImageError, MemoryShortageError, MemoryError):
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large(path) from None
        except Exception:
            if (bare := mended.without_metadata(data)) == data:
                raise
            return _decode(path, bare, (DAMAGED,))


READER = Bitmap()


def _decode(path: Path, data: bytes, notes: tuple[str, ...] = ()) -> Decoded:
    try:
        image = _opened(data)
    except UnidentifiedImageError:
        if not data.startswith(tiff.MAGIC):
            raise
        return _by_tifffile(path, data, About("TIFF"))
    page, left_out = _only_page(path, image)
    check_size(path, *image.size)
    is_tiff = image.format == "TIFF"
    exif = read_exif(image) if is_tiff else None  # Pillow turns a TIFF as it loads it, and forgets what it did
    profile = image.info.get("icc_profile") or b""
    lossy = image.format in LOSSY or image.info.get("compression") == "jpeg"  # a TIFF's
    about = About(NAMES.get(image.format or "", image.format or ""), lossy=lossy, left_out=left_out, notes=notes)
    if tiff.is_left_to_tifffile(image):
        return _by_tifffile(path, data, about, profile)
    picture = _picture(path, image, data, page)
    exif = exif or read_exif(image)  # of others after loading, since a PNG loads itself for its EXIF data
    if isinstance(picture, np.ndarray):
        about = replace(about, depth=depth.BITS, used=depth.BITS)
    about = replace(about, date=exif.date, device=exif.device, turned=turned(exif.orientation))
    if exif.damaged:
        about = replace(about, notes=(*notes, DAMAGED))
    return Decoded(picture, about, profile=profile, orientation=1 if is_tiff else exif.orientation)


def _opened(data: bytes, page: int = 0) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(data), formats=KNOWN)
    if page:
        image.seek(page)
    return image


def _only_page(path: Path, image: Image.Image) -> tuple[int, tuple[str, ...]]:
    """Which of a file's pages is the photograph, and what the others are."""
    count = getattr(image, "n_frames", 1)
    if count == 1:
        return 0, ()
    if image.format == "MPO":
        return 0, ("the preview behind it",)
    pages = tiff.pages(image) if image.format == "TIFF" else range(count)
    if len(pages) > 1:
        raise ImageError(f"{path} holds {len(pages)} pages or frames; save the one you need as a file of its own.")
    return pages[0], ("its reduced copies",)


def _picture(path: Path, image: Image.Image, data: bytes, page: int) -> Picture:
    """An opened image's pixels, with all their bits."""
    if depth.is_deep_colour(image):
        return depth.deep_colour(image, _opened(data, page))
    image = mended.loaded(path, image, data)
    if image.mode == "F":
        raise ImageError(f"{path} holds floating-point values; save it with 8 or 16 bits per channel.")
    if image.mode not in depth.GREY:
        return image
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise ImageError(f"{path} has grey values outside 16 bits; save it with 8 or 16 bits per channel.")
    return values.astype(np.uint16)


def _by_tifffile(path: Path, data: bytes, about: About, profile: bytes = b"") -> Decoded:
    picture, orientation = tiff.decode(path, data)
    bits = depth.BITS if isinstance(picture, np.ndarray) else 8
    about = replace(about, depth=bits, used=bits, turned=turned(orientation))
    return Decoded(picture, about, profile=profile, orientation=orientation)
