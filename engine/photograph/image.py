"""A photograph as the rest of the engine sees it, whatever kind of file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.photograph.about import About

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SkinImage:
    """A photograph: read-only uint8 (H, W, 3) RGB pixels, upright, with the file's path and SHA-256.

    frame: which one of a file that holds several, from 0; None for a file that is one photograph. about: what the file
    says of it.
    """

    path: Path
    sha256: str
    pixels: NDArray[np.uint8] = field(repr=False)
    frame: int | None = None
    about: About = field(default_factory=About, repr=False)

    @property
    def identity(self) -> str:
        """What tells it from every other photograph, whatever it is called; can be part of a file's name."""
        return self.sha256 if self.frame is None else f"{self.sha256}-{self.frame}"

    def is_same_as(self, other: SkinImage) -> bool:
        """Whether both are one photograph, read at one size."""
        return self.identity == other.identity and self.pixels.shape == other.pixels.shape

    @property
    def width(self) -> int:
        """Columns, after EXIF orientation."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows, after EXIF orientation."""
        return int(self.pixels.shape[0])
