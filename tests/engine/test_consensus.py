"""Stage 2, against equations 2 to 7 written out."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.method.consensus import (
    GED_MAX,
    agree,
    agreement_in_words,
    ged,
    ged_matrix,
    otsu_delta,
    pairwise_dice,
    vote,
)
from engine.reading.agreement import agreement
from engine.recipe import VoteSettings
from engine.results import DeviceUse, Evidence
from tests.engine.strategies import evidences, votes
from tests.recipes import RECIPE

deltas = st.floats(0, 1)


def distance(p: np.ndarray, q: np.ndarray) -> float:
    """Equation 7, pixel by pixel."""
    return math.sqrt(sum((float(a) - float(b)) ** 2 for a, b in zip(p.flat, q.flat, strict=True)) / p.size)


def evidence_of(difference: np.ndarray) -> Evidence:
    """Evidence with the given maps."""
    n, h, w = difference.shape
    zeros = np.zeros((h, w, 3), np.uint8)
    return Evidence(tuple(range(1, n + 1)), np.float32(difference), zeros, DeviceUse("cpu", "test", "float32"))


@given(votes())
def test_ged_is_equation_5_summed_term_by_term(masks: np.ndarray) -> None:
    n = len(masks)
    between = sum(distance(masks[i], masks[j]) for i in range(n) for j in range(i + 1, n))
    within = sum(distance(one, one) for one in masks)
    matrix = ged_matrix(masks)
    assert ged(matrix) == pytest.approx(2 / n**2 * between - 2 / n**2 * within, abs=1e-9)
    assert np.allclose(matrix, [[distance(p, q) for q in masks] for p in masks])


@given(votes())
def test_ged_stays_below_its_bound(masks: np.ndarray) -> None:
    assert 0 <= ged(ged_matrix(masks)) < GED_MAX


def test_ged_of_known_cases() -> None:
    nothing, everything = np.zeros((3, 8, 8), bool), np.ones((3, 8, 8), bool)
    assert ged(ged_matrix(everything[:1])) == 0  # one timestep
    assert ged(ged_matrix(everything)) == 0  # all agree
    assert ged(ged_matrix(np.concatenate([nothing, everything]))) == pytest.approx(0.5)  # two halves
    random = np.random.default_rng(0).random((40, 200, 200)) < 0.5
    assert ged(ged_matrix(random)) == pytest.approx(GED_MAX * (1 - 1 / 40), rel=0.01)


@given(evidences(), deltas)
def test_votes_consistency_and_ambiguity_follow_their_definitions(evidence: Evidence, delta: float) -> None:
    result = vote(evidence, VoteSettings(delta))
    assert np.array_equal(result.votes, evidence.difference > np.float32(delta))
    binary = result.votes.astype(np.float64)
    np.testing.assert_allclose(result.consistency, binary.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(result.ambiguity, binary.var(axis=0), atol=1e-6)
    np.testing.assert_allclose(result.areas, [one.mean() for one in binary])
    assert result.delta == delta


@given(evidences(), deltas, deltas)
def test_no_area_grows_with_delta(evidence: Evidence, one: float, other: float) -> None:
    small, large = (vote(evidence, VoteSettings(delta)) for delta in sorted((one, other)))
    assert not (large.votes & ~small.votes).any()
    assert (large.areas <= small.areas).all()
    assert large.area <= small.area


@given(evidences(), deltas)
def test_majority_is_more_than_half_of_the_masks(evidence: Evidence, delta: float) -> None:
    result = vote(evidence, VoteSettings(delta))
    more_than_half = result.votes.sum(axis=0) * 2 > len(result.votes)
    assert np.array_equal(evidence.agreement(0.5) > np.float32(delta), more_than_half)
    assert result.area == pytest.approx(more_than_half.mean())


def test_votes_cannot_be_written_to(evidence: Evidence) -> None:
    result = vote(evidence, RECIPE.vote)
    for array in (result.votes, result.consistency, result.ambiguity, result.ged_matrix):
        assert not array.flags.writeable


def test_otsu_finds_a_threshold_between_two_modes() -> None:
    rng = np.random.default_rng(0)
    maps = np.where(np.arange(64)[:, None] < 20, 0.4, 0.05) + rng.normal(0, 0.02, (5, 64, 64))
    delta = vote(evidence_of(maps), VoteSettings(delta=1.5, auto=True)).delta
    assert np.array_equal(maps.mean(axis=0) > delta, np.arange(64)[:, None].repeat(64, 1) < 20)


@pytest.mark.parametrize("level", [0.0, 0.3])
def test_otsu_of_a_flat_map_finds_no_lesion(level: float) -> None:
    flat = evidence_of(np.full((3, 16, 16), level))
    assert otsu_delta(flat) == pytest.approx(level)
    assert vote(flat, replace(RECIPE.vote, auto=True)).area == 0


@pytest.mark.parametrize("level", [1e-40, 1e-30, 0.3, 0.5])
def test_otsu_of_a_map_that_is_all_but_flat_is_its_level(level: float) -> None:
    values = np.full((1, 16, 16), level, np.float32)
    values[0, 0, 0] = np.nextafter(np.float32(level), np.float32(1))
    assert otsu_delta(evidence_of(values)) == pytest.approx(level, abs=1e-4)


@given(evidences(), deltas)
def test_pairwise_dice_is_that_of_every_two_masks(evidence: Evidence, delta: float) -> None:
    result = vote(evidence, VoteSettings(delta))
    found = pairwise_dice(result)
    assert found is None or ((found >= 0) & (found <= 1)).all()
    expected = [agreement(one, other).dice for one, other in combinations(result.votes, 2)]
    assert (found is None) == (not expected)
    if found is not None:
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ((10,), "There is one reading only: nothing to compare."),
        ((0, 0), "No reading finds a lesion."),
        ((10, 10), "The model's readings agree."),
        ((10, 9), "The model's readings agree on most of the lesion."),
        ((10, 5), "The model's readings differ: look at the doubtful places, or judge by eye."),
    ],
)
def test_agreement_in_words(sides: tuple[int, ...], words: str) -> None:
    """Of squares in a corner: Dice of 10 and 9 is 162 / 181, of 10 and 5 it is 0.4."""
    maps = np.zeros((len(sides), 16, 16), np.float32)
    for one, side in zip(maps, sides, strict=True):
        one[:side, :side] = 1
    result = vote(evidence_of(maps), VoteSettings(0.5))
    assert agreement_in_words(result) == words
    assert agree(result) == (words == "The model's readings agree.")
