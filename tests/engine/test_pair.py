"""Two masks compared, against the votes themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.method.consensus import vote
from engine.reading.pair import farthest, pair
from engine.recipe import VoteSettings
from engine.results import Evidence
from tests.engine.strategies import evidences


@given(evidences(), st.floats(0, 1), st.data())
def test_the_maps_are_positive_where_the_masks_are(evidence: Evidence, delta: float, data: st.DataObject) -> None:
    t, u = (data.draw(st.sampled_from(evidence.timesteps)) for _ in "tu")
    votes = evidence.difference > np.float32(delta)
    first, second = (votes[evidence.timesteps.index(one)] for one in (t, u))
    found = pair(evidence, delta, t, u)
    assert np.array_equal(found.first > 0, first)
    assert np.array_equal(found.second > 0, second)
    # Where a difference equals delta the mask ends; a map of both is 0 there, which is on its border, not inside.
    tie = (evidence.difference == np.float32(delta)).any(axis=0)
    assert np.array_equal((found.only_first > 0) | tie, (first & ~second) | tie)
    assert np.array_equal((found.only_second > 0) | tie, (second & ~first) | tie)
    assert found.share == np.mean(first != second)


@given(evidences(), st.floats(0, 1))
def test_no_two_masks_differ_more_than_the_farthest(evidence: Evidence, delta: float) -> None:
    consensus = vote(evidence, VoteSettings(delta))
    shares = [pair(evidence, delta, t, u).share for t in evidence.timesteps for u in evidence.timesteps]
    found = farthest(evidence.timesteps, consensus)
    if found is None:
        assert max(shares) == 0
    else:
        assert found[0] < found[1]
        assert pair(evidence, delta, *found).share == max(shares)
        assert np.sqrt(max(shares)) == pytest.approx(consensus.ged_matrix.max())


def test_one_mask_has_no_pair(evidence: Evidence) -> None:
    one = Evidence(evidence.timesteps[:1], evidence.difference[:1].copy(), evidence.counterfactual, evidence.device)
    assert farthest(one.timesteps, vote(one, VoteSettings(0.1))) is None


def test_a_timestep_that_is_not_there_is_refused(evidence: Evidence) -> None:
    with pytest.raises(ValueError, match="not in"):
        pair(evidence, 0.1, 60, 61)
