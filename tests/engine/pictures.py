"""Synthetic lesions whose skin is known."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

SKIN, PIGMENT = np.array([205.0, 160.0, 140.0]), np.array([95.0, 60.0, 50.0])


def disc(height: int, width: int, centre: tuple[float, float], radius: float) -> np.ndarray:
    """A mask: the disc about centre (row, column)."""
    rows, columns = np.mgrid[:height, :width]
    return np.hypot(rows - centre[0], columns - centre[1]) < radius


def skin(seed: int, height: int, width: int) -> np.ndarray:
    """Skin with grain and a gentle shade from left to right, float (H, W, 3)."""
    grain = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(height, width, 1)), (1, 1, 0))
    return SKIN + 6 * grain / grain.std() - np.linspace(0, 30, width)[:, None]


def with_lesion(background: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A dark lesion where mask is, uint8 (H, W, 3)."""
    return np.uint8(np.clip(np.where(mask[..., None], background - SKIN + PIGMENT, background), 0, 255))


def lesion_photo(seed: int, height: int = 64, width: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """A photograph with a round lesion, and its mask."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0.4, 0.6, 2) * (height, width)
    mask = disc(height, width, centre, rng.uniform(0.15, 0.3) * height)
    return with_lesion(skin(seed, height, width), mask), mask
