"""The line above the photograph: what its file says of it, and its frame. Through real events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt

from diffseg_gui.features.photograph import Photograph
from engine.method.familiarity import Familiarity
from engine.photograph.read import read_image
from tests.engine.dicoms import native

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

NEXT, BEFORE = Qt.Key.Key_PageDown, Qt.Key.Key_PageUp
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Reader:
    """The feature on a desk, whose files are opened at once, in the frame that was chosen."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.breaks = desk, False
        self.frames: dict[Path, int] = {}
        self.feature = desk.add(Photograph(desk.document, self.frames, desk.document.open))
        self.line = self.feature.line
        desk.document.requested.connect(self._answer)

    def _answer(self, source: object, _: object) -> None:
        if not isinstance(source, Path):
            return
        if self.breaks:
            self.desk.document.receive_failure("It cannot be read.")
        else:
            self.desk.open(read_image(source, self.frames.get(source)))

    @property
    def frame(self) -> int | None:
        """That of the open photograph."""
        return self.desk.document.photograph.frame


@pytest.fixture
def reader(desk: Desk) -> Reader:
    """An empty desk with the line."""
    return Reader(desk)


@pytest.fixture
def film(tmp_path: Path, photo: SkinImage) -> Path:
    """A DICOM file of three frames."""
    path = tmp_path / "film.dcm"
    path.write_bytes(native(np.stack([np.roll(photo.pixels, 9 * number, axis=1) for number in range(3)])))
    return path


def test_a_plain_photograph_has_no_line(reader: Reader, photo: SkinImage) -> None:
    reader.desk.open(photo)
    assert not reader.line.isVisible()
    assert not reader.desk.action("next_frame").isVisible()


def test_who_when_and_where_of_a_clinics_file(reader: Reader, film: Path) -> None:
    reader.desk.document.open(film)
    assert reader.line.isVisible()
    assert reader.line.words.whole == (
        "PLANTED, PATIENT  ·  ID ID-4711  ·  Born 1970-01-02  ·  Sex F  ·  2026-05-04  ·  Back (left)  ·  Maker DX-1"
    )
    assert not reader.line.notes.isVisible()


def test_what_has_no_room_stands_in_the_tooltip(reader: Reader, film: Path) -> None:
    reader.desk.document.open(film)
    words = reader.line.words
    reader.desk.resize(2400, 700)
    assert (words.text(), words.toolTip()) == (words.whole, "")
    reader.desk.resize(500, 500)
    assert words.text().endswith("…")
    assert words.toolTip() == words.whole


def test_what_is_odd_is_told_as_long_as_the_photograph_is_open(
    reader: Reader, photo: SkinImage, tmp_path: Path
) -> None:
    path = tmp_path / "odd.dcm"
    path.write_bytes(native(photo.pixels, PhotometricInterpretation="YBR_FULL_422"))
    reader.desk.document.open(path)
    assert reader.line.notes.isVisible()
    assert reader.line.notes.whole == ("Its header says YBR_FULL_422 and its pixels are RGB, as which they are shown")
    assert not reader.line.choice.isVisible()
    reader.desk.open(photo)
    assert not reader.line.isVisible()


def test_of_a_file_that_is_no_clinics_there_is_one_line_at_most(
    reader: Reader, photo: SkinImage, tmp_path: Path
) -> None:
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, photo.pixels.astype(np.uint16) * 16, photometric="rgb")
    reader.desk.document.open(path)
    assert reader.line.notes.whole == "Its values fill 12 of 16 bits, and were scaled to that"
    assert not reader.line.words.isVisible()
    assert reader.line.height() < 1.6 * reader.line.notes.height()


def test_keys_go_through_the_frames(reader: Reader, film: Path, qtbot: QtBot) -> None:
    desk = reader.desk
    desk.document.open(film)
    first = desk.document.photograph.pixels
    assert (reader.frame, reader.line.box.value(), reader.line.count.text()) == (0, 1, "of 3")
    assert not desk.action("previous_frame").isEnabled()
    for expected in (1, 2, 2):
        qtbot.keyClick(desk, NEXT, BOTH)
        assert (reader.frame, reader.line.box.value()) == (expected, expected + 1)
    assert not desk.action("next_frame").isEnabled()
    qtbot.keyClick(desk, BEFORE, BOTH)
    assert reader.frame == 1
    assert np.array_equal(desk.document.photograph.pixels, np.roll(first, 9, axis=1))


def test_keys_that_come_faster_than_frames_are_not_lost(reader: Reader, film: Path, qtbot: QtBot) -> None:
    desk = reader.desk
    desk.document.open(film)
    desk.document.requested.disconnect(reader._answer)  # the drive takes its time
    for key, expected in ((NEXT, 1), (NEXT, 2), (BEFORE, 1), (BEFORE, 0), (NEXT, 1)):
        qtbot.keyClick(desk, key, BOTH)
        assert (reader.frames[film], reader.line.box.value()) == (expected, expected + 1)
    desk.open(read_image(film, reader.frames[film]))
    assert (reader.frame, reader.line.box.value()) == (1, 2)


def test_a_frame_whose_opening_was_stopped_does_not_open_by_itself(reader: Reader, film: Path, qtbot: QtBot) -> None:
    desk = reader.desk
    desk.document.open(film)
    desk.document.requested.disconnect(reader._answer)
    qtbot.keyClick(desk, NEXT, BOTH)
    desk.document.cancel()
    assert (reader.frames[film], reader.line.box.value()) == (0, 1)


def test_a_frame_is_typed(reader: Reader, film: Path, qtbot: QtBot) -> None:
    reader.desk.document.open(film)
    reader.line.box.selectAll()
    qtbot.keyClicks(reader.line.box, "3")
    assert reader.frame == 0, "not before it is confirmed"
    qtbot.keyClick(reader.line.box, Qt.Key.Key_Return)
    assert reader.frame == 2
    reader.line.box.selectAll()
    qtbot.keyClicks(reader.line.box, "9")
    qtbot.keyClick(reader.line.box, Qt.Key.Key_Return)
    assert (reader.frame, reader.line.box.value()) == (2, 3), "there are three"


def test_the_frame_that_was_chosen_opens_again(reader: Reader, film: Path, photo: SkinImage, qtbot: QtBot) -> None:
    reader.desk.document.open(film)
    qtbot.keyClick(reader.desk, NEXT, BOTH)
    reader.desk.open(photo)
    reader.desk.document.open(film)
    assert reader.frame == 1


def test_each_frame_has_a_reading_of_its_own(reader: Reader, film: Path, qtbot: QtBot) -> None:
    kept: list[str] = []
    reader.desk.document.edited.connect(lambda photograph, _: kept.append(photograph.identity))
    reader.desk.document.open(film)
    reader.desk.document.keep()
    qtbot.keyClick(reader.desk, NEXT, BOTH)
    reader.desk.document.keep()
    assert kept[0] != kept[-1]


def test_a_frame_that_cannot_be_opened_leaves_the_present_one(reader: Reader, film: Path, qtbot: QtBot) -> None:
    reader.desk.document.open(film)
    qtbot.keyClick(reader.desk, NEXT, BOTH)
    reader.breaks = True
    qtbot.keyClick(reader.desk, NEXT, BOTH)
    assert (reader.frame, reader.line.box.value(), reader.frames[film]) == (1, 2, 1)


def test_a_photograph_unlike_the_models_own_says_so_once_there_is_a_result(
    reader: Reader, photo: SkinImage, evidence: Evidence
) -> None:
    reader.desk.open(photo)
    found = reader.desk.land(evidence)
    assert not reader.line.isVisible(), "the model cannot tell"
    reader.desk.document.receive_result(replace(found, familiarity=Familiarity(1.2, 1.6)))
    assert not reader.line.isVisible(), "a familiar one"
    reader.desk.document.receive_result(replace(found, familiarity=Familiarity(1.9, 1.6)))
    assert reader.line.isVisible()
    assert reader.line.notes.whole.startswith("This photograph is unlike those that the model was trained on;")
    assert reader.desk.document.shown.segmentation is not None, "the result is not hidden"
    reader.desk.open(replace(photo, sha256="1" * 64))
    assert not reader.line.isVisible(), "another photograph"


def test_a_blind_reader_is_not_told_of_it(reader: Reader, photo: SkinImage, evidence: Evidence) -> None:
    reader.desk.open(photo)
    reader.desk.document.receive_result(replace(reader.desk.land(evidence), familiarity=Familiarity(1.9, 1.6)))
    reader.desk.document.begin_blind()
    assert not reader.line.isVisible()
