"""A correction by hand: what it survives, what follows it, and what is exported. Through real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui.app.workbench import CHANGE
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from engine.reading import correction
from engine.reading.reading import corrected
from engine.records.export import export
from tests.gui.conftest import PATIENCE, answer, wait_until_current
from tests.gui.strokes import CTRL, SHIFT, drag

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.arrays import Bools


def model_mask(bench: Workbench) -> Bools:
    """The newest result, without corrections."""
    return bench.document.results.segmentation.mask


@pytest.fixture
def brushed(analysed: Workbench, qtbot: QtBot) -> Workbench:
    """A workbench on whose photograph lesion was painted."""
    qtbot.keyClick(analysed.window, Qt.Key.Key_D)
    drag(analysed.stage.canvas, qtbot, [(8, 8), (30, 12)])
    return analysed


def test_it_survives_settings_and_runs_and_goes_on_with_its_photograph(
    brushed: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    window, editing, names = brushed.window, brushed.editing, brushed.stage.legend.names
    assert "corrected border" in names()
    layer, found = editing.layer, brushed.document.shown.segmentation
    threshold = brushed.feature(Settings).sections["threshold"]
    assert isinstance(threshold, Threshold)
    delta, before = threshold.delta, brushed.document.recipe
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    qtbot.keyClick(delta.slider, Qt.Key.Key_Right)
    assert asked == [CHANGE]
    assert brushed.document.recipe == before
    assert delta.box.value() == before.vote.delta, "the control is back at what holds"
    asked = answer(QMessageBox.ButtonRole.DestructiveRole)
    qtbot.keyClick(delta.slider, Qt.Key.Key_Right)
    assert asked == [CHANGE]
    assert brushed.document.recipe != before
    window.activateWindow()  # where no window manager does it once the question is gone
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: "corrected to lesion" in names(), timeout=PATIENCE)
    assert editing.mask is not None, "while the result is stale, too"
    wait_until_current(brushed, qtbot)
    assert brushed.document.shown.segmentation is not found
    qtbot.keyClick(window, Qt.Key.Key_F5)
    wait_until_current(brushed, qtbot)
    assert editing.layer is layer
    assert np.array_equal(editing.mask, correction.apply(layer, model_mask(brushed)))
    assert "corrected border" in names()

    brushed.series.begin([photo_path])
    wait_until_current(brushed, qtbot)
    assert editing.layer is layer, "the same photograph opened again goes on"
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(editing.mask, model_mask(brushed))
    assert "corrected border" not in names()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert np.array_equal(editing.layer, layer)

    brushed.series.begin([other_path])
    wait_until_current(brushed, qtbot)
    assert not window.actions_by_name["undo"].isEnabled()
    assert editing.layer.shape == model_mask(brushed).shape
    assert brushed.document.reading.is_empty
    assert brushed.stage.canvas.tool is None
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not editing.layer.any()


def test_an_export_holds_the_correction(brushed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    found, reading = brushed.document.shown.segmentation, brushed.document.reading
    with qtbot.waitSignal(brushed.analyst.exported, timeout=PATIENCE) as done:
        brushed.export.into(tmp_path / "window")
    files = export(found, tmp_path / "engine", reading)
    for path in files:
        name = path.relative_to(tmp_path / "engine")
        assert (done.args[0] / name).read_bytes() == path.read_bytes(), name
    mask = np.asarray(Image.open(done.args[0] / "mask.png")) > 0
    assert np.array_equal(mask, corrected(found, reading))
    assert not np.array_equal(mask, model_mask(brushed))
