"""Where the timesteps disagree, as a list to work through: pieces of the lesion's border, and islands away from it.

Ambiguous is a pixel of the working grid where more than a tenth and at most nine tenths of the masks agree: what lies
between the 10 % and the 90 % contour. The *main lesion* is the largest 4-connected part of the consensus, its holes
filled. Ambiguous pixels, 8-connected to its border, belong to that border and go to their nearest point on it; all
others form *satellites* (outside) and *interior* regions, joined where at most ``2 JOIN`` pixels lie between them.

The border is cut where the variance along it is least, no piece shorter than an eighth of its length (or ``SHORTEST``):
an ambiguous ring falls into 5 to 8 pieces. Stretches without ambiguity end a piece where they are at least a quarter of
that long. Regions smaller than ``SMALLEST`` of the photograph are noise and dropped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine.arrays import read_only
from engine.reading.contours import contours, extent
from engine.results import Box, native_box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from engine.arrays import Bools, Doubles, Floats
    from engine.results import Consensus


LOW, HIGH = 0.1, 0.9  # shares of the masks; so the drawn contours of agreement
PIECES = 8  # of a border, at most
SHORTEST = 16.0  # working-grid pixels of border: 3 % of the photograph's longest side
SMALLEST = 1e-4  # of the photograph's area
JOIN = 2  # working-grid pixels
REACH = 6  # working-grid pixels about a region within which an edit may move the border of a refined mask
DIRECTIONS = ("right", "lower right", "lower", "lower left", "left", "upper left", "upper", "upper right")


@dataclass(frozen=True, eq=False)
class Region:
    """One place where the timesteps disagree.

    number: rank by score, from 1. kind: "border", "satellite" or "interior". place: in words, as seen from the main
    lesion's centre (the photograph's, where there is no lesion). score: variance summed over its area, in native
    pixels. mean_variance: in (0, 0.25]. area_px: native pixels. box: x0, y0, x1, y1, and centre: x, y of the pixel
    nearest to its centre of variance, in native pixels. pixels: its ambiguous pixels, read-only bool (h, w) on the
    working grid, the upper left one being that grid's pixel ``corner`` (x, y). reach: where an edit may act, of the
    same form; that of a border's pieces does not overlap.
    """

    number: int
    kind: str
    place: str
    score: float
    mean_variance: float
    area_px: int
    box: Box
    centre: tuple[float, float]
    corner: tuple[int, int]
    pixels: Bools
    reach: Bools

    def __post_init__(self) -> None:
        read_only(self.pixels)
        read_only(self.reach)


def regions(consensus: Consensus, width: int, height: int) -> tuple[Region, ...]:
    """List the ambiguous regions of a photograph of width x height pixels by falling score; the same at every call."""
    band = (consensus.consistency > LOW) & (consensus.consistency <= HIGH)
    if not band.any():
        return ()
    main = _main_lesion(consensus.consistency > 0.5)
    at_border = _connected_to(band, main)
    found = list(_border_pieces(at_border, band, main, consensus.ambiguity))
    for island in _islands(band & ~at_border):
        found.append(_Found("interior" if (island & main).any() else "satellite", island, _about(island, band)))
    survey = _Survey(consensus.ambiguity, main, width, height)
    made = [survey.region(one) for one in found if np.count_nonzero(one.pixels) >= SMALLEST * band.size]
    made.sort(key=lambda region: (-region.score, region.box))
    return tuple(replace(region, number=number) for number, region in enumerate(made, 1))


def regions_json(listed: tuple[Region, ...], decisions: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
    """The regions for the sidecar, without pixels; ``decision`` where ``decisions`` has one for a region's number."""
    names = ("number", "kind", "place", "score", "mean_variance", "area_px", "box", "centre")
    made = [{name: getattr(region, name) for name in names} for region in listed]
    said = decisions or {}
    return [row | ({"decision": said[row["number"]]} if row["number"] in said else {}) for row in made]


def _main_lesion(consensus: Bools) -> Bools:
    """The largest part of the consensus (the first of equal ones), holes filled; nothing where there is none."""
    from scipy import ndimage  # here, because its import would delay the window

    parts, _ = ndimage.label(consensus)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return np.asarray(ndimage.binary_fill_holes((parts == sizes.argmax()) & consensus))


def _connected_to(band: Bools, main: Bools) -> Bools:
    """The ambiguous pixels, 8-connected, that meet the main lesion's border from either side."""
    from scipy import ndimage

    around = np.ones((3, 3))
    border = ndimage.binary_dilation(main, around) & ~ndimage.binary_erosion(main, around, border_value=1)
    parts, _ = ndimage.label(band, around)
    return band & np.isin(parts, parts[border & band])


def _islands(rest: Bools) -> Iterator[Bools]:
    """The connected parts of what is not at the border, near ones joined and noise left out."""
    from scipy import ndimage

    around = np.ones((3, 3))
    parts, _ = ndimage.label(ndimage.binary_dilation(rest, around, iterations=JOIN), around)
    for number in np.flatnonzero(np.bincount(parts[rest]) >= SMALLEST * rest.size):
        yield (parts == number) & rest


def _about(pixels: Bools, band: Bools) -> Bools:
    """The pixels within REACH steps of a region's own, ambiguous pixels of other regions left out."""
    from scipy import ndimage

    around = tuple(slice(max(side.start - REACH, 0), side.stop + REACH) for side in extent(pixels))  # for speed
    near = np.zeros_like(pixels)
    near[around] = ndimage.binary_dilation(pixels[around], iterations=REACH)
    return near & (pixels | ~band)


def _border_pieces(at_border: Bools, band: Bools, main: Bools, variance: Floats) -> Iterator[_Found]:
    """The border's ambiguous pixels and reach, shared out among the pieces of border that they are nearest to."""
    from scipy.spatial import cKDTree

    if not at_border.any():
        return
    border, reach = _border(main), _about(at_border, band)
    rows, columns = np.nonzero(reach)
    _, nearest = cKDTree(border).query(np.stack([columns, rows], axis=1) + 0.5)
    own = at_border[rows, columns]
    piece = _pieces(np.bincount(nearest[own], variance[rows[own], columns[own]], len(border)).astype(np.float64))
    owner = np.full(reach.shape, -1, np.intp)
    owner[rows, columns] = piece[nearest]
    for number in range(piece.max() + 1):
        mine = owner == number
        kind = "whole border" if np.count_nonzero(piece == number) > 0.75 * len(piece) else "border"
        yield _Found(kind, mine & at_border, mine)


def _border(main: Bools) -> Doubles:
    """The main lesion's border as points (n, 2) of x, y on the working grid, one about every pixel along it."""
    h, w = main.shape
    curve = max(contours(main.astype(np.float32), 0.5, w, h), key=len)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    at = np.linspace(0, along[-1], max(round(along[-1]), 1), endpoint=False)
    return np.stack([np.interp(at, along, curve[:, axis]) for axis in (0, 1)], axis=1)


def _pieces(along: Doubles) -> NDArray[np.intp]:
    """Number the points of a closed border by piece, from 0; -1 where nothing is ambiguous. along: variance at each."""
    from scipy.ndimage import gaussian_filter1d

    count = len(along)
    spacing = max(count / PIECES, SHORTEST)
    smooth = gaussian_filter1d(along, spacing / 8, mode="wrap")
    piece = np.full(count, -1, np.intp)
    number = 0
    for start, length in _stretches(along > 0, spacing / 4, int(smooth.argmin())):
        at = (start + np.arange(length)) % count
        cuts = _cuts(smooth[at], spacing)
        piece[at] = number + np.searchsorted(cuts, np.arange(length), side="right") - 1
        number += len(cuts) - 1
    return piece


def _stretches(set_: Bools, gap: float, quietest: int) -> Iterator[tuple[int, int]]:
    """Start and length of the runs of set points on a closed curve, gaps shorter than ``gap`` passed over.

    Where no gap is left, the one run starts and ends at ``quietest``.
    """
    count, points = len(set_), np.flatnonzero(set_)
    after = np.roll(points, -1)
    ends = np.flatnonzero((after - points - 1) % count >= gap)
    if not len(ends):
        yield quietest, count
    for start, end in zip(after[np.roll(ends, 1)], points[ends], strict=True):
        yield int(start), int(end - start) % count + 1


def _cuts(smooth: Doubles, spacing: float) -> list[int]:
    """Where to cut a stretch: its ends, and the quietest points that leave no piece shorter than ``spacing``."""
    cuts = [0, len(smooth)]
    for point in np.argsort(smooth, kind="stable").tolist():
        if min(abs(point - cut) for cut in cuts) >= spacing:
            cuts.append(point)
    return sorted(cuts)


class _Found(NamedTuple):
    """A region before it is measured: its kind (or "whole border"), pixels and reach, bool (H, W)."""

    kind: str
    pixels: Bools
    reach: Bools


class _Survey:
    """What regions are measured with: the variance, the main lesion's place, and the photograph's size."""

    def __init__(self, variance: Floats, main: Bools, width: int, height: int) -> None:
        h, w = variance.shape
        self.variance, self.native, self.scale = variance, (height, width), (width / w, height / h)
        self.middle, self.half = (w / 2, h / 2), (w / 2, h / 2)
        if main.any():
            (rows, columns), window = np.nonzero(main), extent(main)
            self.middle = float(columns.mean()) + 0.5, float(rows.mean()) + 0.5
            self.half = (window[1].stop - window[1].start) / 2, (window[0].stop - window[0].start) / 2

    def region(self, found: _Found) -> Region:
        """Measure a region; its number is yet to be given."""
        sx, sy = self.scale
        rows, columns = np.nonzero(found.pixels)
        variance = self.variance[rows, columns].astype(np.float64)
        x, y = (float(np.average(at, weights=variance)) for at in (columns, rows))
        middle = np.hypot(columns - x, rows - y).argmin()  # a bent piece's centre of mass lies beside it
        (top, bottom), (left, right) = ((int(at.min()), int(at.max()) + 1) for at in (rows, columns))
        window = extent(found.reach)
        return Region(
            number=0,
            kind="border" if found.kind == "whole border" else found.kind,
            place=self._place(found.kind, x + 0.5, y + 0.5),
            score=float(variance.sum() * sx * sy),
            mean_variance=float(variance.mean()),
            area_px=round(len(rows) * sx * sy),
            box=native_box((left, top, right, bottom), self.variance.shape, self.native),
            centre=((float(columns[middle]) + 0.5) * sx, (float(rows[middle]) + 0.5) * sy),
            corner=(window[1].start, window[0].start),
            pixels=found.pixels[window].copy(),
            reach=found.reach[window].copy(),
        )

    def _place(self, kind: str, x: float, y: float) -> str:
        """In words; directions are those of the main lesion's box, so that an elongated one has upper borders too."""
        if kind == "whole border":
            return kind
        angle = math.atan2((y - self.middle[1]) / self.half[1], (x - self.middle[0]) / self.half[0])
        direction = DIRECTIONS[round(angle / (math.pi / 4)) % 8]
        return f"{direction} border" if kind == "border" else f"{kind}, {direction}"
