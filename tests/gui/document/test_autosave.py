"""Readings on disk: there again with their photograph, whatever happens to the folder that keeps them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.autosave import OUTLINE, UNTIL, Autosave
from engine.reading.reading import Reading, Ruler
from engine.records import readings as store
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from diffseg_gui.document.kept import Kept
    from engine.photograph.image import SkinImage

RULER = Ruler((0.0, 0.0), (9.0, 0.0), 2.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where readings are kept; it need not be there."""
    return tmp_path / "readings"


@pytest.fixture
def sit_down(qapp: QApplication, folder: Path) -> Iterator[Callable[[], Autosave]]:
    """Begin a sitting that keeps readings in ``folder``; earlier ones go on, as other windows do."""
    made: list[Autosave] = []

    def make() -> Autosave:
        made.append(Autosave(folder))
        return made[-1]

    yield make
    for autosave in made:
        autosave.close()


@pytest.fixture
def autosave(sit_down: Callable[[], Autosave]) -> Autosave:
    """One sitting."""
    return sit_down()


def marked(photo: SkinImage, value: int = 1, edits: int = 1) -> Reading:
    """A reading with a corrected square."""
    layer = np.zeros((photo.height, photo.width), np.int8)
    layer[4:9, 3:9] = value
    return Reading(layer, edits=edits)


def open_(autosave: Autosave, photo: SkinImage) -> Kept:
    """Open the photograph, and go on with what is kept of it."""
    reading, _ = autosave.newest(photo.sha256, autosave.load(photo))
    if reading.reading is not None and not reading.reading.is_empty:
        reading.taken()
    return reading


def told(autosave: Autosave) -> list[str]:
    """What it says went wrong, or was set aside, from now on."""
    said: list[str] = []
    for signal in (autosave.failed, autosave.setAside):
        signal.connect(said.append)
    return said


def lock(path: Path) -> Callable[[], None]:
    """Make a file impossible to open, for root, too; returns what makes it possible again."""
    away = path.rename(path.parent.parent / "away")
    path.mkdir()

    def unlock() -> None:
        path.rmdir()
        away.rename(path)

    return unlock


def obstruct(folder: Path, key: str) -> Callable[[], None]:
    """Make a reading impossible to write, for root, too; returns what makes it possible again."""
    obstacle = folder / f".{key}.json.{os.getpid()}.partial"
    obstacle.mkdir(parents=True)
    return obstacle.rmdir


# Keeping


def test_what_was_kept_is_there_in_the_next_sitting(sit_down: Callable[[], Autosave], photo: SkinImage) -> None:
    first = sit_down()
    assert open_(first, photo).reading is None
    kept = Reading(marked(photo).layer, ruler=RULER, edits=4)
    first.keep(photo.sha256, kept)
    assert first.close() == ""
    found = open_(sit_down(), photo)
    assert found.reading is not None
    assert np.array_equal(found.reading.layer, kept.layer)
    assert found.reading.to_json() == kept.to_json()
    assert found.news
    assert found.trouble == ""
    assert found.since is not None
    assert f"{found.since:%H:%M}" in found.greeting()


def test_its_own_file_is_no_news(autosave: Autosave, photo: SkinImage) -> None:
    open_(autosave, photo)
    autosave.keep(photo.sha256, marked(photo))
    autosave.close()
    found = open_(autosave, photo)
    assert found.reading is not None
    assert not found.news


def test_it_is_written_when_the_hand_rests(autosave: Autosave, photo: SkinImage, folder: Path, qtbot: QtBot) -> None:
    autosave.keep(photo.sha256, marked(photo, -1))
    autosave.keep(photo.sha256, marked(photo))
    assert not folder.exists()
    qtbot.waitUntil(lambda: store.load(folder, photo.sha256) is not None, timeout=PATIENCE)
    assert np.array_equal(store.load(folder, photo.sha256).layer, marked(photo).layer)


def test_what_was_taken_back_leaves_no_file(autosave: Autosave, photo: SkinImage, folder: Path) -> None:
    autosave.keep(photo.sha256, marked(photo))
    autosave.close()
    assert len(list(folder.iterdir())) == 1
    autosave.keep(photo.sha256, Reading())
    autosave.close()
    assert list(folder.iterdir()) == []
    assert open_(autosave, photo).reading is None


def test_what_is_not_on_disk_yet_is_there_all_the_same(autosave: Autosave, photo: SkinImage, folder: Path) -> None:
    open_(autosave, photo)
    kept = marked(photo)
    autosave.keep(photo.sha256, kept)
    assert open_(autosave, photo).reading is kept
    assert not folder.exists()


def test_opening_waits_for_what_is_being_written(autosave: Autosave, photo: SkinImage) -> None:
    kept = marked(photo)
    autosave.keep(photo.sha256, kept)
    autosave.flush()
    reading, _ = autosave.load(photo)  # as the worker's thread calls it, before the answers are heard
    assert np.array_equal(reading.reading.layer, kept.layer)


def test_an_outline_has_a_file_of_its_own(autosave: Autosave, photo: SkinImage, folder: Path) -> None:
    autosave.keep(photo.sha256, marked(photo))
    autosave.keep_outline(photo.sha256, marked(photo, -1))
    autosave.close()
    assert {path.name for path in folder.iterdir()} == {f"{photo.sha256}.json", f"{OUTLINE}{photo.sha256}.json"}
    reading, outline = autosave.load(photo)
    assert np.array_equal(reading.reading.layer, marked(photo).layer)
    assert np.array_equal(outline.reading.layer, marked(photo, -1).layer)
    autosave.keep_outline(photo.sha256, Reading())
    autosave.close()
    assert [path.name for path in folder.iterdir()] == [f"{photo.sha256}.json"]


def test_without_a_folder_it_remembers_as_long_as_it_lives(qapp: QApplication, photo: SkinImage) -> None:
    autosave = Autosave(None)
    kept = marked(photo)
    autosave.keep(photo.sha256, kept)
    autosave.flush()
    assert open_(autosave, photo).reading is kept
    assert autosave.close() == ""
    assert open_(Autosave(None), photo).reading is None


# Files that cannot be read


def test_a_damaged_file_is_told_and_set_aside(sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{photo.sha256}.json").write_bytes(b"{half")
    autosave = sit_down()
    found = open_(autosave, photo)
    assert found.reading is None
    assert "are damaged; they were set aside" in found.trouble
    assert UNTIL not in found.trouble, "what is done now is kept"
    autosave.keep(photo.sha256, marked(photo))
    assert autosave.close() == ""
    assert open_(sit_down(), photo).reading is not None
    assert sorted(path.read_bytes() == b"{half" for path in folder.iterdir()) == [False, True]


def test_a_file_that_cannot_be_read_is_not_written_over(autosave: Autosave, photo: SkinImage, folder: Path) -> None:
    (folder / f"{photo.sha256}.json").mkdir(parents=True)  # opening it fails for root, too
    found = open_(autosave, photo)
    assert "cannot be opened" in found.trouble
    assert UNTIL in found.trouble
    autosave.keep(photo.sha256, marked(photo))
    assert "cannot be opened" in autosave.close(), "so that closing can ask"
    assert [path.is_dir() for path in folder.iterdir()] == [True]


def test_a_file_that_can_be_read_again_is_back_and_kept_again(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    before = marked(photo, edits=5)
    store.save(folder, photo.sha256, before)
    unlock = lock(folder / f"{photo.sha256}.json")
    autosave = sit_down()
    assert open_(autosave, photo).trouble
    autosave.keep(photo.sha256, marked(photo, -1))
    autosave.keep(photo.sha256, Reading())  # undone: nothing that the file would have to give way to
    assert autosave.close() == ""
    unlock()
    found = open_(autosave, photo)
    assert np.array_equal(found.reading.layer, before.layer)
    autosave.keep(photo.sha256, marked(photo, -1))
    assert autosave.close() == ""
    assert np.array_equal(store.load(folder, photo.sha256).layer, marked(photo, -1).layer)
    assert len(list(folder.iterdir())) == 1


def test_what_was_done_over_a_file_that_could_not_be_read_is_kept_beside_it(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    before = marked(photo, edits=5)
    store.save(folder, photo.sha256, before)
    unlock = lock(folder / f"{photo.sha256}.json")
    autosave = sit_down()
    open_(autosave, photo)
    kept = marked(photo, -1)
    autosave.keep(photo.sha256, kept)
    assert "cannot be opened" in autosave.close()
    unlock()
    said = told(autosave)
    assert open_(autosave, photo).reading is kept
    assert autosave.close() == ""
    (sentence,) = said
    assert sentence.startswith(f"What was kept of {photo.path.name} could not be read before")
    assert f"{photo.sha256[:8]}….other-1.json" in sentence
    assert photo.sha256 not in sentence
    assert np.array_equal(store.load(folder, photo.sha256).layer, kept.layer)
    (folder / f"{photo.sha256}.other-1.json").rename(folder / f"{photo.sha256}.json")
    assert np.array_equal(store.load(folder, photo.sha256).layer, before.layer)


def test_a_reading_that_could_be_kept_again_is_written_by_itself(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path, qtbot: QtBot
) -> None:
    store.save(folder, photo.sha256, marked(photo))
    unlock = lock(folder / f"{photo.sha256}.json")
    autosave = sit_down()
    open_(autosave, photo)
    autosave.keep(photo.sha256, marked(photo, -1))
    autosave.flush()
    unlock()
    open_(autosave, photo)  # nothing is changed any more
    qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == 2, timeout=PATIENCE)


@pytest.mark.parametrize("key", ["", OUTLINE])
def test_corrections_of_another_size_are_left_alone(
    autosave: Autosave, photo: SkinImage, folder: Path, key: str
) -> None:
    store.save(folder, key + photo.sha256, Reading(np.ones((3, 3), np.int8)))
    kept = autosave.newest(photo.sha256, autosave.load(photo))[bool(key)]
    assert kept.reading is None
    assert "are of another size" in kept.trouble
    autosave.keep(key + photo.sha256, marked(photo))
    assert "are of another size" in autosave.close()
    assert store.load(folder, key + photo.sha256).layer.shape == (3, 3)


# Files that cannot be written


def test_what_cannot_be_written_is_told_once_and_kept_in_memory(
    autosave: Autosave, photo: SkinImage, folder: Path
) -> None:
    clear_away = obstruct(folder, photo.sha256)
    said, recovered = told(autosave), []
    autosave.recovered.connect(lambda: recovered.append(len(said)))
    for value in (1, -1, 1):
        autosave.keep(photo.sha256, marked(photo, value))
        assert "could not be written" in autosave.close()
    assert len(said) == 1
    assert "could not be written" in said[0]
    assert np.array_equal(open_(autosave, photo).reading.layer, marked(photo).layer)
    clear_away()
    assert recovered == []
    assert autosave.close() == "", "it is tried again"
    assert recovered == [1]
    assert np.array_equal(store.load(folder, photo.sha256).layer, marked(photo).layer)
    obstruct(folder, photo.sha256)
    autosave.keep(photo.sha256, marked(photo, -1))
    autosave.close()
    assert len(said) == 2, "it is told again once it had succeeded"


def test_it_is_tried_again_with_the_next_one(autosave: Autosave, photo: SkinImage, folder: Path) -> None:
    clear_away = obstruct(folder, photo.sha256)
    autosave.keep(photo.sha256, marked(photo))
    autosave.close()
    clear_away()
    autosave.keep_outline(photo.sha256, marked(photo, -1))
    autosave.close()
    assert store.load(folder, photo.sha256) is not None


def test_a_fault_of_the_programs_own_is_told_and_costs_nothing_else(
    autosave: Autosave, photo: SkinImage, folder: Path
) -> None:
    said = told(autosave)
    autosave.keep("odd", Reading(np.ones((1, 1, 1, 1), np.int8)))  # no picture can be made of it
    autosave.keep(photo.sha256, marked(photo))
    assert "Keeping your corrections failed" in autosave.close()
    assert len(said) == 1
    assert [path.name for path in folder.iterdir()] == [f"{photo.sha256}.json"]


# Several windows


def test_two_windows_do_not_write_over_each_other(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    ours, theirs = sit_down(), sit_down()
    open_(ours, photo)
    said = told(ours)
    for number in (1, 2):
        open_(theirs, photo)
        theirs.keep(photo.sha256, marked(photo, edits=number))
        theirs.close()
        kept = marked(photo, -1, edits=10 + number)
        ours.keep(photo.sha256, kept)
        assert ours.close() == ""
        assert len(said) == number
        assert said[-1].startswith(f"{photo.path.name} was corrected in another window, too")
        assert f"{photo.sha256[:8]}….other-{number}.json" in said[-1]
        assert photo.sha256 not in said[-1]
        assert store.load(folder, photo.sha256).edits == 10 + number
        aside = json.loads((folder / f"{photo.sha256}.other-{number}.json").read_text())
        assert aside["edits"] == number
    ours.keep(photo.sha256, Reading())
    ours.close()
    assert len(list(folder.iterdir())) == 2, "its own file it does write over"
    assert len(said) == 2


def test_gone_on_with_what_another_window_kept_may_be_written_over(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    ours, theirs = sit_down(), sit_down()
    open_(ours, photo)
    ours.keep(photo.sha256, marked(photo))
    ours.close()
    open_(theirs, photo)
    theirs.keep(photo.sha256, marked(photo, edits=7))
    theirs.close()
    found = open_(ours, photo)
    assert found.news
    assert found.reading.edits == 7
    said = told(ours)
    ours.keep(photo.sha256, marked(photo, -1, edits=8))
    ours.close()
    assert said == []
    assert store.load(folder, photo.sha256).edits == 8
    assert len(list(folder.iterdir())) == 1


def test_seen_but_not_gone_on_with_it_is_set_aside(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    ours = sit_down()
    open_(ours, photo)
    store.save(folder, photo.sha256, marked(photo, edits=7))
    ours.load(photo)  # and nobody takes it
    ours.keep(photo.sha256, marked(photo, edits=1))
    ours.close()
    assert json.loads((folder / f"{photo.sha256}.other-1.json").read_text())["edits"] == 7
