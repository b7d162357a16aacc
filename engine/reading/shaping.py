"""Changing a border as a line: pulling a stretch of it, and smoothing all of it; and the patch that comes of it.

A border is the closed curves of :func:`engine.reading.outline.outline`, with lesion on one side throughout. Curves that
are drawn anew are filled by winding number: a pixel is lesion where the curves go round it once or more, so that a
border pulled over itself, or over another piece, has no holes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.reading.correction import LESION, SKIN, changed, winding
from engine.reading.outline import outline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools
    from engine.reading.correction import Layer, Patch

    Curve = NDArray[np.float64]
    Curves = list[Curve]

ENDS = 3.0  # of the pull's standard deviation: from there on it is nothing
STAIRS = 9  # points of a pixel's outline over which its stairs are averaged where it is pulled
FINEST, SHARE = 2.0, 1 / 200  # smoothing: standard deviation along the border, in pixels and to the longest side
ROUND = 40  # times the standard deviation: a border that is shorter is smoothed less, or it would vanish


@dataclass(frozen=True, eq=False)
class Grip:
    """A place of a border where it is held.

    curves: the whole border. number: the curve that is held. at: x, y of the point. weights: how far each of its points
    follows the hand, (points,), 1 at the grip, falling as a Gaussian along the border to 0. smooth: the same points
    without the stairs of the pixels.
    """

    curves: Curves
    number: int
    at: tuple[float, float]
    weights: NDArray[np.float64]
    smooth: Curve

    def pulled(self, by: tuple[float, float]) -> Curve:
        """The curve that is held, moved by x, y in pixels; closed, float64 (points, 2)."""
        held = self.weights[:, None] > 0
        return np.where(held, self.smooth + self.weights[:, None] * np.array(by), self.curves[self.number])

    def stretch(self, by: tuple[float, float] = (0.0, 0.0)) -> tuple[Curve, NDArray[np.float64]]:
        """The part that follows, moved, as an open curve, and its weights; in the curve's order."""
        moved, weights = self.smooth + self.weights[:, None] * np.array(by), self.weights
        if (weights > 0).all():
            return moved, weights
        start = int(np.argmin(weights))  # outside of the stretch, which may run through the curve's beginning
        order = (start + np.arange(len(moved) - 1)) % (len(moved) - 1)
        order = order[weights[order] > 0]
        return moved[order], weights[order]


def grip(curves: Curves, point: tuple[float, float], reach: float) -> Grip | None:
    """Hold the border at its point nearest to x, y; None where there is no border.

    reach: the standard deviation with which the pull falls off along the border, in pixels.
    """
    if not curves:
        return None
    nearest = [np.hypot(*(curve - point).T).min() for curve in curves]
    number = int(np.argmin(nearest))
    curve = curves[number]
    smooth = _averaged(curve)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(smooth, axis=0).T))])
    here = int(np.hypot(*(curve - point).T).argmin())
    away = np.abs(along - along[here])
    away = np.minimum(away, along[-1] - away)
    floor = np.exp(-(ENDS**2) / 2)
    weights = np.clip((np.exp(-((away / reach) ** 2) / 2) - floor) / (1 - floor), 0, 1)
    return Grip(curves, number, (float(curve[here, 0]), float(curve[here, 1])), weights, smooth)


def pull(layer: Layer, mask: Bools, held: Grip, by: tuple[float, float]) -> Patch | None:
    """The patch of a border that was pulled by x, y in pixels. layer, mask: the photograph's; mask: as it was held."""
    moved = held.pulled(by)
    follows = held.weights > 0
    curves = [*held.curves[: held.number], moved, *held.curves[held.number + 1 :]]
    return redrawn(layer, mask, curves, np.concatenate([held.curves[held.number][follows], moved[follows]]))


def smooth(layer: Layer, mask: Bools) -> Patch | None:
    """The patch that makes the border of a mask, bool (H, W), smoother by a little; None where it is as smooth already.

    Points move as their neighbours along the border do (twice a Gaussian's mean less the mean of that), by which long
    waves and areas stay what they are. Where it runs along the photograph's side, or reaches it, it stays there.
    """
    sigma = max(FINEST, SHARE * max(mask.shape))
    curves = [_smoothed(curve, sigma, mask.shape) for curve in outline(mask)]
    return redrawn(layer, mask, curves, np.concatenate(curves)) if curves else None


def redrawn(layer: Layer, mask: Bools, curves: Curves, about: Curve) -> Patch | None:
    """The patch of a layer that has these curves for border, in the box about some points where they have moved."""
    height, width = mask.shape
    x0, y0 = np.clip(np.floor(about.min(axis=0)) - 1, 0, (width, height)).astype(int)
    x1, y1 = np.clip(np.ceil(about.max(axis=0)) + 1, 0, (width, height)).astype(int)
    if x0 >= x1 or y0 >= y1:
        return None
    window = slice(y0, y1), slice(x0, x1)
    inside = sum((winding(curve - (x0, y0), y1 - y0, x1 - x0) for curve in curves), np.zeros((), np.int16)) > 0
    moved = np.where(inside, np.int8(LESION), np.int8(SKIN))
    return changed(layer, int(x0), int(y0), np.where(inside != mask[window], moved, layer[window]))


def _smoothed(curve: Curve, sigma: float, shape: tuple[int, ...]) -> Curve:
    from scipy.ndimage import gaussian_filter1d  # here, because its import would delay the window

    ring, (height, width) = curve[:-1], shape
    spacing = np.hypot(*np.diff(curve, axis=0).T).mean()
    width_ = min(sigma, len(ring) * spacing / ROUND) / spacing
    mean = gaussian_filter1d(ring, width_, axis=0, mode="wrap")
    moved = 2 * mean - gaussian_filter1d(mean, width_, axis=0, mode="wrap")
    from_side = np.minimum(ring, (width, height) - ring).min(axis=1, keepdims=True)
    ring = ring + np.clip(from_side / (3 * sigma), 0, 1) * (moved - ring)
    return np.concatenate([ring, ring[:1]])


def _averaged(curve: Curve) -> Curve:
    """A closed curve whose points are the means of their neighbours."""
    from scipy.ndimage import uniform_filter1d

    size = min(STAIRS, 1 + (len(curve) - 1) // 8 // 2 * 2)
    ring = uniform_filter1d(curve[:-1], size, axis=0, mode="wrap")
    return np.concatenate([ring, ring[:1]])
