"""The frames that a DICOM file really holds, whatever its header says, and how their colours are stored."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import ImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom import Dataset

STARTS = (b"\xff\xd8", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP")  # of JPEG and JPEG-LS, of JPEG 2000, and of that in a file
HALF_CHROMA = "YBR_FULL_422"  # two bytes a pixel instead of three
COLOURS = "its header says {} and its pixels are {}, as which they are shown"
FRAMES = "its header says {} frames, and it holds {}"


@dataclass(frozen=True, eq=False)
class Frames:
    """How many there are, their photometric interpretation, and what contradicts the header.

    encoded: each one's own compressed data, where it is compressed.
    """

    count: int
    photometric: str
    notes: tuple[str, ...] = ()
    encoded: tuple[bytes, ...] = field(default=(), repr=False)


def frames_of(path: Path, data: Dataset, compressed: bool) -> Frames:
    """Count the frames and settle their colours by what is there. Raises :class:`ImageError` if not one is whole."""
    said = _said(data)
    photometric = str(data.get("PhotometricInterpretation") or "").strip()
    if compressed:
        encoded = _encoded(data)
        if not encoded:
            raise ImageError(f"{path} is cut short: it ends before its pixels; copy it again from its source.")
        return Frames(len(encoded), photometric, _contradiction(said, len(encoded)), encoded)
    length = len(data.PixelData)
    whole = data.Rows * data.Columns * data.SamplesPerPixel * data.BitsAllocated / 8
    half = whole * 2 / 3
    sizes = {HALF_CHROMA: half} | dict.fromkeys(("RGB", "YBR_FULL"), whole)
    found = photometric
    if photometric == HALF_CHROMA and _fits(length, whole * said):
        found = "RGB"  # decompressed by a program that left the header as it was
    elif photometric in ("RGB", "YBR_FULL") and _fits(length, half * said):
        found = HALF_CHROMA
    notes = () if found == photometric else (COLOURS.format(photometric, found),)
    count = int(length // sizes.get(found, whole))
    if not count:
        raise ImageError(
            f"{path} is cut short: it holds {length} bytes of pixels, and its header says {int(whole)};"
            " copy it again from its source."
        )
    return Frames(count, found, (*notes, *_contradiction(said, count)))


def _said(data: Dataset) -> int:
    """The number of frames in the header; 1 where it says none, or nonsense."""
    try:
        return max(int(data.get("NumberOfFrames") or 1), 1)
    except (TypeError, ValueError):
        return 1


def _fits(length: int, expected: float) -> bool:
    """Whether pixels are that long, but for a byte that makes their number even."""
    return 0 <= length - expected <= 1


def _contradiction(said: int, held: int) -> tuple[str, ...]:
    return () if said == held else (FRAMES.format(said, held),)


def _encoded(data: Dataset) -> tuple[bytes, ...]:
    """Each frame's compressed data. A frame begins with a fragment that begins as its compression does.

    So no table of offsets is needed, which are often missing or wrong. RLE has no such beginning: each of its frames is
    one fragment.
    """
    from pydicom.encaps import generate_fragments, parse_basic_offsets

    buffer = io.BytesIO(data.PixelData)
    parse_basic_offsets(buffer)  # stands before the fragments
    frames: list[bytearray] = []
    for fragment in generate_fragments(buffer):
        if not frames or fragment.startswith(STARTS) or not frames[-1].startswith(STARTS):
            frames.append(bytearray(fragment))
        else:
            frames[-1] += fragment
    return tuple(bytes(frame) for frame in frames if frame)
