"""The permutohedral lattice: Gaussian filtering in many dimensions (Adams, Baek & Davis 2010).

    filtered_i = sum_j exp(-|f_i - f_j|^2 / 2) values_j       for features f (N, d), approximately

Space is tiled by simplices; each value is splatted onto the d + 1 corners of its simplex, blurred along the d + 1
lattice directions, and sliced back with the same weights. Splat, blur and slice are sparse matrices that depend on the
features alone, so one lattice serves any number of channels. The geometry follows Kraehenbuehl & Koltun's DenseCRF
code, so that results can be compared with it number by number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Lattice:
    """A Gaussian filter for fixed features, float32 (N, d) in units of the kernel's standard deviation."""

    def __init__(self, features: Floats) -> None:
        count, dims = features.shape
        corners, weights = _enclosing_simplices(features)
        packed, strides = _pack(corners)
        keys, index = np.unique(packed, return_inverse=True)
        pointer = np.arange(0, count * (dims + 1) + 1, dims + 1, dtype=np.int32)
        shape = (count, len(keys))
        self._slice = sparse.csr_array((weights.ravel(), index.ravel().astype(np.int32), pointer), shape=shape)
        self._splat = self._slice.T.tocsr()
        self._blurs = [_blur(keys, strides, axis) for axis in range(dims + 1)]
        self._gain = np.float32(1 / (1 + 2.0**-dims))

    def __call__(self, values: Floats) -> Floats:
        """Filter values, float32 (N, C); returns float32 (N, C)."""
        v = self._splat @ values
        for blur in self._blurs:
            v = blur @ v
        return np.asarray((self._slice @ v) * self._gain)


def _enclosing_simplices(features: Floats) -> tuple[Ints, Floats]:
    """Corners (N, d + 1, d) of each point's simplex, by their first d coordinates, and weights (N, d + 1)."""
    count, dims = features.shape
    elevated = _elevate(features)
    nearest = np.rint(elevated / (dims + 1)) * (dims + 1)
    order = np.argsort(nearest - elevated, axis=1, kind="stable")  # largest remainder first
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(dims + 1)[None], axis=1)
    rank += np.rint(nearest.sum(axis=1) / (dims + 1)).astype(np.int64)[:, None]
    wrap = (rank < 0).astype(np.int64) - (rank > dims)
    rank += wrap * (dims + 1)
    nearest += wrap * (dims + 1)

    remainder = (elevated - nearest) / (dims + 1)
    barycentric = np.zeros((count, dims + 2))
    np.put_along_axis(barycentric, dims - rank, remainder, axis=1)
    shifted = np.zeros((count, dims + 2))
    np.put_along_axis(shifted, dims + 1 - rank, remainder, axis=1)
    barycentric -= shifted
    barycentric[:, 0] += 1 + barycentric[:, dims + 1]

    corner = np.arange(dims + 1)[None, :, None]
    step = np.where(rank[:, None, :dims] <= dims - corner, corner, corner - (dims + 1))
    corners = nearest[:, None, :dims].astype(np.int64) + step
    return corners, barycentric[:, : dims + 1].astype(np.float32)


def _elevate(features: Floats) -> NDArray[np.float64]:
    """Map features (N, d) onto the plane x . 1 = 0 of d + 1 dimensions, scaled so that the blur has unit variance."""
    dims = features.shape[1]
    index = np.arange(dims)
    scale = np.sqrt(2 / 3) * (dims + 1) / np.sqrt((index + 1) * (index + 2))
    scaled = features.astype(np.float64) * scale
    tail = np.concatenate([np.cumsum(scaled[:, ::-1], axis=1)[:, ::-1], np.zeros((len(features), 1))], axis=1)
    elevated = tail.copy()
    elevated[:, 1:] -= np.arange(1, dims + 1) * scaled
    return np.asarray(elevated)


def _pack(corners: Ints) -> tuple[Ints, Ints]:
    """Number lattice points (..., d) so that each lattice step is one fixed difference; returns numbers and strides."""
    dims = corners.shape[-1]
    low = corners.min(axis=(0, 1)) - (dims + 1)
    extent = corners.max(axis=(0, 1)) + (dims + 1) - low + 1
    if np.prod(extent.astype(np.float64)) >= 2.0**62:
        raise ValueError("the kernel's widths are too small for the image's range of features")
    strides = np.concatenate([[1], np.cumprod(extent[:-1])]).astype(np.int64)
    return np.asarray((corners - low) @ strides), strides


def _blur(keys: Ints, strides: Ints, axis: int) -> Any:
    """The sparse matrix of value + (forward neighbour + backward neighbour) / 2 along one lattice direction."""
    count, dims = len(keys), len(strides)
    step = int(-strides.sum() + (strides[axis] * (dims + 1) if axis < dims else 0))
    place = np.minimum(np.searchsorted(keys, keys + step), count - 1)
    here = np.flatnonzero(keys[place] == keys + step).astype(np.int32)
    there = place[here].astype(np.int32)
    every = np.arange(count, dtype=np.int32)
    rows = np.concatenate([every, here, there])
    columns = np.concatenate([every, there, here])
    values = np.concatenate([np.ones(count, np.float32), np.full(2 * len(here), 0.5, np.float32)])
    return sparse.csr_array((values, (rows, columns)), shape=(count, count))
