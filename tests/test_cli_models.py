"""What the command line takes from a model's description, and what it writes into one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import main
from engine.host import resources
from engine.host.choices import model_file
from engine.method.probability import Temperatures
from engine.networks.description import NOT_STATED, read_description
from engine.networks.weights import load_model, save_model, save_softening
from engine.recipe import NoiseSettings, Recipe, VoteSettings
from engine.training.losses import LossConfig
from engine.training.start import STARTING_CRF
from tests.conftest import random_network
from tests.recipes import RECIPE
from tests.test_cli_train import SMALL

OWN = replace(RECIPE, noise=NoiseSettings((80, 120), seed=3), vote=VoteSettings(0.21), refine=False)
DEFAULT = resources.default_model().stem


@pytest.fixture
def own_path(tmp_path: Path) -> Path:
    """A model whose own recipe is OWN."""
    path = tmp_path / "model" / "own.safetensors"
    path.parent.mkdir()
    save_model(path, random_network(), OWN, {}, "CC0-1.0")
    return path


def made_with(photo_path: Path, out: Path, *options: object) -> Recipe:
    """The recipe of a result by ``diffseg segment``."""
    assert main([*map(str, ("segment", photo_path, "-o", out, "--device", "cpu", *options))]) == 0
    return Recipe.from_json(json.loads((out / photo_path.stem / "result.json").read_text())["recipe"])


def test_settings_that_nobody_gives_are_the_models_own(own_path: Path, photo_path: Path, tmp_path: Path) -> None:
    model = ("--model", own_path)
    assert made_with(photo_path, tmp_path / "a", *model) == OWN
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"noise": {"draws": 2}}))
    drawn = replace(OWN, noise=replace(OWN.noise, draws=2))
    assert made_with(photo_path, tmp_path / "b", *model, "--recipe", recipe) == drawn
    wider = replace(OWN, vote=VoteSettings(0.1))
    assert made_with(photo_path, tmp_path / "c", *model, "--delta", "0.1") == wider


@pytest.mark.parametrize("command", ["segment", "evaluate", "calibrate", "train", "compare", "bench"])
def test_help_claims_no_number_that_is_one_models(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"{read_description(resources.default_model()).recipe.vote.delta:g}" not in capsys.readouterr().out


def test_calibrate_writes_into_the_model_that_it_is_given(
    own_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = load_model(own_path).sha256
    where = ("--model", own_path, "--index", dataset / "index.csv", "--device", "cpu", "--limit", 1)
    for kind in ("temperatures", "roots"):
        assert main([*map(str, ("calibrate", *where, "--kind", kind))]) == 0
        model = load_model(own_path)
        assert model.softening is not None
        assert (model.softening.kind, model.recipe, model.sha256) == (kind, OWN, sha256)
        assert len(capsys.readouterr().out.splitlines()) == 2, "two timesteps, or slope and damping"


def test_calibrate_leaves_the_installed_model_alone(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.evaluation.calibrate.read_image", lambda *_: pytest.fail("read"))
    (tmp_path / "link").symlink_to(resources.ROOT / "models")
    for folder in (resources.ROOT / "models", resources.ROOT / "samples" / ".." / "models", tmp_path / "link"):
        model = folder / resources.default_model().name
        before = model.with_suffix(".json").read_bytes()
        assert main(["calibrate", "--model", str(model), "--index", str(dataset / "index.csv")]) == 1
        [sentence] = capsys.readouterr().err.splitlines()
        assert f"The model {model} belongs to the installed program; copy it and {model.stem}.json" in sentence
        assert model.with_suffix(".json").read_bytes() == before


def test_resume_goes_by_the_softening_too(
    own_path: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--model", own_path, "--resume")
    made_with(photo_path, tmp_path, *options)
    capsys.readouterr()
    made_with(photo_path, tmp_path, *options)
    assert "is there already" in capsys.readouterr().out
    save_softening(own_path, Temperatures((80,), (0.03,)))
    made_with(photo_path, tmp_path, *options)
    assert "is there already" not in capsys.readouterr().out


def test_resume_knows_results_of_before_formats_had_numbers(
    own_path: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_with(photo_path, tmp_path, "--model", own_path)
    path = tmp_path / photo_path.stem / "result.json"
    said = json.loads(path.read_text())
    del said["format"], said["recipe"]["format"], said["softening"]
    path.write_text(json.dumps(said))
    capsys.readouterr()
    made_with(photo_path, tmp_path, "--model", own_path, "--resume")
    assert "is there already" in capsys.readouterr().out


def test_resume_knows_temperatures_of_format_1(
    own_path: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_softening(own_path, Temperatures((80,), (0.03,)))
    made_with(photo_path, tmp_path, "--model", own_path)
    path = tmp_path / photo_path.stem / "result.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "format": 1, "temperatures": said.pop("softening")["at"]}))
    capsys.readouterr()
    made_with(photo_path, tmp_path, "--model", own_path, "--resume")
    assert "is there already" in capsys.readouterr().out


def test_an_earlier_sidecar_gives_its_mask_again_whatever_the_model_has_become(
    photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soft = replace(RECIPE.crf, combine="soft", smooth=4.0, cut=0.2, drop=0.1)
    path = tmp_path / "soft.safetensors"
    save_model(path, random_network(), replace(OWN, vote=VoteSettings(0.15), crf=soft, refine=True), {})
    by_hand = {"crf": {"combine": "equation 12", "smooth": 0, "cut": 0.5, "drop": 0}}
    (tmp_path / "hand.json").write_text(json.dumps(by_hand))
    model = ("--model", path)
    own = made_with(photo_path, tmp_path / "own", *model)
    then = made_with(photo_path, tmp_path / "then", *model, "--recipe", tmp_path / "hand.json")
    assert (own.crf, then.crf) == (soft, RECIPE.crf)

    sidecar = tmp_path / "then" / photo_path.stem / "result.json"
    said = json.loads(sidecar.read_text())
    said["recipe"] |= {"format": 1, "crf": {k: v for k, v in said["recipe"]["crf"].items() if k not in by_hand["crf"]}}
    sidecar.write_text(json.dumps(said))  # as it was written before these settings had names
    assert made_with(photo_path, tmp_path / "again", *model, "--recipe", sidecar) == then
    masks = [(tmp_path / name / photo_path.stem / "mask.png").read_bytes() for name in ("own", "then", "again")]
    assert masks[0] != masks[1] == masks[2]

    capsys.readouterr()
    made_with(photo_path, tmp_path / "then", *model, "--recipe", sidecar, "--resume")
    assert "is there already" in capsys.readouterr().out
    made_with(photo_path, tmp_path / "then", *model, "--resume")
    assert "is there already" not in capsys.readouterr().out


def test_a_new_model_starts_with_the_losss_delta_and_no_licence(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.safetensors"
    assert main([*map(str, ("train", "--index", dataset / "index.csv", "--out", out, *SMALL))]) == 0
    described = read_description(out)
    assert described.recipe == Recipe(
        NoiseSettings(tuple(range(60, 151, 10))), VoteSettings(LossConfig().delta), STARTING_CRF
    )
    assert (described.licence, described.softening, described.kind) == (NOT_STATED, None, "unet")


@pytest.mark.parametrize("licence", [None, "CC BY 4.0"])
def test_a_model_that_went_on_from_another_keeps_its_settings(
    own_path: Path, dataset: Path, tmp_path: Path, licence: str | None
) -> None:
    save_softening(own_path, Temperatures((80,), (0.03,)))
    out = tmp_path / "next.safetensors"
    options = ("--start", own_path, "--out", out, "--steps", 1, "--batch", 2, "--device", "cpu")
    given = () if licence is None else ("--licence", licence)
    assert main([*map(str, ("train", "--index", dataset / "index.csv", *options, *given))]) == 0
    described = read_description(out)
    assert (described.recipe, described.licence) == (OWN, licence or "CC0-1.0")
    assert described.softening is None, "other weights want another softening"


def test_a_description_of_a_newer_format_ends_with_1(
    own_path: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_path.with_suffix(".json").write_text('{"format": 3}')
    assert main(["segment", str(photo_path), "-o", str(tmp_path / "out"), "--model", str(own_path)]) == 1
    [sentence] = capsys.readouterr().err.splitlines()
    assert "use a newer DiffSeg" in sentence


@pytest.fixture
def bundled(tmp_path: Path, own_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program's folder with two models, ``other`` and the default."""
    folder = tmp_path / "resources" / "models"
    folder.mkdir(parents=True)
    for name in ("other", DEFAULT):
        for suffix in (".safetensors", ".json"):
            shutil.copy(own_path.with_suffix(suffix), folder / f"{name}{suffix}")
    monkeypatch.setattr(resources, "ROOT", tmp_path / "resources")
    return folder


def test_a_bundled_model_is_named(
    bundled: Path, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [path.stem for path in resources.models()] == [DEFAULT, "other"], "the default one first"
    assert model_file("other") == bundled / "other.safetensors"
    assert resources.model_named("other") == bundled / "other.safetensors"
    assert resources.model_named("nobody") is None
    assert model_file("elsewhere/mine.safetensors") == Path("elsewhere/mine.safetensors")
    assert made_with(photo_path, tmp_path / "a", "--model", "other") == OWN
    said = json.loads((tmp_path / "a" / photo_path.stem / "result.json").read_text())
    assert said["model"]["licence"] == "CC0-1.0"
    with pytest.raises(SystemExit):
        main(["segment", str(photo_path), "-o", str(tmp_path), "--model", "nobody"])
    assert f"no bundled model; there is: {DEFAULT}, other" in capsys.readouterr().err


def test_a_file_comes_before_a_bundled_models_name(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").touch()
    monkeypatch.chdir(tmp_path)
    assert model_file("other") == Path("other")


def test_every_bundled_model_says_its_licence_and_has_a_card() -> None:
    for path in resources.models():
        assert read_description(path).licence != NOT_STATED, path.name
        assert path.with_suffix(".md").is_file(), path.name


def test_where_the_model_of_the_narrower_licence_is_left_out_the_free_one_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "non-commercial" in read_description(resources.default_model()).licence
    (tmp_path / "models").mkdir()
    for name in ("another", "diffseg-256"):
        (tmp_path / "models" / f"{name}.safetensors").touch()
    monkeypatch.setattr(resources, "ROOT", tmp_path)
    assert resources.default_model().stem == "diffseg-256"
    assert [path.stem for path in resources.models()] == ["diffseg-256", "another"]
