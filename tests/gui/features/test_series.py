"""A series: photographs one after the other, by key."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.series import Series, listing
from engine.errors import ImageError
from engine.records.readings import Glance
from engine.study.items import photographs_in
from tests.gui.conftest import wait_for_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

NEXT, BEFORE = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp


class Walk:
    """The feature on a desk, where each file that is asked for is opened or refused at once."""

    def __init__(self, desk: Desk, photo: SkinImage, qtbot: QtBot) -> None:
        self.desk, self._photo, self._qtbot = desk, photo, qtbot
        self.series = desk.add(Series(desk.document, desk.messages, desk.preferences, lambda _: Glance()))
        desk.document.requested.connect(self._answer)

    def _answer(self, source: Path | SkinImage) -> None:
        if not isinstance(source, Path):
            return  # the open photograph, whose analysis was interrupted
        if source.read_bytes() == b"photograph":
            self.desk.open(replace(self._photo, path=source))
        else:
            self.desk.document.receive_failure(f"{source.name} cannot be read.")

    @property
    def name(self) -> str:
        """Of the photograph that is open."""
        return self.desk.document.photograph.path.name

    def begin(self, *paths: Path) -> str:
        """Open files together; what is said of it."""
        return self._said(lambda: self.series.begin(paths))

    def step(self, key: Qt.Key) -> str:
        """Press the key that opens another photograph; what is said of it."""
        return self._said(lambda: self._qtbot.keyClick(self.desk, key, Qt.KeyboardModifier.ControlModifier))

    def _said(self, act: Callable[[], object]) -> str:
        self.desk.notices.clear()
        act()
        self.settle()
        return " ".join(self.desk.notices)

    def settle(self) -> None:
        """Until the folders that are looked for are known."""
        wait_for_folders(self.series, self._qtbot)


@pytest.fixture
def walk(desk: Desk, photo: SkinImage, qtbot: QtBot) -> Walk:
    """Nothing is open."""
    return Walk(desk, photo, qtbot)


def make(folder: Path, names: Sequence[str]) -> Path:
    """A folder of photographs; those called "broken" are none."""
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"" if "broken" in name else b"photograph")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photographs, of which the second cannot be read, and something else."""
    return make(tmp_path / "series", ("a.png", "B broken.png", "c.JPG", "notes.txt"))


def test_nothing_follows_where_nothing_is_open(walk: Walk) -> None:
    assert not walk.desk.action("next_photograph").isEnabled()
    assert walk.step(NEXT) == ""
    assert not walk.desk.document.is_busy


def test_the_folder_of_the_open_photograph_is_a_series(walk: Walk, folder: Path) -> None:
    assert walk.begin(folder / "a.png") == ""
    assert walk.name == "a.png"
    assert walk.step(BEFORE) == "a.png is the first photograph of the series"
    assert "B broken.png: 2 of 3" in walk.step(NEXT)
    assert walk.name == "a.png", "what was open stays"
    assert "c.JPG: 3 of 3, Ctrl+PgDown opens the next" in walk.step(NEXT), "what cannot be read holds nobody up"
    assert walk.name == "c.JPG"
    assert walk.step(NEXT) == "c.JPG is the last photograph of the series"


def test_files_opened_together_are_a_series(walk: Walk, folder: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "elsewhere", ("z.png", "y.png")) / "z.png"
    place = walk.series.place
    assert not place.isVisible()
    assert "z.png: 1 of 4" in walk.begin(other, folder)
    assert "a.png: 2 of 4" in walk.step(NEXT)
    assert (place.text(), place.isVisible()) == ("2 of 4", True)
    assert "z.png: 1 of 4" in walk.step(BEFORE)
    assert walk.name == "z.png"
    walk.begin(other)
    assert place.text() == "2 of 2", "of its folder's"
    assert "y.png: 1 of 2" in walk.step(BEFORE), "one alone has its folder about it"


def test_one_opened_by_name_leaves_a_series_as_it_is(walk: Walk, folder: Path, tmp_path: Path) -> None:
    elsewhere = make(tmp_path / "elsewhere", ("w.png", "x.png", "y broken.png", "z.png"))
    walk.begin(elsewhere / "x.png", folder)
    walk.series.open(elsewhere / "y broken.png")
    walk.settle()
    assert "a.png: 2 of 4" in walk.step(NEXT), "it goes on from the photograph that is open"
    walk.series.open(elsewhere / "z.png")
    walk.settle()
    assert "y broken.png: 3 of 4" in walk.step(BEFORE), "a photograph of no series has its folder about it"
    walk.series.open(elsewhere / "x.png")
    assert "a.png: 2 of 4" in walk.step(NEXT)


def test_a_photograph_that_was_moved_away_gives_way_to_the_first(walk: Walk, folder: Path) -> None:
    walk.begin(folder / "c.JPG")
    (folder / "c.JPG").unlink()
    walk.step(NEXT)
    assert walk.name == "a.png"


def test_a_photograph_whose_opening_was_stopped_is_not_passed_over(walk: Walk, tmp_path: Path) -> None:
    walk.begin(make(tmp_path / "three", ("a.png", "b.png", "c.png")))
    walk.desk.document.requested.disconnect(walk._answer)  # the drive takes its time
    assert "b.png: 2 of 3" in walk.step(NEXT)
    assert "c.png: 3 of 3" in walk.step(NEXT), "one is on its way to the next"
    walk.desk.document.cancel()
    walk.desk.document.requested.connect(walk._answer)
    assert walk.name == "a.png"
    assert "b.png: 2 of 3" in walk.step(NEXT), "it goes on from the photograph that is open"
    assert walk.name == "b.png"


def test_a_folder_without_a_photograph_says_so(walk: Walk, tmp_path: Path) -> None:
    empty = make(tmp_path / "empty", ("notes.txt",))
    walk.begin(empty)
    assert walk.desk.failures == [f"{empty} holds no photograph; open a folder that does, or a photograph."]
    assert not walk.desk.document.is_busy


def test_a_step_forgets_what_failed_before(walk: Walk, folder: Path) -> None:
    over: list[None] = []
    walk.desk.messages.failureOver.connect(lambda: over.append(None))
    walk.begin(folder / "a.png")
    walk.step(NEXT)
    assert len(over) == 2


def test_a_folder_that_does_not_answer_holds_nobody_up(
    walk: Walk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    answers = Event()

    def slowly(asked: Path) -> list[Path]:
        answers.wait()
        return photographs_in(asked)

    monkeypatch.setattr(listing, "photographs_in", slowly)
    elsewhere = make(tmp_path / "elsewhere", ("x.png",))
    walk.series.begin([folder])
    qtbot.waitUntil(lambda: walk.desk.notices == [f"Looking for photographs in {folder} …"])
    walk.series.open(elsewhere / "x.png")
    assert walk.name == "x.png", "it is opened while the folders have not answered"
    walk.series.step(1)
    answers.set()
    walk.settle()
    assert walk.name == "x.png", "a folder that was asked for before is wanted no more"
    assert walk.desk.notices[-1] == "x.png is the last photograph of the series"


def test_nothing_of_a_file_is_asked_of_its_drive_in_the_main_thread(
    walk: Walk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def is_folder(path: Path) -> bool:
        asked.append(current_thread() is main_thread())
        return os.path.isdir(path)

    monkeypatch.setattr(listing, "is_folder", is_folder)
    (folder / "a").write_bytes(b"photograph")
    for name in ("a.png", "a"):
        walk.begin(folder / name)
        assert walk.name == name
    assert asked
    assert not any(asked)


def test_a_folder_that_cannot_be_read_says_why(
    walk: Walk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = make(tmp_path / "elsewhere", ("x.png", "y.png"))
    walk.begin(elsewhere / "x.png")
    sentence = f"The folder {folder} cannot be read (Permission denied); check its name and its permissions."

    def refuse(_: Path) -> list[Path]:
        raise ImageError(sentence)

    monkeypatch.setattr(listing, "photographs_in", refuse)
    walk.begin(folder)
    assert walk.desk.failures == [sentence]
    assert walk.name == "x.png", "what was open stays"
    assert walk.series.place.text() == "1 of 2"
    assert walk.step(BEFORE) == ""
    assert walk.desk.failures == [sentence] * 2


def test_photographs_that_came_later_are_found_at_the_end(walk: Walk, folder: Path) -> None:
    walk.begin(folder / "c.JPG")
    (folder / "d.png").write_bytes(b"photograph")
    assert "d.png: 4 of 4" in walk.step(NEXT)
