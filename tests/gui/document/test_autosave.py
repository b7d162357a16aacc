"""Readings on disk: there again with their photograph, whatever happens to the folder that keeps them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from diffseg_gui.document.autosave import OUTLINE, Autosave
from engine.reading.reading import Reading
from engine.records import readings as store
from tests.gui.conftest import PATIENCE
from tests.gui.document.making import RULER, marked, open_, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage


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


def test_what_is_changed_while_it_is_written_is_not_forgotten(
    autosave: Autosave, photo: SkinImage, folder: Path
) -> None:
    open_(autosave, photo)
    autosave.keep(photo.sha256, marked(photo, edits=1))
    autosave.flush()
    autosave.load(photo)  # which waits until it is written
    newer = marked(photo, edits=2)
    autosave.keep(photo.sha256, newer)
    QCoreApplication.sendPostedEvents(autosave)  # the answer about the first
    assert store.load(folder, photo.sha256).edits == 1
    assert open_(autosave, photo).reading is newer
    autosave.close()
    assert store.load(folder, photo.sha256).edits == 2


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


def test_a_clock_that_is_set_back_hides_no_other_windows_reading(
    sit_down: Callable[[], Autosave], photo: SkinImage, folder: Path
) -> None:
    ours, theirs = sit_down(), sit_down()
    path = folder / f"{photo.sha256}.json"
    open_(ours, photo)
    ours.keep(photo.sha256, marked(photo, edits=1))
    ours.close()
    before = path.stat().st_mtime_ns
    open_(theirs, photo)
    theirs.keep(photo.sha256, marked(photo, -1, edits=2))
    theirs.close()
    os.utime(path, ns=(before, before))  # written at the same moment, by a clock that was set back or is coarse
    said = told(ours)
    ours.keep(photo.sha256, marked(photo, edits=3))
    ours.close()
    assert len(said) == 1
    assert store.load(folder, photo.sha256).edits == 3
    assert json.loads((folder / f"{photo.sha256}.other-1.json").read_text())["edits"] == 2
