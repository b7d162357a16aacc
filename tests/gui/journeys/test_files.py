"""Files: dropped, gone through as a series, and exported; nothing is lost on closing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from diffseg_gui.look.system_style import system_style
from engine import cli
from engine.reading.correction import Patch
from engine.records.style import COMMA
from engine.records.writers import writers
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

pytestmark = pytest.mark.slow

CONTROL = Qt.KeyboardModifier.ControlModifier


def step(bench: Workbench, key: Qt.Key, qtbot: QtBot) -> str:
    """Press the key that opens another photograph, and wait for its result; what the status bar says meanwhile."""
    qtbot.keyClick(bench.window, key, CONTROL)
    said: str = bench.window.statusBar().currentMessage()
    wait_until_current(bench, qtbot)
    return said


def test_a_file_that_is_dropped_on_a_box_is_the_windows(bench: Workbench) -> None:
    """Boxes take text, with the move that a file manager proposes: the file would be gone."""
    takers = [widget for widget in (bench.window, *bench.window.findChildren(QWidget)) if widget.acceptDrops()]
    assert takers == [bench.window]
    assert bench.window.findChildren(QLineEdit), "there are some"


def test_a_series_is_dropped_and_corrections_wait_for_their_photograph(
    bench: Workbench, photo_path: Path, other_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "series"
    folder.mkdir()
    (folder / "a.png").write_bytes(photo_path.read_bytes())
    (folder / "c.png").write_bytes(photo_path.read_bytes() + b" ")  # another file of the same pixels
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (other_path, folder)])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bench.window, QDragEnterEvent(QPoint(50, 50), *how))
    QApplication.sendEvent(bench.window, QDropEvent(QPointF(50, 50), *how))
    qtbot.waitUntil(lambda: "other.png: 1 of 3" in bench.window.statusBar().currentMessage(), timeout=PATIENCE)
    wait_until_current(bench, qtbot)
    assert "a.png: 2 of 3" in step(bench, Qt.Key.Key_PageDown, qtbot)
    bench.editing.put("square", Patch(3, 4, np.full((5, 6), 1, np.int8)))
    drawn = bench.editing.layer
    step(bench, Qt.Key.Key_PageDown, qtbot)
    assert bench.document.photograph.path.name == "c.png"
    assert not bench.editing.layer.any()
    step(bench, Qt.Key.Key_PageUp, qtbot)
    assert bench.document.photograph.path.name == "a.png"
    assert np.array_equal(bench.editing.layer, drawn)
    assert [path.name for path in bench.preferences.recent()] == ["a.png", "c.png", "other.png"]
    (recent,) = [menu for menu in bench.window.findChildren(QMenu) if menu.title() == "Open &recent"]
    recent.aboutToShow.emit()
    assert [action.text() for action in recent.actions()[:3]] == ["a.png", "c.png", "other.png"]


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_writes_what_the_command_line_writes(
    analysed: Workbench, model_path: Path, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.export.into(tmp_path / "window", tuple(writers()))
    options = ["-o", str(tmp_path / "line"), "--model", str(model_path), "--device", "cpu"]
    style = system_style()
    decimal = "comma" if style.decimal == COMMA else "point"
    options += ["--language", style.language, "--paper", style.paper, "--decimal", decimal]
    assert cli.main(["segment", str(photo_path), *options, "--also", ",".join(writers())]) == 0
    # DICOM files say when the result was made, so theirs are made again from the window's result.
    again = ["-o", str(tmp_path / "dicom"), "--photographs", str(photo_path.parent), "--to", "dicom-seg,dicom-sr"]
    assert cli.main(["export", str(tmp_path / "window"), *again]) == 0
    ours, theirs = contents(tmp_path / "window"), contents(tmp_path / "line")
    sidecars = [json.loads(files.pop("nevus/result.json")) for files in (ours, theirs)]
    theirs |= {name: data for name, data in contents(tmp_path / "dicom").items() if name.endswith(".dcm")}
    assert ours == theirs
    assert {"nevus/mask.png", "nevus/report.pdf", "nevus/table.xlsx", "nevus/labelme/nevus.json"} <= set(ours)
    seconds = [sidecar.pop("seconds") for sidecar in sidecars]
    assert all(sidecar.pop("made") for sidecar in sidecars)
    assert seconds[0].keys() == seconds[1].keys()
    assert sidecars[0] == sidecars[1]
    assert "Exported to" in analysed.window.statusBar().currentMessage()


def test_a_failed_export_is_told_until_one_succeeds(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    banner, blocked = analysed.stage.banner, tmp_path / "file"
    blocked.write_text("in the way")
    analysed.export.into(blocked)
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    analysed.document.set_delta(0.2)
    wait_until_current(analysed, qtbot)
    assert banner.isVisible(), "an analysis is not an export"
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.export.into(tmp_path / "out")
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE)


def test_the_window_closes_once_the_export_is_written(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    analysed.export.into(blocked)
    assert not analysed.window.close()
    assert "once the export is written" in analysed.window.statusBar().currentMessage()
    assert "could not be written" in read_banner(analysed, qtbot)
    assert analysed.window.isVisible(), "an export that fails keeps it open"
    assert analysed.document.shown.current
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.export.into(tmp_path / "first")  # what follows does not close it
    QApplication.processEvents()
    assert analysed.window.isVisible()
    analysed.export.into(tmp_path / "second")
    assert not analysed.window.close()
    qtbot.waitUntil(lambda: not analysed.window.isVisible(), timeout=PATIENCE)
    assert (tmp_path / "second" / "nevus" / "result.json").exists()
