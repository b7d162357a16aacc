"""Shape measures, against discs, ellipses, rectangles and half-discs whose figures are known."""

from __future__ import annotations

import math
import warnings
from dataclasses import astuple, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.method.consensus import vote
from engine.method.stability import stability
from engine.reading.measures import Measure, Shape, area_range, measures, measures_json, shape, straddles, vote_shapes
from engine.recipe import VoteSettings
from engine.results import ModelName, Segmentation
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

TURNS = (0, 10, 22.5, 30, 45, 67)


def plane(size: int, degrees: float = 0, offset: tuple[float, float] = (0, 0)) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates about the middle of a square of pixels, turned and shifted."""
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    turn = math.radians(degrees)
    x, y = x - offset[0], y - offset[1]
    return x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)


def ellipse(a: float, b: float, degrees: float = 0, offset: tuple[float, float] = (0, 0)) -> np.ndarray:
    """A mask: the ellipse of half axes a and b."""
    x, y = plane(int(2 * max(a, b)) + 20, degrees, offset)
    return (x / a) ** 2 + (y / b) ** 2 < 1


def rectangle(a: float, b: float, degrees: float = 0) -> np.ndarray:
    """A mask: the rectangle of sides a and b."""
    x, y = plane(2 * int(math.hypot(a, b) / 2) + 20, degrees)
    return (np.abs(x) < a / 2) & (np.abs(y) < b / 2)


@pytest.mark.parametrize("radius", [20, 50, 137, 400, 1100])
@pytest.mark.parametrize("offset", [(0, 0), (0.3, 0.2), (0.5, 0)])
def test_a_disc(radius: float, offset: tuple[float, float]) -> None:
    found = shape(ellipse(radius, radius, offset=offset))
    assert found.area == pytest.approx(math.pi * radius**2, rel=0.01)
    assert found.perimeter == pytest.approx(2 * math.pi * radius, rel=0.01)
    assert found.largest_diameter == pytest.approx(2 * radius, rel=0.004, abs=1.2)  # a pixel, however small the disc
    assert found.smallest_diameter == pytest.approx(2 * radius, rel=0.004, abs=1.2)
    assert found.asymmetry < 0.03
    assert found.compactness == pytest.approx(1, abs=0.015)


@pytest.mark.parametrize("degrees", TURNS)
def test_an_ellipse_is_symmetric_however_it_lies(degrees: float) -> None:
    found = shape(ellipse(120, 60, degrees))
    assert found.area == pytest.approx(math.pi * 120 * 60, rel=0.005)
    assert (found.largest_diameter, found.smallest_diameter) == pytest.approx((240, 120), rel=0.01)
    assert found.perimeter == pytest.approx(581.3, rel=0.01)  # Ramanujan's formula
    assert found.asymmetry < 0.01


@pytest.mark.parametrize("degrees", TURNS)
@pytest.mark.parametrize(("a", "b"), [(100, 100), (100, 40), (1500, 900)])
def test_a_rectangle_however_it_lies(a: float, b: float, degrees: float) -> None:
    found = shape(rectangle(a, b, degrees))
    assert found.perimeter == pytest.approx(2 * (a + b), rel=0.012)
    assert found.largest_diameter == pytest.approx(math.hypot(a, b), rel=0.012)
    assert found.smallest_diameter == pytest.approx(min(a, b), rel=0.005, abs=1.5)
    assert found.compactness == pytest.approx((a + b) ** 2 / (math.pi * a * b), rel=0.025)
    if a != b:
        assert found.asymmetry < 0.015


def missed(mask: np.ndarray, mirrored: np.ndarray) -> float:
    """The share of a mask that its mirror image does not cover."""
    return np.count_nonzero(mask & ~mirrored) / np.count_nonzero(mask)


@pytest.mark.parametrize("degrees", TURNS)
def test_a_half_disc_is_symmetric_about_one_of_its_axes(degrees: float) -> None:
    """The other lies 4 r / (3 pi) from the straight side."""
    x, y = plane(840)
    level = 4 * 400 / (3 * math.pi)
    upright = (np.hypot(x, y) < 400) & (y > 0)
    mirrored = (np.hypot(x, 2 * level - y) < 400) & (2 * level - y > 0)
    turned = plane(840, degrees)
    found = shape((np.hypot(*turned) < 400) & (turned[1] > 0))
    assert found.asymmetry == pytest.approx(missed(upright, mirrored) / 2, abs=0.01)


def test_an_l_is_symmetric_about_its_diagonal_only() -> None:
    bars = np.zeros((300, 300), bool)
    bars[:, :100] = bars[200:, :] = True
    y, x = np.mgrid[:300, :300]
    centre = x[bars].mean(), y[bars].mean()
    d = round((y - x)[bars].mean())  # the other axis runs parallel to y = x, through the centroid
    assert d == round(centre[1] - centre[0])
    other = np.zeros((900, 900), bool)
    big = np.pad(bars, 300)
    rows, columns = np.nonzero(big)
    other[columns + d, rows - d] = True
    assert shape(bars).asymmetry == pytest.approx(missed(big, other) / 2, abs=0.01)


def test_one_pixel_is_a_square_and_a_full_frame_a_rectangle() -> None:
    one = np.zeros((7, 9), bool)
    one[3, 4] = True
    assert astuple(shape(one)) == pytest.approx((1, 4, math.sqrt(2), 1, 0, 4 / math.pi))
    full = shape(np.ones((400, 600), bool))
    assert full.area == 240_000
    assert full.perimeter == pytest.approx(2000, rel=0.005)
    assert (full.largest_diameter, full.smallest_diameter) == pytest.approx((math.hypot(400, 600), 400))
    assert full.asymmetry == 0


def test_an_empty_mask_measures_nothing_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shape(np.zeros((40, 60), bool)) == Shape(0, 0, 0, 0, 0, 0)


def test_parts_and_holes_are_measured_together() -> None:
    part = ellipse(60, 60)
    both = np.pad(np.hstack([part, part]), 30)
    one, two = shape(part), shape(both)
    assert two.area == 2 * one.area
    assert two.perimeter == pytest.approx(2 * one.perimeter, rel=0.005)
    assert two.largest_diameter == pytest.approx(one.largest_diameter + part.shape[1], abs=1)
    assert two.asymmetry == pytest.approx(0, abs=0.01)
    ring = ellipse(80, 80)
    ring[10:-10, 10:-10] &= ~np.pad(ellipse(30, 30), (ring.shape[0] - 100) // 2)
    hollow = shape(ring)
    assert hollow.perimeter == pytest.approx(2 * math.pi * 110, rel=0.01)
    assert hollow.area == np.count_nonzero(ring)
    assert hollow.asymmetry < 0.02
    assert hollow.compactness == pytest.approx(110**2 / (80**2 - 30**2), rel=0.02)


def test_specks_too_fine_for_the_grid_count_for_the_area_only() -> None:
    specks = np.zeros((2000, 3000), bool)
    specks[[0, -1], [0, -1]] = True
    assert shape(specks) == Shape(area=2)


@pytest.mark.slow
@given(k=st.integers(2, 15), degrees=st.floats(0, 180), flatness=st.floats(0.4, 1))
def test_a_lesion_seen_k_times_as_large_measures_k_times_as_much(k: int, degrees: float, flatness: float) -> None:
    found, scaled = (shape(ellipse(60 * by, 60 * by * flatness, degrees)) for by in (1, k))
    assert scaled.area == pytest.approx(k**2 * found.area, rel=0.02)
    for length in ("perimeter", "largest_diameter", "smallest_diameter"):
        assert getattr(scaled, length) == pytest.approx(k * getattr(found, length), rel=0.025)
    assert scaled.compactness == pytest.approx(found.compactness, rel=0.02)


@given(hnp.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_any_mask_has_figures_that_fit_each_other(mask: np.ndarray) -> None:
    found = shape(mask)
    assert found.area == np.count_nonzero(mask)
    assert all(math.isfinite(value) for value in astuple(found))
    assert 0 <= found.asymmetry <= 1
    assert found.smallest_diameter <= found.largest_diameter <= math.hypot(*mask.shape) + 1e-9
    assert found.area == 0 or found.compactness >= 1 - 1e-9  # the isoperimetric inequality
    assert shape(np.pad(mask, 3)) == found
    assert shape(mask.T).perimeter == pytest.approx(found.perimeter)


@pytest.fixture
def found(evidence: Evidence, photo: SkinImage) -> Segmentation:
    """Ten discs of radius 12 to 24 pixels; the result is their consensus."""
    recipe = replace(RECIPE, vote=VoteSettings(0.15), refine=False)
    consensus = vote(evidence, recipe.vote)
    return Segmentation(photo, recipe, ModelName("m", "0"), evidence, consensus, None, stability(evidence))


def by_name(listed: tuple[Measure, ...]) -> dict[str, Measure]:
    """Measures by their names."""
    return {measure.name: measure for measure in listed}


def test_ranges_are_those_of_the_timesteps_masks(found: Segmentation) -> None:
    listed = by_name(measures(found))
    assert list(listed) == [field.name for field in fields(Shape)]
    diameter = listed["largest_diameter"]
    assert (diameter.low, diameter.high) == pytest.approx((24, 48), abs=0.5)
    assert diameter.value == pytest.approx(36, abs=2.5)
    area = listed["area"]
    assert (area.low, area.high) == pytest.approx((math.pi * 12**2, math.pi * 24**2), rel=0.02)
    assert area.value == np.count_nonzero(found.mask)
    assert [m.unit for m in listed.values()] == ["px²", "px", "px", "px", "", ""]


def test_a_photograph_larger_than_its_grid_is_measured_in_its_own_pixels(found: Segmentation) -> None:
    pixels = found.image.pixels.repeat(5, 0).repeat(5, 1)
    large = replace(found, image=replace(found.image, pixels=pixels), consensus=replace(found.consensus))
    there, here = by_name(measures(large)), by_name(measures(found))
    assert there["largest_diameter"].low == pytest.approx(5 * here["largest_diameter"].low)
    assert there["area"].high == pytest.approx(25 * here["area"].high)
    assert there["area"].value == np.count_nonzero(large.mask)
    for cut, one in zip(large.votes_native, vote_shapes(large), strict=True):
        measured = shape(cut)
        assert one.area == pytest.approx(measured.area, rel=0.01)
        assert one.perimeter == pytest.approx(measured.perimeter, rel=0.02)
        assert one.largest_diameter == pytest.approx(measured.largest_diameter, rel=0.02)


@pytest.mark.parametrize("radius", [0, 1, 5, 17, 23.5, 40, 200])
def test_the_value_lies_in_its_range_whatever_the_mask(found: Segmentation, radius: float) -> None:
    height, width = found.mask.shape
    y, x = np.mgrid[:height, :width]
    mask = np.hypot(y - height / 3, x - width / 3) < radius
    area = measures(found, mask)[0]
    assert area_range(found, mask) == (area.low, area.high)
    for measure in measures(found, mask):
        assert measure.low <= measure.value <= measure.high
    assert by_name(measures(found, mask))["area"].value == np.count_nonzero(mask)


def test_a_calibration_turns_lengths_and_areas_into_millimetres(found: Segmentation) -> None:
    for plain, scaled in zip(measures(found), measures(found, mm_per_px=0.05), strict=True):
        assert scaled.unit == plain.unit.replace("px", "mm")
        factor = {"mm": 0.05, "mm²": 0.05**2, "": 1}[scaled.unit]
        expected = (plain.value * factor, plain.low * factor, plain.high * factor)
        assert (scaled.value, scaled.low, scaled.high) == pytest.approx(expected)


@pytest.mark.parametrize("mm_per_px", [0, -1, math.nan, math.inf])
def test_a_calibration_that_is_none_is_refused(found: Segmentation, mm_per_px: float) -> None:
    with pytest.raises(ValueError, match="mm per pixel"):
        measures(found, mm_per_px=mm_per_px)


def test_the_sidecars_form(found: Segmentation) -> None:
    mask = np.zeros(found.mask.shape, bool)
    form = measures_json(found, mask, 0.1)
    assert form["area"] == {"value": 0, "low": 0, "high": pytest.approx(math.pi * 2.4**2, rel=0.02), "unit": "mm²"}
    assert list(form) == [field.name for field in fields(Shape)]


def test_the_timesteps_masks_are_measured_once_for_a_consensus(found: Segmentation) -> None:
    assert vote_shapes(replace(found, seconds={"total": 1.0})) is vote_shapes(found)
    other = replace(found, consensus=vote(found.evidence, VoteSettings(0.25)))
    assert all(a.area < b.area for a, b in zip(vote_shapes(other), vote_shapes(found), strict=True))


@pytest.mark.parametrize(
    ("limit", "said"),
    [(4.9, "above"), (5, "straddles"), (6, "straddles"), (6.9, "straddles"), (7, "below"), (8, "below")],
)
def test_a_range_straddles_a_limit_that_part_of_it_exceeds(limit: float, said: str) -> None:
    assert straddles(Measure("largest_diameter", 6.5, 5, 7, "mm"), limit) == said
