"""Choosing the model: in the menu, by a file, by dropping one. Through the commands and files of a real model."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.model import ModelChoice, in_short
from engine.host import resources
from engine.networks.description import read_description, write_description
from engine.reading.correction import LESION
from engine.reading.reading import Chosen, Reading
from engine.recipe import VoteSettings
from tests.gui.conftest import PATIENCE, let_answer, wait_for_drive
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

DEFAULT = resources.default_model().stem
OTHER = replace(RECIPE, vote=VoteSettings(0.21))


@pytest.fixture
def bundled(tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program's folder with two models, the second with a licence and settings of its own."""
    folder = tmp_path / "resources" / "models"
    folder.mkdir(parents=True)
    for name in (DEFAULT, "other & more"):
        for suffix in (".safetensors", ".json"):
            shutil.copy(model_path.with_suffix(suffix), folder / f"{name}{suffix}")
    other = folder / "other & more.safetensors"
    licence = "CC BY-NC 4.0, not for commercial use; trained on HAM10000"
    write_description(other, replace(read_description(other), name="other & more", recipe=OTHER, licence=licence))
    monkeypatch.setattr(resources, "ROOT", tmp_path / "resources")
    return folder


@pytest.fixture
def choice(opened: Desk, bundled: Path) -> ModelChoice:
    """The feature beside an analysed photograph; what it asks for is listed in ``asked``."""
    return opened.add(ModelChoice(opened.document, opened.messages, opened.preferences, opened.stage, None))


@pytest.fixture
def asked(choice: ModelChoice) -> list[Path]:
    """The models that were asked for."""
    paths: list[Path] = []
    choice.requested.connect(paths.append)
    return paths


def choose(choice: ModelChoice, path: Path, qtbot: QtBot) -> None:
    """Choose a model of one's own, and wait until it is used."""
    with qtbot.waitSignal(choice.requested, timeout=PATIENCE):
        choice.choose(path)


def test_it_says_which_model_is_used_under_which_licence(
    opened: Desk, choice: ModelChoice, model_path: Path, qtbot: QtBot
) -> None:
    own = read_description(model_path).licence
    assert choice.said == in_short(DEFAULT, own)
    opened.action("model_other & more").trigger()
    assert choice.said == "other & more – CC BY-NC 4.0, not for commercial use"
    choose(choice, model_path, qtbot)
    assert choice.said == in_short(model_path.stem, own)


def test_the_menu_names_each_model_with_its_licence(opened: Desk, choice: ModelChoice) -> None:
    other = opened.action("model_other & more")
    assert other.text() == "other && more – CC BY-NC 4.0, not for commercial use"
    assert other.statusTip().endswith("CC BY-NC 4.0, not for commercial use; trained on HAM10000")
    assert opened.action(f"model_{DEFAULT}").isChecked()
    assert not other.isChecked()
    assert not opened.action("model_other").isVisible()


def test_another_model_comes_with_its_own_settings(
    opened: Desk, choice: ModelChoice, asked: list[Path], bundled: Path, qtbot: QtBot
) -> None:
    requests: list[object] = []
    opened.document.requested.connect(lambda *one: requests.append(one[1]))
    opened.action("model_other & more").trigger()
    assert asked == [bundled / "other & more.safetensors"]
    assert opened.document.recipe == opened.document.defaults == OTHER
    qtbot.waitUntil(lambda: requests == [OTHER])
    assert opened.action("model_other & more").isChecked()
    assert opened.notices[-1] == "Model: other & more – CC BY-NC 4.0, not for commercial use"
    opened.action("model_other & more").trigger()
    assert len(asked) == 1, "it is used already"


def test_a_corrected_photograph_is_asked_about(opened: Desk, choice: ModelChoice, asked: list[Path]) -> None:
    before = opened.document.recipe
    layer = np.full(opened.document.photograph.pixels.shape[:2], LESION, np.int8)
    opened.document.set_reading(replace(opened.document.reading, layer=layer))
    opened.document.settings.may_change = lambda: False
    opened.action("model_other & more").trigger()
    assert asked == []
    assert opened.document.recipe == opened.document.defaults == before
    assert not opened.action("model_other & more").isChecked()
    assert opened.action(f"model_{DEFAULT}").isChecked()


def test_a_file_is_chosen_or_dropped(
    opened: Desk, choice: ModelChoice, asked: list[Path], model_path: Path, monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:  # fmt: skip
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(model_path), ""))
    with qtbot.waitSignal(choice.requested, timeout=PATIENCE):
        opened.action("open_model").trigger()
    assert asked == [model_path]
    own = opened.action("model_other")
    assert (own.isVisible(), own.isChecked(), own.text()) == (True, True, "tiny.safetensors")
    own.trigger()
    assert own.isChecked(), "one of them always is"
    opened.action(f"model_{DEFAULT}").trigger()
    assert not own.isVisible()
    with qtbot.waitSignal(choice.requested, timeout=PATIENCE):
        assert choice.accepts([model_path.with_suffix(".json"), model_path])
    assert asked[-1] == model_path
    assert not choice.accepts([model_path.with_suffix(".png")])


def test_what_is_no_model_is_one_sentence_and_changes_nothing(
    opened: Desk, choice: ModelChoice, asked: list[Path], model_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    lonely = tmp_path / "lonely.safetensors"
    shutil.copy(model_path, lonely)
    with qtbot.waitSignal(opened.messages.failed, timeout=PATIENCE):
        assert choice.accepts([lonely])
    assert opened.failures[-1] == (
        f"The model file {lonely.with_suffix('.json')} is missing; restore it or choose another model."
    )
    damaged = tmp_path / "damaged.safetensors"
    damaged.with_suffix(".json").write_text(json.dumps({"format": 2}))
    with qtbot.waitSignal(opened.messages.failed, timeout=PATIENCE):
        assert choice.accepts([damaged])
    assert "is damaged" in opened.failures[-1]
    assert asked == []
    assert opened.action(f"model_{DEFAULT}").isChecked()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
def test_a_drive_that_does_not_answer_holds_up_no_other_choice(
    opened: Desk, choice: ModelChoice, asked: list[Path], bundled: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    stalled = tmp_path / "away.json"
    os.mkfifo(stalled)
    choice.choose(stalled.with_suffix(".safetensors"))
    assert "away.safetensors" in opened.notices[-1]
    wait_for_drive(qtbot)
    opened.action("model_other & more").trigger()
    let_answer(stalled)
    qtbot.wait(100)
    assert asked == [bundled / "other & more.safetensors"], "the newest choice holds"
    assert opened.failures == []


def test_it_goes_back_to_the_one_before(opened: Desk, choice: ModelChoice) -> None:
    before = opened.document.recipe
    opened.action("model_other & more").trigger()
    choice.go_back(None, before)
    assert opened.document.recipe == opened.document.defaults == before
    assert opened.action(f"model_{DEFAULT}").isChecked()


def test_going_back_brings_the_photographs_own_settings_back(opened: Desk, choice: ModelChoice) -> None:
    """They were chosen for the model before; the one that could not be used has not changed a thing."""
    defaults, document = opened.document.defaults, opened.document
    document.set_delta(0.3)
    tuned = document.recipe
    for own in (OTHER, defaults):  # the second is chosen before the first one has failed
        opened.action("model_other & more").trigger()
        document.set_recipe(own, of_model=True)
        choice.go_back(None, defaults)
        assert (document.recipe, document.defaults) == (tuned, defaults)
    document.set_recipe(defaults)
    opened.action("model_other & more").trigger()
    choice.go_back(None, defaults)
    assert document.recipe == defaults, "as they were last"


def test_a_corrected_photograph_that_comes_meanwhile_is_not_asked_about(
    opened: Desk, choice: ModelChoice, photo: SkinImage
) -> None:
    """Nobody chooses anything then: who said no would have the one model in the menu and another at work."""
    defaults, document, asked = opened.document.defaults, opened.document, []
    tuned = replace(defaults, vote=VoteSettings(0.3))
    opened.action("model_other & more").trigger()
    layer = np.full(photo.pixels.shape[:2], LESION, np.int8)
    kept = Kept(Reading(layer, chosen=Chosen(tuned, defaults)), news=True)
    opened.open(replace(photo, sha256="1" * 64), kept)
    document.settings.may_change = lambda: asked.append(None)
    choice.go_back(None, defaults)
    assert asked == []
    assert opened.action(f"model_{DEFAULT}").isChecked()
    assert (document.recipe, document.defaults) == (tuned, defaults), "its own settings come back, too"


def test_the_bundled_model_that_is_used_is_remembered(
    opened: Desk, choice: ModelChoice, model_path: Path, qtbot: QtBot
) -> None:
    before = opened.document.recipe
    opened.action("model_other & more").trigger()
    assert opened.preferences.text("model") == "other & more"
    choice.go_back(None, before)
    assert opened.preferences.text("model") == DEFAULT
    choose(choice, model_path, qtbot)
    assert opened.preferences.text("model") == "", "a file of one's own is not"


def test_a_name_without_a_licence_stands_alone() -> None:
    assert in_short("mine", "") == "mine"
    assert in_short("mine", "MIT; trained on CC-0 images") == "mine – MIT"
