"""Arrays to colours, for the window and the exports alike. Colour maps are safe for colour-blind eyes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from engine.arrays import read_only
from engine.records.colour_maps import HEXADECIMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bytes

CONSISTENCY_MAP, CONSISTENCY_RANGE = "cividis", (0.0, 1.0)
AMBIGUITY_MAP, AMBIGUITY_RANGE = "inferno", (0.0, 0.25)
DISTANCE_MAP = "magma"

CONTOUR = (64, 224, 240)  # cyan: absent from skin, told from every pigment by colour-blind eyes too
CONTOUR_EDGE = (16, 24, 28)


@lru_cache
def colour_table(name: str) -> Bytes:
    """The 256 opaque RGBA colours of one of the colour maps at hand, read-only uint8 (256, 4)."""
    colours = np.frombuffer(bytes.fromhex(HEXADECIMAL[name]), np.uint8).reshape(256, 3)
    table = np.concatenate([colours, np.full((256, 1), 255, np.uint8)], axis=1)
    read_only(table)
    return table


def to_index(values: NDArray[np.float32], limits: tuple[float, float]) -> Bytes:
    """Map values linearly from limits to a colour table's index, uint8 of the same shape, clipped at both ends."""
    low, high = limits
    scaled = values - np.float32(low)
    scaled *= np.float32(255 / (high - low))
    return np.asarray(np.rint(scaled, out=scaled).clip(0, 255, out=scaled).astype(np.uint8))


def heatmap(values: NDArray[np.float32], name: str, limits: tuple[float, float]) -> Bytes:
    """Colour a map (H, W); returns opaque RGBA, uint8 (H, W, 4)."""
    words = colour_table(name).view(np.uint32).ravel()  # one look-up a pixel instead of four
    return np.take(words, to_index(values, limits), mode="clip").view(np.uint8).reshape(*values.shape, 4)


def heatmap_picture(values: NDArray[np.float32], name: str, limits: tuple[float, float]) -> Image.Image:
    """A heatmap as a palette image, one byte a pixel."""
    picture = Image.fromarray(to_index(values, limits))
    picture.putpalette(colour_table(name)[:, :3].tobytes())
    return picture


def overlay_picture(pixels: Bytes, curves: list[NDArray[np.float64]]) -> Image.Image:
    """The photograph, uint8 (H, W, 3), with curves (pixel coordinates) drawn over it."""
    picture = Image.fromarray(pixels)
    draw = ImageDraw.Draw(picture)
    width = max(2, round(max(picture.size) / 400))
    for colour, pen in ((CONTOUR_EDGE, 2 * width), (CONTOUR, width)):
        for curve in curves:
            points = [(float(x), float(y)) for x, y in curve]
            draw.line([*points, points[1]], fill=colour, width=pen, joint="curve")
    return picture


def mask_picture(mask: NDArray[np.bool_]) -> Bytes:
    """A mask (H, W) as grey values 0 and 255."""
    return np.asarray(mask.view(np.uint8) * np.uint8(255))
