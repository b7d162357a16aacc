"""What the timesteps' disagreement says of readers' agreement: its curve, its fit and its place in results."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cli import main
from engine.errors import ImageError
from engine.evaluation.readers import KNOTS, cross_validated, fit_curve, outlined, scored
from engine.method.consensus import vote
from engine.method.doubt import expected_agreement, ged_iou, overlap
from engine.method.expected import Expected, ReaderCurve
from engine.networks.description import read_description, write_description
from engine.networks.weights import load_model, save_model
from engine.records.export import export
from engine.records.table import row
from engine.training.data import from_index
from tests.conftest import random_network
from tests.engine.records_setup import result
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

CURVE = ReaderCurve((0, 0.5, 1), (0, 0.1, 0.9), (0.2, 0.5, 0.95), (0.4, 0.9, 1))


def test_between_the_knots_it_is_interpolated() -> None:
    assert CURVE.at(0.5) == Expected(0.5, 0.1, 0.9)
    found = CURVE.at(0.75)
    assert (found.value, found.low, found.high) == pytest.approx((0.725, 0.5, 0.95))


@pytest.mark.parametrize(
    "changes",
    [
        {"overlap": (0, 1)},
        {"overlap": (0, 0.5, 0.9)},
        {"overlap": (0, 0, 1)},
        {"low": (0.1, 0, 0.9)},
        {"high": (0.4, 0.9, 1.1)},
        {"value": (0.2, 0.95, 0.95)},
        {"value": (0.2, float("nan"), 0.95)},
    ],
)
def test_a_curve_that_cannot_be_is_refused(changes: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="a reader curve"):
        replace(CURVE, **changes)


def test_overlap_is_the_mean_iou_of_every_two_masks(evidence: Evidence) -> None:
    consensus = vote(evidence, RECIPE.vote)
    count = len(consensus.votes)
    assert overlap(consensus) == pytest.approx(1 - ged_iou(consensus.votes) * count / (count - 1))
    assert expected_agreement(CURVE, consensus) == CURVE.at(overlap(consensus) or 0)
    assert expected_agreement(None, consensus) is None


def test_it_is_unknown_without_a_lesion_or_with_a_single_timestep(evidence: Evidence) -> None:
    nothing = vote(evidence, replace(RECIPE.vote, delta=1.9))
    single = vote(replace(evidence, timesteps=(60,), difference=evidence.difference[:1]), RECIPE.vote)
    assert expected_agreement(CURVE, nothing) is None
    assert expected_agreement(CURVE, single) is None


@pytest.mark.slow
@given(st.integers(0, 1000))
def test_the_fit_finds_the_quantiles_that_made_the_data(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.3, 1, 600)
    y = np.clip(x - 0.1 + rng.uniform(-0.1, 0.1, 600), 0, 1)
    curve = fit_curve(x, y)
    for at in (0.7, 0.8, 0.9):
        found = curve.at(at)
        assert (found.low, found.value, found.high) == pytest.approx((at - 0.18, at - 0.1, at - 0.02), abs=0.04)
    fit = scored(curve, x, y)
    assert fit.coverage == pytest.approx(0.8, abs=0.04)
    assert fit.error == pytest.approx(0.05, abs=0.01)
    assert fit.spearman > 0.8


def test_cross_validation_knows_when_there_is_nothing_to_know() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 1, (2, 300))
    fit = cross_validated(x, y)
    assert abs(fit.spearman) < 0.2
    assert fit.error == pytest.approx(0.25, abs=0.03)
    assert fit.n == 300


def test_a_fit_on_few_photographs_is_a_curve_too() -> None:
    assert fit_curve(np.array([0.9]), np.array([0.8])).overlap == KNOTS


def test_a_model_keeps_its_curve_and_results_tell_it(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(), RECIPE, {})
    assert load_model(path).readers is None
    write_description(path, replace(read_description(path), readers=CURVE))
    assert load_model(path).readers == CURVE
    for readers in (CURVE, None):
        found = replace(result(evidence, photo), readers=readers)
        export(found, tmp_path / "out")
        said = json.loads((tmp_path / "out" / "result.json").read_text())
        expected = expected_agreement(readers, found.consensus)
        assert said["expected_agreement"] == (expected and expected.to_json())
        assert said["ged_iou"] == pytest.approx(ged_iou(found.consensus.votes))
        assert row(said)["readers_value"] == (expected and expected.value)


def test_the_bundled_models_curve_rises() -> None:
    readers = load_model().readers
    assert readers is not None
    assert readers.at(0.6).value < readers.at(0.97).value


@pytest.fixture
def table(dataset: Path, tmp_path: Path) -> tuple[Path, list[Path]]:
    """Readers' agreement on the data set's photographs, and where these lie."""
    images = [sample.image for sample in from_index(dataset / "index.csv", "train")]
    rows = [f"{path.stem},mine,{0.5 + 0.01 * n}" for n, path in enumerate(images)]
    path = tmp_path / "agreement.csv"
    path.write_text("\n".join(["id,set,dice_mean", *rows, "elsewhere,other,0.5"]))
    return path, sorted({path.parent for path in images})


def test_photographs_are_found_by_name(table: tuple[Path, list[Path]]) -> None:
    path, folders = table
    found = outlined(path, folders, ["mine"])
    assert found
    assert {one.image.parent for one in found} == set(folders)
    for sets, folder in ((["other"], folders), (["mine"], [])):
        with pytest.raises(ImageError, match="none of the folders"):
            outlined(path, folder, sets)
    with pytest.raises(ImageError, match="no row of the set 'none'"):
        outlined(path, folders, ["mine", "none"])
    with pytest.raises(ImageError, match="no table of readers' agreement"):
        outlined(found[0].image, folders, ["mine"])


def test_a_table_that_a_spreadsheet_saved_is_read(table: tuple[Path, list[Path]]) -> None:
    path, folders = table
    before = outlined(path, folders, ["mine"])
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert outlined(path, folders, ["mine"]) == before


@pytest.mark.parametrize("dice", ["nan", "inf", "1.7", "-3"])
def test_a_dice_that_is_none_is_refused_with_its_line(table: tuple[Path, list[Path]], dice: str) -> None:
    path, folders = table
    path.write_text(path.read_text().replace(",0.51", f",{dice}"))
    with pytest.raises(ImageError, match=f"{path} has a dice_mean of {dice} in line 3; a Dice lies from 0 to 1"):
        outlined(path, folders, ["mine"])


def test_the_command_fits_keeps_and_tests(
    table: tuple[Path, list[Path]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folders = table
    model = tmp_path / "mine.safetensors"
    save_model(model, random_network(), replace(RECIPE, vote=replace(RECIPE.vote, auto=True)), {})
    options = ["--agreement", path, "--set", "mine", "--model", model, "--device", "cpu", "--timesteps", "80,120"]
    for folder in folders:
        options += ["--photographs", folder]
    assert main(["readers", *map(str, options)]) == 1
    assert "fit that with --fit" in capsys.readouterr().err
    assert main(["readers", *map(str, options), "--fit"]) == 0
    assert "cross-validated on" in capsys.readouterr().out
    assert load_model(model).readers is not None
    assert main(["readers", *map(str, options)]) == 0
    assert "tested on" in capsys.readouterr().out


def test_the_installed_model_is_not_fitted(table: tuple[Path, list[Path]], capsys: pytest.CaptureFixture[str]) -> None:
    path, folders = table
    options = ["--agreement", path, "--set", "mine", "--photographs", folders[0], "--fit"]
    assert main(["readers", *map(str, options)]) == 1
    assert "needs --model" in capsys.readouterr().err
