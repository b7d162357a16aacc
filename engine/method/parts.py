"""Connected parts of a mask, found from its *runs*: the stretches of its rows, of which even a large mask has few."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.arrays import Bools

Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a mask of some shape (H, W), numbered from 0 by their first pixels.

    starts, stops: each run's first place, and that after its last, (R,); a place is row * (W + 2) + column, so that no
    run touches one of another row. part: the number of each run's part, (R,). sizes: pixels of each part, float64
    (count,); infinite for what counts as larger than anything.
    """

    shape: tuple[int, int]
    starts: Ints
    stops: Ints
    part: Ints
    sizes: NDArray[np.float64]

    def larger_than_all(self, part: Ints) -> Parts:
        """The same, where these parts count as larger than anything."""
        sizes = self.sizes.copy()
        sizes[part] = np.inf
        return replace(self, sizes=sizes)

    def holding(self, mask: Bools) -> Ints:
        """Numbers of the parts that hold a pixel of another mask (H, W)."""
        if not len(self.starts):
            return np.empty(0, np.intp)
        rows, columns = np.nonzero(mask)
        places = rows * _stride(self.shape) + columns
        run = np.searchsorted(self.starts, places, "right") - 1
        return np.unique(self.part[run[(run >= 0) & (places < self.stops[run])]])

    def reaching_the_side(self) -> Ints:
        """Numbers of the parts that have a pixel in the first or last row or column."""
        height, width = self.shape
        rows, columns = np.divmod(self.starts, _stride(self.shape))
        ends = columns + self.stops - self.starts
        return np.unique(self.part[(rows == 0) | (rows == height - 1) | (columns == 0) | (ends == width)])

    def below(self, least: float) -> Bools:
        """The pixels of parts smaller than ``least`` pixels, bool (H, W)."""
        small = self.sizes[self.part] < least
        _, places = _counted(self.starts[small], self.stops[small])
        found = np.zeros(self.shape, np.bool_)
        found[np.divmod(places, _stride(self.shape))] = True
        return found

    def boxes(self) -> NDArray[np.intp]:
        """Around each part: first column and row, those after its last column and row, (count, 4)."""
        rows, columns = np.divmod(self.starts, _stride(self.shape))
        corners = np.stack([columns, rows, columns + self.stops - self.starts, rows + 1], axis=1)
        boxes = np.empty((len(self.sizes), 4), np.intp)
        boxes[:, :2], boxes[:, 2:] = max(self.shape), 0
        np.minimum.at(boxes[:, :2], self.part, corners[:, :2])
        np.maximum.at(boxes[:, 2:], self.part, corners[:, 2:])
        return boxes


def parts(mask: Bools, corners: bool) -> Parts:
    """The connected parts of a mask (H, W); corners: whether pixels that share no more than a corner are connected."""
    from scipy import sparse  # here, because its import would delay the window
    from scipy.sparse import csgraph

    starts, stops = _runs(mask)
    above, reach = _stride(mask.shape), int(corners)
    first = np.searchsorted(stops, starts + above - reach, "right")
    last = np.searchsorted(starts, stops + above + reach, "left")
    run, below = _counted(first, np.maximum(first, last))
    touch = sparse.coo_array((np.ones(len(run), np.bool_), (run, below)), shape=(len(starts), len(starts)))
    count, part = csgraph.connected_components(touch, directed=False)
    sizes = np.bincount(part, stops - starts, minlength=count).astype(np.float64)
    return Parts(mask.shape, starts, stops, part.astype(np.intp), sizes)


def _stride(shape: tuple[int, ...]) -> int:
    return shape[1] + 2


def _runs(mask: Bools) -> tuple[Ints, Ints]:
    """Places of each run's first pixel and of the one after its last, row by row."""
    height, width = mask.shape
    changes = np.zeros((height, _stride(mask.shape)), np.bool_)
    changes[:, 0], changes[:, width] = mask[:, 0], mask[:, -1]
    np.not_equal(mask[:, 1:], mask[:, :-1], out=changes[:, 1:width])
    ends = np.flatnonzero(changes)
    return ends[::2], ends[1::2]


def _counted(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All integers of the ranges first .. last - 1, and which range each belongs to."""
    lengths = last - first
    which = np.repeat(np.arange(len(first)), lengths)
    begins = np.cumsum(lengths) - lengths
    return which, np.arange(len(which)) - (begins - first)[which]
