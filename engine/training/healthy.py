"""Healthy counterparts: a lesion image with the annotated lesion removed.

The dilated lesion is filled in two layers. Colour: push-pull interpolation (Gortler et al. 1996) from the skin
around it. Texture: what remains of the surrounding skin after smoothing, carried over by random shifts, so that the
filling has the image's own grain and not white noise. Vignettes, black corners and other dark non-skin pixels give
neither colour nor texture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from engine.arrays import Bools, Bytes, Doubles, Floats

MARGIN = 5 / 128  # how far the mask is dilated, as a fraction of the image's side: annotations cut close
FEATHER = 2 / 128  # blending width at the filling's edge
RING = 24 / 128  # how far from the lesion texture is taken
LEAST_SKIN = 0.12  # share of the image that must be usable skin for a filling to be believed
DARK = 0.45  # darker than this share of the brighter skin, and touching the border: not skin
SHIFTS = 48


def remove_lesion(pixels: Bytes, mask: Bools, rng: np.random.Generator) -> Bytes | None:
    """Fill a lesion with skin.

    pixels: uint8 (H, W, 3); mask: bool (H, W), True on the lesion. Returns a new uint8 (H, W, 3), equal to pixels
    away from the lesion; or None where too little skin is left to fill from (the lesion touches most borders).
    """
    side = max(mask.shape)
    hole = _dilate(mask, MARGIN * side)
    skin = ~hole & ~non_skin(pixels)
    if skin.mean() < LEAST_SKIN:
        return None
    image = pixels.astype(np.float32)
    filled = push_pull(image, skin) + _texture(image, skin, hole, RING * side, rng)
    opacity = np.clip(ndimage.gaussian_filter(hole.astype(np.float32), FEATHER * side) * 2, 0, 1)
    opacity[mask] = 1.0
    blend = opacity[..., None]
    mixed = np.round(blend * filled + (1 - blend) * image)
    return np.asarray(np.clip(mixed, 0, 255).astype(np.uint8))


def non_skin(pixels: Bytes) -> Bools:
    """Mark vignettes, black corners and frames: bool (H, W), dark regions that reach the image's border, dilated."""
    luminance = ndimage.gaussian_filter(pixels.astype(np.float32).mean(axis=2), 1.0)
    labels, _ = ndimage.label(luminance < DARK * np.percentile(luminance, 75))
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return _dilate(np.isin(labels, rim[rim > 0]), 0.03 * max(labels.shape))


def push_pull(image: Floats, known: Bools) -> Floats:
    """Smoothly extend an image (H, W, C) from its known pixels, bool (H, W), to all others (Gortler et al. 1996)."""
    height, width = known.shape
    if (height <= 1 and width <= 1) or known.all():
        return image
    weight = known.astype(np.float32)
    pad = ((0, height % 2), (0, width % 2))
    w = np.pad(weight, pad)
    wi = np.pad(image * weight[..., None], (*pad, (0, 0)))
    quads = w.reshape(w.shape[0] // 2, 2, -1, 2).sum(axis=(1, 3))
    sums = wi.reshape(wi.shape[0] // 2, 2, wi.shape[1] // 2, 2, -1).sum(axis=(1, 3))
    coarse = push_pull(sums / np.maximum(quads, 1)[..., None], quads > 0)
    fine = ndimage.gaussian_filter(coarse.repeat(2, 0).repeat(2, 1), (1.0, 1.0, 0.0))[:height, :width]
    return np.where(known[..., None], image, fine)


def _texture(image: Floats, skin: Bools, hole: Bools, reach: float, rng: np.random.Generator) -> Floats:
    """Zero-mean grain for the hole, float32 (H, W, C): the surrounding skin's own, moved in by random shifts."""
    side = max(skin.shape)
    smooth = ndimage.gaussian_filter(push_pull(image, skin), (side / 50, side / 50, 0))
    grain = np.where(skin[..., None], image - smooth, 0)
    ring = skin & _dilate(hole, reach)
    source = ring if ring.sum() > 0.25 * hole.sum() else skin
    limit = 2 * grain[source].std()  # keeps hair and ruler ticks from being strewn over the filling
    grain = np.clip(grain, -limit, limit)
    texture = np.zeros_like(image)
    empty = hole.copy()
    for _ in range(SHIFTS):
        dy, dx = rng.integers(-side // 2, side // 2 + 1, 2)
        here = empty & np.roll(source, (dy, dx), (0, 1))
        texture[here] = np.roll(grain, (dy, dx), (0, 1))[here]
        empty &= ~here
        if not empty.any():
            break
    return texture


def _dilate(mask: Bools, radius: float) -> Bools:
    if not mask.any():
        return mask.copy()
    distance: Doubles = ndimage.distance_transform_edt(~mask)
    return distance <= radius
