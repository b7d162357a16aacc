"""TIFF files of layouts that Pillow does not read, or reads wrongly: by tifffile."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from engine.errors import ImageError
from engine.photograph.reader import check_size

if TYPE_CHECKING:
    from pathlib import Path

    import tifffile
    from numpy.typing import NDArray

    from engine.photograph.reader import Picture

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # the latter two of BigTIFF
PAGE_KIND, BITS, PHOTOMETRIC, ORIENTATION, PLANES = 254, 258, 262, 274, 284  # tags
WHITE_IS_ZERO, OF_EACH_COLOUR = 0, 2  # values of the tags PHOTOMETRIC and PLANES
NOT_A_PAGE = 1 | 4  # a reduced copy of another page, or its transparency


def is_left_to_tifffile(image: Image.Image) -> bool:
    """Whether Pillow would read an opened TIFF wrongly.

    So it does with 16 bits of each colour in a plane of its own, which it takes for 8, and with 16 bits where white is
    zero, which it does not invert.
    """
    tags = getattr(image, "tag_v2", {})
    is_deep = max(tags.get(BITS, (8,))) == 16
    return is_deep and (tags.get(PLANES) == OF_EACH_COLOUR or tags.get(PHOTOMETRIC) == WHITE_IS_ZERO)


def pages(image: Image.Image) -> list[int]:
    """The numbers of an opened TIFF's pages that are pictures of their own; it is left at the first of these."""
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        if not image.tag_v2.get(PAGE_KIND, 0) & NOT_A_PAGE:  # type: ignore[attr-defined]
            found.append(number)
    image.seek(found[0] if found else 0)
    return found or [0]


def decode(path: Path, data: bytes) -> tuple[Picture, int]:
    """The only page of a TIFF file, grey or RGB with or without alpha, and its EXIF orientation.

    Raises :class:`ImageError` for other layouts, for several pages, and for sizes out of range.
    """
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        own = [page for page in file.pages if not page.subfiletype & NOT_A_PAGE]
        if len(own) != 1:
            raise ImageError(f"{path} holds {len(own)} pages or frames; save the one you need as a file of its own.")
        page = own[0]
        check_size(path, page.imagewidth, page.imagelength)
        values = _values(path, page)
        orientation = int(page.tags[ORIENTATION].value) if ORIENTATION in page.tags else 1
        inverted = page.photometric == tifffile.PHOTOMETRIC.MINISWHITE
        known = page.photometric in (tifffile.PHOTOMETRIC.RGB, tifffile.PHOTOMETRIC.MINISBLACK) or inverted
    if page.axes == "SYX":
        values = np.moveaxis(values, 0, -1)
    colours = values.ndim == 3 and values.shape[2] in (3, 4)
    if not known or values.dtype not in (np.uint8, np.uint16) or not (values.ndim == 2 or colours):
        raise _unknown(path)
    if inverted:
        values = np.iinfo(values.dtype).max - values
    values = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("=")))
    return (Image.fromarray(values) if values.dtype == np.uint8 else values), orientation


def _values(path: Path, page: tifffile.TiffPage) -> NDArray[Any]:
    try:
        values: NDArray[Any] = page.asarray()
    except ValueError as error:
        if "imagecodecs" in str(error):  # the library that would know this compression
            raise _unknown(path) from None
        raise
    return values


def _unknown(path: Path) -> ImageError:
    return ImageError(f"{path} is a TIFF of a layout that cannot be read; save it as RGB of 8 or 16 bits.")
