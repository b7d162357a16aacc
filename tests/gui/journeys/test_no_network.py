"""A whole sitting in the window with the network walled off: open, tune, scribble, correct, export, look around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from diffseg_gui.log import unforeseen
from engine.records.writers import writers
from tests.gui.conftest import PATIENCE, dialog, wait_until_current
from tests.gui.strokes import drag
from tests.offline import no_network

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_whole_sitting_uses_no_network(
    bench: Workbench, photo_path: Path, other_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window, canvas = bench.window, bench.stage.canvas
    with no_network() as tried:
        bench.series.begin([photo_path, other_path])
        wait_until_current(bench, qtbot)
        bench.document.set_delta(bench.document.recipe.vote.delta + 0.01)
        wait_until_current(bench, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_J)
        drag(canvas, qtbot, [(30, 30), (40, 34)])
        wait_until_current(bench, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_D)
        drag(canvas, qtbot, [(8, 8), (30, 12)])
        assert bench.document.reading.layer is not None
        assert bench.document.reading.scribbles
        with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE) as done:
            bench.export.into(tmp_path / "out", list(writers()))
        for key in (Qt.Key.Key_F1, Qt.Key.Key_P):
            qtbot.keyClick(window, key, CTRL if key == Qt.Key.Key_P else Qt.KeyboardModifier.NoModifier)
            dialog(qtbot).close()
        qtbot.keyClick(window, Qt.Key.Key_PageDown, CTRL)
        qtbot.waitUntil(lambda: bench.document.photograph.path == other_path, timeout=PATIENCE)
        wait_until_current(bench, qtbot)
        bench.messages.failure(unforeseen("The work stopped", ValueError("x")))
        qtbot.mouseClick(bench.stage.banner.diagnostics, Qt.MouseButton.LeftButton)
        assert "Model: tiny" in QGuiApplication.clipboard().text()
    assert tried == []
    assert (done.args[0] / "mask.png").is_file()
