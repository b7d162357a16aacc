"""Corrections: what each operation paints, against brute force, and that all of it can be taken back."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib.path import Path as MatplotlibPath
from scipy import ndimage

from engine.reading import correction
from engine.reading.correction import LESION, SKIN, Changes, Patch, blank
from tests.engine.pictures import disc

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

H, W = 14, 18
shapes = st.tuples(st.integers(1, H), st.integers(1, W))
values = st.sampled_from([SKIN, 0, LESION])
coordinates = st.floats(-6, 24, allow_subnormal=False)
points = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6)


def layers(shape: tuple[int, int] = (H, W)) -> SearchStrategy[np.ndarray]:
    """Any layer."""
    return hnp.arrays(np.int8, shape, elements=values)


def masks(shape: tuple[int, int] = (H, W)) -> SearchStrategy[np.ndarray]:
    """Any mask."""
    return hnp.arrays(np.bool_, shape)


@st.composite
def patches(draw: st.DrawFn) -> Patch:
    """A patch somewhere in a layer."""
    h, w = draw(shapes)
    x, y = draw(st.integers(0, W - w)), draw(st.integers(0, H - h))
    return Patch(x, y, draw(layers((h, w))))


def after(layer: np.ndarray, patch: Patch | None) -> np.ndarray:
    """The layer with a patch put into a copy of it."""
    layer = layer.copy()
    if patch is not None:
        correction.put(layer, patch)
    return layer


def is_small(layer: np.ndarray, patch: Patch | None) -> bool:
    """Whether each side of the patch changes something (None: nothing to say)."""
    if patch is None:
        return True
    change = patch.values != layer[patch.window]
    return all(side.any() for side in (change[0], change[-1], change[:, 0], change[:, -1]))


def centres() -> np.ndarray:
    """All pixels' centres as x, y, float (H, W, 2)."""
    rows, columns = np.mgrid[:H, :W] + 0.5
    return np.stack([columns, rows], axis=-1)


def distance(line: list[tuple[float, float]]) -> np.ndarray:
    """Each pixel centre's distance from a polyline, by a fine search along each segment's parameter."""
    best = np.full((H, W), np.inf)
    for a, b in zip(line, line[1:] or line, strict=False):
        a, d = np.array(a), np.subtract(b, a)
        along = ((centres() - a) @ d) / (d @ d) if d.any() else np.zeros((H, W))
        for foot in (a + np.clip(along, 0, 1)[..., None] * d, a, a + d):
            best = np.minimum(best, np.linalg.norm(centres() - foot, axis=-1))
    return best


@given(layers(), masks())
def test_a_correction_decides_where_it_says_anything(layer: np.ndarray, mask: np.ndarray) -> None:
    corrected = correction.apply(layer, mask)
    assert corrected.dtype == np.bool_
    assert corrected[layer == LESION].all()
    assert not corrected[layer == SKIN].any()
    assert np.array_equal(corrected[layer == 0], mask[layer == 0])
    change = correction.changes(layer, mask)
    assert change == Changes(int((corrected & ~mask).sum()), int((mask & ~corrected).sum()))


@given(layers(), st.lists(patches(), max_size=5))
def test_patches_are_taken_back_in_reverse(layer: np.ndarray, edits: list[Patch]) -> None:
    before, undo = layer.copy(), []
    for patch in edits:
        outside = np.ones_like(layer, dtype=bool)
        outside[patch.window] = False
        kept = layer[outside]
        undo.append(correction.put(layer, patch))
        assert np.array_equal(layer[patch.window], patch.values)
        assert np.array_equal(layer[outside], kept)
    for patch in reversed(undo):
        correction.put(layer, patch)
    assert np.array_equal(layer, before)


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, -1), (W - 1, 0), (0, H - 1), (W, H)])
def test_a_patch_outside_the_layer_is_refused(x: int, y: int) -> None:
    layer = blank(H, W)
    with pytest.raises(ValueError, match="outside the layer"):
        correction.put(layer, Patch(x, y, np.ones((2, 2), np.int8)))
    assert not layer.any()


def test_a_patch_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Patch(0, 0, np.zeros((2, 2), np.int8)).values[0, 0] = 1


@given(layers(), points, st.floats(0.3, 8), values)
def test_a_stroke_is_all_within_its_radius(
    layer: np.ndarray, line: list[tuple[float, float]], radius: float, value: int
) -> None:
    patch = correction.stroke(layer, line, radius, value)
    apart = distance(line)
    painted = after(layer, patch)
    assert (painted[apart < radius - 1e-6] == value).all()
    assert np.array_equal(painted[apart > radius + 1e-6], layer[apart > radius + 1e-6])
    assert is_small(layer, patch)


def test_a_dot_is_a_disc() -> None:
    layer = blank(200, 300)
    patch = correction.stroke(layer, [(100.5, 80.5)], 39.99, LESION)
    assert np.array_equal(after(layer, patch) == LESION, disc(200, 300, (80, 100), 39.99))
    assert (patch.x, patch.y, patch.values.shape) == (61, 41, (79, 79))


def test_brush_then_eraser_leaves_skin_and_nothing_twice() -> None:
    layer = blank(H, W)
    correction.put(layer, correction.stroke(layer, [(5, 5), (12, 9)], 3, LESION))
    assert correction.stroke(layer, [(5, 5), (12, 9)], 2.5, LESION) is None
    correction.put(layer, correction.stroke(layer, [(5, 5), (12, 9)], 3, SKIN))
    assert set(np.unique(layer)) == {SKIN, 0}
    assert correction.stroke(layer, [(-50, -50)], 3, LESION) is None
    assert correction.stroke(layer, [], 3, LESION) is None


def test_a_stroke_looks_only_at_its_surroundings() -> None:
    class Watched(np.ndarray):
        """A layer that adds up how much of it is looked at."""

        seen = 0

        def __getitem__(self, key: object) -> np.ndarray:
            part = np.asarray(super().__getitem__(key))
            Watched.seen += part.size
            return part

    layer = blank(4000, 6000).view(Watched)
    patch = correction.stroke(layer, [(3000, 2000), (3010, 2020)], 40, LESION)
    assert patch.values.size <= 92 * 102
    assert 0 < Watched.seen <= 5 * 92 * 102


def test_squares_and_triangles() -> None:
    layer = blank(H, W)
    square = after(layer, correction.polygon(layer, [(3, 2), (9, 2), (9, 7), (3, 7)], LESION))
    expected = blank(H, W)
    expected[2:7, 3:9] = LESION
    assert np.array_equal(square, expected)
    triangle = after(square, correction.polygon(square, [(0, 0), (12, 0), (0, 12)], SKIN))
    x, y = np.moveaxis(centres(), -1, 0)
    inside = x + y < 12
    assert (triangle[inside] == SKIN).all()
    assert np.array_equal(triangle[x + y > 12], expected[x + y > 12])


@given(layers(), st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=7), values)
def test_a_polygon_is_what_it_encloses(layer: np.ndarray, corners: list[tuple[float, float]], value: int) -> None:
    closed = np.array([*corners, corners[0]])
    clear = distance([tuple(c) for c in closed]) > 1e-6  # on the line itself either answer is right
    crossings = np.zeros((H, W), int)
    for (xa, ya), (xb, yb) in pairwise(closed):
        x, y = np.moveaxis(centres(), -1, 0)
        crosses = (ya <= y) != (yb <= y)
        crossings += crosses & ((xb - xa) * (y - ya) * np.sign(yb - ya) < (x - xa) * abs(yb - ya))
    patch = correction.polygon(layer, corners, value)
    painted, inside = after(layer, patch), crossings % 2 == 1
    assert (painted[inside & clear] == value).all()
    assert np.array_equal(painted[~inside & clear], layer[~inside & clear])
    assert is_small(layer, patch)


@given(st.lists(st.floats(1, 8), min_size=3, max_size=12))
def test_a_star_shaped_lasso_agrees_with_matplotlib(radii: list[float]) -> None:
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    corners = np.stack([9.1 + radii * np.cos(angles), 7.2 + radii * np.sin(angles)], axis=1)
    clear = distance([tuple(c) for c in (*corners, corners[0])]) > 1e-6
    layer = blank(H, W)
    painted = after(layer, correction.polygon(layer, list(map(tuple, corners)), LESION)) == LESION
    expected = MatplotlibPath(corners, closed=False).contains_points(centres().reshape(-1, 2)).reshape(H, W)
    assert np.array_equal(painted[clear], expected[clear])


def test_two_polygons_with_a_common_side_share_no_pixel_and_leave_none() -> None:
    layer = blank(H, W)
    slanted = [(5.5, 0), (11.5, 14)]  # runs through pixel centres
    left = after(layer, correction.polygon(layer, [(0, 0), *slanted, (0, 14)], LESION))
    right = after(layer, correction.polygon(layer, [(18, 0), *slanted, (18, 14)], LESION))
    assert (left + right == 1).all()


@given(layers(), masks())
def test_holes_are_filled_and_then_there_are_none(layer: np.ndarray, mask: np.ndarray) -> None:
    patch = correction.fill_holes(layer, mask)
    filled = after(layer, patch)
    expected = ndimage.binary_fill_holes(correction.apply(layer, mask))
    assert np.array_equal(correction.apply(filled, mask), expected)
    assert is_small(layer, patch)
    assert correction.fill_holes(filled, mask) is None


@given(layers(), masks())
def test_the_largest_part_is_kept(layer: np.ndarray, mask: np.ndarray) -> None:
    corrected = correction.apply(layer, mask)
    assume(corrected.any())
    patch = correction.keep_largest(layer, mask)
    kept = correction.apply(after(layer, patch), mask)
    parts, count = ndimage.label(corrected, np.ones((3, 3)))
    sizes = [int((parts == part).sum()) for part in range(1, count + 1)]
    remaining = set(np.unique(parts[kept]))
    assert len(remaining) == 1
    assert np.array_equal(kept, parts == remaining.pop())
    assert kept.sum() == max(sizes)
    assert is_small(layer, patch)
    assert correction.keep_largest(after(layer, patch), mask) is None


def test_nothing_to_fill_or_keep_in_an_empty_mask() -> None:
    layer, mask = blank(H, W), np.zeros((H, W), bool)
    assert correction.fill_holes(layer, mask) is None
    assert correction.keep_largest(layer, mask) is None


@given(layers())
def test_a_reset_takes_everything_back(layer: np.ndarray) -> None:
    patch = correction.reset(layer)
    assert (patch is None) == (not layer.any())
    assert not after(layer, patch).any()
    assert is_small(layer, patch)
