"""The comparison: how methods read and are scored, the command, what it remembers, and its page."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.cli import main
from engine.compare import plans, rows, run
from engine.compare.networks import BASES, Segmenter
from engine.compare.plans import make_plans
from engine.compare.readers import DROPOUT_PASSES, Found, diffseg_reader, dropout, each, probability_reader, turned
from engine.compare.run import Comparison, compare
from engine.compare.score import LEVELS, error_counts, score
from engine.errors import RecipeError, TrainingError
from engine.evaluation.uncertainty import auroc_of_counts
from engine.method.probability import Temperatures
from engine.photograph.read import read_mask
from engine.photograph.resize import resize
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.recipe import NoiseSettings
from engine.training.config import TrainConfig
from engine.training.data import from_index
from engine.training.loop import Budget
from tests.engine.test_uncertainty import pairs_auroc
from tests.engine.training_setup import CONFIG
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage


class Pointwise(nn.Module):
    """Sees each pixel by itself, so that turning an image turns what it says."""

    def forward(self, x: Tensor) -> Tensor:
        return 5 * x[:, :1]


pytestmark = pytest.mark.slow


def test_turned_views_are_turned_back() -> None:
    x = torch.rand(1, 3, 16, 16)
    views = turned([Pointwise()])(x)
    torch.testing.assert_close(views, Pointwise()(x).expand(8, -1, -1, -1))


class Corner(nn.Module):
    """Points at the upper left corner whatever it sees."""

    def forward(self, x: Tensor) -> Tensor:
        logits = torch.zeros(len(x), 1, *x.shape[2:])
        logits[:, :, 0, 1] = 1
        return logits


def test_turned_views_differ_all_eight() -> None:
    views = turned([Corner()])(torch.rand(1, 3, 16, 16))
    assert len({tuple(view.flatten().tolist()) for view in views}) == 8


def test_dropout_gives_opinions_that_differ_and_repeat() -> None:
    torch.manual_seed(0)
    network = Segmenter("unet", 8).eval()
    x = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        sure = each([network, network])(x)
        opinions, again = dropout([network])(x), dropout([network])(x)
    assert torch.equal(sure[0], sure[1])
    assert len(opinions) == DROPOUT_PASSES
    assert len(torch.unique(opinions.flatten(1), dim=0)) == DROPOUT_PASSES
    assert torch.equal(opinions, again)


def test_probabilities_are_cut_at_the_photographs_own_size(photo: SkinImage) -> None:
    found = probability_reader(each([Pointwise()]), 32)(photo)
    mask = found.masks[""]
    assert mask.shape == (photo.height, photo.width)
    assert found.opinions is None
    assert found.uncertainty is not None
    bright = photo.pixels[..., 0] > 127
    assert (mask == bright).mean() > 0.9
    assert 0 <= found.uncertainty.min() <= found.uncertainty.max() <= 0.25
    several = probability_reader(each([Pointwise(), Pointwise()]), 32)(photo)
    assert several.opinions is not None
    assert np.array_equal(several.opinions, [mask, mask])


def test_a_calibrated_model_doubts_in_two_ways(photo: SkinImage, model: Model) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 100)), refine=False)
    counted = diffseg_reader(Pipeline(model, "cpu"), {"consensus": recipe})(photo)
    assert counted.calibrated is None
    fitted = replace(model, softening=Temperatures((60, 100), (0.02, 0.04)))
    found = diffseg_reader(Pipeline(fitted, "cpu"), {"consensus": recipe})(photo)
    p = drain(Pipeline(fitted, "cpu").run(photo, recipe)).probability
    assert p is not None
    assert found.uncertainty is not None
    assert counted.uncertainty is not None
    np.testing.assert_array_equal(found.uncertainty, counted.uncertainty)
    np.testing.assert_array_equal(found.calibrated, resize(p * (1 - p), photo.width, photo.height))


def test_errors_are_counted_by_doubt() -> None:
    rng = np.random.default_rng(0)
    doubt = (rng.integers(0, LEVELS, (40, 50)) / LEVELS / 4).astype(np.float32)
    mask, annotation = rng.random((2, 40, 50)) < 0.3
    counts = error_counts(doubt, mask, annotation)[0]
    assert counts.sum() == 2000
    assert counts[1].sum() == (mask != annotation).sum()
    assert auroc_of_counts(counts[1], counts[0]) == pytest.approx(pairs_auroc(doubt, mask != annotation))


def test_a_method_that_knows_its_errors_is_told_so(dataset: Path) -> None:
    samples = from_index(dataset / "index.csv", "val")
    masks = iter([read_mask(s.mask) for s in samples])

    def reader(image: SkinImage) -> Found:
        truth = next(masks)
        wrong = np.zeros_like(truth)
        wrong[:2] = True
        doubt = wrong.astype(np.float32) / 4
        return Found({"a": truth ^ wrong, "b": truth}, {"a": 1.0, "b": 2.0}, doubt, None, 0.25 - doubt)

    found = score(reader, samples, "")
    assert found["lines"]["b"]["dice"] == 1
    assert found["lines"]["a"]["dice"] < 1
    assert found["lines"]["b"]["seconds"] == 2
    assert found["doubt"]["auroc_image"] == 1
    assert found["doubt"]["calibrated"]["auroc_image"] == 0
    assert "spearman" not in found["doubt"]


WHOLE = (
    "baselines",
    "unet",
    "mc-dropout",
    "tta",
    "ensemble",
    "diffseg-paired",
    "diffseg-unpaired",
    "diffseg-published-crf",
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks of a quarter of their width."""
    monkeypatch.setattr(plans, "BASES", dict.fromkeys(BASES, 8))
    monkeypatch.setattr(plans, "UNetConfig", lambda size: replace(CONFIG.network, size=size))


@pytest.mark.slow
def test_the_command_writes_a_page_and_resumes(
    dataset: Path, tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work, out = tmp_path / "work", tmp_path / "page.md"
    line = ["compare", "--index", str(dataset / "index.csv"), "--work", str(work), "--out", str(out), "--steps", "2",
            "--size", "32", "--batch", "4", "--threads", "1"]  # fmt: skip
    assert main([*line, "--rows", "unet,tta"]) == 0
    assert "unet: training" in capsys.readouterr().err
    assert main([*line, "--rows", ",".join(WHOLE)]) == 0
    assert "unet: training" not in capsys.readouterr().err
    page = out.read_text()
    for name in WHOLE:
        assert f"| {rows.ROWS[name].title}" in page
    accuracy = page.split("## ")[1]
    assert accuracy.count("\n| ") == 2 - 1 + 3 + 4 + 2 + 2 + 1 + 1
    assert str(tmp_path) not in page
    assert "2 steps" in page
    monkeypatch.setattr(run, "fit", lambda *_: pytest.fail("trained again"))
    monkeypatch.setattr(run, "score", lambda *_: pytest.fail("read again"))
    assert main([*line, "--rows", ",".join(WHOLE)]) == 0
    assert out.read_text() == page


def test_a_row_whose_scores_are_lost_is_read_again_from_its_weights(dataset: Path, tmp_path: Path, small: None) -> None:
    request = Comparison(dataset / "index.csv", "val", tmp_path, ("diffseg-paired",), Budget(steps=1), 32, 4)
    first = compare(request, lambda _: None)["rows"]["diffseg-paired"]["scores"]["lines"]
    (tmp_path / "diffseg-paired.row.json").unlink()
    heard: list[str] = []
    again = compare(request, heard.append)["rows"]["diffseg-paired"]["scores"]["lines"]
    assert not [what for what in heard if "training" in what]
    for line in ("consensus", "refined"):
        assert again[line]["dice_of"] == first[line]["dice_of"]


def test_weights_of_another_comparison_are_not_taken_for_this_one(dataset: Path, tmp_path: Path, small: None) -> None:
    request = Comparison(dataset / "index.csv", "val", tmp_path, ("attnunet",), Budget(steps=1), 32, 4)
    compare(request, lambda _: None)
    for other in (replace(request, seed=1), replace(request, budget=Budget(steps=2)), replace(request, batch=2)):
        with pytest.raises(TrainingError, match="choose another --work"):
            compare(other, lambda _: None)
    (tmp_path / "attnunet.row.json").unlink()
    (tmp_path / "attnunet.safetensors").write_bytes(b"cut short")
    with pytest.raises(TrainingError, match="damaged"):
        compare(request, lambda _: None)


def test_other_content_under_the_same_ids_is_other_data(dataset: Path, tmp_path: Path, small: None) -> None:
    data = tmp_path / "data"
    shutil.copytree(dataset, data)
    request = Comparison(data / "index.csv", "val", tmp_path / "work", ("baselines", "unet"), Budget(steps=1), 32, 4)
    heard: list[str] = []

    def found() -> list[float]:
        heard.clear()
        return compare(request, heard.append)["rows"]["baselines"]["scores"]["lines"]["centred disc"]["dice_of"]

    first, second = found()
    for name in ("images/L4.png", "masks/L4_segmentation.png"):
        shutil.copy(data / name.replace("4", "5"), data / name)
        found()
        assert heard[1] == "Baseline: reading 2 photographs"
        assert not [what for what in heard if "training" in what]
    assert found() == [second, second] != [first, second]
    assert heard == ["Baseline: done", "U-Net: done"]
    shutil.copy(data / "masks" / "L1_segmentation.png", data / "masks" / "L0_segmentation.png")
    with pytest.raises(TrainingError, match="choose another --work"):
        found()


def test_networks_depend_on_the_published_weights_that_they_start_from(
    dataset: Path, tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "load_published", lambda encoder, path: None)
    backbone, work = tmp_path / "lite0.pth", tmp_path / "work"
    backbone.write_bytes(b"weights")
    request = Comparison(dataset / "index.csv", "val", work, ("unet", "unet-pretrained"), Budget(steps=1), 32, 4)
    compare(replace(request, backbone=backbone), lambda _: None)
    backbone.write_bytes(b"other weights")
    heard: list[str] = []
    with pytest.raises(TrainingError, match=r"unet-pretrained.* published weights; choose another --work"):
        compare(replace(request, backbone=backbone), heard.append)
    assert heard == ["U-Net: done", "U-Net, pretrained encoder: preparing"]
    compare(replace(request, rows=("unet",)), heard.append)
    assert heard[2:] == ["U-Net: done"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rows": ("unet", "vnet")}, "no row 'vnet'"),
        ({"rows": ("diffseg-pretrained",)}, "--backbone"),
        ({"split": "train"}, "another --split"),
        ({"size": 40}, "multiple of 32"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    dataset: Path, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    request = Comparison(dataset / "index.csv", "val", tmp_path, ("unet",), Budget(steps=1), 32, 4)
    with pytest.raises(RecipeError, match=says):
        compare(replace(request, **change), lambda _: None)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_the_pretrained_rows_start_from_the_same_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(plans, "load_published", lambda encoder, path: asked.append(path))
    made = make_plans(32, 0, 4, tmp_path / "lite0.pth")
    for name in rows.PRETRAINED:
        assert any(key.startswith("encoder.") for key in made[name].build().state_dict())
    assert asked == [tmp_path / "lite0.pth"] * 2
    assert made["diffseg-pretrained"].config.rate == TrainConfig().rate
    assert set(rows.choose(None, backbone=True)) - set(rows.choose(None, backbone=False)) == set(rows.PRETRAINED)


def test_the_page_has_no_number_of_its_own() -> None:
    """Every decimal on the page is one of the results', so another result makes another page."""
    from engine.compare.report import page

    line = {"dice": 0.5, "precision": 0.25, "recall": 0.75, "jaccard": 0.125, "interval": [None, None], "seconds": 2.0}
    facts = {"parameters": 1_500_000, "gflop": 3.5, "images": None, "cpu_minutes": None}
    doubt = {
        "auroc_image": 0.625,
        "auroc_near": None,
        "auroc_image_interval": [0.5, 0.75],
        "calibrated": {"auroc_near": 0.875},
    }
    found = {
        "data": {"index": "a/index.csv", "split": "val", "evaluated": 7, "trained": 9},
        "setting": {"version": "1", "budget": "3 steps", "size": 32, "batch": 4, "seed": 0, "threads": 1,
                    "precision": "float32", "processor": "x"},
        "rows": {"unet": {"title": "U-Net", "facts": facts, "scores": {"lines": {"": line}, "doubt": doubt}}},
    }  # fmt: skip
    text = page(found, "diffseg compare")
    assert "| U-Net | 0.500 | – | 0.250 | 0.750 | 0.125 |" in text
    assert "| U-Net | 0.625 | 0.500 .. 0.750 | – | – | – | – | – |" in text
    assert "| U-Net, calibrated | – | – | 0.875 | – | – | – | – |" in text
    assert "| U-Net | 1.50 M | 3.5 | 2.00 | – | – |" in text
    decimals = set(re.findall(r"\d+\.\d{3}", text))
    assert decimals == {"0.500", "0.250", "0.750", "0.125", "0.625", "0.875"}
