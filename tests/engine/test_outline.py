"""Outlines of masks, against the border that is exported."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from contourpy import contour_generator
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from matplotlib.path import Path

from engine.reading.contours import contours
from engine.reading.outline import EASED, eased, outline, stretches

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14))


def area(curve: np.ndarray) -> float:
    """The area that a closed curve encloses, with the sign of its direction."""
    (x, y), (u, v) = curve[:-1].T, curve[1:].T
    return float((x * v - u * y).sum() / 2)


@given(masks)
def test_curves_are_closed_and_part_the_mask_from_the_skin(mask: np.ndarray) -> None:
    curves = outline(mask)
    assert all(np.array_equal(curve[0], curve[-1]) for curve in curves)
    rows, columns = np.indices(mask.shape)
    centres = np.column_stack([columns.ravel(), rows.ravel()]) + 0.5
    inside = np.zeros(mask.size, np.bool_)
    for curve in curves:
        inside ^= Path(curve).contains_points(centres)
    assert np.array_equal(inside.reshape(mask.shape), mask)


@given(masks)
def test_it_is_the_level_set_of_the_mask(mask: np.ndarray) -> None:
    """The mask's own level set at one half, as exports draw it: as many curves, about the same areas."""
    padded = np.pad(mask, 1).astype(np.float32)
    expected = contours(padded, 0.5, padded.shape[1], padded.shape[0])
    assert sorted(map(area, outline(mask))) == pytest.approx(sorted(map(area, expected)))


@given(masks)
def test_it_goes_the_steps_that_a_tracer_of_every_cell_goes(mask: np.ndarray) -> None:
    """In the same directions, and past corners that touch on the same side."""
    lines = contour_generator(z=np.pad(mask, 1).astype(np.float64)).lines(0.5)
    assert steps(outline(mask)) == steps([line - 0.5 for line in lines])


def steps(curves: list[np.ndarray]) -> list[list[float]]:
    """From each point to the next, in order of their places."""
    return sorted([*a, *b] for curve in curves for a, b in zip(curve[:-1].tolist(), curve[1:].tolist(), strict=True))


def test_what_lies_off_the_border_costs_next_to_nothing() -> None:
    """A stroke on a large photograph is outlined at once; a number for every pixel would hold the window up."""
    rows, columns = np.ogrid[:2000, :3000]
    mask = (rows - 1000) ** 2 + (columns - 1500) ** 2 < 900**2
    tracemalloc.start()
    outline(mask)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * mask.size, "bytes"


def test_at_the_photographs_side_the_curve_runs_along_it() -> None:
    (curve,) = outline(np.ones((3, 5), np.bool_))
    assert curve.min(axis=0).tolist() == [0, 0]
    assert curve.max(axis=0).tolist() == [5, 3]
    assert outline(np.zeros((3, 5), np.bool_)) == []


@given(masks, st.data())
def test_stretches_are_pieces_of_the_curves_and_hold_all_that_is_near(mask: np.ndarray, data: st.DataObject) -> None:
    where = data.draw(arrays(np.bool_, mask.shape))
    curves = outline(mask)
    points = {tuple(point) for curve in curves for point in curve}
    pieces = stretches(curves, where)
    assert {tuple(point) for piece in pieces for point in piece} <= points
    rows, columns = np.nonzero(where)
    for x, y in points:
        if ((np.floor(x) == columns) & (np.floor(y) == rows)).any():
            assert any((piece == (x, y)).all(axis=1).any() for piece in pieces)


@pytest.mark.parametrize("radius", [3, 30, 200])
def test_easing_takes_points_and_leaves_the_shape(radius: int) -> None:
    """Compared with the true circle, which pixels only approach."""
    rows, columns = np.mgrid[: 2 * radius + 9, : 2 * radius + 9]
    disc = np.hypot(rows - radius - 4, columns - radius - 4) <= radius
    (exact,), (curve,) = outline(disc), eased(outline(disc))
    assert np.array_equal(curve[0], curve[-1])
    if len(exact) <= EASED:
        assert np.array_equal(curve, exact)
        return
    assert len(curve) <= len(exact) / 4 + 1
    assert abs(area(curve)) == pytest.approx(np.pi * radius**2, rel=0.02)
    off = [np.abs(np.hypot(*(c - radius - 4.5).T) - radius).max() for c in (curve, exact)]
    assert off[0] <= off[1] + 0.1


@given(masks)
def test_easing_moves_no_point_far(mask: np.ndarray) -> None:
    large = np.kron(mask, np.ones((9, 9), np.bool_))  # so that curves are long enough
    for exact, curve in zip(outline(large), eased(outline(large)), strict=True):
        gaps = np.linalg.norm(curve[:, None] - exact[None], axis=2).min(axis=1)
        assert gaps.max() < 1.5


def test_nothing_is_left_where_nothing_differs() -> None:
    mask = np.pad(np.ones((4, 4), np.bool_), 6)
    assert stretches(outline(mask), np.zeros_like(mask)) == []
    corner = np.zeros_like(mask)
    corner[6, 6] = True
    pieces = stretches(outline(mask), corner)
    assert 0 < sum(map(len, pieces)) < len(outline(mask)[0])
