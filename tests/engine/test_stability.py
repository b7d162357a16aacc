"""The delta curve, against votes taken one delta at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.method.consensus import vote
from engine.method.stability import TOLERANCE, stability, trace
from engine.recipe import VoteSettings
from engine.results import DeviceUse, Evidence
from tests.engine.strategies import evidences


@given(evidences(most=6))
def test_the_curve_is_what_the_votes_say_at_each_delta(evidence: Evidence) -> None:
    found = stability(evidence)
    voted = [vote(evidence, VoteSettings(float(delta))) for delta in found.delta]
    np.testing.assert_allclose(found.area, [one.area for one in voted], atol=1e-6)
    np.testing.assert_allclose(found.ged, [one.ged for one in voted], atol=1e-9)


@given(st.lists(st.integers(0, 120), min_size=1, max_size=12))
def test_a_difference_on_the_grid_does_not_exceed_its_own_delta(steps: list[int]) -> None:
    maps = np.float32([[[round(0.005 * step, 4) for step in steps]]])
    found = stability(Evidence((60,), maps, np.zeros((1, len(steps), 3), np.uint8), DeviceUse("cpu", "", "")))
    assert found.area.tolist() == [np.mean([step > k for step in steps]) for k in range(121)]


@given(evidences(most=4))
def test_the_plateau_is_the_longest_stretch_of_like_area(evidence: Evidence) -> None:
    found = stability(evidence)
    ends = [
        (j - i, -i)
        for j, least in enumerate(found.area)
        for i in range(j + 1)
        if least > 0 and found.area[i] <= TOLERANCE * least
    ]
    if not ends:
        assert found.plateau is None
        return
    length, start = max(ends)
    assert found.plateau == (found.delta[-start], found.delta[length - start])


def test_of_equally_long_plateaus_the_first_is_taken() -> None:
    maps = np.float32([[[0.1, 0.2]]])  # all of the image up to 0.1, half of it up to 0.2
    found = stability(Evidence((60,), maps, np.zeros((1, 2, 3), np.uint8), DeviceUse("cpu", "", "")))
    assert found.plateau == (0.0, 0.095)


@given(hnp.arrays(np.float32, (3, 4, 4), elements=st.floats(0, 1, width=32)))
def test_area_never_grows_and_nothing_can_be_written_to(difference: np.ndarray) -> None:
    device = DeviceUse("cpu", "test", "float32")
    found = stability(Evidence((60, 70, 80), difference, np.zeros((4, 4, 3), np.uint8), device))
    assert (np.diff(found.area) <= 0).all()
    for array in (found.delta, found.area, found.ged):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_it_can_be_stopped_between_timesteps(evidence: Evidence) -> None:
    assert [step.done for step in trace(evidence)] == list(range(len(evidence.timesteps)))
