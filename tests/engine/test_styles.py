"""Annotation styles: what a network learns in each, and the one that a model answers in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from engine.cli import main
from engine.errors import TrainingError
from engine.networks.weights import load_model
from engine.training.batches import draw_batch
from engine.training.data import Sample
from engine.training.losses import diffseg_objective, predict
from engine.training.styles import add_styles, in_first_style, labels_of, numbers_of, styles_of
from engine.training.teacher import Teacher
from engine.training.train import train
from tests.conftest import random_network
from tests.engine.training_setup import CONFIG, cut_short

if TYPE_CHECKING:
    from engine.training.data import Pairs

STYLES = ("tight", "loose")


def in_both(pairs: Pairs) -> Pairs:
    """Every other image in the second style."""
    return replace(pairs, style=torch.arange(len(pairs)) % 2)


def test_the_style_to_answer_in_comes_first() -> None:
    known = ["loose", "tight", "loose", "wide"]
    assert styles_of(known, "tight") == ("tight", "loose", "wide")
    assert numbers_of(known, ("tight", "loose", "wide")).tolist() == [1, 0, 1, 2]
    assert labels_of(torch.tensor([0, 2])).tolist() == [[0, 1], [4, 5]]


def test_without_a_style_to_answer_in_all_masks_are_outlined_alike() -> None:
    assert styles_of(["loose", "tight"], None) == ()
    assert numbers_of(["loose", ""], ()).tolist() == [0, 0]


@pytest.mark.parametrize("known", [["loose"], ["tight", ""]])
def test_a_style_that_none_or_not_all_have_is_refused(known: list[str]) -> None:
    with pytest.raises(TrainingError, match="'tight'"):
        styles_of(known, "tight")


def test_a_sample_without_the_column_has_no_style() -> None:
    sample = Sample("1", Path("a.jpg"), Path("a.png"))
    assert sample.annotation_style == ""
    assert replace(sample, facts={"annotation_style": "loose"}).annotation_style == "loose"


def test_all_styles_begin_as_one(pairs: Pairs) -> None:
    batch, network = draw_batch(pairs, CONFIG, 0, 0, 1), random_network(1)
    before = predict(network, batch)
    add_styles(network, STYLES)
    for style in (0, 1):
        assert torch.equal(predict(network, replace(batch, style=torch.full_like(batch.style, style))), before)


def test_masks_of_one_style_teach_its_own_labels(pairs: Pairs) -> None:
    network = random_network(1)  # an untrained one passes nothing on to its labels yet
    add_styles(network, STYLES)
    batch = draw_batch(replace(pairs, style=torch.ones(6).long()), CONFIG, 0, 0, 1)
    diffseg_objective(network, batch, CONFIG.loss)["total"].backward()
    taught = network.label.weight.grad.abs().sum(dim=1) > 0
    assert taught.tolist() == [False, False, True, True]


def test_a_batch_tells_the_style_of_each_of_its_masks(pairs: Pairs) -> None:
    told = replace(pairs, style=torch.arange(6))
    drawn = torch.cat([draw_batch(told, replace(CONFIG, batch=3), step, 0, 1).style for step in range(2)])
    assert drawn.sort().values.tolist() == list(range(6))


def test_the_model_is_a_network_that_answers_in_the_first_style(pairs: Pairs, tmp_path: Path) -> None:
    out, config = tmp_path / "model.safetensors", replace(CONFIG, styles=STYLES, steps=3)
    learner = train(in_both(pairs), None, config, out, "cpu", resume=False)
    assert len(learner.average.label.weight) == 4
    batch, model = draw_batch(pairs, CONFIG, 0, 0, 1), load_model(out)
    torch.testing.assert_close(predict(model.network, batch), predict(learner.average, batch), atol=2e-3, rtol=0)
    assert torch.equal(predict(in_first_style(learner.average), batch), predict(learner.average, batch))
    assert json.loads(out.with_suffix(".json").read_text())["training"]["settings"]["styles"] == list(STYLES)


def test_a_resumed_run_with_styles_equals_a_straight_one(pairs: Pairs, tmp_path: Path) -> None:
    config, both = replace(CONFIG, styles=STYLES), in_both(pairs)
    straight = train(both, both, config, tmp_path / "a.safetensors", "cpu", resume=False)
    cut_short(both, tmp_path / "b.safetensors", config)
    resumed = train(both, both, config, tmp_path / "b.safetensors", "cpu", resume=True)
    for name, value in straight.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name])


def test_a_teacher_answers_in_its_own_style(pairs: Pairs, model_path: Path) -> None:
    batch = draw_batch(in_both(pairs), CONFIG, 0, 0, 1)
    network = load_model(model_path).network.eval()
    add_styles(network, STYLES)
    assert Teacher(model_path, CONFIG, "cpu")(network, batch)["teacher"] < 1e-9


def test_the_index_tells_the_styles(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows = (dataset / "index.csv").read_text().replace(",images", f",{dataset}/images").splitlines()
    rows = [row.replace(",masks", f",{dataset}/masks") for row in rows]
    index, out = tmp_path / "index.csv", tmp_path / "model.safetensors"
    index.write_text("\n".join([f"{head},annotation_style", *(f"{row},{STYLES[n % 2]}" for n, row in enumerate(rows))]))
    command = ["train", "--index", index, "--out", out, "--size", 32, "--base", 8, "--steps", 1, "--batch", 2]
    assert main([*map(str, (*command, "--device", "cpu", "--annotation-style", "wide"))]) == 1
    assert "'wide'" in capsys.readouterr().err
    assert not out.exists()
    assert main([*map(str, (*command, "--device", "cpu", "--annotation-style", "loose"))]) == 0
    assert json.loads(out.with_suffix(".json").read_text())["training"]["settings"]["styles"] == ["loose", "tight"]
