"""Training: the losses' identities, and that a resumed run equals a straight one."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor

from engine.errors import TrainingError
from engine.method.evidence import noise_difference
from engine.method.schedule import sigma
from engine.networks.pretrained import PretrainedConfig
from engine.networks.registry import build
from engine.networks.weights import load_model, save_model
from engine.training.batches import draw_batch
from engine.training.losses import Batch, LossConfig, diffseg_loss
from engine.training.start import Start
from engine.training.train import begin, train
from engine.training.validate import validation_dice
from tests.conftest import TINY
from tests.engine.fakes import from_clean
from tests.engine.training_setup import CONFIG, STILL, cut_short, rows, straight
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.training.data import Pairs


pytestmark = pytest.mark.slow


def perfect(pairs: Pairs) -> tuple[Tensor, Batch]:
    """A batch, and the prediction of a network that knows the truth."""
    batch = draw_batch(pairs, replace(CONFIG, augment=STILL, batch=6, healthy_share=0.0, transplant_share=0.0), 0, 0, 1)
    return torch.stack([from_clean(batch.x_t, batch.t, batch.healthy), batch.eps], dim=1), batch


def test_a_perfect_prediction_costs_nothing_but_the_masks_softness(pairs: Pairs) -> None:
    predicted, batch = perfect(pairs)
    terms = diffseg_loss(predicted, batch, LossConfig())
    assert terms["noise"] == 0
    assert terms["pair"] < 1e-9
    wrong = diffseg_loss(predicted, replace(batch, mask=1 - batch.mask), LossConfig())
    assert terms["mask"] < 0.1 * wrong["mask"]


def test_the_total_is_the_weighted_sum(pairs: Pairs) -> None:
    predicted, batch = perfect(pairs)
    config = LossConfig(noise=2.0, pair=5.0, mask=0.25)
    terms = diffseg_loss(predicted + 0.1, batch, config)
    assert all(term > 0 for term in terms.values())
    expected = 2 * terms["noise"] + 5 * terms["pair"] + 0.25 * terms["mask"]
    torch.testing.assert_close(terms["total"], expected)


def test_each_term_sees_its_own_error(pairs: Pairs) -> None:
    predicted, batch = perfect(pairs)
    off = predicted.clone()
    off[:, 1] += 0.5
    assert diffseg_loss(off, batch, LossConfig())["noise"].item() == pytest.approx(0.25)
    worse = diffseg_loss(predicted, replace(batch, healthy=batch.healthy + 0.5), LossConfig())
    assert worse["pair"].item() == pytest.approx(0.25, rel=1e-3)
    assert worse["noise"] == 0


def test_unpaired_images_teach_no_counterpart(pairs: Pairs) -> None:
    predicted, batch = perfect(pairs)
    paired = torch.tensor([True, False] * 3)
    spoilt = torch.where(paired.view(-1, 1, 1, 1), batch.healthy, batch.healthy + 9)
    assert diffseg_loss(predicted, replace(batch, healthy=spoilt, paired=paired), LossConfig())["pair"] < 1e-9
    worse = replace(batch, healthy=spoilt + 0.5, paired=paired)
    assert diffseg_loss(predicted, worse, LossConfig())["pair"].item() == pytest.approx(0.25, rel=1e-3)
    nobody = replace(batch, healthy=spoilt, paired=torch.zeros(6).bool())
    assert diffseg_loss(predicted, nobody, LossConfig())["pair"] == 0


@pytest.mark.parametrize("side", [3, 12, 30])
def test_an_exact_mask_costs_next_to_nothing_whatever_its_size(side: int) -> None:
    t, eps, mask = torch.tensor([100]), torch.zeros(1, 3, 48, 48), torch.zeros(1, 1, 48, 48)
    mask[:, :, 5 : 5 + side, 5 : 5 + side] = 1
    predicted = torch.stack([mask / sigma(t) + eps, eps], dim=1)
    batch = Batch(eps, t, eps, eps, mask, torch.tensor([True]), torch.zeros(1).long())
    terms = diffseg_loss(predicted, batch, LossConfig())
    assert terms["mask"] < 0.025  # cross-entropy cannot fall below -log(1 - p_0) where there is no difference


def test_the_mask_term_pulls_the_difference_towards_the_mask(pairs: Pairs) -> None:
    _, batch = perfect(pairs)
    start = batch.eps.unsqueeze(1).repeat(1, 2, 1, 1, 1)
    start[:, 0] += 0.02  # nearly no difference anywhere
    start.requires_grad_()
    diffseg_loss(start, batch, LossConfig(noise=0, pair=0))["total"].backward()
    moved = (start - 1e-3 * start.grad.sign()).detach()
    change = noise_difference(moved, batch.t) - noise_difference(start.detach(), batch.t)
    lesion = batch.mask[:, 0] > 0
    assert (change[lesion] > 0).all()
    assert (change[~lesion] < 0).all()


def test_a_resumed_run_equals_a_straight_one(pairs: Pairs, tmp_path: Path) -> None:
    whole, out = straight(pairs, tmp_path / "whole.safetensors"), tmp_path / "cut.safetensors"
    cut_short(pairs, out)
    resumed = train(pairs, pairs, CONFIG, out, "cpu", resume=True)
    assert resumed.steps == whole.steps == 6
    for part in ("network", "ema"):
        for name, value in whole.state()[part].items():
            assert torch.equal(resumed.state()[part][name], value), name
    assert (tmp_path / "whole.safetensors").read_bytes() == out.read_bytes()
    logs = [[{**row, "seconds": ""} for row in rows(path)] for path in (tmp_path / "whole", out)]
    assert logs[0] == logs[1]
    assert [row["step"] for row in logs[0]] == ["3", "6"]


def test_training_learns_to_segment(pairs: Pairs, tmp_path: Path) -> None:
    assert validation_dice(begin(CONFIG, "cpu").average, pairs, "cpu", CONFIG.loss.delta) == 0
    straight(pairs, tmp_path / "tiny.safetensors", replace(CONFIG, steps=30, batch=8, rate=4e-3, validate_every=15))
    first, last = rows(tmp_path / "tiny")
    assert float(last["val_dice"]) > 0.8
    assert float(last["total"]) < float(first["total"])


def test_validation_counts_two_empty_masks_as_agreement(pairs: Pairs) -> None:
    silent = begin(CONFIG, "cpu").average  # a new network answers zero under both labels
    masks = pairs.masks.clone()
    masks[:2] = 0
    assert validation_dice(silent, replace(pairs, masks=masks), "cpu", CONFIG.loss.delta) == pytest.approx(2 / 6)


def test_the_saved_model_is_the_best_average_so_far(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = iter([0.5, 0.9, 0.7, 0.6])
    monkeypatch.setattr("engine.training.train.validation_dice", lambda *_: next(marks))
    straight(pairs, tmp_path / "best.safetensors", replace(CONFIG, steps=4, validate_every=1))
    said = json.loads((tmp_path / "best.json").read_text())["training"]
    assert (said["step"], said["val_dice_three_timesteps"], said["images"]) == (2, 0.9, 6)
    assert load_model(tmp_path / "best.safetensors").network.config == TINY


def test_a_resumed_run_remembers_the_best_before_it(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = iter([0.9, 0.5])
    monkeypatch.setattr("engine.training.train.validation_dice", lambda *_: next(marks))
    out = tmp_path / "best.safetensors"
    cut_short(pairs, out)
    best = out.read_bytes()
    assert train(pairs, pairs, CONFIG, out, "cpu", resume=True).steps == 6
    assert out.read_bytes() == best


def test_without_validation_the_last_average_is_saved(pairs: Pairs, tmp_path: Path) -> None:
    learner = train(pairs, None, CONFIG, tmp_path / "last.safetensors", "cpu", resume=False)
    saved = load_model(tmp_path / "last.safetensors").network.state_dict()
    for name, value in learner.average.state_dict().items():
        assert torch.equal(saved[name], value.half().float())
    said = json.loads((tmp_path / "last.json").read_text())["training"]
    assert (said["step"], said["val_dice_three_timesteps"]) == (6, None)


def test_training_goes_on_from_an_earlier_model_of_any_size(pairs: Pairs, tmp_path: Path) -> None:
    earlier = straight(pairs, tmp_path / "tiny.safetensors").average.state_dict()
    larger = replace(CONFIG, network=replace(TINY, size=2 * TINY.size), steps=1)
    start = Start(model=tmp_path / "tiny.safetensors")
    begun = begin(larger, "cpu", start)
    for name, value in begun.network.state_dict().items():
        assert torch.equal(value, earlier[name].half().float()), name
    train(pairs, None, larger, tmp_path / "larger.safetensors", "cpu", resume=False, start=start)
    said = json.loads((tmp_path / "larger.json").read_text())["training"]
    before = json.loads((tmp_path / "tiny.json").read_text())
    assert said["start"]["model"] == {name: before[name] for name in ("name", "sha256", "training")}
    with pytest.raises(TrainingError, match="another kind"):
        begin(replace(CONFIG, network=PretrainedConfig(size=32)), "cpu", start)


def test_a_network_of_another_shape_takes_what_fits_from_an_earlier_one(tmp_path: Path) -> None:
    wide = PretrainedConfig(size=32, widths=(16, 16, 16, 16, 24))
    network = build(wide)
    save_model(tmp_path / "wide.safetensors", network, RECIPE, {})
    narrow = replace(CONFIG, network=replace(wide, widths=(8, 16, 16, 16, 24)))
    earlier = load_model(tmp_path / "wide.safetensors").network.state_dict()
    taken = begin(narrow, "cpu", Start(model=tmp_path / "wide.safetensors")).network.state_dict()
    fitting = {name for name in taken if taken[name].shape == earlier[name].shape}
    anew = {".".join(name.split(".")[:2]) for name in taken.keys() - fitting}
    assert anew == {"lateral.0", "noise_path.weight", "noise_path.bias", "shrink.0", "up.0", "norm.weight", "norm.bias",
                    "head.weight"}  # fmt: skip
    for name in fitting:
        assert torch.equal(taken[name], earlier[name]), name


@pytest.mark.slow
def test_two_processes_train_together(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "tiny.safetensors"
    arguments = ["train", "--index", dataset / "index.csv", "--out", out, "--device", "cpu", "--threads", "1"]
    arguments += ["--size", "32", "--base", "8", "--steps", "2", "--batch", "4", "--validate-every", "1"]
    # The address, as not every computer knows its own name.
    alone = ["--standalone", "--local-addr", "127.0.0.1", "--nproc_per_node=2"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", *alone]
    done = subprocess.run(
        [*torchrun, "-m", "engine.cli", *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    log = rows(out)
    assert [row["step"] for row in log] == ["1", "2"]
    assert all(math.isfinite(float(row["total"])) for row in log)
    assert load_model(out).network.config.base == 8
