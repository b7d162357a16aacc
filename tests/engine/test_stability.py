"""The stability curve against the votes themselves."""

from __future__ import annotations

import numpy as np
import pytest

from engine.consensus import vote
from engine.recipe import VoteSettings
from engine.results import DeviceUse, Evidence
from engine.stability import HIGHEST, STEP, TOLERANCE, stability


def evidence_of(difference: np.ndarray) -> Evidence:
    """Evidence from difference maps (N, H, W)."""
    timesteps = tuple(range(10, 10 + len(difference)))
    picture = np.zeros((*difference.shape[1:], 3), np.uint8)
    return Evidence(timesteps, difference.astype(np.float32), picture, DeviceUse("cpu", "test", "float32"))


@pytest.mark.parametrize("count", [1, 2, 5, 10])
def test_every_delta_is_exact(count: int) -> None:
    rng = np.random.default_rng(count)
    difference = rng.gamma(1.5, 0.1, (count, 9, 13))
    difference[0, :2] = STEP * rng.integers(0, 80, (2, 13))  # values that lie on the grid itself
    evidence = evidence_of(difference)
    curves = stability(evidence)
    for delta, area, ged in zip(curves.delta, curves.area, curves.ged, strict=True):
        consensus = vote(evidence, VoteSettings(float(delta)))
        assert area == pytest.approx(consensus.area, abs=1e-12)
        assert ged == pytest.approx(consensus.ged, abs=1e-12)


def test_area_never_grows_with_delta(evidence: Evidence) -> None:
    curves = stability(evidence)
    assert (np.diff(curves.area) <= 0).all()
    assert (curves.delta[0], curves.delta[-1]) == (0, HIGHEST)


def test_the_plateau_spans_the_gap_between_two_levels() -> None:
    difference = np.full((3, 20, 20), 0.02)
    difference[:, 5:15, 5:15] = 0.4
    low, high = stability(evidence_of(difference)).plateau
    assert low == pytest.approx(0.02)
    assert high == pytest.approx(0.395)


def test_the_plateau_keeps_within_the_tolerance(evidence: Evidence) -> None:
    curves = stability(evidence)
    assert curves.plateau is not None
    inside = (curves.delta >= curves.plateau[0]) & (curves.delta <= curves.plateau[1])
    assert curves.area[inside].max() <= TOLERANCE * curves.area[inside].min()


def test_no_lesion_no_plateau() -> None:
    assert stability(evidence_of(np.zeros((4, 6, 6)))).plateau is None
