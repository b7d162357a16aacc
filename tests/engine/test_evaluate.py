"""Validation during training, evaluation after it, and the probe for fillings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import ImageError, MemoryShortageError
from engine.evaluation.report import summary
from engine.evaluation.score import score_samples
from engine.host import resources
from engine.method.evidence import gather
from engine.networks.weights import Model, load_model
from engine.photograph.image import SkinImage
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize, resize_rgb
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.recipe import NoiseSettings
from engine.study.batch import Done, Failed
from engine.training.data import Pairs, Sample
from engine.training.healthy import remove_lesion
from engine.training.validate import validation_dice
from tests.conftest import TINY
from tests.engine.fakes import Knowing
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path


class KnowingNetwork(Knowing):
    """A network, in validation's eyes, that knows its one image."""

    config = TINY


def test_validation_is_perfect_for_a_network_that_knows_the_truth() -> None:
    image = torch.full((1, 3, 32, 32), 100, dtype=torch.uint8)
    mask = torch.zeros(1, 1, 32, 32, dtype=torch.uint8)
    mask[..., 8:24, 8:24] = 1
    pairs = Pairs(["A"], image, image, mask, torch.ones(1).bool(), torch.zeros(1).long())
    x = image[0] / 127.5 - 1
    knows = KnowingNetwork(x, x + 0.3 * mask[0])
    assert validation_dice(knows, pairs, "cpu", delta=0.15) == 1
    assert validation_dice(knows, pairs, "cpu", delta=0.45) == 0
    half = KnowingNetwork(x, x + 0.3 * (mask[0] * (torch.arange(32) < 16)))
    assert validation_dice(half, pairs, "cpu", delta=0.15) == pytest.approx(2 / 3)


def test_evaluation_agrees_with_itself_and_survives_bad_files(model: Model, photo_path: Path, tmp_path: Path) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(100, 130, 150)))
    found = drain(Pipeline(model, "cpu").run(read_image(photo_path), recipe))
    Image.fromarray(found.mask).save(tmp_path / "right.png")
    Image.new("1", (96, 71)).save(tmp_path / "short.png")
    samples = [
        Sample("right", photo_path, tmp_path / "right.png"),
        Sample("short", photo_path, tmp_path / "short.png"),
        Sample("absent", tmp_path / "absent.png", tmp_path / "right.png"),
        Sample("again", photo_path, tmp_path / "right.png"),
    ]
    outcomes = [*score_samples(Pipeline(model, "cpu"), samples, recipe)]
    assert [outcome.item for outcome in outcomes] == samples
    short, absent = (outcome.error for outcome in outcomes if isinstance(outcome, Failed))
    right, again = (outcome.value for outcome in outcomes if isinstance(outcome, Done))
    assert isinstance(short, ImageError)
    assert isinstance(absent, ImageError)
    assert "96 x 71" in str(short)
    assert vars(right.refined) == dict.fromkeys(("dice", "jaccard", "precision", "recall"), 1.0)
    assert 0 < right.consensus.dice < 1
    assert right.ged == found.consensus.ged
    assert right.tally[0].sum() == 96 * 72
    assert right.area == found.mask.mean()
    report = summary([right, again])
    assert report["n"] == 2
    assert report["refined"]["dice"] == 1
    assert report["consensus"]["jaccard"] == pytest.approx(right.consensus.jaccard)
    assert report["images"][0]["dice"] == 1
    assert report["groups"][right.groups[0]]["n"] == 2


def test_a_shortage_of_memory_fails_one_image(
    model: Model, photo_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: object) -> NoReturn:
        raise MemoryShortageError("too large")

    monkeypatch.setattr(Pipeline, "run", short)
    Image.new("1", (96, 72)).save(tmp_path / "mask.png")
    [outcome] = score_samples(Pipeline(model, "cpu"), [Sample("A", photo_path, tmp_path / "mask.png")], RECIPE)
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, MemoryShortageError)


@pytest.mark.parametrize("name", ["nevus", "melanoma", "keratosis"])
def test_the_bundled_model_takes_no_filling_for_a_lesion(name: str) -> None:
    """The probe for fillings that give themselves away: what the network sees in a lesion must go with the lesion."""
    model = load_model()
    path = resources.ROOT / "samples" / f"{name}.jpg"
    pixels = resize_rgb(read_image(path).pixels, 160, 160)
    mask = resize(read_mask(path.with_name(f"{name}_segmentation.png")), 160, 160) > 0.5
    filled = remove_lesion(pixels, mask, np.random.default_rng(0))
    assert filled is not None
    seen = []
    for picture in (pixels, filled):
        image = SkinImage(path, "", picture)
        settings = NoiseSettings(timesteps=(80, 120))
        seen.append(drain(gather(image, settings, model.on, model.size, "cpu")).difference.mean(axis=0)[mask].mean())
    assert seen[0] > 0.2
    assert seen[1] < 0.15 * seen[0]
