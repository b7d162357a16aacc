"""Another model in the whole window: dropped, used, named; and one that cannot be used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QTabWidget

from engine.networks.weights import save_model
from engine.recipe import VoteSettings
from tests.conftest import random_network
from tests.gui.conftest import dialog, read_banner, wait_until_current
from tests.gui.strokes import drop
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

pytestmark = pytest.mark.slow


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """A model of one's own, with other weights, settings and licence."""
    path = tmp_path / "mine.safetensors"
    save_model(path, random_network(3), replace(RECIPE, vote=VoteSettings(0.21)), {}, "CC BY-NC 4.0; mine")
    return path


def test_a_model_is_dropped_and_analyses(analysed: Workbench, other_model: Path, qtbot: QtBot) -> None:
    bench, document = analysed, analysed.document
    before = document.results.segmentation
    drop(bench.window, other_model)
    qtbot.waitUntil(lambda: document.results.segmentation.model != before.model, timeout=60_000)
    wait_until_current(bench, qtbot)
    found = document.results.segmentation
    assert (found.model.name, found.model.licence) == ("mine", "CC BY-NC 4.0; mine")
    assert found.recipe.vote.delta == 0.21
    bench.window.actions_by_name["about"].trigger()
    about = dialog(qtbot).findChild(QTabWidget).widget(0)
    qtbot.waitUntil(lambda: "Model: mine" in about.toPlainText())
    assert "Its licence: CC BY-NC 4.0; mine" in about.toPlainText()
    dialog(qtbot).close()


def test_a_model_that_is_damaged_gives_way_to_the_one_before(
    analysed: Workbench, other_model: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bench, document = analysed, analysed.document
    before, recipe, setup = document.results.segmentation, document.recipe, bench.analyst.setup
    broken = tmp_path / "broken.safetensors"
    shutil.copy(other_model.with_suffix(".json"), broken.with_suffix(".json"))
    broken.write_bytes(other_model.read_bytes()[:-1])
    drop(bench.window, broken)
    qtbot.waitUntil(lambda: bench.document.recipe.vote.delta == 0.21)
    wait_until_current(bench, qtbot)
    assert "its SHA-256 differs" in read_banner(bench, qtbot), "it stands beside the result of the one before"
    assert bench.analyst.setup == setup
    assert document.recipe == document.defaults == recipe
    wait_until_current(bench, qtbot)
    assert document.results.segmentation.model == before.model
