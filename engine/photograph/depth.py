"""Pixels of more than 8 bits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from engine.arrays import Bytes

SENSORS = (8, 10, 12, 14)  # bits of cameras' and scanners' sensors, which are often stored in 16 as they are
BITS = 16
GREY = ("I;16", "I;16L", "I;16B", "I;16N", "I")  # Pillow's modes of one deep channel
DEEP_COLOUR = ("RGB", "RGBX", "RGBA", "LA")
OTHER_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}


def bits_used(values: NDArray[np.uint16]) -> int:
    """The depth that values of 16 bits really have: that of the shallowest sensor which they fit, or 16."""
    brightest = int(values[..., :3].max() if values.ndim == 3 else values.max())  # alpha may be full
    return next((bits for bits in SENSORS if brightest < 2**bits), BITS)


def to_8_bits(values: NDArray[np.uint16], full: int) -> Bytes:
    """Values of 0 .. full as 0 .. 255, to the nearest; what is above is 255. Alpha always fills its 16 bits."""
    found = _table(full)[values]
    if values.ndim == 3 and values.shape[2] == 4:
        found[..., 3] = _table(2**BITS - 1)[values[..., 3]]
    return found


def _table(full: int) -> Bytes:
    return np.minimum(np.round(np.arange(2**BITS) / (full / 255)), 255).astype(np.uint8)


def is_deep_colour(picture: Image.Image) -> bool:
    """Whether a picture that Pillow has opened, not yet loaded, has more than 8 bits in each of several channels."""
    raw_modes = [_raw_mode(tile.args).partition(";16") for tile in _tiles(picture)]
    return any(deep and channels in DEEP_COLOUR for channels, deep, _ in raw_modes)


def deep_colour(high: Image.Image, low: Image.Image) -> NDArray[np.uint16]:
    """All 16 bits of a colour picture, (H, W, 3) or with alpha (H, W, 4).

    high, low: the same file opened twice, neither loaded. Pillow keeps the upper byte of each value alone: read in the
    other byte order, that is the lower one. Grey with alpha has the size of RGBA in 8 bits, and is read as such.
    """
    grey_with_alpha = _raw_mode(_tiles(low)[0].args) == "LA;16B"
    low.tile = [  # type: ignore[attr-defined]
        tile._replace(args=_with_raw_mode(tile.args, "RGBA" if grey_with_alpha else _other_order(_raw_mode(tile.args))))
        for tile in _tiles(low)
    ]
    lower = np.asarray(low).astype(np.uint16)
    if grey_with_alpha:
        grey, alpha = (lower[..., k] << 8 | lower[..., k + 1] for k in (0, 2))
        return np.stack([grey, grey, grey, alpha], axis=-1)
    return (np.asarray(high).astype(np.uint16) << 8 | lower).astype(np.uint16, copy=False)


def _tiles(picture: Image.Image) -> list[Any]:
    return getattr(picture, "tile", [])


def _raw_mode(args: object) -> str:
    """A tile's arrangement of bytes, which its decoder's arguments begin with."""
    first = args[0] if isinstance(args, tuple) and args else args
    return first if isinstance(first, str) else ""


def _other_order(raw_mode: str) -> str:
    return raw_mode[:-1] + OTHER_ORDER[raw_mode[-1]]


def _with_raw_mode(args: object, mode: str) -> object:
    return (mode, *args[1:]) if isinstance(args, tuple) else mode
