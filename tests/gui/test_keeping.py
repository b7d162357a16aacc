"""What was added to an image is there when it is opened again, whatever happens to the folder that keeps it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui import theme
from diffseg_gui.app import Workbench
from diffseg_gui.worker import Setup
from engine.reading.correction import Patch
from engine.reading.reading import Reading, Ruler
from engine.records import readings as store
from tests.gui.conftest import PATIENCE, answer, read_banner, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from diffseg_gui.preferences import Preferences
    from engine.photograph.image import SkinImage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where readings are kept."""
    return tmp_path / "readings"


@pytest.fixture
def sit_down(
    qtbot: QtBot, qapp: QApplication, preferences: Preferences, model_path: Path, folder: Path
) -> Iterator[Callable[[], Workbench]]:
    """Start workbenches that keep readings in ``folder``; the one before is closed."""
    made: list[Workbench] = []

    def stand_up() -> None:
        for bench in made:
            bench.window.close()
            bench.window.deleteLater()
            bench.deleteLater()
        made.clear()

    def make() -> Workbench:
        stand_up()
        theme.apply(qapp)
        made.append(Workbench(Setup(model_path, "cpu"), preferences, folder))
        made[0].window.show()
        return made[0]

    yield make
    stand_up()


def open_(bench: Workbench, path: Path, qtbot: QtBot) -> None:
    """Open an image and wait for its result."""
    bench.window.open_image(path)
    wait_until_current(bench, qtbot)


def mark(bench: Workbench, value: int = 1) -> None:
    """Correct a square."""
    bench.window.edit.put("square", Patch(3, 4, np.full((5, 6), value, np.int8)))


def test_closed_and_opened_again_all_is_back(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    bench.window.edit.change("ruler", Reading(ruler=Ruler((0, 0), (9, 0), 2.0), edits=1))
    layer, mask = bench.window.edit.layer, bench.window.edit.mask
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    edit = bench.window.edit
    assert np.array_equal(edit.layer, layer)
    assert np.array_equal(edit.mask, mask)
    assert np.array_equal(bench.state.reading.layer, layer)
    assert bench.state.reading.ruler == Ruler((0, 0), (9, 0), 2.0)
    assert bench.state.reading.edits == 1
    assert edit.stack.count() == 0
    assert bench.window.statusBar().currentMessage().startswith("Your corrections of ")
    assert "corrected border" in bench.window.stage.legend.names()
    edit.reset()
    edit.change("uncalibrate", Reading())
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    assert bench.state.reading.is_empty
    assert bench.window.statusBar().currentMessage() == ""


def test_it_is_written_when_the_hand_rests(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    assert store.load(folder, photo.sha256) is None
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is not None, timeout=PATIENCE)
    assert np.array_equal(store.load(folder, photo.sha256).layer, bench.window.edit.layer)
    bench.window.edit.stack.undo()
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is None, timeout=PATIENCE)


def test_to_another_image_and_back(
    sit_down: Callable[[], Workbench], photo_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    layer = bench.window.edit.layer
    bench.window.open_image(other_path)  # at once: nothing has been written yet
    bench.window.open_image(photo_path)
    wait_until_current(bench, qtbot)
    assert np.array_equal(bench.window.edit.layer, layer)
    open_(bench, other_path, qtbot)
    assert bench.state.reading.is_empty
    mark(bench, -1)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, layer)


def test_a_damaged_file_is_told_and_set_aside(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    folder.mkdir()
    (folder / f"{photo.sha256}.json").write_bytes(b"{half")
    bench = sit_down()
    bench.window.open_image(photo_path)
    assert "are damaged; they were set aside" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    mark(bench)
    sit_down()
    assert store.load(folder, photo.sha256) is not None
    assert sorted(path.read_bytes() == b"{half" for path in folder.iterdir()) == [False, True]


def test_a_file_that_cannot_be_read_is_not_written_over(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    (folder / f"{photo.sha256}.json").mkdir(parents=True)  # opening it fails for root, too
    bench = sit_down()
    bench.window.open_image(photo_path)
    assert "cannot be opened" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    mark(bench)
    asked = answer(QMessageBox.ButtonRole.DestructiveRole)
    sit_down()
    assert "cannot be opened" in asked[0]
    assert [path.is_dir() for path in folder.iterdir()] == [True]


def lock(path: Path) -> Callable[[], None]:
    """Make a file impossible to open, for root, too; returns what makes it possible again."""
    away = path.rename(path.parent.parent / "away")
    path.mkdir()

    def unlock() -> None:
        path.rmdir()
        away.rename(path)

    return unlock


def test_a_file_that_can_be_read_again_is_back_and_kept_again(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    before = np.ones((photo.height, photo.width), np.int8)
    store.save(folder, photo.sha256, Reading(before))
    unlock = lock(folder / f"{photo.sha256}.json")
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    assert "Then open the photograph again" in read_banner(bench, qtbot)
    mark(bench)
    bench.window.edit.stack.undo()  # so nothing is there that the file would have to give way to
    unlock()
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, before)
    mark(bench, -1)
    layer = bench.window.edit.layer
    sit_down()
    assert np.array_equal(store.load(folder, photo.sha256).layer, layer)
    assert len(list(folder.iterdir())) == 1


def test_what_was_corrected_over_a_file_that_could_not_be_read_is_asked_for_and_kept_beside_it(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    before = np.ones((photo.height, photo.width), np.int8)
    store.save(folder, photo.sha256, Reading(before))
    unlock = lock(folder / f"{photo.sha256}.json")
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    read_banner(bench, qtbot)
    mark(bench, -1)
    layer = bench.window.edit.layer
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    assert not bench.window.close()
    assert "cannot be opened" in asked[0]
    open_(bench, other_path, qtbot)
    unlock()
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, layer)
    said = read_banner(bench, qtbot)
    assert said.startswith(f"What was kept of {photo_path.name} could not be read before")
    assert photo.sha256 not in said
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    assert bench.window.close()
    qtbot.wait(80)
    assert asked == []
    assert np.array_equal(store.load(folder, photo.sha256).layer, layer)
    (folder / f"{photo.sha256}.other-1.json").rename(folder / f"{photo.sha256}.json")
    assert np.array_equal(store.load(folder, photo.sha256).layer, before)


def test_corrections_of_another_size_are_left_alone(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    store.save(folder, photo.sha256, Reading(np.ones((3, 3), np.int8)))
    bench = sit_down()
    bench.window.open_image(photo_path)
    assert "are of another size" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    mark(bench)
    asked = answer(QMessageBox.ButtonRole.DestructiveRole)
    sit_down()
    assert "are of another size" in asked[0]
    assert store.load(folder, photo.sha256).layer.shape == (3, 3)


def test_what_cannot_be_written_is_told_once_and_kept_in_memory(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    obstacle = folder / f".{photo.sha256}.json.{os.getpid()}.partial"  # writing fails for root, too
    obstacle.mkdir(parents=True)
    bench = sit_down()
    told: list[str] = []
    bench.keeper.failed.connect(told.append)
    open_(bench, photo_path, qtbot)
    mark(bench)
    assert "could not be written" in read_banner(bench, qtbot)
    layer = bench.window.edit.layer
    mark(bench, -1)
    bench.window.edit.stack.undo()
    open_(bench, other_path, qtbot)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, layer)
    assert len(told) == 1
    obstacle.rmdir()
    mark(bench, -1)
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is not None, timeout=PATIENCE)


def test_an_outline_goes_on_after_a_crash_and_its_file_tells_nothing_of_the_model(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    qtbot.keyClick(bench.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    mark(bench)
    mark(bench, -1)
    drawn = bench.window.edit.layer
    bench.window.edit.change("ruler", replace(bench.state.reading, ruler=Ruler((0, 0), (9, 0), 2.0)))
    path = folder / f"outline-{photo.sha256}.json"
    qtbot.waitUntil(lambda: path.exists(), timeout=PATIENCE)  # nothing is closed: as a crash would leave it
    kept = json.loads(path.read_text())
    assert set(kept["blind"]["agreement"].values()) == {1.0}
    assert kept["decisions"] == []
    assert store.load(folder, photo.sha256) is None, "no reading before the reveal"
    bench = sit_down()
    seen: list[tuple[str, ...]] = []
    bench.window.refreshed.connect(lambda: seen.append(bench.window.stage.legend.names()))
    open_(bench, photo_path, qtbot)
    assert bench.window.blind.on
    assert bench.window.edit.blind
    assert {name for names in seen for name in names} <= {"your outline"}, "the result was never in view"
    assert np.array_equal(bench.window.edit.layer, drawn)
    assert bench.state.reading.ruler == Ruler((0, 0), (9, 0), 2.0)
    mark(bench, 1)
    qtbot.keyClick(bench.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.state.reading.blind.edits == 3
    sit_down()
    assert not path.exists()
    assert store.load(folder, photo.sha256).blind.edits == 3


def test_a_calibration_made_before_the_first_stroke_is_kept(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    for ending in ("crash", "stop"):
        qtbot.keyClick(bench.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(bench.window, Qt.Key.Key_M)
        for _ in range(2):
            qtbot.keyClick(bench.window.stage.canvas, Qt.Key.Key_Return)
        qtbot.keyClicks(bench.window.measuring.length.box, "10")
        qtbot.keyClick(bench.window.measuring.length.box, Qt.Key.Key_Return)
        ruler = bench.state.reading.ruler
        assert ruler.length_mm == 10
        if ending == "stop":
            qtbot.keyClick(bench.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        else:  # nothing is closed
            qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == 1, timeout=PATIENCE)
        bench = sit_down()
        open_(bench, photo_path, qtbot)
        assert bench.state.reading.ruler == ruler
        assert not bench.window.blind.on
        bench = sit_down()
        assert store.load(folder, photo.sha256).ruler == ruler
        assert len(list(folder.iterdir())) == 1
        open_(bench, photo_path, qtbot)
        bench.window.measuring.uncalibrate()


def test_a_blind_outline_is_there_in_later_sittings(
    sit_down: Callable[[], Workbench], photo_path: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    qtbot.keyClick(bench.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    mark(bench)
    outline = bench.window.edit.mask
    qtbot.keyClick(bench.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    assert "your blind outline" in bench.window.stage.legend.names()
    qtbot.mouseClick(bench.window.blind.strip.adopt, Qt.MouseButton.LeftButton)
    assert np.array_equal(bench.window.edit.mask, outline)


def test_an_outline_that_was_dropped_does_not_come_back(
    sit_down: Callable[[], Workbench], photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    bench.window.actions_by_name["blind"].setChecked(True)
    mark(bench)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == 1, timeout=PATIENCE)
    bench.window.edit.stack.undo()
    bench.window.actions_by_name["blind"].setChecked(False)
    bench = sit_down()
    assert list(folder.glob("*.json")) == []
    open_(bench, photo_path, qtbot)
    assert not bench.window.blind.on


def test_closing_asks_before_corrections_are_lost(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    obstacle = folder / f".{photo.sha256}.json.{os.getpid()}.partial"  # writing fails for root, too
    obstacle.mkdir(parents=True)
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    assert not bench.window.close()
    assert len(asked) == 1
    assert "could not be written" in asked[0]
    assert bench.window.isVisible()
    mark(bench, -1)  # and all goes on
    open_(bench, photo_path, qtbot)
    obstacle.rmdir()
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    assert bench.window.close()
    qtbot.wait(80)
    assert asked == []
    assert np.array_equal(store.load(folder, photo.sha256).layer, bench.window.edit.layer)


def test_closing_all_the_same_loses_only_what_was_told(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    obstacle = folder / f".{photo.sha256}.json.{os.getpid()}.partial"
    obstacle.mkdir(parents=True)
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    answer(QMessageBox.ButtonRole.DestructiveRole)
    assert bench.window.close()
    assert not bench.window.isVisible()


def test_two_windows_do_not_write_over_each_other(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    for number in (1, 2):
        theirs = Reading(np.ones((photo.height, photo.width), np.int8), edits=number)
        store.save(folder, photo.sha256, theirs)  # as another window does
        mark(bench, (-1) ** number)
        said = read_banner(bench, qtbot)
        assert said.startswith(f"{photo_path.name} was corrected in another window, too")
        assert f"{photo.sha256[:8]}….other-{number}.json" in said
        assert photo.sha256 not in said
        assert np.array_equal(store.load(folder, photo.sha256).layer, bench.window.edit.layer)
        aside = json.loads((folder / f"{photo.sha256}.other-{number}.json").read_text())
        assert aside["edits"] == number
    mark(bench, 0)
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is None, timeout=PATIENCE)
    assert len(list(folder.iterdir())) == 2, "its own file it does write over"


def test_opened_again_it_shows_what_another_window_kept_and_goes_on_with_that(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    mark(bench)
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is not None, timeout=PATIENCE)
    theirs = Reading(np.ones((photo.height, photo.width), np.int8), edits=7)
    store.save(folder, photo.sha256, theirs)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, theirs.layer)
    assert np.array_equal(bench.window.edit.mask, theirs.layer > 0)
    assert bench.window.edit.stack.count() == 0
    mark(bench, -1)
    layer = bench.window.edit.layer
    sit_down()
    assert np.array_equal(store.load(folder, photo.sha256).layer, layer)
    assert len(list(folder.iterdir())) == 1


def test_reading_blind_another_windows_corrections_are_not_shown_and_not_lost(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    qtbot.keyClick(bench.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    mark(bench)
    drawn = bench.window.edit.layer
    theirs = Reading(np.ones((photo.height, photo.width), np.int8), edits=7)
    store.save(folder, photo.sha256, theirs)
    open_(bench, photo_path, qtbot)
    assert np.array_equal(bench.window.edit.layer, drawn)
    qtbot.keyClick(bench.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "another window" in read_banner(bench, qtbot)
    assert (folder / f"{photo.sha256}.other-1.json").exists()
    assert store.load(folder, photo.sha256).blind is not None
