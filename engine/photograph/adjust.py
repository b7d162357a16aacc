"""How a photograph is shown on a screen: brighter, with more contrast, hair softened. What is measured never sees it.

Brightness b and contrast c, each in [-1, 1], turn a grey value x of 0 to 255 into 128 + 2^c (x - 128) + 96 b, clipped.

Hair is dark, narrow and long: what a closing of the luminance with a small square fills (narrow), as far as that holds
an opening with a longer line in some direction (long). Globules and most of a pigment network are too short for that.
It is lifted to its surroundings, by a share of what is missing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from engine.arrays import Bytes

WEIGHTS = np.array((77, 150, 29), np.uint16)  # of red, green and blue in the luminance, of 256
BRIGHTER = 96.0  # grey values, at b = 1
WIDE, LONG = 0.013, 0.026  # sides of the square and the line, of the photograph's longest side
SHORTEST = 3  # pixels, of both
WAYS = 16  # directions of the line
LEAST = 7  # grey values; less is no hair but grain


@dataclass(frozen=True)
class Adjustment:
    """brightness, contrast: in [-1, 1], 0 as photographed. hair: how much of it is softened, in [0, 1]."""

    brightness: float = 0.0
    contrast: float = 0.0
    hair: float = 0.0

    @property
    def is_neutral(self) -> bool:
        """Whether it changes nothing."""
        return self == Adjustment()


def adjusted(pixels: Bytes, how: Adjustment, hair: Bytes | None = None) -> Bytes:
    """Pixels uint8 (H, W, 3) as they are to be shown. hair: uint8 (H, W), what :func:`find_hair` has found in them."""
    if hair is not None and how.hair:
        lift = (hair * np.float32(how.hair)).astype(np.uint8)[..., None]
        pixels = np.minimum(pixels, 255 - lift) + lift
    curve = 128 + 2.0**how.contrast * (np.arange(256) - 128) + BRIGHTER * how.brightness
    table: Bytes = np.clip(np.round(curve), 0, 255).astype(np.uint8)
    return table[pixels]


def find_hair(pixels: Bytes) -> Bytes:
    """How much darker than its surroundings each pixel of hair is, uint8 (H, W), 0 where there is none.

    pixels: uint8 (H, W, 3); some hundred pixels on the longest side are enough, and take half a second.
    """
    luminance = ((pixels @ WEIGHTS) >> 8).astype(np.uint8)
    longest = max(luminance.shape)
    narrow = _closed(luminance, max(round(WIDE * longest), SHORTEST) | 1) - luminance
    found = _longest_lines(narrow, max(round(LONG * longest), SHORTEST) | 1) >= LEAST
    near = _greatest(_greatest(found.astype(np.uint8), 3, 0), 3, 1)  # a line's own edges are fainter
    return np.where(near > 0, narrow, np.uint8(0))


def _longest_lines(values: Bytes, length: int) -> Bytes:
    """The greatest of a map's openings with lines of that length, over all directions."""
    height, width = values.shape
    image, greatest = Image.fromarray(values), np.zeros_like(values)
    for way in range(WAYS):
        angle = 180 * way / WAYS
        level = np.asarray(image.rotate(angle, Image.Resampling.BILINEAR, expand=True))
        opened = Image.fromarray(_greatest(_least(level, length, 1), length, 1))
        back = opened.rotate(-angle, Image.Resampling.BILINEAR, expand=True)
        x, y = (back.width - width) // 2, (back.height - height) // 2
        greatest = np.maximum(greatest, np.asarray(back)[y : y + height, x : x + width])
    return greatest


def _closed(values: Bytes, side: int) -> Bytes:
    """A closing with a square."""
    wide = _greatest(_greatest(values, side, 0), side, 1)
    return _least(_least(wide, side, 0), side, 1)


def _greatest(values: Bytes, length: int, axis: int) -> Bytes:
    from scipy.ndimage import maximum_filter1d  # here, because its import would delay the window

    return np.asarray(maximum_filter1d(values, length, axis=axis))


def _least(values: Bytes, length: int, axis: int) -> Bytes:
    from scipy.ndimage import minimum_filter1d

    return np.asarray(minimum_filter1d(values, length, axis=axis))
