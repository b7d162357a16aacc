"""The permutohedral lattice: Gaussian filtering in many dimensions (Adams, Baek & Davis 2010).

    filtered_i = sum_j exp(-|f_i - f_j|^2 / 2) values_j       for features f (N, d), approximately

Space is tiled by simplices; each value is splatted onto the d + 1 corners of its simplex, blurred along the d + 1
lattice directions, and sliced back with the same weights. Splat, blur and slice are sparse matrices that depend on the
features alone, so one lattice serves any number of channels. The geometry follows Kraehenbuehl & Koltun's DenseCRF
code, so that results can be compared with it number by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from engine.arrays import Doubles, Floats, Ints


class Lattice:
    """A Gaussian filter for fixed features, float32 (N, d) in units of the kernel's standard deviation.

    slice: sparse (N, M), M being the lattice points in use; its transpose splats; blurs: d + 1 sparse (M, M). Filtering
    is ``gain * slice @ blur_d @ ... @ blur_0 @ slice.T``.
    """

    def __init__(self, features: Floats) -> None:
        count, dims = features.shape
        packed, weights, strides = _enclosing_simplices(features)
        keys, index = np.unique(packed, return_inverse=True)
        pointer = np.arange(0, count * (dims + 1) + 1, dims + 1, dtype=np.int32)
        shape = (count, len(keys))
        self.slice = sparse.csr_array((weights.ravel(), index.ravel().astype(np.int32), pointer), shape=shape)
        self.blurs = [_blur(keys, strides, axis) for axis in range(dims + 1)]
        self.gain = np.float32(1 / (1 + 2.0**-dims))

    def __call__(self, values: Floats) -> Floats:
        """Filter values, float32 (N, C); returns float32 (N, C)."""
        return np.asarray(self.slice @ self.blur(self.slice.T @ values)) * self.gain

    def blur(self, values: Floats) -> Floats:
        """Blur values at lattice points, float32 (M, C), along each direction in turn."""
        for blur in self.blurs:
            values = blur @ values
        return values


def _enclosing_simplices(features: Floats) -> tuple[Ints, Floats, Ints]:
    """Find the simplex about each point: its corners' numbers (N, d + 1), the point's weights on them, and the strides.

    Corner numbers are linear in the corners' first d coordinates, so a step along a lattice direction is one fixed
    difference of numbers. Arrays are (d + 1, N) inside: long rows are what numpy is quick at.
    """
    count, dims = features.shape
    elevated = _elevate(features.T.astype(np.float64))
    nearest = np.rint(elevated / (dims + 1)) * (dims + 1)
    rank = _ranks(elevated - nearest)
    rank += np.rint(nearest.sum(axis=0) / (dims + 1)).astype(np.int64)
    wrap = (rank < 0).astype(np.int64) - (rank > dims)
    rank += wrap * (dims + 1)
    nearest += wrap * (dims + 1)

    every = np.arange(count)
    ordered = np.empty((dims + 1, count))  # distances from the nearest remainder-0 point, the largest first
    strides = _strides(nearest[:dims], dims)
    steps = np.empty((dims + 1, count), np.int64)  # each coordinate's stride, in the same order
    for axis in range(dims + 1):
        ordered[rank[axis], every] = (elevated[axis] - nearest[axis]) / (dims + 1)
        steps[rank[axis], every] = strides[axis] if axis < dims else 0

    weights = np.empty((count, dims + 1), np.float32)
    packed = np.empty((count, dims + 1), np.int64)
    weights[:, 0] = 1 + ordered[dims] - ordered[0]
    packed[:, 0] = strides @ nearest[:dims].astype(np.int64)
    for corner in range(1, dims + 1):
        weights[:, corner] = ordered[dims - corner] - ordered[dims - corner + 1]
        packed[:, corner] = packed[:, corner - 1] + strides.sum() - (dims + 1) * steps[dims - corner + 1]
    return packed, weights, strides


def _elevate(features: Doubles) -> Doubles:
    """Map features (d, N) onto the plane x . 1 = 0 of d + 1 dimensions, scaled so that the blur has unit variance."""
    dims = len(features)
    index = np.arange(dims)
    scaled = features * (np.sqrt(2 / 3) * (dims + 1) / np.sqrt((index + 1) * (index + 2)))[:, None]
    elevated = np.zeros((dims + 1, features.shape[1]))
    for axis in range(dims, 0, -1):
        elevated[axis - 1] = elevated[axis] + scaled[axis - 1]
        elevated[axis] -= axis * scaled[axis - 1]
    return elevated


def _ranks(values: Doubles) -> Ints:
    """Rank the rows of (K, N) within each column, 0 for the largest; of equal values the earlier row comes first."""
    rank = np.zeros(values.shape, np.int64)
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            below = values[i] < values[j]
            rank[i] += below
            rank[j] += ~below
    return rank


def _strides(nearest: Doubles, dims: int) -> Ints:
    """Strides (d,) that number all lattice points which lie about these (d, N) or one step away, each differently."""
    extent = nearest.max(axis=1) - nearest.min(axis=1) + 4 * (dims + 1)
    if np.prod(extent) >= 2.0**62:
        raise ValueError("the kernel's widths are too small for the image's range of features")
    return np.concatenate([[1], np.cumprod(extent[:-1])]).astype(np.int64)


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
