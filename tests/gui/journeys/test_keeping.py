"""What was made of a photograph is there when it is opened again: after closing, a crash, another window, a failure."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui.features.blind import BlindReading
from engine.photograph.read import read_image
from engine.reading.correction import Patch
from engine.reading.reading import Reading, Ruler
from engine.records import readings as store
from tests.gui.conftest import PATIENCE, answer, read_banner, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.photograph.image import SkinImage

    Start = Callable[[], Workbench]

pytestmark = pytest.mark.slow  # together they take long
CONTROL = Qt.KeyboardModifier.ControlModifier
LOSE, KEEP = QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.RejectRole
RULER = Ruler((0.0, 0.0), (9.0, 0.0), 2.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where readings are kept."""
    return tmp_path / "readings"


@pytest.fixture
def start(make_bench: Callable[..., Workbench], model_path: Path, folder: Path) -> Start:
    """Start the program; windows that are not closed stay as they are, as a crash leaves them."""
    return lambda: make_bench(model_path, folder)


def open_(bench: Workbench, path: Path, qtbot: QtBot) -> None:
    """Open a photograph and wait for its result."""
    bench.series.begin([path])
    wait_until_current(bench, qtbot)


def mark(bench: Workbench, value: int = 1, x: int = 3) -> None:
    """Correct a square."""
    bench.editing.put("square", Patch(x, 4, np.full((5, 6), value, np.int8)))


def calibrate(bench: Workbench) -> None:
    """Lay the ruler."""
    bench.editing.change("ruler", replace(bench.document.reading, ruler=RULER))


def press(bench: Workbench, key: Qt.Key, qtbot: QtBot) -> None:
    """A key with Ctrl."""
    qtbot.keyClick(bench.window, key, CONTROL)


def close_without_a_question(bench: Workbench, qtbot: QtBot) -> None:
    """Nothing is lost."""
    asked = answer(KEEP)
    assert bench.window.close()
    qtbot.wait(80)
    assert asked == []


def test_closed_and_opened_again_all_is_back(start: Start, photo_path: Path, qtbot: QtBot) -> None:
    first = start()
    open_(first, photo_path, qtbot)
    mark(first)
    calibrate(first)
    layer, mask = first.editing.layer, first.editing.mask
    close_without_a_question(first, qtbot)
    second = start()
    open_(second, photo_path, qtbot)
    assert np.array_equal(second.editing.layer, layer)
    assert np.array_equal(second.editing.mask, mask)
    assert second.document.reading.ruler == RULER
    assert second.document.reading.edits == 1
    assert second.editing.stack.count() == 0
    assert second.window.statusBar().currentMessage().startswith("Your corrections of ")
    assert "corrected border" in second.stage.legend.names()
    second.editing.reset()
    second.editing.change("uncalibrate", Reading())
    close_without_a_question(second, qtbot)
    third = start()
    open_(third, photo_path, qtbot)
    assert third.document.reading.is_empty
    assert third.window.statusBar().currentMessage() == ""


def test_to_another_photograph_and_back(
    start: Start, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = start()
    open_(bench, photo_path, qtbot)
    mark(bench)
    layer = bench.editing.layer
    bench.series.begin([other_path])  # at once: nothing has been written yet
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    assert np.array_equal(bench.editing.layer, layer)
    open_(bench, other_path, qtbot)
    assert bench.document.reading.is_empty
    assert store.load(folder, read_image(photo_path).sha256) is not None, "opening another has it written"
    mark(bench, -1)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.editing.layer, layer)


@pytest.mark.slow
def test_two_windows_do_not_write_over_each_other(
    start: Start, photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    ours, theirs = start(), start()
    for bench in (ours, theirs):
        open_(bench, photo_path, qtbot)
    mark(theirs, -1)
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is not None, timeout=PATIENCE)
    mark(ours)
    said = read_banner(ours, qtbot)
    assert said.startswith(f"{photo_path.name} was corrected in another window, too")
    assert np.array_equal(store.load(folder, photo.sha256).layer, ours.editing.layer)
    assert (folder / f"{photo.sha256}.other-1.json").exists()
    open_(theirs, photo_path, qtbot)  # it shows what the other window kept, and goes on with that
    assert np.array_equal(theirs.editing.layer, ours.editing.layer)
    assert theirs.editing.stack.count() == 0
    mark(theirs, -1)
    close_without_a_question(theirs, qtbot)
    assert np.array_equal(store.load(folder, photo.sha256).layer, theirs.editing.layer)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.slow
def test_after_a_crash_an_outline_goes_on_and_a_ruler_is_there(
    start: Start, photo: SkinImage, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    crashed = start()
    open_(crashed, other_path, qtbot)
    press(crashed, Qt.Key.Key_B, qtbot)
    calibrate(crashed)  # before the first stroke
    open_(crashed, photo_path, qtbot)
    assert crashed.document.blind is not None, "a series stays blind"
    mark(crashed)
    mark(crashed, x=20)
    calibrate(crashed)
    drawn = crashed.editing.layer
    path = folder / f"outline-{photo.sha256}.json"
    qtbot.waitUntil(path.exists, timeout=PATIENCE)
    kept = json.loads(path.read_text())
    assert set(kept["blind"]["agreement"].values()) == {1.0}
    assert kept["decisions"] == []
    assert {one.name.split("-")[0] for one in folder.iterdir()} == {"outline"}, "no reading before the reveal"

    again = start()
    seen: list[tuple[str, ...]] = []
    again.stage.shownAnew.connect(lambda: seen.append(again.stage.legend.names()))
    open_(again, photo_path, qtbot)
    assert again.document.blind is not None
    assert {name for names in seen for name in names} == {"your outline"}, "the result was never in view"
    assert np.array_equal(again.editing.layer, drawn)
    assert again.document.reading.ruler == RULER
    mark(again, x=40)
    outline = again.editing.mask
    press(again, Qt.Key.Key_Return, qtbot)
    assert again.document.reading.blind.edits == 3
    open_(again, other_path, qtbot)
    assert again.document.blind is None
    assert again.document.reading.ruler == RULER
    close_without_a_question(again, qtbot)
    assert not list(folder.glob("outline-*"))
    assert store.load(folder, photo.sha256).blind.edits == 3
    assert store.load(folder, read_image(other_path).sha256).ruler == RULER

    later = start()
    open_(later, photo_path, qtbot)
    assert "your blind outline" in later.stage.legend.names()
    qtbot.mouseClick(later.feature(BlindReading).strip.adopt, Qt.MouseButton.LeftButton)
    assert np.array_equal(later.editing.mask, outline)


def test_read_blind_another_windows_corrections_are_not_shown_and_not_lost(
    start: Start, photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = start()
    open_(bench, photo_path, qtbot)
    press(bench, Qt.Key.Key_B, qtbot)
    mark(bench)
    drawn = bench.editing.layer
    store.save(folder, photo.sha256, Reading(np.ones((photo.height, photo.width), np.int8), edits=7))
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.editing.layer, drawn)
    press(bench, Qt.Key.Key_Return, qtbot)
    assert "another window" in read_banner(bench, qtbot)
    assert json.loads((folder / f"{photo.sha256}.other-1.json").read_text())["edits"] == 7
    assert store.load(folder, photo.sha256).blind is not None


def test_closing_asks_before_corrections_are_lost(
    start: Start, photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    obstacle = folder / f".{photo.sha256}.json.{os.getpid()}.partial"  # writing fails for root, too
    obstacle.mkdir(parents=True)
    bench = start()
    open_(bench, photo_path, qtbot)
    mark(bench)
    assert "could not be written" in read_banner(bench, qtbot)
    asked = answer(KEEP)
    assert not bench.window.close()
    assert len(asked) == 1
    assert "could not be written" in asked[0]
    assert "corrections since then are lost" in asked[0]
    assert bench.window.isVisible()
    mark(bench, -1)  # and all goes on
    layer = bench.editing.layer
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.editing.layer, layer)
    asked = answer(LOSE)
    assert bench.window.close()
    assert len(asked) == 1
    assert not bench.window.isVisible()
    assert store.load(folder, photo.sha256) is None
    obstacle.rmdir()


def test_a_file_that_cannot_be_read_is_told_and_what_was_done_meanwhile_is_kept_beside_it(
    start: Start, photo: SkinImage, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    before = np.ones((photo.height, photo.width), np.int8)
    store.save(folder, photo.sha256, Reading(before))
    path, away = folder / f"{photo.sha256}.json", folder.parent / "away"
    path.rename(away)
    path.mkdir()  # opening it fails for root, too
    bench = start()
    bench.series.begin([photo_path])
    assert "Then open the photograph again" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    mark(bench, -1)
    layer = bench.editing.layer
    asked = answer(KEEP)
    assert not bench.window.close()
    assert "cannot be opened" in asked[0]
    open_(bench, other_path, qtbot)
    path.rmdir()
    away.rename(path)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.editing.layer, layer)
    assert read_banner(bench, qtbot).startswith(f"What was kept of {photo_path.name} could not be read before")
    close_without_a_question(bench, qtbot)
    assert np.array_equal(store.load(folder, photo.sha256).layer, layer)
    (folder / f"{photo.sha256}.other-1.json").rename(path)
    assert np.array_equal(store.load(folder, photo.sha256).layer, before)
