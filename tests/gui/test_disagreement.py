"""GED explained: the matrix, the two masks that differ most side by side; and the calibrated probability."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from diffseg_gui.explain import NOT_YET, UNCALIBRATED
from diffseg_gui.panels.measures import number
from diffseg_gui.views import CONSISTENCY, PHOTOGRAPH, PROBABILITY
from engine.method.consensus import vote
from engine.method.probability import Temperatures
from engine.reading.correction import LESION, stroke
from engine.reading.pair import farthest
from engine.reading.reading import Ruler
from engine.results import Evidence
from tests.gui.conftest import PATIENCE, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def discs(analysed: Workbench, evidence: Evidence) -> Workbench:
    """A workbench with ten discs of growing radius for masks, the panel in front."""
    state = analysed.state
    assert state.segmentation is not None
    consensus = vote(evidence, state.recipe.vote)
    state.receive_result(replace(state.segmentation, evidence=evidence, consensus=consensus, refined=None))
    analysed.window.docks.readout.show_or_hide(True)
    return analysed


def cell(bench: Workbench, row: int, column: int) -> QPoint:
    """The middle of a cell of the matrix."""
    matrix = bench.window.readout.matrix
    return QPoint(int((column + 0.5) * matrix.width() / 10), int((row + 0.5) * matrix.height() / 10))


def test_the_button_names_and_shows_the_two_most_different(discs: Workbench, qtbot: QtBot) -> None:
    window = discs.window
    assert window.readout.farthest.text() == "Two most different: t = 60, 150"
    qtbot.mouseClick(window.readout.farthest, LEFT)
    view = window.explain.view
    assert view.isVisible()
    assert not window.stage.canvas.isVisible()
    assert "t = 60" in view.words.text()
    assert "t = 150" in view.words.text()
    assert view.legend.names() == ("only t = 150", "its own border"), "t = 60 has nothing of its own"
    consensus = discs.state.consensus
    assert consensus is not None
    assert f"{consensus.ged_matrix[0, 9]:.3f}" in view.words.text()
    assert f"{np.mean(consensus.votes[0] != consensus.votes[9]):.1%}" in view.words.text()


def test_the_curves_are_the_discs(discs: Workbench, qtbot: QtBot) -> None:
    qtbot.mouseClick(discs.window.readout.farthest, LEFT)
    left, right = (canvas.scene.curves for canvas in discs.window.explain.view.canvases)
    small, large = (curves[2].path.boundingRect() for curves in (left, right))
    assert large.contains(small)
    assert left[:2] == right[:2]  # the same differences over both
    only_small, only_large = (curve.path for curve in left[:2])
    assert only_small.isEmpty()  # a smaller disc about the same centre has nothing of its own
    assert only_large.boundingRect() == large


def test_a_click_on_a_cell_shows_that_pair_and_the_diagonal_none(discs: Workbench, qtbot: QtBot) -> None:
    matrix = discs.window.readout.matrix
    qtbot.mouseClick(matrix, LEFT, pos=cell(discs, 3, 3))
    assert discs.window.explain.pair is None
    qtbot.mouseClick(matrix, LEFT, pos=cell(discs, 4, 2))
    assert discs.window.explain.pair == (80, 100)


def test_keys_alone_open_and_close_it(discs: Workbench, qtbot: QtBot) -> None:
    window, matrix = discs.window, discs.window.readout.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(matrix, key)
    assert matrix.accessibleDescription().startswith("t = 70 and 90: distance ")
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert window.explain.pair == (70, 90)
    assert window.explain.view.canvases[0].hasFocus()
    qtbot.keyClick(window.explain.view.canvases[0], Qt.Key.Key_Escape)
    assert window.explain.pair is None
    assert window.stage.canvas.isVisible()
    assert not window.explain.view.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.explain.pair == (60, 150)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.explain.pair is None


def test_both_canvases_zoom_and_pan_together(discs: Workbench, qtbot: QtBot) -> None:
    qtbot.mouseClick(discs.window.readout.farthest, LEFT)
    left, right = discs.window.explain.view.canvases
    left.zoom_by(3, left.rect().topLeft())
    assert discs.window.viewport.zoom == 3
    assert left.to_photograph(left.rect().center()) == right.to_photograph(right.rect().center())


@pytest.mark.parametrize("key", [PHOTOGRAPH, CONSISTENCY])
def test_choosing_a_view_leaves_the_comparison(discs: Workbench, qtbot: QtBot, key: str) -> None:
    qtbot.mouseClick(discs.window.readout.farthest, LEFT)
    qtbot.mouseClick(discs.window.stage.tabs[key], LEFT)
    assert discs.window.explain.pair is None
    assert discs.window.stage.canvas.isVisible()
    assert discs.window.view == key


@pytest.mark.parametrize("key", [Qt.Key.Key_D, Qt.Key.Key_S, Qt.Key.Key_L, Qt.Key.Key_G, Qt.Key.Key_M])
def test_taking_a_tool_leaves_the_comparison(discs: Workbench, qtbot: QtBot, key: Qt.Key) -> None:
    """Tools work on the large view; one that was in hand before is taken up anew."""
    window = discs.window
    canvas = window.stage.canvas
    for _ in range(2):
        qtbot.mouseClick(window.readout.farthest, LEFT)
        assert window.explain.pair is not None
        assert canvas.tool is None
        qtbot.keyClick(window.explain.view.canvases[0], key)
        assert window.explain.pair is None
        assert canvas.tool is not None
        assert canvas.isVisible()
        assert canvas.hasFocus(), "so that the tool's keys arrive"


def test_another_delta_dims_it_and_then_moves_its_borders(discs: Workbench, qtbot: QtBot) -> None:
    qtbot.mouseClick(discs.window.readout.farthest, LEFT)
    canvas = discs.window.explain.view.canvases[0]
    before = canvas.scene.curves[2].path.boundingRect()
    discs.state.set_delta(discs.state.recipe.vote.delta + 0.1)
    qtbot.waitUntil(lambda: canvas.scene.stale, timeout=PATIENCE)
    wait_until_current(discs, qtbot)
    qtbot.waitUntil(lambda: not canvas.scene.stale, timeout=PATIENCE)
    assert canvas.scene.curves[2].path.boundingRect() != before


def test_one_timestep_has_nothing_to_compare(analysed: Workbench, evidence: Evidence) -> None:
    state = analysed.state
    assert state.segmentation is not None
    one = Evidence((60,), evidence.difference[:1].copy(), evidence.counterfactual, evidence.device)
    consensus = vote(one, state.recipe.vote)
    assert farthest((60,), consensus) is None
    state.receive_result(replace(state.segmentation, evidence=one, consensus=consensus, refined=None))
    assert analysed.window.readout.words.text() == "one timestep only: nothing to compare"
    assert analysed.window.readout.farthest.isHidden()
    assert not analysed.window.actions_by_name["compare_pair"].isEnabled()


def test_the_area_is_the_models_in_the_same_unit_as_in_measures(analysed: Workbench, qtbot: QtBot) -> None:
    window, state = analysed.window, analysed.state
    values, panel = window.readout.values, window.measures
    assert {"Model's area", "Timesteps' areas"} < set(values)
    window.docks.measures.show_or_hide(True)
    for calibration in (None, Ruler((0.0, 0.0), (10.0, 0.0), 2.0)):
        window.edit.change("ruler", replace(state.reading, ruler=calibration))
        qtbot.waitUntil(lambda: panel.figures.isEnabled(), timeout=PATIENCE)
        unit = "px²" if calibration is None else "mm²"
        scale = 1 if calibration is None else 0.04
        model = f"{number(state.segmentation.refined.area_px * scale, unit)} {unit}"
        assert values["Model's area"].text().startswith(f"{model}  (")
        assert panel.values["area"].text() == model, "while nothing is corrected both are one"
        pixels = state.image.width * state.image.height
        low, high = (number(area * pixels * scale, unit) for area in (f(state.consensus.areas) for f in (min, max)))
        assert values["Timesteps' areas"].text().startswith(f"{low} – {high} {unit}  (")
    before = values["Model's area"].text()
    window.edit.put("brush", stroke(window.edit.layer, [(2.0, 2.0), (60.0, 2.0)], 6.0, LESION))
    qtbot.waitUntil(lambda: panel.values["area"].text() != model, timeout=PATIENCE)
    assert values["Model's area"].text() == before, "a correction is not the model's"
    assert "without your correction" in values["Model's area"].toolTip()


def test_another_image_closes_it(discs: Workbench, other_path: Path, qtbot: QtBot) -> None:
    qtbot.mouseClick(discs.window.readout.farthest, LEFT)
    discs.window.open_image(other_path)
    wait_until_current(discs, qtbot)
    assert discs.window.explain.pair is None


def test_an_uncalibrated_model_has_no_probability(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    tab, action = bench.window.stage.tabs[PROBABILITY], bench.window.actions_by_name[f"view_{PROBABILITY}"]
    assert (tab.isEnabled(), tab.toolTip()) == (False, NOT_YET)
    bench.window.open_image(photo_path)
    wait_until_current(bench, qtbot)
    assert (tab.isEnabled(), action.isEnabled(), tab.toolTip()) == (False, False, UNCALIBRATED)
    qtbot.keyClick(bench.window, Qt.Key.Key_6)
    assert bench.window.view == PHOTOGRAPH


def test_a_calibrated_one_shows_it_under_key_6_with_its_meaning(discs: Workbench, qtbot: QtBot) -> None:
    window, state = discs.window, discs.state
    assert state.segmentation is not None
    state.receive_result(replace(state.segmentation, temperatures=Temperatures((100,), (0.05,))))
    qtbot.keyClick(window, Qt.Key.Key_6)
    assert window.view == PROBABILITY
    assert window.stage.tabs[PROBABILITY].isChecked()
    assert window.stage.bars[PROBABILITY].isVisible()
    assert window.explain.caption.isVisible()
    assert "8 of 10" in window.explain.caption.text()
    assert window.stage.canvas.scene is not None
    state.receive_result(replace(state.segmentation, temperatures=None))
    assert window.view == PHOTOGRAPH
