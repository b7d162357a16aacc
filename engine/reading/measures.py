"""Shape measures of a lesion's mask in pixels or millimetres, each with its range across the timesteps' masks.

All but a mask's area is measured on its border as closed curves, so that no figure counts pixel stairs: a timestep's
border is its difference's level set at delta, and the result's is the level set that the window draws, so that its
irregularity is that of the line which a person sees; a mask that a person corrected, and any other, has the level set
at one half of its cover on a grid of at most 512 pixels a side, laid over its extent. On discs and squares of 100
pixels in any position lengths come out within 1.5 %. A timestep's border, cut as a mask at 6 megapixels and measured as
one, has the same area within 0.1 %, diameters within 0.7 % unless a far speck is seen on one grid only, and a perimeter
longer by 1 % (5 % where it is ragged), because the mask's grid is finer.

Parts of a mask are measured together: area and perimeter are sums (the borders of holes count), diameters span all
parts, asymmetry mirrors all at once. Parts thinner than half a pixel of that grid count for the area only.
"""

from __future__ import annotations

import math
from dataclasses import asdict, astuple, dataclass, fields
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image, ImageDraw

from engine.reading.contours import contours, extent
from engine.reading.outline import border
from engine.results import WORKING_SIDE, Consensus, Segmentation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools

    Curves = list[NDArray[np.float64]]

SMOOTHED = 5  # neighbouring points that are averaged before a border's length is taken: stairs are two to four long
CANVAS = 257  # pixels on a side of the square on which a shape is mirrored
ROUND = 0.01  # principal moments that differ by less tell no axis from another
UNITS = {"area": ("px²", "mm²"), "asymmetry": ("", ""), "compactness": ("", "")}  # all others are lengths
TITLES = {  # of Shape's fields, for people
    "area": "Area",
    "perimeter": "Perimeter",
    "largest_diameter": "Largest diameter",
    "smallest_diameter": "Smallest diameter",
    "asymmetry": "Asymmetry",
    "compactness": "Border irregularity",
}


@dataclass(frozen=True)
class Shape:
    """Measures of one mask in pixels, all 0 for an empty one.

    largest_diameter: between the farthest two points (maximum Feret diameter). smallest_diameter: between the closest
    two parallel lines that hold the mask (minimum Feret diameter). asymmetry: in [0, 1], the share of the area that its
    mirror image does not cover, mean over the two principal axes (the photograph's own where the
    principal ones are undetermined, as of a disc); 0 for an ellipse. compactness: perimeter² / (4 π
    area) as the curves enclose it, 1 for a disc and more for any other shape ("border irregularity").
    """

    area: float = 0.0
    perimeter: float = 0.0
    largest_diameter: float = 0.0
    smallest_diameter: float = 0.0
    asymmetry: float = 0.0
    compactness: float = 0.0


@dataclass(frozen=True)
class Measure:
    """One figure of a mask, with its range across the timesteps' masks: low <= value <= high.

    name: of one of :class:`Shape`'s fields. unit: "px", "px²", "mm", "mm²" or "".
    """

    name: str
    value: float
    low: float
    high: float
    unit: str


def shape(mask: Bools) -> Shape:
    """Measure a bool mask (H, W); lengths in its pixels."""
    return _measured(mask_border(mask), int(np.count_nonzero(mask)))


def mask_border(mask: Bools) -> Curves:
    """A bool mask's border without pixel stairs (see this module), as closed curves about its own upper left corner."""
    if not mask.any():
        return []
    part = mask[extent(mask)]
    step = math.ceil(max(part.shape) / WORKING_SIDE)
    grid = [math.ceil(side / step) for side in part.shape]
    bytes_ = np.zeros([side * step for side in grid], np.uint8)
    bytes_[: part.shape[0], : part.shape[1]] = part
    bytes_ *= 255
    cover = np.asarray(Image.fromarray(bytes_).reduce(step), np.float32) / np.float32(255)
    return contours(cover, 0.5, grid[1] * step, grid[0] * step)


def irregularity(curves: Curves) -> float:
    """Perimeter² / (4 π area) of what closed curves (points, 2) enclose; NaN where there are none."""
    if not curves:
        return math.nan
    smooth = [_smooth(curve) for curve in curves]
    return _perimeter(smooth) ** 2 / (4 * math.pi * _moments(smooth)[0])


def vote_shapes(found: Segmentation) -> tuple[Shape, ...]:
    """Each timestep's mask, measured in the photograph's pixels; remembered as long as the consensus lives."""
    known = _vote_shapes.get(found.consensus)
    if known is None:
        size = found.image.width, found.image.height
        known = tuple(_measured(contours(d, found.consensus.delta, *size)) for d in found.evidence.difference)
        _vote_shapes[found.consensus] = known
    return known


_vote_shapes: WeakKeyDictionary[Consensus, tuple[Shape, ...]] = WeakKeyDictionary()


def area_range(found: Segmentation, mask: Bools) -> tuple[float, float]:
    """The smallest and largest area in px² of the timesteps' masks and ``mask`` together, as :func:`measures` has it.

    mask: bool, the photograph's size. Much cheaper than all measures of the mask.
    """
    every = [float(np.count_nonzero(mask)), *(one.area for one in vote_shapes(found))]
    return min(every), max(every)


def measures(found: Segmentation, mask: Bools | None = None, mm_per_px: float | None = None) -> tuple[Measure, ...]:
    """Measure the result, or ``mask`` (bool, the photograph's size; a corrected one, say) in its place.

    A mask that is the result's own is measured on the border that is drawn of it.

    mm_per_px: a calibration, with which lengths and area are in mm and mm²; without it they are in px and px². The
    range is that of the timesteps' masks and the value together. Raises ValueError unless mm_per_px is above 0.
    """
    if mm_per_px is not None and not 0 < mm_per_px < math.inf:
        raise ValueError(f"{mm_per_px} mm per pixel")
    if mask is None or np.array_equal(mask, found.mask):
        ours = _measured(border(found), int(np.count_nonzero(found.mask)))
    else:
        ours = shape(mask)
    every = [astuple(one) for one in (ours, *vote_shapes(found))]
    made = []
    for field, values in zip(fields(Shape), zip(*every, strict=True), strict=True):
        units = UNITS.get(field.name, ("px", "mm"))
        unit = units[mm_per_px is not None]
        scale = mm_per_px ** {"mm": 1, "mm²": 2}.get(unit, 0) if mm_per_px is not None else 1.0
        made.append(Measure(field.name, values[0] * scale, min(values) * scale, max(values) * scale, unit))
    return tuple(made)


def measures_json(
    found: Segmentation, mask: Bools | None = None, mm_per_px: float | None = None
) -> dict[str, dict[str, Any]]:
    """:func:`measures` for the sidecar: value, low, high and unit by name."""
    listed = [asdict(measure) for measure in measures(found, mask, mm_per_px)]
    return {measure.pop("name"): measure for measure in listed}


def straddles(measure: Measure, limit: float) -> str:
    """Where the range lies: "below" (none of it exceeds the limit), "above" (all of it does) or "straddles" it."""
    if measure.high <= limit:
        return "below"
    return "above" if measure.low > limit else "straddles"


def _measured(curves: Curves, area: float | None = None) -> Shape:
    """The shape within closed curves; area: where it is known better than by them."""
    if not curves:
        return Shape(area=float(area or 0))
    smooth = [_smooth(curve) for curve in curves]
    enclosed, centre, axes = _moments(smooth)
    perimeter = _perimeter(smooth)
    largest, smallest = _diameters(np.concatenate(curves))
    return Shape(
        area=float(area if area is not None else _moments(curves)[0]),
        perimeter=perimeter,
        largest_diameter=largest,
        smallest_diameter=smallest,
        asymmetry=_asymmetry([(curve - centre) @ axes for curve in curves]),
        compactness=perimeter**2 / (4 * math.pi * enclosed),
    )


def _perimeter(curves: Curves) -> float:
    return float(sum(np.hypot(*np.diff(curve, axis=0).T).sum() for curve in curves))


def _smooth(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """A closed curve (points, 2) as the running mean of its points; a short one with a shorter window."""
    from scipy.ndimage import uniform_filter1d  # here, because its import would delay the window

    around = curve[:-1]
    window = min(SMOOTHED, len(around) // 8)
    around = uniform_filter1d(around, window, axis=0, mode="wrap") if window > 1 else around
    return np.concatenate([around, around[:1]])


def _moments(curves: Curves) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Area, centroid (2,) and axes (2, 2; columns) within closed curves, by Green's theorem."""
    origin = curves[0][0]  # near the shape, for precision
    start = np.concatenate([curve[:-1] for curve in curves]) - origin
    end = np.concatenate([curve[1:] for curve in curves]) - origin
    cross = start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1]  # holes run the other way round, and subtract
    area = cross.sum() / 2
    centre = ((start + end) * cross[:, None]).sum(axis=0) / (6 * area)
    both = start + end
    second = sum((points * cross[:, None]).T @ points for points in (start, end, both)) / 24
    spread, axes = np.linalg.eigh(second / area - np.outer(centre, centre))
    round_ = spread[1] <= (1 + ROUND) * spread[0]
    return abs(float(area)), centre + origin, np.eye(2) if round_ else axes


def _diameters(points: NDArray[np.float64]) -> tuple[float, float]:
    """Maximum and minimum Feret diameter of points (n, 2)."""
    from scipy.spatial import ConvexHull

    hull = points[ConvexHull(points).vertices]
    largest = np.sqrt(((hull[:, None] - hull) ** 2).sum(axis=2).max())
    edges = np.roll(hull, -1, axis=0) - hull
    normals = np.stack([-edges[:, 1], edges[:, 0]]) / np.hypot(*edges.T)
    return float(largest), float(np.ptp(hull @ normals, axis=0).min())  # the narrowest strip has an edge on one side


def _asymmetry(curves: Curves) -> float:
    """The share that its mirror image misses, mean over the axes x = 0 and y = 0, of the shape within closed curves."""
    middle = CANVAS // 2
    scale = middle / max(float(np.abs(curve).max()) for curve in curves)
    canvas = Image.new("1", (CANVAS, CANVAS))
    draw = ImageDraw.Draw(canvas)
    outermost = max([_enclosed(curve) for curve in curves], key=abs)
    for curve in sorted(curves, key=lambda curve: -abs(_enclosed(curve))):  # what a hole holds is drawn after it
        hole = _enclosed(curve) * outermost < 0
        corners = np.rint(curve * scale + middle)  # Pillow truncates, which would shift the shape off its axes
        draw.polygon(corners.ravel().tolist(), fill=int(not hole))
    drawn = np.asarray(canvas)
    covered = int(np.count_nonzero(drawn))
    missed = sum(int(np.count_nonzero(drawn & ~mirrored)) for mirrored in (drawn[::-1], drawn[:, ::-1]))
    return missed / 2 / covered if covered else 0.0


def _enclosed(curve: NDArray[np.float64]) -> float:
    """The area within a closed curve (points, 2), its sign telling which way round the curve runs."""
    x, y = curve.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
