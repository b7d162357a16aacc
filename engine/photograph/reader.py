"""What every reader is: one family of file formats."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from engine.errors import ImageError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from engine.photograph.about import About

    Picture: TypeAlias = "Image.Image | NDArray[np.uint16]"

MAX_PIXELS = 60_000_000  # 180 MB as RGB: beyond any dermatoscope, within any laptop
MIN_SIDE = 32  # pixels; nothing smaller shows a lesion
HEAD = 256  # bytes of a file by which readers know it


@dataclass(frozen=True, eq=False)
class Decoded:
    """A file's picture as it is stored: depth, colours and orientation are still to be settled.

    picture: of 8 bits in any of Pillow's modes, or deeper: uint16 (H, W), or (H, W, 3) in RGB, or (H, W, 4) with alpha.
    full: the largest value of a deep picture that says its depth itself; None: it is to be found out. profile: the ICC
    profile of its colours. orientation: EXIF's number, 1 for upright. frame: as in SkinImage.
    """

    picture: Picture
    about: About
    full: int | None = None
    profile: bytes = b""
    orientation: int = 1
    frame: int | None = None


class Reader(ABC):
    """Decodes one family of file formats, and imports what it needs for that when the first such file comes.

    formats: as sentences name them. suffixes: by which a folder's files are known without being opened. is_last: takes
    what no other reader knows.
    """

    formats: ClassVar[tuple[str, ...]]
    suffixes: ClassVar[tuple[str, ...]]
    is_last: ClassVar[bool] = False

    @abstractmethod
    def knows(self, head: bytes) -> bool:
        """Whether a file whose first bytes these are is one of its formats."""

    @abstractmethod
    def decode(self, path: Path, data: bytes, frame: int | None = None) -> Decoded:
        """Decode a file's content.

        frame: which one of several, from 0; None: the first. Raises :class:`engine.errors.ImageError` for what cannot
        be decoded, is too large or too small, or lacks that frame. A decoder's own exception may escape: it means that
        the file is damaged.
        """


def check_size(path: Path, width: int, height: int) -> None:
    """Refuse what is too large or too small, before room is made for it. Raises :class:`ImageError`."""
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{path} is {width} x {height} pixels; images of up to {MAX_PIXELS // 10**6} megapixels can be opened:"
            " reduce it first."
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(
            f"{path} is {width} x {height} pixels; the smallest image with a use is {MIN_SIDE} x {MIN_SIDE}."
        )


def too_large(path: Path) -> ImageError:
    """The refusal of a file that a decoder finds too large."""
    return ImageError(
        f"{path} is too large; images of up to {MAX_PIXELS // 10**6} megapixels can be opened: reduce it first."
    )


def check_frame(path: Path, frame: int | None, frames: int) -> None:
    """Refuse a frame that a file does not hold. Raises :class:`ImageError`."""
    if frame is not None and not 0 <= frame < frames:
        held = "one photograph" if frames == 1 else f"{frames} frames"
        raise ImageError(f"{path} holds {held}, and no frame {frame + 1}; choose another.")
