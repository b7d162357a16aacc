"""Comparing and measuring in the whole window: files dropped, panels behind their tabs, the status bar, Escape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from diffseg_gui.features.annotation import AnnotationFeature
from diffseg_gui.features.measures import Measures, Ruling
from diffseg_gui.features.measures.ruler import CALIBRATED, HINT
from diffseg_gui.worker.later import REST
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current
from tests.gui.strokes import drag, drop

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def save_mask(path: Path, width: int, height: int) -> Path:
    """An annotation: the upper half is lesion."""
    Image.fromarray(np.arange(height)[:, None].repeat(width, axis=1) < height // 2).save(path)
    return path


@pytest.mark.slow
def test_an_annotation_is_dropped_a_ruler_laid_and_another_photograph_begins_anew(
    analysed: Workbench, tmp_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    window, document, canvas = analysed.window, analysed.document, analysed.stage.canvas
    comparing, measuring, ruling = (analysed.feature(kind) for kind in (AnnotationFeature, Measures, Ruling))
    photograph = document.photograph

    drop(analysed.window, save_mask(tmp_path / "wrong_segmentation.png", 100, 80))
    assert "100 x 80" in read_banner(analysed, qtbot)
    assert comparing.annotation is None
    drop(analysed.window, save_mask(tmp_path / "nevus_segmentation.png", photograph.width, photograph.height))
    table = comparing.card.table
    qtbot.waitUntil(lambda: table.isVisible() and table.isEnabled(), timeout=PATIENCE)
    assert not table.visibleRegion().isEmpty(), "its panel has come to the front of its tabs"
    assert document.photograph is photograph

    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.statusBar().currentMessage() == HINT
    drag(canvas, qtbot, [(20, 30), (70, 40)])
    qtbot.keyClicks(ruling.length.box, "10")
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Return)
    assert document.reading.ruler.length_mm == 10
    assert window.statusBar().currentMessage() == CALIBRATED.format("10 mm")
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (ruling.ruler.ends, canvas.tool) == (None, ruling.ruler)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.tool is None
    assert not window.actions_by_name["ruler"].isChecked()
    assert window.statusBar().currentMessage() == ""

    qtbot.wait(2 * REST)
    assert measuring._measures.last is None, "nobody looks"
    window.docks.all["measures"].show_or_hide(True)
    qtbot.waitUntil(measuring.card.figures.isVisible, timeout=PATIENCE)
    assert measuring.card.values["largest_diameter"].text().endswith(" mm")

    analysed.series.begin([other_path])
    qtbot.waitUntil(lambda: document.photograph is not photograph, timeout=PATIENCE)
    wait_until_current(analysed, qtbot)
    assert document.reading.ruler is None
    assert ruling.scale_bar.text.endswith(" px")
    assert comparing.annotation is None
    qtbot.waitUntil(measuring.card.figures.isVisible, timeout=PATIENCE)
    assert measuring.card.values["largest_diameter"].text().endswith(" px")
