"""Distances to a mask's border, looked up at the pixels that need them instead of being made for all of a photograph.

Where these pixels are many, distances are looked up at some thousand places and interpolated between them. Signed, a
distance is smooth across its border, so that this moves a level set by far less than the places lie apart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from engine.arrays import Bools
    from engine.results import Box

Points = NDArray[np.float64]

FAR = 1e6  # pixels: the distance to a border that is not there
PLACES = 2500  # about as many, of pixels that are more


def sides(mask: Bools, box: Box) -> Points:
    """The middles (n, 2), x and y, of the sides between a mask's pixels and others, within a box of a mask (H, W)."""
    x0, y0, x1, y1 = box
    part = mask[y0:y1, x0:x1]
    across, below = np.nonzero(part[:, 1:] != part[:, :-1]), np.nonzero(part[1:] != part[:-1])
    x = np.concatenate([across[1] + 1.0, below[1] + 0.5])
    y = np.concatenate([across[0] + 0.5, below[0] + 1.0])
    return np.column_stack([x + x0, y + y0])


def distances_to(border: Points, points: Points) -> NDArray[np.float64]:
    """From each of the points (n, 2) to the nearest of the border's; FAR where it has none."""
    from scipy.spatial import cKDTree  # here, because its import would delay the window

    if not len(border) or not len(points):
        return np.full(len(points), FAR)
    found: NDArray[np.float64] = cKDTree(border).query(points)[0]
    return found


def signed(mask: Bools, pixels: Bools) -> NDArray[np.float64]:
    """The signed distance to a mask's border, positive inside, at each of some pixels, in the order of their rows.

    mask, pixels: bool (h, w). A side of a pixel lies half a pixel from its middle. Returns (n,).
    """
    rows, columns = np.nonzero(pixels)
    step = math.isqrt(len(rows) // PLACES)
    if step < 2:
        return _signed(mask, rows, columns)
    h, w = pixels.shape
    needed = _neighbourhood(pixels, step)
    lattice = np.zeros(needed.shape, np.float32)
    at = np.nonzero(needed)
    lattice[needed] = _signed(mask, *((place - 0.5) * step - 0.5 for place in at))
    source = (1.0, 1.0, 1 + w / step, 1 + h / step)
    smooth = Image.fromarray(lattice).resize((w, h), Image.Resampling.BILINEAR, box=source)
    found: NDArray[np.float64] = np.asarray(smooth, np.float64)[rows, columns]
    return found


def _signed(mask: Bools, rows: NDArray[np.generic], columns: NDArray[np.generic]) -> NDArray[np.float64]:
    """At these pixels, or between them; what lies beyond the mask's frame is as its nearest pixel."""
    h, w = mask.shape
    points = np.column_stack([columns, rows]).astype(np.float64) + 0.5
    x, y = np.clip(points[:, 0].astype(int), 0, w - 1), np.clip(points[:, 1].astype(int), 0, h - 1)
    away = distances_to(sides(mask, (0, 0, w, h)), points)
    return np.where(mask[y, x], away, -away)


def _neighbourhood(pixels: Bools, step: int) -> Bools:
    """The cells of ``step`` pixels, with one more all round the frame, that hold a pixel or lie next to one that does.

    Between the middles of these lie all pixels.
    """
    h, w = pixels.shape
    rows, columns = -(-h // step), -(-w // step)
    padded = np.pad(pixels, ((0, rows * step - h), (0, columns * step - w)))
    cells = np.pad(padded.reshape(rows, step, columns, step).any(axis=(1, 3)), 2)
    high = cells[:-2] | cells[1:-1] | cells[2:]
    return high[:, :-2] | high[:, 1:-1] | high[:, 2:]
