"""A lesion that no timestep sees: said wherever one looks, and never shown as agreement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.panels.measures import NO_LESION
from diffseg_gui.views import VIEWS
from engine.reading.correction import LESION, stroke
from engine.results import Evidence
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.results import key, land, show, show_calibrated
from tests.gui.strokes import drag, legend
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.panels.measures import MeasuresPanel
    from engine.photograph.image import SkinImage

HIGH = 0.4  # a delta above all that the discs have
SAID = "No lesion found at delta 0.4. Lower delta, or outline it by hand (D, L or G)."


def raise_delta(bench: Workbench, qtbot: QtBot) -> None:
    """Type a delta at which there is nothing to see."""
    box = bench.window.threshold.delta.box
    box.selectAll()
    qtbot.keyClicks(box, f"{HIGH}")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    QApplication.processEvents()


def measured(bench: Workbench, qtbot: QtBot) -> MeasuresPanel:
    """The measures in front, up to date."""
    bench.window.docks.measures.show_or_hide(True)
    qtbot.waitUntil(bench.window.measures.figures.isEnabled, timeout=PATIENCE)
    return bench.window.measures


@pytest.fixture
def seen(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Workbench:
    """A workbench with the ten discs' result, calibrated."""
    show_calibrated(bench, photo, evidence)
    return bench


@pytest.fixture
def unseen(seen: Workbench, evidence: Evidence, qtbot: QtBot) -> Workbench:
    """The same at a delta at which no timestep votes for any pixel."""
    raise_delta(seen, qtbot)
    land(seen, evidence)
    return seen


def test_review_says_so_and_what_to_do(unseen: Workbench, qtbot: QtBot) -> None:
    assert unseen.window.review.message.text() == SAID
    assert unseen.window.review.message.isVisible()
    key(unseen, qtbot, Qt.Key.Key_N)
    assert unseen.window.statusBar().currentMessage() == SAID


def test_it_is_said_below_every_view_whatever_panel_is_in_front(unseen: Workbench, qtbot: QtBot) -> None:
    stage = unseen.window.stage
    for dock in ("measures", "readout", "changes", "annotation", "review"):
        unseen.window.docks.all[dock].raise_()
        QApplication.processEvents()
        assert stage.legend.isVisible()
        assert stage.legend.warning == SAID
    with_it = stage.legend.grab().toImage()
    for number, view in enumerate(list(VIEWS)[:5], 1):
        key(unseen, qtbot, Qt.Key(Qt.Key.Key_0 + number))
        assert unseen.window.view == view
        assert stage.legend.isVisible()
        assert stage.legend.warning == SAID
        assert SAID in stage.legend.accessibleName()
    stage.legend.show_curves(())
    assert stage.legend.grab().toImage() != with_it, "it is painted"


def test_it_comes_with_the_slider_and_goes_with_it(seen: Workbench, evidence: Evidence, qtbot: QtBot) -> None:
    stage = seen.window.stage
    height = stage.canvas.height()
    assert stage.legend.warning == ""
    raise_delta(seen, qtbot)
    assert not seen.state.current
    assert stage.legend.warning == SAID, "before refinement is done"
    QApplication.processEvents()
    assert stage.canvas.height() == height, "the photograph does not move"
    seen.state.set_delta(RECIPE.vote.delta)
    QApplication.processEvents()
    assert stage.legend.warning == ""


def test_the_first_timesteps_without_a_lesion_prove_nothing(
    bench: Workbench, photo: SkinImage, evidence: Evidence
) -> None:
    show(bench, photo, evidence)
    bench.state.receive_image(photo)
    empty = np.zeros_like(evidence.difference)
    part = Evidence(evidence.timesteps[:3], empty[:3], evidence.counterfactual, evidence.device)
    bench.state._show_evidence(part)
    bench.state.resultChanged.emit()
    assert bench.window.stage.legend.warning == ""


def test_a_minority_is_not_called_none(seen: Workbench, evidence: Evidence) -> None:
    difference = np.where(np.arange(10)[:, None, None] < 3, evidence.difference, 0).astype(np.float32)
    land(seen, Evidence(evidence.timesteps, difference, evidence.counterfactual, evidence.device))
    delta = RECIPE.vote.delta
    said = f"Most timesteps find no lesion at delta {delta:.2f}. Lower delta"
    assert seen.window.stage.legend.warning.startswith(said)
    assert seen.window.review.list.count() > 0, "where the others see one can be reviewed"


def test_once_it_is_outlined_by_hand_nobody_is_sent_to_do_so(unseen: Workbench, qtbot: QtBot) -> None:
    key(unseen, qtbot, Qt.Key.Key_D)
    drag(unseen, qtbot, [(40, 30), (50, 30), (50, 40)])
    assert unseen.window.stage.legend.warning == "The model finds no lesion at delta 0.4; the outline is yours."
    assert "corrected border" in legend(unseen)
    panel = measured(unseen, qtbot)
    assert panel.words.isHidden()
    assert panel.sign.isVisible(), "what was outlined is compared"


def test_measures_have_no_verdict(unseen: Workbench, qtbot: QtBot) -> None:
    panel = measured(unseen, qtbot)
    assert panel.words.text() == NO_LESION
    assert panel.words.isVisible()
    assert not panel.sign.isVisible()
    assert "below" not in panel.flag.text()
    assert {label.text() for label in (*panel.values.values(), *panel.ranges.values())} == {"–"}


def test_nor_once_a_correction_has_taken_the_lesion_away(seen: Workbench, qtbot: QtBot) -> None:
    panel = measured(seen, qtbot)
    assert panel.sign.isVisible()
    edit = seen.window.edit
    edit.put("eraser", stroke(edit.layer, [(0.0, 36.0), (96.0, 36.0)], 200.0, -LESION))
    assert not edit.mask.any()
    qtbot.waitUntil(panel.words.isVisible, timeout=PATIENCE)
    assert panel.words.text() == NO_LESION
    assert not panel.sign.isVisible()
    assert seen.window.stage.legend.warning == "", "the model found one"


def test_the_legend_explains_only_what_can_be_seen(unseen: Workbench) -> None:
    assert {curve.name for curve in unseen.window.stage.canvas.scene.curves} >= {"refined border", "50 %"}
    assert legend(unseen) == ()


def test_disagreement_calls_no_masks_equal(unseen: Workbench) -> None:
    readout = unseen.window.readout
    assert readout.farthest.text() == "All masks are empty"
    assert readout.values["Model's area"].text() == "no lesion"
    assert readout.values["Timesteps' areas"].text() == "no lesion"


def test_a_blind_reader_is_not_told(unseen: Workbench, evidence: Evidence, qtbot: QtBot) -> None:
    unseen.state.receive_image(replace(unseen.state.image, sha256="2" * 64))
    qtbot.keyClick(unseen.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    land(unseen, evidence)
    assert unseen.window.blind.on
    assert unseen.window.stage.legend.warning == ""
    assert SAID not in unseen.window.review.message.text()


def test_a_real_result_without_a_lesion_says_so(analysed: Workbench, qtbot: QtBot) -> None:
    highest = float(analysed.state.evidence.difference.max())
    analysed.state.set_delta(min(highest + 0.1, 2.0))
    wait_until_current(analysed, qtbot)
    assert analysed.window.stage.legend.warning.startswith("No lesion found at delta ")
    assert analysed.window.review.message.text() == analysed.window.stage.legend.warning
