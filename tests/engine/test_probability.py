"""Vote probabilities: their limits, their fit, and their place beside the model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.special import expit

from engine.errors import ImageError, ModelError
from engine.evaluation.calibrate import GRID, calibrate
from engine.method.consensus import vote
from engine.method.probability import (
    LEAST_DELTA,
    Roots,
    Temperatures,
    fit_roots,
    fit_temperature,
    mean_and_spread,
)
from engine.networks.weights import load_model, save_softening
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.recipe import NoiseSettings, VoteSettings
from engine.training.data import from_index
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.arrays import Floats
    from engine.method.probability import Softening
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Evidence


def test_cold_votes_are_the_literal_ones(evidence: Evidence) -> None:
    cold = Temperatures((100,), (1e-3,))
    consensus = vote(evidence, VoteSettings(0.15))
    clear = np.abs(evidence.difference - 0.15).min(axis=0) > 0.01
    probability = cold.probability(evidence.difference, evidence.timesteps, 0.15)
    np.testing.assert_allclose(probability[clear], consensus.consistency[clear], atol=1e-3)
    assert probability.dtype == np.float32


def test_at_delta_the_probability_is_one_half_and_it_falls_as_delta_grows(evidence: Evidence) -> None:
    warm = Temperatures((60, 150), (0.02, 0.05))
    single = type(evidence)((60,), np.full((1, 2, 2), 0.15, np.float32), evidence.counterfactual, evidence.device)
    np.testing.assert_allclose(warm.probability(single.difference, single.timesteps, 0.15), 0.5, atol=1e-6)
    low, high = (warm.probability(evidence.difference, evidence.timesteps, delta) for delta in (0.1, 0.2))
    assert (high <= low).all()
    assert (high < low).any()


def test_roots_are_what_they_are_said_to_be() -> None:
    differences = np.array([0.04, 0.09, 0.16], np.float32).reshape(3, 1, 1)
    r = np.sqrt(np.array([0.04, 0.09, 0.16]) / 0.09) - 1
    expected = expit(8 * r.mean() / np.sqrt(1 + (5 * r.std()) ** 2))
    found = Roots(8, 5).probability(differences, (60, 70, 80), 0.09)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    with pytest.raises(ValueError, match="one map for each timestep"):
        Roots(8, 5).probability(differences, (60, 70), 0.09)


def test_with_roots_too_the_probability_is_one_half_at_delta_and_falls_as_delta_grows(evidence: Evidence) -> None:
    roots, steps = Roots(8, 15), evidence.timesteps
    level = np.full((len(steps), 2, 2), 0.15, np.float32)
    np.testing.assert_allclose(roots.probability(level, steps, 0.15), 0.5, atol=1e-6)
    deltas = (0.0, LEAST_DELTA, 0.05, 0.1, 0.2, 2.0)
    found = [roots.probability(evidence.difference, steps, delta) for delta in deltas]
    assert all(np.isfinite(one).all() for one in found)
    assert all((high <= low + 1e-6).all() for low, high in pairwise(found))
    assert (found[-1] < found[0]).any()


def test_roots_are_less_sure_where_timesteps_lie_apart_and_know_faint_lesions_from_none() -> None:
    def at(*values: float) -> float:
        differences = np.array(values, np.float32).reshape(-1, 1, 1)
        return float(Roots(8, 15).probability(differences, tuple(range(len(values))), 0.13)[0, 0])

    assert 0.5 < at(0.13, 0.9) < at(0.4, 0.4)
    assert at(0.01, 0.01) < at(0.06, 0.06) < 0.5


@pytest.mark.slow
@given(st.floats(1, 20), st.floats(0, 20), st.integers(0, 1000))
def test_the_fit_finds_the_roots_that_made_the_data(slope: float, damping: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean, spread = np.float32(rng.normal(0, 0.7, 40_000)), np.float32(rng.uniform(0, 0.3, 40_000))
    lesion = rng.random(len(mean)) < expit(slope * mean / np.sqrt(1 + (damping * spread) ** 2))
    found = fit_roots(mean, spread, lesion)
    truth = Roots(slope, damping)

    def logit(roots: Roots) -> Floats:
        return roots.slope / np.sqrt(1 + (roots.damping * np.linspace(0, 0.3, 20)) ** 2)

    np.testing.assert_allclose(logit(found), logit(truth), rtol=0.15)


def test_each_timestep_has_its_temperature_and_others_lie_between() -> None:
    fitted = Temperatures((60, 100), (0.02, 0.04))
    np.testing.assert_allclose(fitted.at((10, 60, 80, 100, 400)), [0.02, 0.02, 0.03, 0.04, 0.04], rtol=1e-6)


@given(st.floats(0.005, 0.3), st.integers(0, 1000))
def test_the_fit_finds_the_temperature_that_made_the_data(temperature: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    margins = np.float32(rng.normal(0, 2 * temperature, 20_000))
    lesion = rng.random(len(margins)) < expit(margins / temperature)
    assert fit_temperature(margins, lesion) == pytest.approx(temperature, rel=0.1)


BAD = [{}, {"60": 0}, {"60": "warm"}, {"sixty": 0.1}, {"60": float("nan")}, [1], 3]


@pytest.mark.parametrize(
    "data",
    [
        *(0, [1], {"kind": "cubes"}, {"kind": "roots", "slope": 1}, {"kind": "roots", "slope": 0, "damping": 1}),
        *({"kind": "roots", "slope": 1, "damping": float("nan")}, {"kind": "roots", "slope": "much", "damping": 1}),
        *({"kind": "temperatures", "at": at} for at in BAD),
    ],
)
def test_a_softening_of_another_form_are_refused_with_its_model(model_path: Path, tmp_path: Path, data: object) -> None:
    for file in (model_path, model_path.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    path = tmp_path / model_path.name
    described = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**described, "softening": data}))
    with pytest.raises(ModelError, match=r"description .* is damaged"):
        load_model(path)


@pytest.mark.parametrize("settings", [VoteSettings(0.1), replace(RECIPE.vote, auto=True)], ids=["given", "otsu"])
def test_softening_is_fitted_at_the_delta_that_votes(dataset: Path, model: Model, settings: VoteSettings) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 100)), vote=settings)
    sample = from_index(dataset / "index.csv", "val")[0]
    found = drain(Pipeline(model, "cpu").run(read_image(sample.image), replace(recipe, refine=False)))
    margins = resize(found.evidence.difference, GRID, GRID) - np.float32(found.consensus.delta)
    lesion = resize(read_mask(sample.mask), GRID, GRID) > 0.5
    expected = tuple(fit_temperature(margin.ravel(), lesion.ravel()) for margin in margins)
    mean, spread = mean_and_spread(resize(found.evidence.difference, GRID, GRID), found.consensus.delta)
    roots = fit_roots(mean.ravel(), spread.ravel(), lesion.ravel())
    assert calibrate(Pipeline(model, "cpu"), [sample], recipe) == roots
    assert calibrate(Pipeline(model, "cpu"), [sample], recipe, "temperatures") == Temperatures((60, 100), expected)


def test_a_mask_of_another_size_fits_nothing(dataset: Path, model: Model, tmp_path: Path) -> None:
    (sample, *_) = from_index(dataset / "index.csv", "val")
    Image.new("1", (40, 50), 1).save(tmp_path / "mask.png")
    with pytest.raises(ImageError, match="40 x 50"):
        calibrate(Pipeline(model, "cpu"), [replace(sample, mask=tmp_path / "mask.png")], RECIPE)


@pytest.mark.parametrize("fitted", [Temperatures((60, 100), (0.02, 0.04)), Roots(8.0, 15.0)])
def test_what_softens_votes_is_kept_with_the_model_and_reaches_the_result(
    model_path: Path, tmp_path: Path, photo: SkinImage, fitted: Softening
) -> None:
    for file in (model_path, model_path.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    path = tmp_path / model_path.name
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 100)), refine=False)
    before = load_model(path)
    assert before.softening is None
    assert drain(Pipeline(before, "cpu").run(photo, recipe)).probability is None
    save_softening(path, fitted)
    after = load_model(path)
    assert (after.softening, after.sha256) == (fitted, before.sha256)
    found = drain(Pipeline(after, "cpu").run(photo, recipe))
    assert found.probability is not None
    np.testing.assert_array_equal(
        found.probability,
        fitted.probability(found.evidence.difference, found.evidence.timesteps, found.consensus.delta),
    )
    assert not found.probability.flags.writeable
