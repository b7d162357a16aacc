"""Borders that are pulled and smoothed: what moves, what stays, and that nothing gets lost on the way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from engine.reading import shaping
from engine.reading.correction import LESION, SKIN, apply, blank, put, winding
from engine.reading.outline import outline

H, W = 120, 160


def disc(x: float = 80, y: float = 60, radius: float = 40, wave: float = 0.0) -> np.ndarray:
    """A disc, bool (H, W), with 24 waves about its border where these have a height."""
    rows, columns = np.mgrid[:H, :W] + 0.5
    angle = np.arctan2(rows - y, columns - x)
    return np.hypot(rows - y, columns - x) < radius + wave * np.sin(24 * angle)


def after(mask: np.ndarray, patch: object) -> np.ndarray:
    """The mask with a patch."""
    layer = blank(*mask.shape)
    if patch is not None:
        put(layer, patch)
    return apply(layer, mask)


def pulled(mask: np.ndarray, at: tuple[float, float], by: tuple[float, float], reach: float = 8.0) -> np.ndarray:
    """The mask after its border was pulled."""
    held = shaping.grip(outline(mask), at, reach)
    assert held is not None
    return after(mask, shaping.pull(blank(*mask.shape), mask, held, by))


@given(hnp.arrays(np.bool_, (9, 12)))
def test_an_outline_goes_round_each_lesion_pixel_once_and_round_no_other(mask: np.ndarray) -> None:
    turns = sum((winding(curve, 9, 12) for curve in outline(mask)), np.zeros((9, 12), np.int16))
    assert np.array_equal(turns, mask)


@pytest.mark.parametrize(("by", "value"), [((15, 0), LESION), ((-15, 0), SKIN)])
def test_a_pull_moves_the_border_by_as_much_and_leaves_the_far_side_alone(by: tuple[float, float], value: int) -> None:
    mask = disc()
    held = shaping.grip(outline(mask), (123, 60), 8.0)
    assert held.at == pytest.approx((120, 60), abs=1)
    patch = shaping.pull(blank(H, W), mask, held, by)
    assert set(np.unique(patch.values)) == {0, value}
    result = after(mask, patch)
    assert result[60].sum() - mask[60].sum() == pytest.approx(by[0], abs=1.5)
    rows, columns = np.nonzero(result != mask)
    along = 40 * np.abs(np.arctan2(rows + 0.5 - 60, columns + 0.5 - 80))
    assert along.max() < 8 * shaping.ENDS + 2
    moved = abs(result.sum(axis=1) - mask.sum(axis=1))[60:]
    assert (np.diff(moved[moved > 2].astype(int)) <= 1).all(), "it falls off softly"


def test_a_wider_reach_takes_more_of_the_border_along() -> None:
    mask = disc()
    few, many = (np.count_nonzero(pulled(mask, (120, 60), (10, 0), reach) & ~mask) for reach in (4.0, 12.0))
    assert many > 2 * few


def test_a_border_pulled_over_itself_or_another_piece_has_no_holes() -> None:
    mask = disc(60, 60, 25) | disc(110, 60, 10)
    for by in ((0, 40), (60, 0), (30, 45)):
        result = pulled(mask, (85, 60), by)
        assert np.array_equal(ndimage.binary_fill_holes(result), result), by
        assert result[mask].mean() > 0.9


def test_a_holes_border_is_pulled_like_any_other() -> None:
    mask = disc() & ~disc(radius=12)
    result = pulled(mask, (92, 60), (10, 0))
    assert (mask & ~result).sum() > 50, "the hole is larger"
    assert (result & ~mask).sum() < 10, "a stair or two"


def test_there_is_nothing_to_hold_where_there_is_no_border() -> None:
    assert shaping.grip(outline(np.zeros((H, W), np.bool_)), (5, 5), 8.0) is None


def test_the_stretch_that_follows_is_one_piece_wherever_the_curve_begins() -> None:
    (curve,) = outline(disc())
    for start in (0, len(curve) // 4, len(curve) // 2):
        rolled = np.roll(curve[:-1], start, axis=0)
        held = shaping.grip([np.concatenate([rolled, rolled[:1]])], (120, 60), 8.0)
        stretch, weights = held.stretch((3, 0))
        assert np.hypot(*np.diff(stretch, axis=0).T).max() < 1.5
        assert weights.max() == 1
        assert stretch[weights.argmax()] == pytest.approx((123, 60), abs=1.5)
    assert len(shaping.grip([curve], (120, 60), 1e4).stretch()[0]) == len(curve), "all of it, if the reach is as long"


def irregularity(mask: np.ndarray) -> float:
    """The length of the border, to that of a disc's of the same area."""
    length = sum(float(np.hypot(*np.diff(shaping._averaged(curve), axis=0).T).sum()) for curve in outline(mask))
    return length / math.sqrt(4 * math.pi * mask.sum())


def test_smoothing_flattens_waves_more_each_time_and_keeps_the_area() -> None:
    mask = disc(wave=3)
    steps = [mask]
    for _ in range(3):
        steps.append(after(steps[-1], shaping.smooth(blank(H, W), steps[-1])))
    found = [irregularity(step) for step in steps]
    assert found[0] > found[1] + 0.02 > found[2] + 0.02 > found[3]
    assert [step.sum() for step in steps] == pytest.approx([mask.sum()] * 4, rel=0.01)


def test_smoothing_loses_no_piece_and_fills_no_hole() -> None:
    mask = disc() & ~disc(70, 50, 4)
    mask |= disc(150, 10, 3)
    mask[5, 5] = True
    result = after(mask, shaping.smooth(blank(H, W), mask))
    assert ndimage.label(result)[1] == ndimage.label(mask)[1] == 3
    assert ndimage.label(~result)[1] == 2


def test_a_lesion_that_leaves_the_photograph_still_does_so() -> None:
    mask = disc(0, 60, 50)
    result = after(mask, shaping.smooth(blank(H, W), mask))
    assert abs(int(result[:, 0].sum()) - int(mask[:, 0].sum())) <= 2
    assert shaping.smooth(blank(H, W), np.ones((H, W), np.bool_)) is None
    assert shaping.smooth(blank(H, W), np.zeros((H, W), np.bool_)) is None
