"""What a clinician does: open, look, tune, cancel, export. Through real events, with the worker at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from diffseg_gui.views import AMBIGUITY, CONSISTENCY
from PySide6.QtCore import Qt

from tests.gui.conftest import PATIENCE, read_banner, wait_until_current
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton


def test_opening_analyses_and_shows_each_mask_as_it_comes(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    counts: list[int] = []
    bench.state.resultChanged.connect(
        lambda: counts.append(len(bench.state.evidence.timesteps) if bench.state.evidence else 0)
    )
    assert not bench.window.actions_by_name["export"].isEnabled()
    bench.window.open_image(photo_path)
    assert bench.state.busy
    wait_until_current(bench, qtbot)
    assert {2, 4, 6, 8, 10} <= set(counts)
    assert bench.window.actions_by_name["export"].isEnabled()
    assert bench.window.windowTitle().startswith(photo_path.name)
    assert all(frame.canvas.scene is not None for frame in bench.window.filmstrip.frames.values())
    assert all(panel.canvas.scene is not None for panel in bench.window.maps.panels.values())
    assert bench.window.readout.values["Device"].text() == "CPU"


def test_the_window_lives_while_the_worker_works(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    """Between two steps of an analysis the main thread handles events: a click moves the view."""
    views: list[str] = []

    def look_around() -> None:
        qtbot.mouseClick(bench.window.stage.tabs[AMBIGUITY if len(views) % 2 else CONSISTENCY], LEFT)
        views.append(bench.window.view)

    bench.analyst.progressed.connect(look_around)
    bench.window.open_image(photo_path)
    wait_until_current(bench, qtbot)
    assert {AMBIGUITY, CONSISTENCY} <= set(views)


def test_the_newest_wish_wins(bench: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot) -> None:
    finished: list[object] = []
    bench.analyst.finished.connect(lambda found: finished.append(found.image.path))
    bench.window.open_image(photo_path)
    bench.window.open_image(other_path)
    wait_until_current(bench, qtbot)
    assert bench.state.image is not None
    assert bench.state.image.path == other_path
    assert finished == [other_path]


def test_cancel_keeps_what_was_found_and_f5_goes_on(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    bench.window.open_image(photo_path)
    qtbot.waitUntil(lambda: bench.state.evidence is not None, timeout=PATIENCE)
    qtbot.keyClick(bench.window, Qt.Key.Key_Escape)
    assert not bench.state.busy
    found = bench.state.evidence
    qtbot.wait(300)  # an answer with an old ticket would arrive now
    assert bench.state.evidence is found
    assert not bench.state.current
    assert not bench.window.actions_by_name["export"].isEnabled()
    assert "Cancelled" in bench.window.tools.chip.text()
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)
    wait_until_current(bench, qtbot)


def test_dragging_delta_moves_votes_at_once_and_leaves_the_network_alone(analysed: Workbench, qtbot: QtBot) -> None:
    state, slider = analysed.state, analysed.window.threshold.delta.slider
    evidence, before, refined = state.evidence, state.consensus, state.segmentation.refined
    slider.setFocus()
    for _ in range(6):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: state.consensus is not before, timeout=1000)
    assert state.evidence is evidence
    assert state.consensus.delta == pytest.approx(before.delta + 0.03)
    assert state.consensus.area <= before.area
    assert not state.current
    assert analysed.window.maps.panels["refined"].canvas.scene.stale
    assert not analysed.window.maps.panels["consistency"].canvas.scene.stale
    wait_until_current(analysed, qtbot)
    assert state.evidence is evidence
    assert state.segmentation.refined is not refined


def test_delta_can_be_typed_and_reset(analysed: Workbench, qtbot: QtBot) -> None:
    row = analysed.window.threshold.delta
    row.box.selectAll()
    qtbot.keyClicks(row.box, "0.237")
    qtbot.keyClick(row.box, Qt.Key.Key_Return)
    wait_until_current(analysed, qtbot)
    assert analysed.state.segmentation.consensus.delta == 0.237
    analysed.window.threshold.resetClicked.emit()
    assert row.value() == pytest.approx(RECIPE.vote.delta)


def test_auto_follows_otsu_until_the_slider_is_moved(analysed: Workbench, qtbot: QtBot) -> None:
    panel = analysed.window.threshold
    qtbot.mouseClick(panel.auto, LEFT)
    wait_until_current(analysed, qtbot)
    assert analysed.state.recipe.vote.auto
    assert panel.delta.value() == pytest.approx(analysed.state.consensus.delta, abs=5.01e-4), "three decimals"
    qtbot.keyClick(panel.delta.slider, Qt.Key.Key_Right)
    assert not analysed.state.recipe.vote.auto
    assert not panel.auto.isChecked()


def test_the_plateau_is_one_click_away(analysed: Workbench, qtbot: QtBot) -> None:
    low, high = analysed.state.segmentation.stability.plateau
    before = analysed.window.threshold.curve.grab().toImage()
    qtbot.mouseClick(analysed.window.threshold.middle, LEFT)
    assert analysed.state.recipe.vote.delta == pytest.approx((low + high) / 2, abs=1e-4)
    wait_until_current(analysed, qtbot)
    assert analysed.window.threshold.curve.grab().toImage() != before, "the cursor stands elsewhere"


def test_crf_sliders_change_the_refined_result_only(analysed: Workbench, qtbot: QtBot) -> None:
    state = analysed.state
    evidence, consensus = state.evidence, state.consensus
    for field in ("w1", "theta_alpha", "theta_beta", "w2", "theta_gamma", "iterations", "rounds", "subset"):
        refined, slider = state.segmentation.refined, analysed.window.crf.rows[field].slider
        qtbot.keyClick(slider, Qt.Key.Key_Right)
        wait_until_current(analysed, qtbot)
        assert state.evidence is evidence
        assert np.array_equal(state.consensus.votes, consensus.votes)
        assert state.segmentation.refined is not refined, field
    analysed.window.crf.resetClicked.emit()
    assert state.recipe.crf == RECIPE.crf


def test_timesteps_are_chosen_one_by_one(analysed: Workbench, qtbot: QtBot) -> None:
    panel, state = analysed.window.noise, analysed.state
    qtbot.mouseClick(panel.pills[60], LEFT)
    assert not state.votes_current
    wait_until_current(analysed, qtbot)
    assert state.evidence.timesteps == tuple(range(70, 151, 10))
    assert panel.note.text() == "9 of 10"
    for t in range(70, 151, 10):
        qtbot.mouseClick(panel.pills[t], LEFT)
    assert state.recipe.noise.timesteps == (150,), "the last one stays"
    wait_until_current(analysed, qtbot)
    assert state.consensus.ged == 0
    assert "one timestep only" in analysed.window.readout.words.text()


def test_another_range_is_offered_and_a_wrong_one_marked(analysed: Workbench, qtbot: QtBot) -> None:
    panel = analysed.window.noise
    panel.range.selectAll()
    qtbot.keyClicks(panel.range, "40:20")
    qtbot.keyClick(panel.range, Qt.Key.Key_Return)
    assert panel.range.property("wrong")
    assert len(panel.pills) == 10
    panel.range.selectAll()
    qtbot.keyClicks(panel.range, "40:80:20")
    qtbot.keyClick(panel.range, Qt.Key.Key_Return)
    assert not panel.range.property("wrong")
    wait_until_current(analysed, qtbot)
    assert analysed.state.evidence.timesteps == (40, 60, 80)
    assert list(analysed.window.filmstrip.frames) == [40, 60, 80]


def test_f5_while_opening_opens_all_the_same(analysed: Workbench, other_path: Path, qtbot: QtBot) -> None:
    analysed.window.open_image(other_path)
    qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
    wait_until_current(analysed, qtbot)
    qtbot.waitUntil(lambda: analysed.state.image.path == other_path, timeout=PATIENCE)
    assert analysed.state.opening is None


def test_old_noise_is_never_taken_for_new(analysed: Workbench, qtbot: QtBot) -> None:
    seeds: set[int] = set()
    analysed.state.resultChanged.connect(
        lambda: analysed.state.votes_current and seeds.add(id(analysed.state.evidence))
    )
    old = id(analysed.state.evidence)
    qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
    analysed.window.noise.seed.setValue(7)
    assert not analysed.state.votes_current
    seeds.clear()
    wait_until_current(analysed, qtbot)
    assert seeds
    assert old not in seeds


def test_an_unforeseen_error_is_told_and_the_worker_lives_on(
    analysed: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    pipeline = analysed.analyst._worker._pipeline
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "run", lambda *_: 1 / 0)
        qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
        assert "ZeroDivisionError" in read_banner(analysed, qtbot)
    qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
    wait_until_current(analysed, qtbot)


def test_a_device_that_is_not_there_is_named_and_the_result_stays(analysed: Workbench, qtbot: QtBot) -> None:
    found = analysed.state.segmentation
    analysed.window.actions_by_name["device_cuda"].trigger()
    if not torch.cuda.is_available():
        assert "'cuda'" in read_banner(analysed, qtbot)
        assert analysed.state.segmentation is found
        assert analysed.window.actions_by_name["device_cpu"].isChecked(), "the choice is taken back"
        analysed.state.set_delta(0.2)  # and later work goes on as before
        wait_until_current(analysed, qtbot)
    analysed.window.actions_by_name["device_cpu"].trigger()
    wait_until_current(analysed, qtbot)
    assert analysed.window.readout.values["Device"].text() == "CPU"
