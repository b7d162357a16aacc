"""A teacher: what a network learns of an earlier model's answers, and what is written about it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from engine.errors import ModelError, TrainingError
from engine.method.evidence import noise_difference
from engine.method.schedule import clean_image
from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.segmenter import PretrainedSegmenter, load_segmenter
from engine.networks.weights import load_model, save_model
from engine.training.batches import draw_batch
from engine.training.loop import Learner
from engine.training.losses import diffseg_objective, predict
from engine.training.start import Start
from engine.training.teacher import Teacher, objective_of
from engine.training.train import check, train
from tests.conftest import TINY, random_network
from tests.engine.training_setup import CONFIG, cut_short
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from engine.training.data import Pairs
    from engine.training.losses import Batch

LICENCE = "CC BY-NC 4.0"
WIDTHS = (6, 8, 10, 12, 14)


@pytest.fixture
def supervised(tmp_path: Path) -> Path:
    """The weights of a supervised network, as a comparison leaves them."""
    torch.manual_seed(5)
    path = tmp_path / "unet-pretrained.safetensors"
    save_file(PretrainedSegmenter(WIDTHS).state_dict(), path)
    return path


def distance(one: nn.Module, other: nn.Module, batch: Batch) -> float:
    """Mean squared distance of the clean images that two networks see in a batch."""
    with torch.no_grad():
        mine, theirs = (clean_image(batch.x_t, batch.t, predict(n, batch).movedim(1, 0)) for n in (one, other))
    return float(F.mse_loss(mine, theirs))


def test_a_network_that_answers_as_its_teacher_has_nothing_to_learn_of_it(pairs: Pairs, model_path: Path) -> None:
    batch = draw_batch(pairs, CONFIG, 0, 0, 1)
    terms = Teacher(model_path, CONFIG, "cpu")(load_model(model_path).on("cpu"), batch)
    assert terms["teacher"] == 0
    other = Teacher(model_path, CONFIG, "cpu")(random_network(1), batch)
    assert other["teacher"].item() == pytest.approx(
        distance(random_network(1), load_model(model_path).on("cpu"), batch)
    )
    assert other["teacher"] > 1e-4


def test_half_of_the_mask_is_the_teachers(pairs: Pairs, model_path: Path) -> None:
    batch, network = draw_batch(pairs, CONFIG, 0, 0, 1), random_network(1)
    theirs = noise_difference(predict(load_model(model_path).on("cpu"), batch), batch.t)[:, None]
    sure = torch.sigmoid((theirs - CONFIG.loss.delta) / CONFIG.loss.tau)
    softened = diffseg_objective(network, replace(batch, mask=(batch.mask + sure) / 2), CONFIG.loss)
    terms = Teacher(model_path, CONFIG, "cpu")(network, batch)
    assert {name: terms[name].item() for name in ("noise", "pair", "mask")} == pytest.approx(
        {name: softened[name].item() for name in ("noise", "pair", "mask")}
    )
    assert terms["total"].item() == pytest.approx((softened["total"] + 3 * terms["teacher"]).item())


def test_a_network_comes_nearer_to_its_teacher_than_without_it(pairs: Pairs, model_path: Path) -> None:
    config = replace(CONFIG, rate=3e-3)
    teacher = Teacher(model_path, config, "cpu")
    reached = []
    for objective in (teacher, partial(diffseg_objective, config=config.loss)):
        learner: Learner[nn.Module] = Learner(random_network(1), config, "cpu")
        for step in range(20):
            learner.step(draw_batch(pairs, config, step, 0, 1), objective, 0.0)
        reached.append(distance(learner.network.eval(), teacher.network, draw_batch(pairs, config, 99, 0, 1)))
    assert reached[0] < 0.9 * reached[1]


def test_a_teacher_does_not_learn(pairs: Pairs, model_path: Path) -> None:
    teacher = Teacher(model_path, CONFIG, "cpu")
    before = {name: value.clone() for name, value in teacher.network.state_dict().items()}
    Learner(random_network(1), CONFIG, "cpu").step(draw_batch(pairs, CONFIG, 0, 0, 1), teacher, 0.0)
    assert all(torch.equal(value, before[name]) for name, value in teacher.network.state_dict().items())


def test_a_model_says_who_taught_it_and_takes_its_licence(pairs: Pairs, tmp_path: Path) -> None:
    save_model(tmp_path / "wise.safetensors", random_network(), RECIPE, {"note": "read much"}, LICENCE)
    out, start = tmp_path / "young.safetensors", Start(teacher=tmp_path / "wise.safetensors")
    train(pairs, None, replace(CONFIG, steps=1), out, "cpu", resume=False, start=start)
    said = json.loads(out.with_suffix(".json").read_text())
    wise = json.loads((tmp_path / "wise.json").read_text())
    assert said["training"]["start"] == {"teacher": {name: wise[name] for name in ("name", "sha256", "training")}}
    assert said["licence"] == LICENCE


def test_models_of_different_licences_need_one_for_what_comes(tmp_path: Path, model_path: Path) -> None:
    save_model(tmp_path / "wise.safetensors", random_network(), RECIPE, {}, LICENCE)
    both = Start(model=model_path, teacher=tmp_path / "wise.safetensors")
    with pytest.raises(TrainingError, match=r"licences of .*tiny.* and .*wise.* differ; give --licence"):
        check(CONFIG, tmp_path / "young.safetensors", resume=False, start=both)
    assert replace(both, licence="CC0").inherited(0.15).licence == "CC0"


def test_a_run_is_resumed_with_the_same_teacher(pairs: Pairs, tmp_path: Path, model_path: Path) -> None:
    out = tmp_path / "young.safetensors"
    cut_short(pairs, out)
    with pytest.raises(TrainingError, match="made with another start; resume"):
        train(pairs, None, CONFIG, out, "cpu", resume=True, start=Start(teacher=model_path))


def test_a_teacher_of_another_size_is_refused(tmp_path: Path, model_path: Path) -> None:
    larger = replace(CONFIG, network=replace(TINY, size=64))
    with pytest.raises(TrainingError, match="squares of 32 pixels and the network of 64"):
        check(larger, tmp_path / "young.safetensors", resume=False, start=Start(teacher=model_path))
    check(CONFIG, tmp_path / "young.safetensors", resume=False, start=Start(teacher=model_path))


def test_a_supervised_network_is_known_by_its_tensors(tmp_path: Path, supervised: Path, model_path: Path) -> None:
    network = load_segmenter(supervised)
    assert network is not None
    torch.manual_seed(5)
    expected = PretrainedSegmenter(WIDTHS).state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in network.state_dict().items())
    assert not network.training
    assert load_segmenter(model_path) is None
    denoiser = tmp_path / "denoiser.safetensors"
    save_file(PretrainedUNet(PretrainedConfig(size=32)).state_dict(), denoiser)
    assert load_segmenter(denoiser) is None
    supervised.write_bytes(supervised.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"unet-pretrained\.safetensors are damaged"):
        load_segmenter(supervised)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_supervised_teachers_share_of_the_mask_is_its_probability(
    pairs: Pairs, supervised: Path, share: float
) -> None:
    config = replace(CONFIG, teacher_share=share)
    batch, network = draw_batch(pairs, config, 0, 0, 1), random_network(1)
    teacher = load_segmenter(supervised)
    assert teacher is not None
    with torch.no_grad():
        sure = teacher(clean_image(batch.x_t, batch.t, batch.eps)).sigmoid()
    softened = replace(batch, mask=(1 - share) * batch.mask + share * sure)
    expected = diffseg_objective(network, softened, CONFIG.loss)
    assert objective_of(config, "cpu", supervised)(network, batch) == expected
    assert (softened.mask - batch.mask).abs().max() > share / 4 or share == 0


def test_a_model_says_that_a_supervised_network_taught_it(pairs: Pairs, tmp_path: Path, supervised: Path) -> None:
    out, start = tmp_path / "young.safetensors", Start(teacher=supervised, licence=LICENCE)
    train(pairs, None, replace(CONFIG, steps=1, teacher_share=0.7), out, "cpu", resume=False, start=start)
    said = json.loads(out.with_suffix(".json").read_text())["training"]
    digest = hashlib.sha256(supervised.read_bytes()).hexdigest()
    kind = {"kind": "supervised U-Net"}
    assert said["start"] == {"teacher": {"name": "unet-pretrained", "sha256": digest, "training": kind}}
    assert said["settings"]["teacher_share"] == 0.7


def test_a_pupil_of_a_network_without_a_licence_needs_one(tmp_path: Path, supervised: Path) -> None:
    save_model(tmp_path / "old.safetensors", random_network(), RECIPE, {}, LICENCE)
    both = Start(model=tmp_path / "old.safetensors", teacher=supervised)
    with pytest.raises(TrainingError, match=r"differ; give --licence"):
        check(CONFIG, tmp_path / "young.safetensors", resume=False, start=both)
