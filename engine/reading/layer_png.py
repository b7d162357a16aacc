"""A correction's layer as a picture, and back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.arrays import read_only
from engine.errors import ReadingError

if TYPE_CHECKING:
    from engine.reading.correction import Layer


def layer_to_png(layer: Layer) -> bytes:
    """A layer as a grey picture: 0 skin, 128 as the model says, 255 lesion."""
    buffer = io.BytesIO()
    grey = np.array([128, 255, 0], np.uint8)[layer]  # -1 is the last
    Image.fromarray(grey).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def layer_from_png(data: bytes) -> Layer:
    """The read-only layer of :func:`layer_to_png`'s picture. Raises :class:`ReadingError` for anything else."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            grey = np.asarray(picture)
    except MemoryError:  # no fault of the picture's
        raise
    except Exception as error:  # decoders raise nearly anything on damaged files
        raise ReadingError(f"The corrections are no picture that can be read ({error}).") from None
    if grey.ndim != 2 or grey.dtype != np.uint8 or not np.isin(grey, (0, 128, 255)).all():
        raise ReadingError("The corrections are a picture of other values than 0, 128 and 255.")
    layer = (grey > 128).astype(np.int8) - (grey < 128).astype(np.int8)
    read_only(layer)
    return layer
