"""The results' own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.results import FEW, DeviceUse, Evidence, working_size
from tests.engine.strategies import evidences


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_working_grid_keeps_the_aspect_ratio_and_never_enlarges(width: int, height: int) -> None:
    w, h = working_size(width, height)
    assert 1 <= w <= width
    assert 1 <= h <= height
    assert max(w, h) == min(512, max(width, height))
    assert abs(w * height - h * width) <= max(width, height)  # to within one pixel of the shorter side


@given(evidences(), st.floats(0, 1, width=32), st.data())
def test_agreement_bounds_the_pixels_where_more_than_a_share_of_masks_agree(
    evidence: Evidence, delta: float, data: st.DataObject
) -> None:
    count = len(evidence.timesteps)
    k = data.draw(st.integers(0, count - 1))
    agreeing = (evidence.difference > np.float32(delta)).sum(axis=0)
    assert np.array_equal(evidence.agreement(k / count) > np.float32(delta), agreeing > k)


def test_agreement_counts_masks_exactly_however_many_there_are() -> None:
    """The i-th of N maps is i: the rank is the value, and k / N must not fall short of k by rounding."""
    wrong = []
    for count in range(1, 101):
        maps = np.arange(count, dtype=np.float32).reshape(-1, 1, 1)
        evidence = Evidence(tuple(range(count)), maps, np.zeros((1, 1, 3), np.uint8), DeviceUse("cpu", "", ""))
        wrong += [(k, count) for k in range(count) if evidence.agreement(k / count)[0, 0] != count - 1 - k]
    assert wrong == []


@pytest.mark.parametrize("count", [1, 2, 7, FEW, FEW + 1])
def test_few_maps_and_many_are_ranked_alike(count: int) -> None:
    maps = np.random.default_rng(count).choice(np.float32([0, 0.1, 0.2, 0.3]), (count, 5, 7))
    evidence = Evidence(tuple(range(count)), maps, np.zeros((5, 7, 3), np.uint8), DeviceUse("cpu", "", ""))
    assert np.array_equal(evidence.ranked, np.sort(maps, axis=0)[::-1])


@given(evidences())
def test_ranked_holds_each_pixels_differences_in_order(evidence: Evidence) -> None:
    assert np.array_equal(np.sort(evidence.ranked, axis=0), np.sort(evidence.difference, axis=0))
    assert (np.diff(evidence.ranked, axis=0) <= 0).all()


@given(hnp.arrays(np.float32, (2, 3, 4), elements=st.floats(0, 1, width=32)))
def test_results_cannot_be_written_to(difference: np.ndarray) -> None:
    result = Evidence((60, 70), difference, np.zeros((3, 4, 3), np.uint8), DeviceUse("cpu", "", ""))
    for array in (result.difference, result.counterfactual, result.ranked):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
