"""A result explained: its regions, the two masks that differ most, and what is said where there is no lesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from diffseg_gui.features.review import Review
from tests.gui.conftest import PATIENCE, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.mark.slow
def test_a_result_is_explained(analysed: Workbench, other_path: Path, qtbot: QtBot) -> None:
    bring(analysed, "review")
    list_regions_in_sight(analysed, qtbot)
    bring(analysed, "readout")
    compare_two_masks(analysed, qtbot)
    see_that_there_is_no_lesion(analysed, qtbot)
    assert analysed.pair.pair is not None
    analysed.series.begin([other_path])
    wait_until_current(analysed, qtbot)
    assert analysed.pair.pair is None


def bring(bench: Workbench, panel: str) -> None:
    """Show a panel, in front of its tabs."""
    bench.window.docks.all[panel].show_or_hide(True)


def list_regions_in_sight(bench: Workbench, qtbot: QtBot) -> None:
    """Behind another tab regions stay as they are; they are listed when the panel is in front again."""
    review = bench.feature(Review)
    before = review.regions
    assert before, "the tiny network's timesteps disagree"
    bring(bench, "measures")
    bench.document.set_delta(bench.document.recipe.vote.delta * 0.9)
    wait_until_current(bench, qtbot)
    assert review.regions is before
    assert not review.is_current
    bring(bench, "review")
    assert review.is_current
    assert review.regions is not before
    qtbot.keyClick(bench.stage.canvas, Qt.Key.Key_P)
    assert review.current is review.regions[-1]
    assert bench.viewport.zoom > 1


def compare_two_masks(bench: Workbench, qtbot: QtBot) -> None:
    """The panel's button and its matrix open masks in the photograph's place; Escape and tools bring it back."""
    pair, panel, canvas = bench.pair, bench.disagreement.card, bench.stage.canvas
    qtbot.mouseClick(panel.farthest, LEFT)
    assert pair.pair is not None
    assert pair.view.isVisible()
    assert not canvas.isVisible()
    qtbot.keyClick(pair.view.canvases[0], Qt.Key.Key_Escape)
    assert pair.pair is None
    assert canvas.hasFocus()
    qtbot.mouseClick(panel.matrix, LEFT, pos=QPoint(panel.matrix.width() - 3, 3))
    timesteps = bench.document.shown.evidence.timesteps
    assert pair.pair == (timesteps[0], timesteps[-1])
    qtbot.keyClick(pair.view.canvases[0], Qt.Key.Key_D)
    assert pair.pair is None
    assert canvas.tool is not None
    qtbot.keyClick(canvas, Qt.Key.Key_D, CONTROL)
    assert pair.pair is not None
    left = pair.view.canvases[0]
    bench.document.set_delta(bench.document.recipe.vote.delta * 0.9)
    qtbot.waitUntil(lambda: left.scene.stale, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not left.scene.stale, timeout=PATIENCE)
    wait_until_current(bench, qtbot)


def see_that_there_is_no_lesion(bench: Workbench, qtbot: QtBot) -> None:
    """Above all that there is, it is said below the photograph, in the list of regions, and to who asks for one."""
    bring(bench, "review")
    bench.document.set_delta(float(bench.document.shown.evidence.difference.max()) + 0.1)
    wait_until_current(bench, qtbot)
    warning = bench.stage.legend.warning
    assert warning.startswith("No lesion found at delta ")
    assert bench.feature(Review).card.message.text() == warning
    qtbot.keyClick(bench.window, Qt.Key.Key_N)
    assert bench.window.statusBar().currentMessage() == warning
