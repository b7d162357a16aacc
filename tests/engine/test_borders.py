"""Surface distances against every pair of border pixels, and how tidy a border is against counting by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.evaluation.borders import Distances, Tidiness, distances, steps, surface, tidiness
from engine.reading.measures import mask_border

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
pairs = shapes.flatmap(lambda shape: st.tuples(hnp.arrays(np.bool_, shape), hnp.arrays(np.bool_, shape)))
lengths = st.floats(0.3, 30)


def ellipse(a: float, b: float, height: int, width: int, shift: float = 0) -> np.ndarray:
    """A mask: the ellipse of half axes a along x and b along y about the middle, shifted along x."""
    y, x = np.mgrid[:height, :width]
    return ((x + 0.5 - width / 2 - shift) / a) ** 2 + ((y + 0.5 - height / 2) / b) ** 2 < 1


def border_pixels(mask: np.ndarray) -> list[tuple[int, int]]:
    """Pixels (x, y) with a side that is not shared with another pixel of the mask, one by one."""
    lesion = {(int(x), int(y)) for y, x in np.argwhere(mask)}
    return [p for p in lesion if {(p[0] + dx, p[1] + dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))} - lesion]


def parts(pixels: set[tuple[int, int]], reach: float) -> int:
    """How many parts a set of pixels falls into, if those up to ``reach`` apart are joined."""
    count, left = 0, set(pixels)
    while left:
        count, front = count + 1, [left.pop()]
        while front:
            here = front.pop()
            near = {p for p in left if math.dist(p, here) <= reach}
            left -= near
            front += near
    return count


@given(pairs, lengths, lengths)
def test_distances_are_those_of_all_pairs_of_border_pixels(
    masks: tuple[np.ndarray, np.ndarray], dx: float, dy: float
) -> None:
    mask, annotation = masks
    found = distances(mask, annotation, (dx, dy))
    if not mask.any() or not annotation.any():
        apart = 0.0 if mask.any() == annotation.any() else 100.0
        assert found == Distances(apart, apart)
        return
    ours, theirs = border_pixels(mask), border_pixels(annotation)
    table = [[math.hypot((a[0] - b[0]) * dx, (a[1] - b[1]) * dy) for b in theirs] for a in ours]
    there, back = [min(row) for row in table], [min(column) for column in zip(*table, strict=True)]
    diagonal = math.hypot(mask.shape[1] * dx, mask.shape[0] * dy)
    assert found.hd95 == pytest.approx(100 / diagonal * max(np.percentile(there, 95), np.percentile(back, 95)))
    assert found.assd == pytest.approx(100 / diagonal * np.mean(there + back))


@given(hnp.arrays(np.bool_, shapes))
def test_the_surface_is_what_touches_the_outside(mask: np.ndarray) -> None:
    assert sorted(map(tuple, surface(mask).tolist())) == sorted(border_pixels(mask))


@given(pairs)
def test_distances_are_the_same_both_ways(masks: tuple[np.ndarray, np.ndarray]) -> None:
    there, back = distances(*masks), distances(*masks[::-1])
    assert (there.hd95, there.assd) == pytest.approx((back.hd95, back.assd))
    assert 0 <= there.assd <= 100
    assert distances(masks[0], masks[0]) == Distances(0, 0)


@pytest.mark.parametrize("shift", [1, 7, 20])
def test_a_shifted_disc_is_as_far_away_as_it_was_shifted(shift: int) -> None:
    here, there = (ellipse(60, 60, 300, 400, by) for by in (0, shift))
    found = distances(here, there)
    assert found.hd95 == pytest.approx(shift / 5, abs=0.2 * 1.5)  # the diagonal is 500
    assert found.assd == pytest.approx(shift / 5 * 2 / math.pi, abs=0.2)


def test_a_squashed_photograph_has_the_distances_of_its_original() -> None:
    mask, annotation = ellipse(180, 120, 400, 1200), ellipse(200, 140, 400, 1200, 12)
    squashed = mask[:, 1::3], annotation[:, 1::3]
    stretch = steps({"full_width": "1200", "full_height": "400"}, 400, 400)
    assert stretch == (3, 1)
    original, found = distances(mask, annotation), distances(*squashed, stretch)
    assert (found.hd95, found.assd) == pytest.approx((original.hd95, original.assd), abs=0.2)
    drawn = [tidiness(one, mask_border(one), by).irregularity for one, by in ((mask, (1, 1)), (squashed[0], stretch))]
    assert drawn[1] == pytest.approx(drawn[0], rel=0.02)


UNKNOWN = ({}, {"full_width": "600"}, *({"full_width": wide, "full_height": "9"} for wide in ("", "0", "nan", "-4")))


@pytest.mark.parametrize("facts", UNKNOWN)
def test_without_an_originals_size_pixels_are_square(facts: dict[str, str]) -> None:
    assert steps(facts, 256, 256) == (1, 1)


@given(hnp.arrays(np.bool_, shapes))
def test_pieces_and_holes_are_counted_by_their_pixels(mask: np.ndarray) -> None:
    found = tidiness(mask, mask_border(mask))
    lesion = {(int(x), int(y)) for y, x in np.argwhere(mask)}
    around = {(int(x) - 1, int(y) - 1) for y, x in np.argwhere(np.pad(~mask, 1, constant_values=True))}
    assert found.pieces == parts(lesion, 1.5)
    assert found.holes == parts(around, 1) - 1
    assert math.isnan(found.irregularity) == (not lesion)


def test_irregularity_is_that_of_the_border_as_drawn() -> None:
    disc = ellipse(80, 80, 200, 200)
    assert tidiness(disc, mask_border(disc)).irregularity == pytest.approx(1, abs=0.015)
    square = [np.array([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], float)]
    assert tidiness(disc, square) == Tidiness(1, 0, pytest.approx(4 / math.pi))
    assert tidiness(disc, square, (2, 1)).irregularity == pytest.approx(30**2 / (4 * math.pi * 50))
    assert math.isnan(tidiness(np.zeros((3, 4), bool), []).irregularity)
