"""DICOM files: by pydicom, and by Pillow for the JPEG in them."""

from __future__ import annotations

import io
import warnings
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from engine.photograph import depth
from engine.photograph.about import About
from engine.photograph.dicom import header, kinds
from engine.photograph.dicom.frames import frames_of
from engine.photograph.dicom.pixels import pixels_of
from engine.photograph.reader import MAX_PIXELS, Decoded, Reader, check_frame, check_size, too_large

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom import Dataset

MAGIC, PREAMBLE = b"DICM", 128  # bytes before it, which may hold anything
DEFLATED = b"1.2.840.10008.1.2.1.99"
MOST_BYTES = MAX_PIXELS * 6  # of a header and its pixels once inflated; six: RGB of 16 bits
BURNED_IN = "text is burned into its pixels, perhaps the patient's name: exported pictures show it, too"
OVERLAY_PLANES = range(0x6000, 0x6020, 2)


class Dicom(Reader):
    """A DICOM file's photograph, or one of its frames."""

    formats = ("DICOM",)
    suffixes = (".dcm", ".dicom")

    def knows(self, head: bytes) -> bool:
        """See :class:`Reader`: by the magic, or without it by a beginning that only a header has."""
        group, vr = head[:2], head[4:6]
        is_bare = group in (b"\2\0", b"\x08\0") and ((vr.isalpha() and vr.isupper()) or head[6:8] == b"\0\0")
        return head[PREAMBLE : PREAMBLE + 4] == MAGIC or is_bare

    def decode(self, path: Path, data: bytes, frame: int | None = None) -> Decoded:
        """See :class:`Reader`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about headers that are not quite right
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            try:
                return _decode(path, data, frame)
            except (Image.DecompressionBombError, Image.DecompressionBombWarning):
                raise too_large(path) from None


READER = Dicom()


def _decode(path: Path, content: bytes, frame: int | None) -> Decoded:
    data = _dataset(path, content)
    syntax = data.file_meta.TransferSyntaxUID
    has_pixels = all(data.get(name) for name in ("PixelData", "Rows", "Columns"))
    kinds.refuse_others(path, str(data.get("SOPClassUID") or ""), str(syntax), has_pixels)
    check_size(path, int(data.Columns), int(data.Rows))
    frames = frames_of(path, data, syntax.is_encapsulated)
    check_frame(path, frame, frames.count)
    values, bits, notes = pixels_of(path, data, frames, frame or 0)
    spacing, why_not = header.spacing(data, frame or 0, values.shape[:2])
    about = replace(_about(data, bits), frames=frames.count, spacing=spacing)
    return Decoded(
        Image.fromarray(np.ascontiguousarray(values, np.uint8)) if bits == 8 else values.astype(np.uint16),
        replace(about, notes=(*notes, *why_not, *about.notes)),
        full=None if bits == depth.BITS else 2**bits - 1,  # what fills 16 bits is often of fewer
        profile=_profile(data),
        frame=None if frames.count == 1 else frame or 0,
    )


def _dataset(path: Path, content: bytes) -> Dataset:
    """The header and its pixels, still compressed. Raises :class:`ImageError` for what inflates beyond all bounds."""
    import pydicom

    head = content[: 4 * PREAMBLE * 8]
    if DEFLATED in head and (start := _end_of_meta(content)):
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        inflater.decompress(content[start:], MOST_BYTES)
        if inflater.unconsumed_tail:
            raise too_large(path)
    data = pydicom.dcmread(io.BytesIO(content), force=True)
    if "TransferSyntaxUID" not in data.file_meta:
        order = pydicom.uid.ExplicitVRLittleEndian, pydicom.uid.ImplicitVRLittleEndian
        data.file_meta.TransferSyntaxUID = order[bool(data.original_encoding[0])]
    return data


def _end_of_meta(content: bytes) -> int:
    """Where group 2 ends, of which the first entry tells the length (PS3.10 7.1); 0 where it does not."""
    start = PREAMBLE + len(MAGIC)
    if content[start : start + 6] != b"\2\0\0\0UL":
        return 0
    return start + 12 + int.from_bytes(content[start + 8 : start + 12], "little")


def _about(data: Dataset, bits: int) -> About:
    """What the header says, but for the frames and their spacing. bits: of the values, or of those of a palette."""
    kind = data.get("SOPClassUID")
    name = kind.name.removesuffix(" Storage") if kind else "of no kind"
    other = () if kinds.is_photograph(str(kind or "")) else (kinds.OTHER.format(name),)
    burned = (BURNED_IN,) if str(data.get("BurnedInAnnotation") or "") == "YES" else ()
    return About(
        f"DICOM, {name}, {data.file_meta.TransferSyntaxUID.name}",
        depth=max(int(data.BitsAllocated), bits), used=bits,
        date=header.date(data), body_site=header.body_site(data), laterality=header.laterality(data),
        device=header.device(data), patient=header.patient(data), left_out=tuple(_left_out(data)),
        notes=(*burned, *other), clinical=True, lossy=header.is_lossy(data),
        region=header.region(data), filed=header.filed(data),
    )  # fmt: skip


def _left_out(data: Dataset) -> list[str]:
    found = []
    if any((group, 0x3000) in data for group in OVERLAY_PLANES):
        found.append("its overlays")
    if "WindowCenter" in data or "VOILUTSequence" in data:
        found.append("its window of grey values")
    return found


def _profile(data: Dataset) -> bytes:
    """The ICC profile, which a header has at one of two places."""
    paths: Any = data.get("OpticalPathSequence") or [{}]
    return bytes(data.get("ICCProfile") or paths[0].get("ICCProfile") or b"")
