"""What fails about the window while somebody works in it: drives, files, the model, memory. Nothing done is lost."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PySide6.QtCore import QByteArray, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from diffseg_gui.app.workbench import GIVE_UP
from engine.host import device
from engine.method import refine
from engine.networks.weights import Model, save_model
from engine.photograph.read import read_mask
from engine.records import atomic
from engine.records import readings as store
from engine.records.writers.masks import MASK
from engine.results import DeviceUse
from tests.conftest import random_network
from tests.faults import mounted
from tests.fuzz import mutated
from tests.gui.conftest import PATIENCE, answer, let_answer, read_banner, wait_for_drive, wait_until_current
from tests.gui.strokes import CTRL, drag
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.preferences import Preferences

pytestmark = pytest.mark.slow


@pytest.fixture
def stalled(tmp_path: Path) -> Iterator[Path]:
    """A photograph on a drive that does not answer: a pipe into which nobody writes."""
    path = tmp_path / "away" / "stalled.png"
    path.parent.mkdir()
    os.mkfifo(path)
    yield path
    let_answer(path)


def change_seed(bench: Workbench) -> None:
    """Have all of it computed anew."""
    recipe = bench.document.recipe
    bench.document.set_recipe(replace(recipe, noise=replace(recipe.noise, seed=7)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
@pytest.mark.parametrize("way", ["cancelled", "passed over"])
def test_a_drive_that_does_not_answer_holds_up_nothing_else(
    analysed: Workbench, stalled: Path, other_path: Path, way: str, qtbot: QtBot
) -> None:
    document, found = analysed.document, analysed.document.shown.segmentation
    analysed.series.begin([stalled])
    wait_for_drive(qtbot)
    assert document.opening == stalled
    qtbot.keyClick(analysed.window, Qt.Key.Key_D)
    drag(analysed.stage.canvas, qtbot, [(8, 8), (30, 12)])
    assert analysed.editing.is_corrected, "the open photograph can be worked on"
    if way == "cancelled":
        qtbot.keyClick(analysed.window, Qt.Key.Key_Escape)  # puts the brush away
        qtbot.keyClick(analysed.window, Qt.Key.Key_Escape)
        assert not document.is_busy
        assert document.shown.segmentation is found
    analysed.series.begin([other_path])
    wait_until_current(analysed, qtbot)
    assert document.photograph.path == other_path
    analysed.preferences.remember(stalled)
    analysed.files.look()
    analysed.series.begin([stalled])
    qtbot.wait(100)
    assert analysed.window.close(), "it is not waited for"


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set, a drive does not answer on which tmp_path / "out" lies."""
    made, write = threading.Event(), atomic._write

    def stalls(path: Path, data: bytes) -> None:
        if path.is_relative_to(tmp_path / "out"):
            made.wait()
        write(path, data)

    monkeypatch.setattr(atomic, "_write", stalls)
    return made


def begin_export(bench: Workbench, folder: Path, qtbot: QtBot) -> None:
    """Export into a folder on a drive that does not answer."""
    bench.preferences.set("export", str(folder))
    qtbot.keyClick(bench.window, Qt.Key.Key_E, CTRL)
    wait_for_drive(qtbot)


def test_an_export_to_a_drive_that_does_not_answer_can_be_given_up(
    analysed: Workbench, tmp_path: Path, answers: threading.Event, qtbot: QtBot
) -> None:
    begin_export(analysed, tmp_path / "out", qtbot)
    assert not analysed.window.close()
    assert "closes once the export is written" in analysed.window.statusBar().currentMessage()
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    assert not analysed.window.close()
    asked_again = answer(QMessageBox.ButtonRole.DestructiveRole)
    assert analysed.window.close()
    assert asked == asked_again == [GIVE_UP]
    assert not (tmp_path / "out" / "nevus" / "result.json").exists()
    answers.set()
    for thread in [one for one in threading.enumerate() if one.name == "drive"]:
        thread.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
def test_a_folder_on_a_drive_that_does_not_answer_is_looked_at_beside_the_window(
    analysed: Workbench, tmp_path: Path, qtbot: QtBot
) -> None:
    stalled = tmp_path / "out" / "nevus" / "result.json"
    stalled.parent.mkdir(parents=True)
    os.mkfifo(stalled)
    begin_export(analysed, tmp_path / "out", qtbot)
    assert not analysed.window.close()
    answer(QMessageBox.ButtonRole.DestructiveRole)
    assert analysed.window.close()
    let_answer(stalled)


def test_a_folder_of_a_newer_program_is_told_and_left_alone(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "nevus").mkdir()
    newer = '{"format": 99, "image": {"sha256": "0"}}'
    (tmp_path / "nevus" / "result.json").write_text(newer)
    analysed.export.into(tmp_path)
    assert "newer" in read_banner(analysed, qtbot)
    assert not analysed.export.done.isVisible()
    assert [path.read_text() for path in (tmp_path / "nevus").iterdir()] == [newer]


def test_an_export_is_given_up_only_by_a_window_that_closes(
    make_bench: Callable[..., Workbench], model_path: Path, photo_path: Path, tmp_path: Path, answers: threading.Event,
    qtbot: QtBot,
) -> None:  # fmt: skip
    readings = tmp_path / "readings"
    readings.write_text("in the way")
    bench = make_bench(model_path, readings)
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    begin_export(bench, tmp_path / "out", qtbot)
    qtbot.keyClick(bench.window, Qt.Key.Key_D)
    drag(bench.stage.canvas, qtbot, [(8, 8), (30, 12)])
    assert not bench.window.close()
    asked = answer(QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.RejectRole)
    assert not bench.window.close()
    assert asked[0] == GIVE_UP
    assert "corrections since then are lost" in asked[1]
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
        answers.set()
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
        bench.export.into(tmp_path / "later")
    assert {path.parts[-3] for path in tmp_path.glob("*/nevus/result.json")} == {"out", "later"}
    assert not bench.analyst.is_exporting
    answer(QMessageBox.ButtonRole.DestructiveRole)
    assert bench.window.close()


def test_a_photograph_that_vanishes_while_it_is_open_is_worked_on_to_the_end(
    bench: Workbench, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "vanishes.png"
    shutil.copy(photo_path, path)
    bench.series.begin([path])
    wait_until_current(bench, qtbot)
    path.unlink()
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)
    bench.document.set_delta(0.2)
    wait_until_current(bench, qtbot)
    bench.preferences.set("export", str(tmp_path / "out"))
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
        qtbot.keyClick(bench.window, Qt.Key.Key_E, CTRL)
    assert np.array_equal(read_mask(tmp_path / "out" / "vanishes" / MASK), bench.editing.mask)
    bench.series.begin([path])
    assert "vanishes.png does not exist" in read_banner(bench, qtbot)
    assert bench.document.shown.current, "what is open stays"


def test_a_model_that_is_replaced_while_it_is_used_changes_nothing_until_the_next_start(
    make_bench: Callable[[Path], Workbench], photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tiny.safetensors"
    first = save_model(path, random_network(), RECIPE, {})
    bench = make_bench(path)
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    before = bench.document.shown.segmentation
    save_model(path, random_network(1), RECIPE, {})
    change_seed(bench)
    wait_until_current(bench, qtbot)
    assert bench.document.shown.segmentation is not before
    assert bench.document.shown.segmentation.model.sha256 == first, "its results name the model that made them"


def test_a_gpu_without_memory_falls_back_and_says_so(
    bench: Workbench, photo_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    on = Model.on

    def short(model: Model, kind: str) -> object:
        def starved(*_: torch.Tensor) -> torch.Tensor:
            raise torch.OutOfMemoryError

        return on(model, "cpu") if kind == "cpu" else starved

    monkeypatch.setattr(device, "choose", lambda _: DeviceUse("cpu:0", "pretended", "float32"))
    monkeypatch.setattr(Model, "on", short)
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    assert bench.document.shown.evidence.device.kind == "cpu"
    assert "ran out of memory" in bench.window.tools.work.chip.toolTip()


def test_too_little_memory_is_said_and_what_is_open_stays(
    analysed: Workbench, other_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def starved(*_: object) -> None:
        raise MemoryError

    found = analysed.document.shown.segmentation
    with monkeypatch.context() as patch:
        patch.setattr(refine.Refiner, "run", starved)
        change_seed(analysed)
        assert read_banner(analysed, qtbot).startswith("There is not enough memory for ")
    assert analysed.document.shown.segmentation is found
    qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
    wait_until_current(analysed, qtbot)


@pytest.mark.parametrize("options", ["ro", "size=128k"], ids=["read-only", "full"])
def test_a_disk_that_takes_nothing_is_said_and_another_folder_helps(
    analysed: Workbench, tmp_path: Path, options: str, qtbot: QtBot
) -> None:
    with mounted(tmp_path / "disk", options) as disk:
        analysed.preferences.set("export", str(disk))
        qtbot.keyClick(analysed.window, Qt.Key.Key_E, CTRL)
        said = read_banner(analysed, qtbot)
        assert f"could not be written ({'Read-only file system' if options == 'ro' else 'No space left'}" in said
        assert [path for path in disk.rglob("*") if path.is_file()] == []
    analysed.preferences.set("export", str(tmp_path / "out"))
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        qtbot.keyClick(analysed.window, Qt.Key.Key_E, CTRL)


def test_readings_on_a_full_disk_are_kept_in_memory_and_written_once_there_is_room(
    make_bench: Callable[..., Workbench], model_path: Path, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with mounted(tmp_path / "disk", "size=64k") as disk:
        bench = make_bench(model_path, disk / "readings")
        (disk / "fill").write_bytes(bytes(64 * 1024 - 512))
        bench.series.begin([photo_path])
        wait_until_current(bench, qtbot)
        qtbot.keyClick(bench.window, Qt.Key.Key_D)
        drag(bench.stage.canvas, qtbot, [(8, 8), (30, 12)])
        assert "No space left" in read_banner(bench, qtbot)
        (disk / "fill").unlink()
        drag(bench.stage.canvas, qtbot, [(8, 30), (30, 32)])
        identity = bench.document.photograph.identity
        qtbot.waitUntil(lambda: store.load(disk / "readings", identity) is not None, timeout=PATIENCE)
        assert np.array_equal(store.load(disk / "readings", identity).layer, bench.editing.layer)
        assert bench.window.close()
        assert [path.suffix for path in (disk / "readings").iterdir()] == [".json"]


LONG = {
    "255 bytes": "n" * 251,
    "255 bytes of letters with accents": "é" * 125,
    "bytes that are no text": os.fsdecode(b"\xff" * 251) if sys.platform == "linux" else "n",
    "beyond the first plane": "\U0001f52c" * 62,
}


@pytest.mark.parametrize("stem", LONG.values(), ids=LONG)
def test_a_photograph_of_any_name_and_depth_is_opened_corrected_and_exported(
    make_bench: Callable[..., Workbench], model_path: Path, photo_path: Path, tmp_path: Path, stem: str, qtbot: QtBot
) -> None:
    folder = tmp_path.joinpath(*["d" * 100] * 4)
    folder.mkdir(parents=True)
    path = folder / f"{stem}.png"
    shutil.copy(photo_path, path)
    bench = make_bench(model_path, tmp_path / "readings")
    bench.series.begin([path])
    wait_until_current(bench, qtbot)
    qtbot.keyClick(bench.window, Qt.Key.Key_D)
    drag(bench.stage.canvas, qtbot, [(8, 8), (30, 12)])
    bench.preferences.set("export", str(folder))
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE) as written:
        qtbot.keyClick(bench.window, Qt.Key.Key_E, CTRL)
    assert np.array_equal(read_mask(written.args[0] / MASK), bench.editing.mask)
    json.loads((written.args[0] / "result.json").read_text())
    assert bench.window.close()
    assert store.load(tmp_path / "readings", bench.document.photograph.identity) is not None


def saved_geometry(place: QPoint) -> QByteArray:
    """The place of a window as it was kept on a screen that is there no more."""
    window = QWidget()
    window.setGeometry(QRect(place, QSize(900, 700)))
    return window.saveGeometry()


@pytest.mark.parametrize("place", [QPoint(5000, 300), QPoint(-3000, -2000), QPoint(300, 4000), None])
def test_a_window_whose_screen_is_gone_comes_up_on_one_that_is_there(
    make_bench: Callable[..., Workbench], model_path: Path, preferences: Preferences, place: QPoint | None
) -> None:
    saved = saved_geometry(place or QPoint(2, 25))
    if place is None:  # damaged: the window's left edge, as Qt writes it, lies far away
        saved = QByteArray(saved.data()[:50] + (100_000).to_bytes(4, "big") + saved.data()[54:])
    preferences.set("geometry", saved)
    window = make_bench(model_path).window
    bar = QRect(window.pos(), QSize(window.width(), 30))
    assert QGuiApplication.primaryScreen().availableGeometry().intersected(bar).width() > 100


def test_a_panel_whose_screen_is_gone_comes_up_on_one_that_is_there(
    make_bench: Callable[..., Workbench], model_path: Path
) -> None:
    first = make_bench(model_path)
    dock = first.window.docks.all["review"]
    dock.setFloating(True)
    dock.move(5000, 3000)
    assert first.window.close()
    again = make_bench(model_path).window.docks.all["review"]
    assert again.isFloating()
    assert QGuiApplication.primaryScreen().availableGeometry().intersects(again.geometry())


def test_settings_of_damaged_bytes_open_a_window_all_the_same(
    make_bench: Callable[..., Workbench], model_path: Path, preferences: Preferences, tmp_path: Path
) -> None:
    preferences.remember(tmp_path / "a.png")
    preferences.set("export", str(tmp_path))
    make_bench(model_path).window.close()
    path = tmp_path / "settings.ini"
    QSettings(str(path), QSettings.Format.IniFormat).sync()
    whole = path.read_bytes()
    assert b"geometry" in whole
    for number in range(12):
        rng = np.random.default_rng(number)
        path.write_bytes(mutated(whole, rng, is_text=False) if number % 3 else rng.bytes(500))
        QSettings(str(path), QSettings.Format.IniFormat).sync()
        window = make_bench(model_path).window
        assert window.isVisible()
        window.close()
