"""Resampling maps and photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray


GAP = 3.0  # pixels that are left to the bicubic filter for each of the new ones, at least
STRIP = 2**20  # pixels that are copied at a time


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


def exceeds(values: NDArray[np.float32], level: float, width: int, height: int) -> NDArray[np.bool_]:
    """``resize(values, width, height, linear=True) > level``, bool (height, width), without the map in between.

    Between four pixels that all exceed the level, or of which none does, nothing needs to be interpolated; elsewhere it
    is, with Pillow's own arithmetic. Of many megapixels few lie near a level's border.
    """
    h, w = values.shape
    if width < w or height < h:
        return np.asarray(resize(values, width, height, linear=True) > level)
    rows, columns = _between(h, height), _between(w, width)
    corners = np.pad(values, (0, 1), mode="edge")
    over = corners > level
    four = np.stack([over[y : y + h, x : x + w] for y in (0, 1) for x in (0, 1)])
    inside = np.asarray(four.all(axis=0))
    found = np.asarray(inside[:, columns.first][rows.first])
    mixed = (four.any(axis=0) & ~inside)[:, columns.first]
    begins = np.searchsorted(rows.first, np.arange(h + 1))
    for row in np.flatnonzero(mixed.any(axis=1)):
        here = np.flatnonzero(mixed[row])
        left, pair = columns.first[here], corners[row : row + 2]
        across = (pair[:, left] * columns.near[here] + pair[:, left + 1] * columns.far[here]).astype(np.float32)
        own = slice(begins[row], begins[row + 1])
        down = across[0] * rows.near[own, None] + across[1] * rows.far[own, None]
        found[own, here] = down.astype(np.float32) > level
    return found


class _Between(NamedTuple):
    """For each pixel of an enlarged row: the ``first`` of the two old ones that it lies between, and their weights."""

    first: NDArray[np.intp]
    near: NDArray[np.float64]
    far: NDArray[np.float64]


def _between(old: int, new: int) -> _Between:
    """As Pillow's bilinear filter has it, to the bit."""
    centre = (np.arange(new) + 0.5) * (old / new)
    first = np.maximum((centre - 0.5).astype(np.intp), 0)
    near, far = (np.maximum(1 - np.abs(first + which - centre + 0.5), 0) for which in (0, 1))
    far[np.minimum(centre + 1.5, old).astype(np.intp) - first < 2] = 0  # beyond the ends there is none
    total = near + far
    return _Between(first, near / total, far / total)


def resize_rgb(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resample RGB pixels uint8 (H, W, 3) to (height, width, 3), bicubic with averaging.

    Pixels are averaged in blocks first where many come to one, as Pillow does it with a ``reducing_gap`` of 3.
    """
    h, w = pixels.shape[:2]
    if (h, w) == (height, width):
        return pixels
    across, down = max(1, int(w / width / GAP)), max(1, int(h / height / GAP))
    box = (0, 0, w / across, h / down)
    return np.asarray(_averaged(pixels, across, down).resize((width, height), Image.Resampling.BICUBIC, box))


def halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels, grey or RGB, at half their size: means of two by two; an odd last row or column has a mean of its own."""
    return np.asarray(_averaged(pixels, 2, 2))


def _averaged(pixels: NDArray[np.uint8], across: int, down: int) -> Image.Image:
    """A picture of means over blocks, taken strip by strip: Pillow's copy of a whole one is larger than the pixels."""
    if across == down == 1:
        return Image.fromarray(pixels)
    rows = max(1, STRIP // (pixels.shape[1] * down)) * down
    strips = [pixels[y : y + rows] for y in range(0, len(pixels), rows)]
    return Image.fromarray(np.concatenate([Image.fromarray(one).reduce((across, down)) for one in strips]))
