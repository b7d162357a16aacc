"""Resampling maps and photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray


def resize(values: NDArray[np.generic], width: int, height: int, linear: bool = False) -> NDArray[np.float32]:
    """Resample a map (H, W) or a stack of maps (N, H, W) to float32 (..., height, width), bicubic.

    Shrinking averages (no aliasing); the result is clipped to the input's own range, since bicubic overshoots. linear:
    bilinear instead, which between pixels goes above a level only next to one that does.
    """
    if values.ndim == 3:
        return np.stack([resize(v, width, height, linear) for v in values])
    source = np.asarray(values, dtype=np.float32)
    if source.shape == (height, width):
        return source
    if linear:
        return np.asarray(Image.fromarray(source).resize((width, height), Image.Resampling.BILINEAR))
    resized = Image.fromarray(source).resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(resized, dtype=np.float32), source.min(), source.max())


def resize_rgb(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resample RGB pixels uint8 (H, W, 3) to (height, width, 3), bicubic with averaging."""
    if pixels.shape[:2] == (height, width):
        return pixels
    image = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(image)
