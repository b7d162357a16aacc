"""A series: photographs one after the other, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from engine.reading.correction import Patch
from tests.gui.conftest import read_banner, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

NEXT, BEFORE = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp


@pytest.fixture
def folder(photo_path: Path, tmp_path: Path) -> Path:
    """Three photographs, of which the second cannot be read, and something else."""
    folder = tmp_path / "series"
    folder.mkdir()
    for name in ("a.png", "C.png"):
        (folder / name).write_bytes(photo_path.read_bytes())
    (folder / "b.png").write_bytes(b"not an image")
    (folder / "notes.txt").write_text("no photograph")
    return folder


def step(bench: Workbench, qtbot: QtBot, key: Qt.Key) -> str:
    """Press the key that opens another photograph; what the status bar says."""
    qtbot.keyClick(bench.window, key, Qt.KeyboardModifier.ControlModifier)
    said: str = bench.window.statusBar().currentMessage()
    return said


def opened(bench: Workbench, qtbot: QtBot, name: str) -> bool:
    """Whether that photograph is open in the end."""
    wait_until_current(bench, qtbot)
    return bool(bench.state.image.path.name == name)


def test_the_folder_of_the_open_photograph_is_a_series(bench: Workbench, folder: Path, qtbot: QtBot) -> None:
    assert step(bench, qtbot, NEXT) == "", "nothing is open"
    bench.window.open_image(folder / "a.png")
    assert opened(bench, qtbot, "a.png")
    assert "a.png is the first" in step(bench, qtbot, BEFORE)
    step(bench, qtbot, NEXT)
    assert "b.png" in read_banner(bench, qtbot)
    assert opened(bench, qtbot, "a.png"), "what was open stays"
    assert "C.png: 3 of 3" in step(bench, qtbot, NEXT), "a file that cannot be read holds nobody up"
    assert opened(bench, qtbot, "C.png")
    assert "C.png is the last" in step(bench, qtbot, NEXT)


def test_files_dropped_together_are_a_series(bench: Workbench, folder: Path, other_path: Path, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (other_path, folder)])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bench.window, QDragEnterEvent(QPoint(50, 50), *how))
    QApplication.sendEvent(bench.window, QDropEvent(QPointF(50, 50), *how))
    assert "1 of 4" in bench.window.statusBar().currentMessage()
    assert opened(bench, qtbot, other_path.name)
    assert "a.png: 2 of 4" in step(bench, qtbot, NEXT)
    assert opened(bench, qtbot, "a.png")
    assert f"{other_path.name}: 1 of 4" in step(bench, qtbot, BEFORE)
    assert opened(bench, qtbot, other_path.name)


def test_a_correction_is_there_when_one_comes_back(bench: Workbench, folder: Path, qtbot: QtBot) -> None:
    (folder / "b.png").unlink()
    (folder / "C.png").write_bytes((folder / "C.png").read_bytes() + b" ")  # another file of the same pixels
    bench.window.series.begin([folder])
    assert opened(bench, qtbot, "a.png")
    bench.window.edit.put("square", Patch(3, 4, np.full((5, 6), 1, np.int8)))
    drawn = bench.window.edit.layer
    step(bench, qtbot, NEXT)
    assert opened(bench, qtbot, "C.png")
    assert bench.window.edit.layer is None or not bench.window.edit.layer.any()
    step(bench, qtbot, BEFORE)
    assert opened(bench, qtbot, "a.png")
    assert np.array_equal(bench.window.edit.layer, drawn)


def test_a_folder_without_a_photograph_says_so(bench: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "empty").mkdir()
    bench.window.series.begin([tmp_path / "empty"])
    assert "holds no photograph" in read_banner(bench, qtbot)
