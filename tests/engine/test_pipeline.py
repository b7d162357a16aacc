"""What the pipeline remembers, and what it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine import pipeline as pipelines
from engine.host.resources import samples
from engine.method import crf, evidence
from engine.networks.weights import Model, load_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import Progress, drain
from engine.recipe import NoiseSettings, Recipe, VoteSettings
from tests import recipes
from tests.conftest import random_network
from tests.engine.fakes import Counting

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

RECIPE = replace(
    recipes.RECIPE, noise=NoiseSettings(timesteps=(60, 100, 140), draws=2), crf=replace(recipes.RECIPE.crf, subset=2)
)
ASKED = 6  # images that one run of RECIPE asks the network about


@pytest.fixture
def counting(model: Model) -> Counting:
    """The tiny model, counting."""
    return Counting(model)


@pytest.fixture
def pipeline(counting: Counting) -> Pipeline:
    """A pipeline with the counting model."""
    return Pipeline(counting, "cpu")


def changed(**nodes: Any) -> Recipe:
    """RECIPE with some settings changed, by node."""
    return replace(RECIPE, **{name: replace(getattr(RECIPE, name), **change) for name, change in nodes.items()})


def same(a: Segmentation, b: Segmentation) -> bool:
    """Whether two runs found the same, to the bit."""
    return (
        np.array_equal(a.evidence.difference, b.evidence.difference)
        and np.array_equal(a.consensus.votes, b.consensus.votes)
        and np.array_equal(a.consensus_mask, b.consensus_mask)
        and np.array_equal(a.mask, b.mask)
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_masks_are_the_same_to_the_bit_with_one_two_and_three_threads(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bundled model, in the precision that it has here."""
    image, model, found = read_image(path), load_model(None), []
    recipe = replace(model.recipe, noise=NoiseSettings(timesteps=(60, 90, 120, 150)))
    for number in (1, 2, 3):
        for module in (evidence, crf):
            monkeypatch.setattr(module, "cores", lambda number=number: number)
        found.append(drain(Pipeline(model, "cpu").run(image, recipe)))
    assert found[0].mask.any()
    for other in found[1:]:
        assert same(found[0], other)
        assert np.array_equal(found[0].refined.probability, other.refined.probability)


def test_a_run_returns_all_stages(pipeline: Pipeline, model: Model, photo: SkinImage) -> None:
    stages: list[str] = []
    found = drain(pipeline.run(photo, RECIPE), lambda step: stages.append(step.stage))
    assert list(dict.fromkeys(stages)) == ["network", "votes", "refine", "stability"]
    assert (found.image, found.recipe) == (photo, RECIPE)
    assert (found.model.name, found.model.sha256) == (model.name, model.sha256)
    assert found.refined is not None
    assert found.mask is found.refined.mask
    assert found.mask.shape == found.consensus_mask.shape == (photo.height, photo.width)
    assert set(found.seconds) == {"network", "votes", "refine", "stability", "total"}


def test_votes_at_the_photographs_size_are_those_of_the_grid(pipeline: Pipeline, photo: SkinImage) -> None:
    found = drain(pipeline.run(photo, RECIPE))  # the photograph is no larger than its grid
    assert np.array_equal(found.votes_native, found.consensus.votes)
    assert np.array_equal(found.consensus_mask, found.consensus.consistency > 0.5)


def test_without_refinement_the_result_is_the_consensus(pipeline: Pipeline, photo: SkinImage) -> None:
    found = drain(pipeline.run(photo, replace(RECIPE, refine=False)))
    assert found.refined is None
    assert found.mask is found.consensus_mask
    assert "refine" not in found.seconds


def test_running_again_recomputes_nothing(pipeline: Pipeline, counting: Counting, photo: SkinImage) -> None:
    first, second = (drain(pipeline.run(photo, changed())) for _ in range(2))
    assert counting.images == ASKED
    assert second.evidence is first.evidence
    assert second.consensus is first.consensus
    assert second.refined is first.refined
    assert second.stability is first.stability


@pytest.mark.parametrize(
    ("change", "votes_again", "refined_again"),
    [
        ({"vote": {"delta": 0.1}}, True, True),
        ({"vote": {"auto": True}}, True, True),
        ({"crf": {"w1": 1.0}}, False, True),
        ({"crf": {"rounds": 5}}, False, True),
    ],
)
def test_only_what_depends_on_a_change_is_recomputed(
    pipeline: Pipeline,
    counting: Counting,
    model: Model,
    photo: SkinImage,
    change: dict[str, dict[str, Any]],
    votes_again: bool,
    refined_again: bool,
) -> None:
    first = drain(pipeline.run(photo, RECIPE))
    second = drain(pipeline.run(photo, changed(**change)))
    assert counting.images == ASKED
    assert second.evidence is first.evidence
    assert second.stability is first.stability
    assert (second.consensus is not first.consensus) == votes_again
    assert (second.refined is not first.refined) == refined_again
    assert same(second, drain(Pipeline(model, "cpu").run(photo, changed(**change))))


@pytest.mark.parametrize("change", [{"timesteps": (70, 110)}, {"draws": 1}, {"seed": 1}, {"turn": False}])
def test_other_noise_runs_the_network_again(
    pipeline: Pipeline, counting: Counting, photo: SkinImage, change: dict[str, Any]
) -> None:
    recipe = changed(noise=change)
    drain(pipeline.run(photo, RECIPE))
    drain(pipeline.run(photo, recipe))
    wanted = len(recipe.noise.timesteps) * recipe.noise.draws
    assert counting.images == ASKED + wanted


@pytest.mark.parametrize("draws", [1, 2])
def test_a_timestep_that_was_found_is_never_asked_for_again(
    pipeline: Pipeline, counting: Counting, model: Model, photo: SkinImage, draws: int
) -> None:
    """However timesteps come and go: the same to the bit as with a pipeline that has never run."""
    asked = 0
    steps = [((60, 100, 140), 3), ((60, 140), 0), ((60, 100, 140), 0), ((100, 120), 1), ((60, 80, 120, 140), 1)]
    for timesteps, new in steps:
        recipe = changed(noise={"timesteps": timesteps, "draws": draws})
        found = drain(pipeline.run(photo, recipe))
        asked += new * draws
        assert counting.images == asked
        assert found.evidence.timesteps == timesteps
        fresh = drain(Pipeline(model, "cpu").run(photo, recipe))
        assert same(found, fresh)
        assert np.array_equal(found.evidence.counterfactual, fresh.evidence.counterfactual)


def test_what_is_already_there_is_shown_with_the_first_new_timestep(
    pipeline: Pipeline, photo: SkinImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "cores", lambda: 1)
    drain(pipeline.run(photo, RECIPE))
    steps: list[Progress] = []
    drain(pipeline.run(photo, changed(noise={"timesteps": (60, 80, 100, 120)})), steps.append)
    network = [step for step in steps if step.stage == "network"]
    assert [(step.done, step.total) for step in network] == [(5, 8), (6, 8), (7, 8), (8, 8)]
    assert [step.evidence.timesteps for step in network if step.evidence] == [(60, 80, 100)] * 2 + [
        (60, 80, 100, 120)
    ] * 2


def test_other_draws_take_the_place_of_what_was_kept(pipeline: Pipeline, counting: Counting, photo: SkinImage) -> None:
    for recipe in (RECIPE, changed(noise={"seed": 1}), changed(noise={"timesteps": (60, 100)})):
        drain(pipeline.run(photo, recipe))
    assert counting.images == 2 * ASKED + 4, "the first seed's are gone"


def test_no_more_timesteps_are_kept_than_one_run_may_have(
    pipeline: Pipeline, counting: Counting, photo: SkinImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_TIMESTEPS", 4)
    noises = [{"timesteps": timesteps, "draws": 2} for timesteps in ((60, 100, 140), (70, 80), (70, 80, 60), (140,))]
    asked = []
    for noise in noises:
        before = counting.images
        drain(pipeline.run(photo, replace(changed(noise=noise), refine=False)))
        asked.append(counting.images - before)
    assert asked == [6, 4, 0, 2], "140 had to go"


def test_another_image_runs_everything_again(
    pipeline: Pipeline, counting: Counting, model: Model, photo: SkinImage
) -> None:
    mirrored = replace(photo, pixels=np.ascontiguousarray(photo.pixels[:, ::-1]))
    first = drain(pipeline.run(photo, RECIPE))
    second = drain(pipeline.run(mirrored, RECIPE))
    assert counting.images == 2 * ASKED
    assert not same(first, second)
    assert same(second, drain(Pipeline(model, "cpu").run(mirrored, RECIPE)))


def test_another_model_runs_the_network_again(pipeline: Pipeline, photo: SkinImage) -> None:
    drain(pipeline.run(photo, RECIPE))
    other = Model("other", "", random_network(seed=1), recipes.RECIPE)
    pipeline.model = other
    assert same(drain(pipeline.run(photo, RECIPE)), drain(Pipeline(other, "cpu").run(photo, RECIPE)))


@pytest.mark.parametrize("steps", range(1, 15))
def test_an_abandoned_run_is_not_remembered(
    pipeline: Pipeline,
    counting: Counting,
    model: Model,
    photo: SkinImage,
    steps: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wherever it is abandoned: in the network (6 steps), at the votes (1), in the refinement (6), at the curve (1)."""
    monkeypatch.setattr(evidence, "cores", lambda: 1)
    run = pipeline.run(photo, RECIPE)
    for _ in range(steps):
        next(run)
    run.close()
    asked = counting.images
    assert same(drain(pipeline.run(photo, RECIPE)), drain(Pipeline(model, "cpu").run(photo, RECIPE)))
    assert counting.images - asked == (0 if steps > ASKED else ASKED)


def test_a_failed_network_run_is_not_remembered(
    pipeline: Pipeline, counting: Counting, model: Model, photo: SkinImage
) -> None:
    counting.fails_at = 4
    with pytest.raises(RuntimeError, match="the network broke"):
        drain(pipeline.run(photo, RECIPE))
    counting.fails_at = None
    assert same(drain(pipeline.run(photo, RECIPE)), drain(Pipeline(model, "cpu").run(photo, RECIPE)))


def test_a_failure_keeps_the_last_good_stage(
    pipeline: Pipeline, counting: Counting, photo: SkinImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drain(pipeline.run(photo, RECIPE))

    def broken(*_: object) -> None:
        raise RuntimeError("the votes broke")

    with monkeypatch.context() as patch:
        patch.setattr(pipelines, "vote", broken)
        with pytest.raises(RuntimeError, match="the votes broke"):
            drain(pipeline.run(photo, replace(RECIPE, vote=VoteSettings(0.1))))
    again = drain(pipeline.run(photo, RECIPE))
    assert again.consensus is first.consensus
    assert counting.images == ASKED


class Clock:
    """A clock by which a day passes each time that it is looked at."""

    def __init__(self) -> None:
        self.day = 0

    def now(self) -> datetime:
        """The next day."""
        self.day += 1
        return datetime(2026, 5, self.day)


def test_a_result_is_as_old_as_the_newest_of_its_stages(
    pipeline: Pipeline, photo: SkinImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines, "datetime", Clock())
    first, again = (drain(pipeline.run(photo, RECIPE)) for _ in range(2))
    assert first.made == again.made == "2026-05-04T00:00:00"
    other = drain(pipeline.run(photo, changed(vote={"delta": 0.2})))
    assert other.made == "2026-05-06T00:00:00"
    assert drain(pipeline.run(photo, changed(vote={"delta": 0.2}, crf={}))).made == other.made
