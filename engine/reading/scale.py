"""How large a photograph's pixels are: by the ruler that a person laid, or else by what the file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.photograph.about import Spacing

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.reading.reading import Reading

RULER = "ruler"


def scale_of(image: SkinImage | None, reading: Reading) -> Spacing | None:
    """The size of a pixel and where it is known from, or None. A ruler laid by hand wins."""
    if reading.mm_per_px is not None:
        return Spacing(reading.mm_per_px, RULER)
    return None if image is None else image.about.spacing


def mm_per_px(image: SkinImage | None, reading: Reading) -> float | None:
    """The size of a pixel in mm, or None."""
    scale = scale_of(image, reading)
    return None if scale is None else scale.mm_per_px
