"""Files with damage that does not touch their pixels: without their metadata, or complete but for their end."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.errors import ImageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image as Picture

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
NEEDED_OF_PNG = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS")
NEEDED_OF_JPEG = (0xE0, 0xEE)  # JFIF's and Adobe's headers say what the channels mean
METADATA_OF_JPEG = (*range(0xE0, 0xF0), 0xFE)
SCAN, END = b"\xff\xda", b"\xff\xd9"
FILL = 256  # bytes that stand for what may be missing, before each marker at which a decoder may start anew
RESTARTS = [bytes((0xFF, 0xD0 + number)) for number in range(8)]


def without_metadata(data: bytes) -> bytes:
    """A PNG or JPEG file with only what its pixels need; other formats as they are."""
    if data.startswith(PNG):
        return PNG + b"".join(chunk for kind, chunk in _png_chunks(data) if kind in NEEDED_OF_PNG)
    if data.startswith(JPEG):
        return _bare_jpeg(data)
    return data


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kinds and whole chunks; the last may be cut short. Checksums of what lies before the pixels are kept as found."""
    place = len(PNG)
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        yield data[place + 4 : place + 8], data[place : place + 12 + length]
        place += 12 + length


def _bare_jpeg(data: bytes) -> bytes:
    kept, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, (length,) = data[place + 1], struct.unpack_from(">H", data, place + 2)
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker not in METADATA_OF_JPEG or marker in NEEDED_OF_JPEG:
            kept.append(data[place : place + 2 + length])
        place += 2 + length
        if marker == SCAN[1]:  # the pixels, and all that comes after
            break
    return b"".join(kept) + data[place:]


def loaded(path: Path, image: Picture, data: bytes) -> Picture:
    """An opened image with its pixels; a JPEG may lack its end, if that is all that it lacks.

    data: the file's content. Raises :class:`ImageError` for a JPEG that lacks rows, and what Pillow raises.
    """
    try:
        image.load()
    except OSError:
        if image.format not in ("JPEG", "MPO"):
            raise
        image, row = first_unknown_row(data)
        if row < image.height:
            raise ImageError(
                f"{path} is cut short: from row {row + 1} of {image.height} on it is incomplete;"
                " copy it again from its source."
            ) from None
    return image


def first_unknown_row(data: bytes) -> tuple[Picture, int]:
    """A JPEG file that ends too early: its picture, and the first row that is not wholly in it; its height if all are.

    What the file determines does not depend on what follows it. So it is decoded with two different continuations, and
    rows that come out alike are the file's own. Raises what Pillow raises where the file ends before its pixels.
    """
    one, other = (_continued(data.rstrip(b"\xff"), fill) for fill in (b"\0", b"\x5a"))  # 0xff: half a marker
    rows = (np.asarray(one) != np.asarray(other)).reshape(one.height, -1).any(axis=1)
    return one, int(rows.argmax()) if rows.any() else one.height


def _continued(data: bytes, fill: bytes) -> Picture:
    """With the restarts that would come next, after which a decoder would look for no pixels of another number."""
    pixels = data[data.rfind(SCAN) :]
    last = max(range(8), key=lambda number: pixels.rfind(RESTARTS[number]))
    first = last + 1 if RESTARTS[last] in pixels else 0
    rest = b"".join(fill * FILL + RESTARTS[(first + number) % 8] for number in range(16))
    return Image.open(io.BytesIO(data + rest + END), formats=("JPEG",))
