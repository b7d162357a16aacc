"""Pictures as the bytes of PNG files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray


def png(picture: Image.Image) -> bytes:
    """A picture as a PNG file, compressed little: a 6-megapixel overlay in half a second instead of three."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def mask_png(mask: NDArray[np.bool_]) -> bytes:
    """A mask (H, W) as a grey PNG file of 0 and 255."""
    return png(Image.fromarray(mask.astype(np.uint8) * 255))
