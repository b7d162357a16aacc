"""Files of readings that cannot be read or written: told, never written over, and nothing is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.autosave import OUTLINE, UNTIL, Autosave
from engine.reading.reading import Reading
from engine.records import readings as store
from tests.gui.conftest import PATIENCE
from tests.gui.document.making import marked, open_, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage


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
