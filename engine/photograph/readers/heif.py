"""HEIC and HEIF, which telephones write: by pillow-heif."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from engine.errors import ImageError
from engine.photograph.about import About
from engine.photograph.exif import DAMAGED, read_exif, turned
from engine.photograph.reader import Decoded, Reader, check_frame, check_size

if TYPE_CHECKING:
    from pathlib import Path

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")  # those of single pictures; not AVIF's
SEQUENCES = (b"hevc", b"hevx")
SRGB_PRIMARIES = (1, 2)  # of ITU-T H.273: BT.709's, or not said
OTHER_COLOURS = "its colours are not those of sRGB, and are shown as if they were; save it with a colour profile"


class Heif(Reader):
    """A HEIF file's primary picture. The library turns it upright, so its EXIF orientation is not applied again."""

    formats = ("HEIC",)
    suffixes = (".heic", ".heif", ".hif")

    def knows(self, head: bytes) -> bool:
        """See :class:`Reader`."""
        brand, size = head[8:12], int.from_bytes(head[:4], "big")
        return head[4:8] == b"ftyp" and (brand in BRANDS or brand in SEQUENCES) and b"avif" not in head[:size]

    def decode(self, path: Path, data: bytes, frame: int | None = None) -> Decoded:
        """See :class:`Reader`."""
        import pillow_heif

        check_frame(path, frame, 1)
        if data[8:12] in SEQUENCES:
            raise ImageError(f"{path} is a film; save the picture that you need as a file of its own.")
        file = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        chosen = file[file.primary_index]
        check_size(path, *chosen.size)
        picture = chosen.to_pillow()
        exif, stored = read_exif(picture), picture.info.get("original_orientation") or 1
        primaries = (chosen.info.get("nclx_profile") or {}).get("color_primaries", 2)
        profile = chosen.info.get("icc_profile") or b""
        others = len(file) - 1 + len(chosen.info.get("depth_images") or ()) + len(chosen.info.get("aux") or ())
        other_colours = not profile and primaries not in SRGB_PRIMARIES
        troubles = ((DAMAGED, exif.damaged), (OTHER_COLOURS, other_colours))
        about = About(
            "HEIC", lossy=True, depth=int(chosen.info.get("bit_depth", 8)), used=int(chosen.info.get("bit_depth", 8)),
            date=exif.date, device=exif.device, turned=turned(stored),
            left_out=(f"{others} further pictures in it",) if others else (),
            notes=tuple(note for note, holds in troubles if holds),
        )  # fmt: skip
        return Decoded(picture, about, profile=profile)


READER = Heif()
