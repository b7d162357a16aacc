"""The strip of a series: where one is, how far each photograph has come, and what it costs."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.series import Series
from diffseg_gui.features.series.cells import LOW, TALL
from diffseg_gui.features.series.states import Facts, state_of
from engine.method.familiarity import Familiarity
from engine.photograph.read import read_image
from engine.reading.correction import Patch
from engine.records.readings import Glance
from tests.gui.conftest import wait_for_folders
from tests.gui.features.reviewing import read_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.reading.reading import Reading
    from engine.results import Evidence, Segmentation
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton


class Shown:
    """The feature on a desk, where files are read at once; what is kept of them is in ``kept``, by identity."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self._qtbot = desk, qtbot
        self.kept: dict[str, Glance] = {}
        self.looked: list[Path] = []
        self.series = desk.add(
            Series(desk.document, desk.messages, desk.preferences, lambda identity: self.kept.get(identity, Glance()))
        )
        self.strip = self.series.strip
        self.series._thumbnails.looked.connect(lambda path, _: self.looked.append(path))
        desk.document.requested.connect(self._answer)

    def _answer(self, source: Path | SkinImage) -> None:
        if isinstance(source, Path) and source.stat().st_size:
            self.desk.open(read_image(source))
        elif isinstance(source, Path):
            self.desk.document.receive_failure(f"{source.name} is empty.")

    def begin(self, paths: list[Path]) -> None:
        """Open files together, and wait for the strip."""
        self.series.begin(paths)
        self.settle()

    def settle(self) -> None:
        """Until the folders that are looked for are known."""
        wait_for_folders(self.series, self._qtbot)

    def wait(self) -> None:
        """Until no picture is under way."""
        self.settle()
        self._qtbot.waitUntil(lambda: not self.series._thumbnails._under_way)

    def words(self) -> list[str]:
        """The state of each photograph."""
        return [self.series.states.of(path).word for path in self.strip.cells.files]

    def click(self, place: int) -> None:
        """On a photograph in view."""
        row = self.strip.row
        self._qtbot.mouseClick(row.viewport(), LEFT, pos=row.visualRect(self.strip.cells.index(place)).center())

    @property
    def name(self) -> str:
        """Of the photograph that is framed."""
        return self.strip.cells.current.name


@pytest.fixture
def folder(tmp_path: Path, photo: SkinImage) -> Path:
    """Four photographs as large as ``photo``, of which the third cannot be read, and a mask of the first."""
    made = tmp_path / "series"
    made.mkdir()
    for number, name in enumerate(("a.png", "b.png", "d.png")):
        Image.fromarray(np.roll(photo.pixels, number, axis=0)).save(made / name)
    (made / "c.png").touch()
    shutil.copy(made / "a.png", made / "a_segmentation.png")
    return made


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """Nothing is open."""
    yield Shown(desk, qtbot)
    desk.document.rest()


def test_a_photograph_alone_takes_no_room(shown: Shown, folder: Path, tmp_path: Path) -> None:
    assert not shown.strip.isVisible()
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(folder / "a.png", alone)
    shown.begin([alone / "a.png"])
    assert not shown.strip.isVisible()
    shown.wait()
    assert shown.looked == []


def test_the_folder_of_the_open_photograph_is_in_sight_without_masks(shown: Shown, folder: Path) -> None:
    shown.begin([folder / "b.png"])
    assert shown.strip.isVisible()
    assert [path.name for path in shown.strip.cells.files] == ["a.png", "b.png", "c.png", "d.png"]
    assert (shown.strip.position.text(), shown.name) == ("2 of 4", "b.png")
    shown.wait()
    assert sorted(path.name for path in shown.looked) == ["a.png", "b.png", "c.png", "d.png"]
    picture = shown.series._thumbnails.picture(folder / "d.png")
    assert (picture.width(), picture.height()) == (96, 72)


def test_a_click_goes_there_and_so_do_buttons_and_enter(shown: Shown, folder: Path, qtbot: QtBot) -> None:
    shown.begin([folder])
    shown.click(3)
    assert (shown.name, shown.desk.document.photograph.path.name) == ("d.png", "d.png")
    assert shown.strip.position.text() == "4 of 4"
    for name, expected in (
        ("previous_photograph", "c.png"),
        ("previous_photograph", "b.png"),
        ("next_photograph", "c.png"),
    ):
        qtbot.mouseClick(shown.strip.buttons[name], LEFT)
        assert shown.desk.notices[-1].startswith(expected)
    shown.strip.row.setFocus()
    shown.strip.row.setCurrentIndex(shown.strip.cells.index(0))
    qtbot.keyClick(shown.strip.row, Qt.Key.Key_Right)
    assert shown.desk.document.photograph.path.name == "b.png"
    qtbot.keyClick(shown.strip.row, Qt.Key.Key_Left)
    qtbot.keyClick(shown.strip.row, Qt.Key.Key_Return)
    assert shown.name == "a.png"
    shown.desk.notices.clear()
    shown.click(0)
    assert shown.desk.notices == [], "it is open"


def test_what_cannot_be_opened_is_said_to_be_unreadable(shown: Shown, folder: Path) -> None:
    shown.begin([folder])
    shown.wait()
    assert shown.words() == ["analysing…", "waiting", "unreadable", "waiting"]
    shutil.copy(folder / "a.png", folder / "c.png")
    shown.click(2)
    assert shown.words()[2] == "analysing…"
    (folder / "b.png").write_bytes(b"")
    shown.click(1)
    assert shown.words()[1] == "unreadable"
    assert shown.name == "c.png", "what was open stays, and is framed"
    shown.wait()
    assert not shown.series._thumbnails.picture(folder / "c.png").isNull(), "it is looked at again"


def test_states_follow_what_is_done(shown: Shown, folder: Path, evidence: Evidence, qtbot: QtBot) -> None:
    desk = shown.desk
    desk.document.requested.disconnect(shown._answer)
    shown.begin([folder])
    assert (shown.name, shown.words()[0]) == ("a.png", "analysing…"), "from the click on"
    desk.open(read_image(folder / "a.png"))
    assert shown.words()[0] == "analysing…"
    desk.land(evidence)
    assert shown.words()[0] == "doubtful", "discs of ten sizes"
    desk.document.set_delta(0.1)
    assert shown.words()[0] == "doubtful", "it has been analysed"
    agreed = np.where(evidence.difference[:1] > 0.1, np.float32(0.3), np.float32(0))
    desk.land(replace(evidence, difference=np.repeat(agreed, len(evidence.difference), axis=0)))
    assert shown.words()[0] == "ready"
    unlike = Familiarity(1.9, 1.6)
    desk.document.receive_result(replace(desk.document.results.segmentation, familiarity=unlike))
    assert shown.words()[0] == "doubtful", "the timesteps agree on what is no dermoscopy photograph"
    desk.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))
    assert shown.words()[0] == "corrected"
    desk.editing.stack.undo()
    desk.editing.change("verdict", replace(desk.document.reading, verdict="good"))
    assert shown.words()[0] == "reviewed"
    asked = desk.document.shown.segmentation, desk.document.reading
    shown.series.expect_export(*asked)
    desk.document.open(folder / "b.png")
    desk.open(read_image(folder / "b.png"))
    assert shown.words()[:2] == ["reviewed", "analysing…"]
    shown.series.note_exported(*asked)
    assert shown.words()[0] == "exported", "whatever is open by then"
    desk.open(read_image(folder / "a.png"))
    desk.editing.change("verdict", replace(desk.document.reading, verdict="not usable"))
    assert shown.words()[0] == "not usable"
    desk.editing.change("verdict", replace(desk.document.reading, verdict="usable"))
    assert shown.words()[0] == "reviewed", "what was exported is out of date"


def test_what_is_changed_while_it_is_written_is_not_exported_as_it_is(
    shown: Shown, folder: Path, evidence: Evidence
) -> None:
    desk = shown.desk
    desk.document.requested.disconnect(shown._answer)
    shown.begin([folder])
    desk.open(read_image(folder / "a.png"))
    desk.land(evidence)

    def ask(verdict: str) -> tuple[Segmentation, Reading]:
        desk.editing.change("verdict", replace(desk.document.reading, verdict=verdict))
        asked = desk.document.shown.segmentation, desk.document.reading
        shown.series.expect_export(*asked)
        return asked

    first, second = ask("good"), ask("usable")
    shown.series.note_exported(*first)
    assert shown.words()[0] == "reviewed", "the second is not there yet"
    shown.series.note_exported(*second)
    assert shown.words()[0] == "exported"
    third = ask("good")
    desk.document.set_delta(0.1)
    desk.open(read_image(folder / "b.png"))
    shown.series.note_exported(*third)
    assert shown.words()[0] == "reviewed"


def test_another_photograph_of_the_same_file_begins_anew(shown: Shown, folder: Path, evidence: Evidence) -> None:
    """Another frame; or the file was written anew."""
    desk, path = shown.desk, folder / "a.png"
    shown.begin([folder])
    desk.document.requested.disconnect(shown._answer)
    first = desk.document.photograph
    desk.land(evidence)
    asked = desk.document.shown.segmentation, desk.document.reading
    shown.series.expect_export(*asked)
    desk.document.open(path)
    desk.open(replace(first, pixels=first.pixels[::-1].copy(), sha256="1" * 64))
    assert shown.words()[0] == "analysing…", "nothing is known of this one"
    shown.series.note_exported(*asked)
    desk.land(evidence)
    assert shown.words()[0] == "doubtful", "it is the other one that was exported"
    desk.document.open(path)
    desk.open(first)
    assert shown.words()[0] == "exported"


def test_a_photograph_is_reviewed_once_every_region_is(shown: Shown, folder: Path, evidence: Evidence) -> None:
    desk = shown.desk
    shown.begin([folder])
    review = read_by(desk)
    desk.land(evidence)
    review.next()
    for _ in range(len(review.regions) - 1):
        review.decide("accept")
        assert shown.words()[0] == "in review"
    review.decide("undecidable")
    assert shown.words()[0] == "reviewed"
    review.take_back()
    assert shown.words()[0] == "in review"


def test_what_was_kept_of_photographs_is_known_before_they_are_opened(shown: Shown, folder: Path) -> None:
    shown.kept[read_image(folder / "b.png").identity] = Glance(corrected=True)
    shown.kept[read_image(folder / "d.png").identity] = Glance(decided=2, verdict="not usable")
    shown.begin([folder])
    shown.wait()
    assert shown.words() == ["analysing…", "corrected", "unreadable", "not usable"]


def test_the_most_telling_state_is_shown() -> None:
    by_weight = (
        Facts(Glance(True, 1, "not usable"), analysed=True, doubtful=True, exported=True, unreadable=True),
        Facts(Glance(True, 1, "not usable"), analysed=True, doubtful=True, exported=True),
        Facts(Glance(True, 1, "good"), analysed=True, doubtful=True, exported=True),
        Facts(Glance(True, 1), complete=True, analysed=True, doubtful=True),
        Facts(Glance(False, 0, "good"), analysed=True, doubtful=True),
        Facts(Glance(False, 1), complete=True, analysed=True, doubtful=True),
        Facts(Glance(False, 1), analysed=True, doubtful=True),
        Facts(analysed=True, doubtful=True),
        Facts(analysed=True),
        Facts(),
    )
    words = [
        *("unreadable", "not usable", "exported", "corrected", "reviewed", "reviewed", "in review"),
        *("doubtful", "ready", "waiting"),
    ]
    assert [state_of(known).word for known in by_weight] == words


def test_read_blind_it_tells_nothing_of_the_model(shown: Shown, folder: Path, evidence: Evidence) -> None:
    desk = shown.desk
    shown.begin([folder])
    shown.wait()
    desk.land(evidence)
    assert shown.words()[:2] == ["doubtful", "waiting"]
    shown.click(1)
    desk.document.begin_blind()
    assert shown.words()[:2] == ["ready", "analysing…"], "nor of those that are still to be read"
    desk.land(evidence)
    assert shown.words()[1] == "read blind"
    desk.editing.put("outline", Patch(0, 0, np.ones((8, 8), np.int8)))
    assert shown.words()[1] == "read blind"
    drawn = shown.strip.grab().toImage()
    desk.land(replace(evidence, difference=np.zeros_like(evidence.difference)))
    assert shown.strip.grab().toImage() == drawn
    desk.open(read_image(folder / "d.png"))
    assert shown.words() == ["ready", "waiting", "unreadable", "read blind"], "an outline that waits is no correction"
    desk.document.blind_series = False
    desk.document.end_blind()
    assert shown.words()[0] == "doubtful"


def test_thousands_cost_no_more_than_those_in_view(shown: Shown, folder: Path, qtbot: QtBot) -> None:
    many = folder.parent / "many"
    many.mkdir()
    for number in range(2000):
        os.link(folder / "a.png", many / f"{number:04d}.png")
    shown.begin([many])
    shown.wait()
    in_view = shown.strip.row.viewport().width() // TALL.width() + 2
    assert 3 < len(shown.looked) <= in_view
    assert shown.strip.position.text() == "1 of 2\N{NARROW NO-BREAK SPACE}000"
    row = shown.strip.row
    place, turn = QPointF(row.viewport().rect().center()), QPoint(0, -120 * 40)
    turned = QWheelEvent(
        place, row.mapToGlobal(place), QPoint(), turn, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(row.viewport(), turned)
    assert row.in_view().start > 20, "a wheel goes along the row"
    row.scrollTo(shown.strip.cells.index(1999))
    shown.wait()
    assert many / "1999.png" in shown.looked
    assert len(shown.looked) <= 3 * in_view, "those passed over are not read"
    shown.click(1999)
    assert shown.name == "1999.png"
    assert 1999 in row.in_view()


def test_the_present_photograph_stays_in_view_when_the_strip_gets_another_width(shown: Shown, folder: Path) -> None:
    many = folder.parent / "many"
    many.mkdir()
    for number in range(40):
        os.link(folder / "a.png", many / f"{number:02d}.png")
    shown.begin([many])
    shown.click(20)
    row = shown.strip.row
    for width in (300, 700, 260):
        shown.strip.resize(width, shown.strip.height())
        shown.wait()
        assert 20 in row.in_view(), width


def test_it_can_be_put_away_for_good(shown: Shown, folder: Path, qtbot: QtBot) -> None:
    shown.begin([folder])
    qtbot.keyClick(shown.desk, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert not shown.strip.isVisible()
    again = Series(shown.desk.document, shown.desk.messages, shown.desk.preferences, lambda _: Glance())
    assert not again._is_shown()
    again.close()
    qtbot.keyClick(shown.desk, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert shown.strip.isVisible()


def test_a_low_window_has_names_and_states_without_pictures(shown: Shown, folder: Path, qtbot: QtBot) -> None:
    desk = shown.desk
    desk.resize(1200, 800)
    shown.begin([folder])
    shown.wait()
    assert shown.strip.cells.size == TALL
    tall = shown.strip.height()
    desk.resize(1200, 560)
    assert shown.strip.cells.size == LOW
    qtbot.waitUntil(lambda: shown.strip.height() < tall - 40)
    shown.click(1)
    assert shown.name == "b.png"


def test_a_low_window_knows_what_was_kept_of_photographs_too(shown: Shown, folder: Path) -> None:
    shown.kept[read_image(folder / "d.png").identity] = Glance(corrected=True)
    shown.desk.resize(1024, 640)
    shown.begin([folder])
    shown.wait()
    assert shown.strip.cells.size == LOW
    assert shown.words() == ["analysing…", "waiting", "unreadable", "corrected"]


def test_each_photograph_is_told_in_words(shown: Shown, folder: Path) -> None:
    shown.begin([folder])
    shown.wait()
    told = [shown.strip.cells.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in (0, 2)]
    assert told == ["a.png, analysing…, 1 of 4, open", "c.png, unreadable, 3 of 4"]
    assert shown.strip.cells.index(1).data(Qt.ItemDataRole.ToolTipRole) == "b.png: waiting"
