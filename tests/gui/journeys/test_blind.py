"""A photograph is opened blind, outlined by hand while the worker works, and revealed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from diffseg_gui.app.dock import HIDDEN
from diffseg_gui.features.blind import BlindReading
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.reading.reading import blind
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.strokes import CTRL, at, drag

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def shown(widget: QWidget) -> set[str]:
    """The sentences of a widget that are not hidden in it."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)}


def covers(bench: Workbench) -> list[bool]:
    """Of each panel: whether a cover is all that is shown of it."""
    covered = []
    for dock in bench.window.docks.all.values():
        hidden = not dock.panel.card.isVisibleTo(dock.widget())
        assert hidden is (HIDDEN in shown(dock.widget()))
        covered.append(hidden)
    return covered


def test_opened_blind_outlined_and_revealed(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    window, canvas, document = bench.window, bench.stage.canvas, bench.document
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    seen: list[tuple[str, ...]] = []
    bench.stage.shownAnew.connect(lambda: seen.append(bench.stage.legend.names()))
    bench.series.begin([photo_path])
    qtbot.waitUntil(lambda: document.photograph is not None, timeout=PATIENCE)
    assert document.blind is not None
    assert all(covers(bench))
    turns = [2 * math.pi * part / 40 for part in range(40)]
    circle = [(48 + 20 * math.cos(a), 36 + 20 * math.sin(a)) for a in turns]
    window.actions_by_name["lasso"].trigger()
    drag(canvas, qtbot, circle)
    window.actions_by_name["lasso"].trigger()
    outline = bench.editing.mask
    assert 1200 < outline.sum() < 1300, "pi 20²"
    wait_until_current(bench, qtbot)
    assert {name for names in seen for name in names} == {"your outline"}
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert bench.display.view == PHOTOGRAPH
    qtbot.mouseMove(canvas, at(canvas, 48, 36))
    assert window.position.text() == ""
    assert all(covers(bench))
    assert not window.actions_by_name["export"].isEnabled()

    qtbot.mouseClick(bench.feature(BlindReading).strip.reveal, Qt.MouseButton.LeftButton)
    assert document.blind is None
    assert not any(covers(bench))
    record = document.reading.blind
    assert record == blind(outline, document.shown.segmentation.mask, record.seconds, 1, 0.0)
    assert "your blind outline" in bench.stage.legend.names()
    assert "votes" in window.position.text(), "the cursor has not moved"
    assert window.actions_by_name["export"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert bench.display.view == CONSISTENCY

    assert document.blind_series, "the next one is read blind, too"
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert not document.blind_series
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert document.blind is None, "it has been read"
    assert document.blind_series


def test_begun_with_the_cursor_on_the_photograph_nothing_of_it_stays(analysed: Workbench, qtbot: QtBot) -> None:
    window, canvas = analysed.window, analysed.stage.canvas
    qtbot.mouseMove(canvas, at(canvas, 48, 36))
    assert "votes" in window.position.text()
    assert not any(covers(analysed))
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert window.position.text() == ""
    assert all(covers(analysed))
    window.statusBar().showMessage("a message", 1)
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "")
    assert window.position.text() == "", "as Qt would have it, once a message is over"
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert "votes" in window.position.text()
    assert not any(covers(analysed))
