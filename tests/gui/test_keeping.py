"""What was added to an image is there when it is opened again, whatever happens to the folder that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui import theme
from diffseg_gui.app import Workbench
from diffseg_gui.worker import Setup
from engine.reading import store
from engine.reading.correction import Patch
from engine.reading.reading import Calibration, Reading
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from diffseg_gui.preferences import Preferences
    from engine.image import SkinImage


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
    bench.window.edit.change("ruler", Reading(calibration=Calibration((0, 0), (9, 0), 2.0), edits=1))
    layer, mask = bench.window.edit.layer, bench.window.edit.mask
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    edit = bench.window.edit
    assert np.array_equal(edit.layer, layer)
    assert np.array_equal(edit.mask, mask)
    assert np.array_equal(bench.state.reading.layer, layer)
    assert bench.state.reading.calibration == Calibration((0, 0), (9, 0), 2.0)
    assert bench.state.reading.edits == 1
    assert edit.stack.count() == 0
    assert bench.window.statusBar().currentMessage().startswith("Your corrections of ")
    assert "model's border" in bench.window.stage.legend.names()
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
    sit_down()
    assert (folder / f"{photo.sha256}.json").is_dir()


def test_corrections_of_another_size_are_left_alone(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    store.save(folder, photo.sha256, Reading(np.ones((3, 3), np.int8)))
    bench = sit_down()
    bench.window.open_image(photo_path)
    assert "are of another size" in read_banner(bench, qtbot)
    wait_until_current(bench, qtbot)
    mark(bench)
    sit_down()
    assert store.load(folder, photo.sha256).layer.shape == (3, 3)


def test_what_cannot_be_written_is_told_once_and_kept_in_memory(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, other_path: Path, folder: Path, qtbot: QtBot
) -> None:
    obstacle = folder / f".{photo.sha256}.json.partial"  # writing fails for root, too
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


def test_a_blind_outline_is_not_kept(
    sit_down: Callable[[], Workbench], photo: SkinImage, photo_path: Path, folder: Path, qtbot: QtBot
) -> None:
    bench = sit_down()
    open_(bench, photo_path, qtbot)
    bench.window.edit.blind = True
    mark(bench)
    sit_down()
    assert store.load(folder, photo.sha256) is None
