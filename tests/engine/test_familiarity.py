"""Photographs that are unlike those that a model was trained on: the distance, its fit, and where it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.cli import main
from engine.errors import ImageError, ModelError
from engine.evaluation.familiarity import LEAST, auroc, fit
from engine.host.resources import samples
from engine.method.familiarity import Familiarity, Known
from engine.method.features import features
from engine.networks.description import read_description
from engine.networks.weights import load_model, save_familiar, save_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.records.export import export
from engine.records.record import Record
from engine.records.report import Words
from engine.records.report import report as pages
from engine.records.style import Style
from engine.records.table import row
from tests.conftest import random_network
from tests.engine.others import drawn, installed
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage

D = 40
SHORT = replace(RECIPE, noise=replace(RECIPE.noise, timesteps=(60, 100)))


def cloud(count: int, seed: int = 0) -> np.ndarray:
    """Features with means, spreads and correlations of their own, float32 (count, D)."""
    mix = np.random.default_rng(9).normal(size=(D, D)) * np.linspace(0.1, 3, D)
    return np.float32(np.random.default_rng(seed).normal(size=(count, D)) @ mix + np.arange(D))


def test_the_distance_is_that_of_the_directions_and_of_one_variance_for_all_others() -> None:
    x = cloud(400)
    known = fit(x)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    variances, vectors = np.linalg.eigh(z.T @ z / len(z))
    count = len(known.directions)
    variances[:-count] = variances[:-count].mean()
    covariance = (vectors * variances) @ vectors.T
    new = cloud(50, seed=1)
    z = (new - x.mean(axis=0)) / x.std(axis=0)
    expected = np.sqrt(np.einsum("ni,ij,nj->n", z, np.linalg.inv(covariance), z) / D)
    assert known.distances(new) == pytest.approx(expected, rel=0.01)


def test_one_of_a_hundred_others_of_the_same_kind_lies_beyond_the_limit() -> None:
    known = fit(cloud(600))
    assert 0.001 < (known.distances(cloud(4000, seed=1)) > known.limit).mean() < 0.025
    assert known.distances(cloud(4000, seed=1)).mean() == pytest.approx(1, abs=0.1)


def test_correlations_count() -> None:
    x = cloud(400)
    known, rng = fit(x), np.random.default_rng(2)
    shuffled = np.stack([rng.permutation(column) for column in x.T], axis=1)
    assert auroc(known.distances(cloud(300, seed=1)), known.distances(shuffled)) > 0.8, (
        "each feature by itself is usual"
    )


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0])) == pytest.approx((1 + 0.5 + 3) / 6)


def test_too_few_or_equal_photographs_are_refused() -> None:
    with pytest.raises(ImageError, match=f"at least {LEAST}"):
        fit(cloud(LEAST - 1))
    with pytest.raises(ImageError, match="do not differ"):
        fit(np.ones((LEAST, D), np.float32))


def test_numbers_come_back_from_the_description() -> None:
    known = fit(cloud(100))
    again = Known.from_json(json.loads(json.dumps(known.to_json())))
    assert (again.distances(cloud(9)) == known.distances(cloud(9))).all()
    assert again.limit == known.limit


@pytest.mark.parametrize(
    "change",
    [{"numbers": "AAAA"}, {"numbers": "?"}, {"numbers": None}, {"features": 0}, {"features": "x"}, {"limit": 0.0},
     {"limit": float("nan")}],
)  # fmt: skip
def test_a_damaged_description_is_one_sentence(change: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(), RECIPE, {})
    save_familiar(path, fit(cloud(100)))
    beside = path.with_suffix(".json")
    data = json.loads(beside.read_text())
    beside.write_text(json.dumps({**data, "familiar": {**data["familiar"], **change}}))
    with pytest.raises(ModelError, match="is damaged"):
        read_description(path)


def test_numbers_of_another_networks_features_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(), RECIPE, {})
    save_familiar(path, fit(cloud(100)))
    with pytest.raises(ModelError, match="does not fit"):
        load_model(path)


@pytest.fixture(scope="module")
def bundled() -> Model:
    """The bundled model."""
    return load_model()


def of_picture(pixels: np.ndarray, image: SkinImage) -> SkinImage:
    """Pixels in the place of a photograph's own."""
    return replace(image, pixels=np.ascontiguousarray(pixels))


def test_the_samples_are_familiar_and_other_pictures_are_not(bundled: Model) -> None:
    known, sample = bundled.familiar, read_image(samples()[0])
    assert known is not None
    for path in samples():
        assert not known.of(features(bundled, read_image(path))).out_of_depth, path.name
    pictures = list(drawn().values())[::2] + list(installed().values())[::5]
    found = [known.of(features(bundled, of_picture(np.asarray(one), sample))).out_of_depth for one in pictures]
    assert np.mean(found) > 0.85, "docs/training.md: nine of ten"


def test_it_costs_no_bit_of_the_mask_and_runs_once_a_photograph(model: Model, photo: SkinImage) -> None:
    count, rng = len(features(model, photo)), np.random.default_rng(0)
    knowing = replace(model, familiar=fit(rng.normal(size=(50, count)).astype(np.float32)))
    plain, pipeline = drain(Pipeline(model, "cpu").run(photo, SHORT)), Pipeline(knowing, "cpu")
    found = drain(pipeline.run(photo, SHORT))
    assert plain.familiarity is None
    assert not plain.out_of_depth
    assert (found.mask == plain.mask).all()
    assert (found.evidence.difference == plain.evidence.difference).all()
    for other in (replace(SHORT, vote=replace(SHORT.vote, delta=0.3)), RECIPE):
        assert drain(pipeline.run(photo, other)).familiarity is found.familiarity, "another setting changes nothing"


def test_every_record_tells_it(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    plain = drain(Pipeline(model, "cpu").run(photo, SHORT))
    for familiarity, flag in ((Familiarity(1.9, 1.6), "yes"), (Familiarity(1.6, 1.6), "no"), (None, None)):
        found = replace(plain, familiarity=familiarity)
        export(found, tmp_path / "out")
        said = json.loads((tmp_path / "out" / "result.json").read_text())
        assert said["familiarity"] == (familiarity and familiarity.to_json())
        cells = row(said)
        assert cells["out_of_depth"] == flag
        assert cells["familiarity"] == (familiarity and familiarity.distance)
        for language, words in (("en", "is unlike those"), ("de", "anders als die")):
            record = replace(Record.of(found), style=Style(language=language))
            text = " ".join(one.text for page in pages(record).pages for one in page if isinstance(one, Words))
            assert (words in text) is (flag == "yes")


def test_older_records_have_empty_cells(model: Model, photo: SkinImage, tmp_path: Path) -> None:
    export(drain(Pipeline(model, "cpu").run(photo, SHORT)), tmp_path / "out")
    said = json.loads((tmp_path / "out" / "result.json").read_text())
    del said["familiarity"]
    assert row(said)["out_of_depth"] is None


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A model to fit."""
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(), SHORT, {})
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Twenty-four lesions, and six drawings."""
    from PIL import Image

    known, others = tmp_path / "known", tmp_path / "others"
    known.mkdir()
    others.mkdir()
    for number in range(24):
        Image.fromarray(lesion_photo(number)[0]).save(known / f"{number}.png")
    for name, picture in list(drawn().items())[:40:7]:
        picture.save(others / f"{name}.png")
    return known, others


def test_the_command_fits_keeps_and_tests(
    mine: Path, folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["familiarity", "--photographs", str(folders[0]), "--others", str(folders[1]), "--model", str(mine)]
    assert main(options) == 1
    assert "fit that with --fit" in capsys.readouterr().err
    assert main([*options, "--fit"]) == 0
    printed = capsys.readouterr().out
    assert "photographs     24  beyond the limit" in printed
    assert "others           6  beyond the limit   83.3%  AUROC 1.000" in printed
    assert main(options) == 0
    assert capsys.readouterr().out == printed, "what is kept is what was fitted"
    one = next(folders[1].iterdir())
    assert main(["segment", str(one), "-o", str(tmp_path / "out"), "--model", str(mine), "--device", "cpu"]) == 0
    assert f"diffseg: {one} is unlike those that the model was trained on" in capsys.readouterr().err
    assert (tmp_path / "out" / one.stem / "mask.png").is_file(), "the result is there all the same"


def test_the_command_wants_photographs_and_a_model_of_ones_own(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["familiarity", "--others", str(folders[1])])
    assert "--photographs, or --index" in capsys.readouterr().err
    assert main(["familiarity", "--photographs", str(folders[0]), "--fit"]) == 1
    assert "Fitting needs --model" in capsys.readouterr().err
