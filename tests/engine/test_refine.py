"""Stage 3: what is refined, how often, and how the rounds become one mask."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import expit

from engine.method import refine
from engine.method.crf import LatticeKernels, build_kernels, pydensecrf_is_here
from engine.method.refine import Refiner, combine, draw_subsets
from engine.progress import Run, drain
from engine.results import DeviceUse, Evidence, Refined
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.arrays import Floats
    from engine.photograph.image import SkinImage
    from engine.recipe import CrfSettings

SETTINGS = RECIPE.crf


class Watched:
    """What a refiner has asked of its kernels: how often they were built, and how many masks each call refined."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built = 0
        self.grids: list[tuple[int, ...]] = []
        self.refined: list[int] = []
        monkeypatch.setattr(refine, "build_kernels", self._build)

    def _build(self, pixels: np.ndarray, settings: CrfSettings) -> Watched:
        self.built += 1
        self.grids.append(pixels.shape[:2])
        self._kernels = build_kernels(pixels, settings)
        return self

    def infer(self, logits: Floats, settings: CrfSettings) -> Run[Floats]:
        """Refine, and note how many masks."""
        self.refined.append(len(logits))
        return (yield from self._kernels.infer(logits, settings))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Watch the kernels of every refiner."""
    return Watched(monkeypatch)


def with_maps(evidence: Evidence, difference: np.ndarray) -> Evidence:
    """The same evidence with other maps."""
    return Evidence(
        tuple(range(1, len(difference) + 1)),
        np.float32(difference),
        evidence.counterfactual,
        DeviceUse("cpu", "test", "float32"),
    )


def run(refiner: Refiner, photo: SkinImage, evidence: Evidence, settings: CrfSettings, delta: float = 0.15) -> Refined:
    """Refine to the end."""
    return drain(refiner.run(photo, evidence, delta, settings))


@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 8), st.integers(0, 1000))
def test_each_round_draws_its_subset_without_replacement(n: int, subset: int, rounds: int, seed: int) -> None:
    timesteps = tuple(range(10, 10 * n + 1, 10))
    settings = replace(RECIPE.crf, subset=subset, rounds=rounds, seed=seed)
    drawn = draw_subsets(timesteps, settings)
    assert len(drawn) == rounds
    for one in drawn:
        assert len(set(one)) == len(one) == min(subset, n)
        assert set(one) <= set(timesteps)
    assert drawn == draw_subsets(timesteps, settings)


def test_every_timestep_is_drawn_equally_often_and_the_seed_matters() -> None:
    timesteps = tuple(range(60, 151, 10))
    rounds = [one for seed in range(50) for one in draw_subsets(timesteps, replace(RECIPE.crf, rounds=100, seed=seed))]
    counts = np.array([sum(t in one for one in rounds) for t in timesteps])
    expected, deviation = len(rounds) * 0.4, np.sqrt(len(rounds) * 0.4 * 0.6)
    assert np.abs(counts - expected).max() < 5 * deviation
    assert draw_subsets(timesteps, replace(RECIPE.crf, seed=1)) != draw_subsets(timesteps, replace(RECIPE.crf, seed=2))


def test_each_drawn_timestep_is_refined_once(watched: Watched, photo: SkinImage, evidence: Evidence) -> None:
    found = run(Refiner(), photo, evidence, replace(SETTINGS, rounds=20))
    assert watched.refined == [len({t for one in found.subsets for t in one})] == [10]


@pytest.mark.parametrize("change", [{"rounds": 7}, {"subset": 2}, {"seed": 9}, {"rounds": 1, "subset": 10}])
def test_other_draws_reuse_what_is_refined(
    watched: Watched, photo: SkinImage, evidence: Evidence, change: dict[str, int]
) -> None:
    refiner = Refiner()
    before = {t for one in run(refiner, photo, evidence, SETTINGS).subsets for t in one}
    settings = replace(SETTINGS, **change)
    again = run(refiner, photo, evidence, settings)
    after = {t for one in again.subsets for t in one}
    assert sum(watched.refined) == len(before | after)
    assert watched.built == 1
    fresh = run(Refiner(), photo, evidence, settings)
    np.testing.assert_allclose(again.probability, fresh.probability, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "delta", "built"),
    [
        ({"w1": 1.0}, 0.15, 1),
        ({"w2": 1.5}, 0.15, 1),
        ({"tau": 0.1}, 0.15, 1),
        ({"iterations": 2}, 0.15, 1),
        ({}, 0.2, 1),
        ({"theta_alpha": 30.0}, 0.15, 2),
        ({"theta_beta": 8.0}, 0.15, 2),
        ({"theta_gamma": 4.0}, 0.15, 2),
        pytest.param(
            {"backend": "pydensecrf"}, 0.15, 2, marks=pytest.mark.skipif(not pydensecrf_is_here(), reason="not here")
        ),
    ],
)
def test_only_a_width_or_the_backend_rebuilds_the_kernels(
    watched: Watched, photo: SkinImage, evidence: Evidence, change: dict[str, float], delta: float, built: int
) -> None:
    refiner = Refiner()
    run(refiner, photo, evidence, SETTINGS)
    settings = replace(SETTINGS, **change)
    again = run(refiner, photo, evidence, settings, delta)
    assert watched.built == built
    assert len(watched.refined) == 2
    assert np.array_equal(again.probability, run(Refiner(), photo, evidence, settings, delta).probability)


def test_the_grid_is_as_fine_as_asked_and_the_result_as_fine_as_the_evidence(
    watched: Watched, photo: SkinImage, evidence: Evidence
) -> None:
    refiner = Refiner()
    fine = run(refiner, photo, evidence, SETTINGS)
    coarse = run(refiner, photo, evidence, replace(SETTINGS, side=48))
    assert watched.built == 2
    assert watched.grids == [(72, 96), (36, 48)]
    assert fine.probability.shape == coarse.probability.shape == evidence.difference.shape[1:]
    assert (fine.mask != coarse.mask).mean() < 0.02  # the same disc


def test_an_abandoned_refinement_is_not_remembered(photo: SkinImage, evidence: Evidence) -> None:
    refiner = Refiner()
    abandoned = refiner.run(photo, evidence, 0.15, SETTINGS)
    for _ in range(3):  # the kernels are built and some updates done
        next(abandoned)
    abandoned.close()
    again = run(refiner, photo, evidence, SETTINGS)
    assert np.array_equal(again.probability, run(Refiner(), photo, evidence, SETTINGS).probability)


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(1, 4)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_combined_rounds_exceed_one_half_where_equation_12_does(rounds: np.ndarray) -> None:
    y_final = (rounds > 0.5).mean(axis=0)
    assert np.array_equal(combine(list(rounds)) > 0.5, y_final > 0.5)


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_the_result_is_the_mean_of_binarised_rounds_of_averaged_members(
    photo: SkinImage, evidence: Evidence, rounds: int
) -> None:
    settings = replace(SETTINGS, rounds=rounds)
    found = run(Refiner(), photo, evidence, settings)
    kernels = build_kernels(photo.pixels, settings)
    binarised = []
    for subset in found.subsets:
        chosen = evidence.difference[[evidence.timesteps.index(t) for t in subset]]
        members = drain(kernels.infer(np.clip((chosen - np.float32(0.15)) / settings.tau, -12, 12), settings))
        binarised.append(members.mean(axis=0) > 0.5)
    assert 0 < found.mask.mean() < 1
    assert np.array_equal(found.probability > 0.5, np.mean(binarised, axis=0) > 0.5)
    assert np.array_equal(found.mask, found.probability > 0.5)  # the photograph is as large as the grid


@pytest.mark.parametrize("delta", [0.05, 0.15, 0.3])
def test_without_weights_the_border_is_where_the_difference_equals_delta(
    photo: SkinImage, evidence: Evidence, delta: float
) -> None:
    ramp = np.linspace(0, 0.4, photo.width, dtype=np.float32)
    maps = np.broadcast_to(ramp, (2, photo.height, photo.width))
    settings = replace(RECIPE.crf, w1=0, w2=0)
    found = run(Refiner(), photo, with_maps(evidence, maps), settings, delta)
    np.testing.assert_allclose(found.probability, expit((maps[0] - delta) / settings.tau), atol=1e-4)
    assert np.array_equal(found.mask, maps[0] > np.float32(delta))


def test_the_refined_area_never_grows_with_delta(photo: SkinImage, evidence: Evidence) -> None:
    refiner = Refiner()
    deltas = np.linspace(0.02, 0.28, 8)
    found = [run(refiner, photo, evidence, SETTINGS, float(delta)) for delta in deltas]
    probabilities = [one.probability for one in found]
    assert all((b <= a + 1e-4).all() for a, b in pairwise(probabilities))
    assert found[0].area_px > found[-1].area_px > 0


def test_a_subset_larger_than_all_takes_all(photo: SkinImage, evidence: Evidence) -> None:
    settings = replace(RECIPE.crf, w1=0, w2=0, subset=99, rounds=3)
    found = run(Refiner(), photo, evidence, settings)
    assert found.subsets == (evidence.timesteps,) * 3
    everything = expit(np.clip((evidence.difference - 0.15) / settings.tau, -12, 12)).mean(axis=0)
    np.testing.assert_allclose(found.probability, everything, atol=1e-5)


def test_masks_are_cut_at_the_photographs_own_size(photo: SkinImage) -> None:
    large = replace(photo, pixels=photo.pixels.repeat(10, 0).repeat(10, 1))  # 960 x 720; its grid is 512 x 384
    rows, columns = np.mgrid[:384, :512]
    disc = (0.3 / (1 + np.exp((np.hypot(rows - 191.5, columns - 255.5) - 100) / 4))).astype(np.float32)
    zeros = np.zeros((384, 512, 3), np.uint8)
    evidence = Evidence((60,), disc[None], zeros, DeviceUse("cpu", "test", "float32"))
    found = run(Refiner(), large, evidence, replace(RECIPE.crf, w1=0, w2=0))
    assert found.mask.shape == (720, 960)
    assert found.probability.shape == (384, 512)
    assert found.area_px == pytest.approx(np.pi * (100 * 960 / 512) ** 2, rel=0.005)
    assert not found.mask.flags.writeable


def test_the_lattice_is_the_default() -> None:
    assert isinstance(build_kernels(np.zeros((32, 32, 3), np.uint8), SETTINGS), LatticeKernels)
