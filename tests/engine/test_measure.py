"""Agreement, against cases worked by hand; borders, against a disc."""

from __future__ import annotations

import numpy as np
import pytest
from contourpy import contour_generator
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.ndimage import gaussian_filter

from engine.reading.agreement import Agreement, agreement
from engine.reading.contours import OUTSIDE, Contours, contours

pairs = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(hnp.arrays(np.bool_, shape), hnp.arrays(np.bool_, shape))
)


def mask(text: str) -> np.ndarray:
    """A mask from rows of # and dots."""
    return np.array([[c == "#" for c in row] for row in text.split()])


@pytest.mark.parametrize(
    ("found", "true", "expected"),
    [
        ("##.. ##..", "##.. ##..", Agreement(1, 1, 1, 1)),
        ("##.. ....", ".... ..##", Agreement(0, 0, 0, 0)),
        ("##.. ##..", ".##. .##.", Agreement(dice=0.5, jaccard=1 / 3, precision=0.5, recall=0.5)),
        ("#... ....", "#### ....", Agreement(dice=0.4, jaccard=0.25, precision=1, recall=0.25)),
        ("#### ####", "##.. ....", Agreement(dice=0.4, jaccard=0.25, precision=0.25, recall=1)),
        (".... ....", ".... ....", Agreement(1, 1, 1, 1)),
        (".... ....", "#... ....", Agreement(0, 0, 0, 0)),
        ("#... ....", ".... ....", Agreement(0, 0, 0, 0)),
    ],
)
def test_agreement_of_cases_worked_by_hand(found: str, true: str, expected: Agreement) -> None:
    result = agreement(mask(found), mask(true))
    assert vars(result) == pytest.approx(vars(expected))


@given(pairs)
def test_agreement_obeys_its_identities(both: tuple[np.ndarray, np.ndarray]) -> None:
    there, back = agreement(*both), agreement(*both[::-1])
    assert all(0 <= value <= 1 for value in vars(there).values())
    assert (there.dice, there.jaccard) == (back.dice, back.jaccard)
    assert (there.precision, there.recall) == (back.recall, back.precision)
    assert there.jaccard == pytest.approx(there.dice / (2 - there.dice))


def test_masks_of_different_shapes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different shapes"):
        agreement(np.zeros((2, 3), bool), np.zeros((3, 2), bool))


def disc(size: int, centre: tuple[float, float], radius: float) -> np.ndarray:
    """A cone whose level set at 0 is a circle, in pixel centres' coordinates."""
    rows, columns = np.mgrid[:size, :size] + 0.5
    return np.float32(radius - np.hypot(columns - centre[0], rows - centre[1]))


def area(curve: np.ndarray) -> float:
    """The area that a closed curve encloses (shoelace)."""
    x, y = curve.T
    return abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


@pytest.mark.parametrize("scale", [1, 4])
def test_the_border_of_a_disc_is_a_circle(scale: int) -> None:
    values = disc(64, (30.0, 35.0), 20.0)
    (curve,) = contours(values, 0.0, 64 * scale, 64 * scale)
    radius = np.hypot(*(curve / scale - (30.0, 35.0)).T)
    assert np.abs(radius - 20).max() < 0.05
    assert np.array_equal(curve[0], curve[-1])
    assert area(curve) == pytest.approx(np.pi * (20 * scale) ** 2, rel=0.005)


def test_a_photograph_of_another_shape_stretches_the_curve() -> None:
    (curve,) = contours(disc(64, (32.0, 32.0), 20.0), 0.0, 640, 320)
    assert np.ptp(curve, axis=0) == pytest.approx((400, 200), rel=0.01)
    assert (curve.min(axis=0) + curve.max(axis=0)) / 2 == pytest.approx((320, 160), rel=0.01)


@pytest.mark.parametrize("centre", [(0.0, 32.0), (64.0, 32.0), (32.0, 0.0), (0.0, 0.0), (64.0, 64.0)])
def test_a_lesion_that_touches_the_border_is_closed_along_it(centre: tuple[float, float]) -> None:
    (curve,) = contours(disc(64, centre, 20.0), 0.0, 640, 640)
    assert np.array_equal(curve[0], curve[-1])
    touched = [c in (0.0, 64.0) for c in centre]
    assert [bool(np.isin(x, (0, 640)).any()) for x in curve.T] == touched
    assert ((curve >= 0) & (curve <= 640)).all()
    assert area(curve) == pytest.approx(np.pi * 200**2 / 2 ** sum(touched), rel=0.005)


@pytest.mark.parametrize("seed", range(8))
def test_searching_near_what_is_above_finds_the_curves_of_the_whole_map(seed: int) -> None:
    random = np.random.default_rng(seed)
    h, w = random.integers(3, 150, 2)
    values = gaussian_filter(random.normal(size=(h, w)), random.uniform(0.5, 9)).astype(np.float32)
    x, y = (np.clip((np.arange(-2, n + 2) + 0.5) * 3, 0, 3 * n) for n in (w, h))
    whole = np.pad(np.pad(values.astype(np.float64), 1, mode="edge"), 1, constant_values=OUTSIDE)
    found = Contours(values, 3 * w, 3 * h)
    for level in (*np.quantile(values, (0, 0.1, 0.5, 0.9, 0.99, 0.5, 1)), 9.0):
        expected = [line for line in contour_generator(x, y, whole).lines(level) if len(line) > 2]
        curves = found.at(level)
        assert len(curves) == len(expected)
        assert all(map(np.array_equal, curves, expected))


def test_a_lesion_with_a_hole_has_two_borders_and_no_lesion_has_none() -> None:
    ring = np.minimum(disc(64, (32.0, 32.0), 20.0), -disc(64, (32.0, 32.0), 10.0))
    areas = sorted(area(curve) for curve in contours(ring, 0.0, 64, 64))
    assert areas == pytest.approx([np.pi * 100, np.pi * 400], rel=0.01)
    assert contours(ring, 100.0, 64, 64) == []


def test_a_lesion_everywhere_is_bordered_by_the_photograph() -> None:
    (curve,) = contours(np.ones((16, 16), np.float32), 0.5, 160, 160)
    assert area(curve) == pytest.approx(160 * 160)


def test_one_map_serves_any_number_of_levels() -> None:
    values = disc(64, (30.0, 35.0), 20.0)
    curves = Contours(values, 640, 640)
    for level in (15.0, 0.0, -10.0, 5.0):
        (one,), (again,) = curves.at(level), contours(values, level, 640, 640)
        assert np.array_equal(one, again)
        assert area(one) == pytest.approx(np.pi * (10 * (20 - level)) ** 2, rel=0.01)
