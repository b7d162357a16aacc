"""Files: what is opened, what cannot be, and what is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from engine import cli
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton


def test_a_file_that_cannot_be_opened_leaves_all_as_it_was(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"not an image")
    found = analysed.state.segmentation
    analysed.window.open_image(broken)
    assert str(broken) in read_banner(analysed, qtbot)
    assert analysed.state.segmentation is found
    assert analysed.state.current


def test_a_broken_file_costs_a_running_analysis_nothing(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    bench.window.open_image(photo_path)
    qtbot.waitUntil(lambda: bench.state.image is not None, timeout=PATIENCE)
    bench.window.open_image(photo_path.with_name("missing.jpg"))
    assert "does not exist" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    assert bench.state.image.path == photo_path


def test_a_dropped_file_is_opened(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo_path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), copy, mime, LEFT, none)
    QApplication.sendEvent(bench.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(bench.window, QDropEvent(QPointF(50, 50), copy, mime, LEFT, none))
    wait_until_current(bench, qtbot)
    assert bench.window.preferences.recent() == [photo_path]
    bench.window.recent_menu.aboutToShow.emit()
    assert bench.window.recent_menu.actions()[0].text() == photo_path.name


def test_export_writes_what_the_command_line_writes(
    analysed: Workbench, model_path: Path, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.window.files.export_into(tmp_path / "window")
    options = ["-o", str(tmp_path / "line"), "--model", str(model_path), "--device", "cpu"]
    assert cli.main(["segment", str(photo_path), *options]) == 0
    ours, theirs = (
        {p.relative_to(root): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
        for root in (tmp_path / "window", tmp_path / "line")
    )
    assert ours.keys() == theirs.keys()
    for name in ours:
        if name.name != "result.json":
            assert ours[name] == theirs[name], name
    ours, theirs = (json.loads(files[photo_path_sidecar(files)]) for files in (ours, theirs))
    assert ours.pop("seconds").keys() == theirs.pop("seconds").keys()
    assert ours == theirs


def photo_path_sidecar(files: dict[Path, bytes]) -> Path:
    """The sidecar among exported files."""
    (name,) = (name for name in files if name.name == "result.json")
    return name


def test_what_is_stale_is_not_exported(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    analysed.state.set_delta(0.3)
    analysed.window.files.export_into(tmp_path)
    qtbot.wait(100)
    assert list(tmp_path.glob("*/result.json")) == []
    wait_until_current(analysed, qtbot)


def test_an_image_of_the_same_name_overwrites_nothing(
    analysed: Workbench, other_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    twin = tmp_path / "deep" / analysed.state.image.path.name
    twin.parent.mkdir()
    twin.write_bytes(other_path.read_bytes())
    for _ in range(2):  # exporting the same image twice replaces its own results
        with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
            analysed.window.files.export_into(out)
    analysed.window.open_image(twin)
    wait_until_current(analysed, qtbot)
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.window.files.export_into(out)
    found = sorted(json.loads(path.read_text())["image"]["sha256"] for path in out.glob("*/result.json"))
    assert len(set(found)) == len(found) == 2


def test_of_several_files_dropped_the_first_is_opened_and_that_is_told(
    bench: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (photo_path, other_path)])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(bench.window, QDragEnterEvent(QPoint(50, 50), copy, mime, LEFT, none))
    QApplication.sendEvent(bench.window, QDropEvent(QPointF(50, 50), copy, mime, LEFT, none))
    assert f"{photo_path.name}: 1 of 2" in bench.window.statusBar().currentMessage()
    wait_until_current(bench, qtbot)
    assert bench.state.image.path == photo_path


def test_a_recent_file_is_named_as_it_is_called(
    bench: Workbench, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    twins = tmp_path / "A&B.png"
    twins.write_bytes(photo_path.read_bytes())
    bench.window.open_image(twins)
    wait_until_current(bench, qtbot)
    for _ in range(3):
        bench.window.recent_menu.aboutToShow.emit()
    assert bench.window.recent_menu.actions()[0].text() == "A&&B.png", "no underlined letter"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(bench.window.recent_menu.findChildren(QAction)) <= len(bench.window.recent_menu.actions()) + 2


def test_an_export_that_fails_says_so(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    analysed.window.files.export_into(blocked)
    banner = analysed.window.stage.banner
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    assert not banner.again.isVisible(), "it would analyse again"
    assert not banner.other.isVisible()
    assert "could not be written" in read_banner(analysed, qtbot)
    assert analysed.state.current


def test_the_window_closes_once_the_export_is_written(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    analysed.window.files.export_into(tmp_path)
    assert not analysed.window.close()
    assert "once the export is written" in analysed.window.statusBar().currentMessage()
    qtbot.waitUntil(lambda: not analysed.window.isVisible(), timeout=PATIENCE)
    assert len(list(tmp_path.glob("*/result.json"))) == 1


def test_an_export_that_fails_keeps_the_window_open(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    analysed.window.files.export_into(blocked)
    assert not analysed.window.close()
    assert "could not be written" in read_banner(analysed, qtbot)
    assert analysed.window.isVisible()
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.window.files.export_into(tmp_path)  # what follows does not close it
    qtbot.wait(50)
    assert analysed.window.isVisible()


def test_a_missing_model_is_named(
    make_bench: Callable[[Path], Workbench], photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bench = make_bench(tmp_path / "no.safetensors")
    bench.window.open_image(photo_path)
    text = read_banner(bench, qtbot)
    assert "no.json" in text or "no.safetensors" in text
    assert bench.state.image is not None
    assert not bench.state.busy
