"""Scribbling: two tools, whose strokes become part of the reading, and what is asked of the worker for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.scribble import Scribbling
from diffseg_gui.features.scribble.scribble import TOOLS
from engine.reading.reading import Reading
from engine.scribbles import LESION, SKIN, Scribble
from tests.gui.strokes import ALT, CTRL, LEFT, SHIFT, at, click, drag

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

KEYS = {LESION: Qt.Key.Key_J, SKIN: Qt.Key.Key_K}


class Asked:
    """The scribbles of each request."""

    def __init__(self, desk: Desk) -> None:
        self.all: list[tuple[Scribble, ...]] = []
        desk.document.requested.connect(lambda _source, _recipe, scribbles: self.all.append(scribbles))


@pytest.fixture
def feature(opened: Desk) -> Scribbling:
    """The feature, with the photograph open and analysed, beside the brush that has its size."""
    correction = opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    made = opened.add(Scribbling(opened.document, opened.editing, opened.canvas, opened.messages))
    correction.also = tuple(made.tools.values())
    correction.changed.connect(made.show_tool)
    correction.set_size(8)
    return made


def drawn(desk: Desk) -> tuple[Scribble, ...]:
    """The scribbles of the reading."""
    return desk.document.reading.scribbles


def test_one_tool_at_a_time_by_keys(desk: Desk, feature: Scribbling, qtbot: QtBot) -> None:
    for label, key in KEYS.items():
        qtbot.keyClick(desk, key)
        assert desk.canvas.tool is feature.tools[label]
        assert [desk.action(TOOLS[one][0]).isChecked() for one in KEYS] == [one == label for one in KEYS]
        assert feature.strip.isVisible()
        assert feature.strip.labels[label].isChecked()
        assert desk.notices[-1].endswith("Aim for the middle of what is wrong")
    qtbot.keyClick(desk, Qt.Key.Key_D)
    assert not feature.strip.isVisible(), "the brush has its own"
    qtbot.keyClick(desk, Qt.Key.Key_K)
    qtbot.mouseClick(feature.strip.labels[LESION], LEFT)
    assert desk.canvas.tool is feature.tools[LESION]
    qtbot.keyClick(desk, Qt.Key.Key_J)
    assert desk.canvas.tool is None, "a tool is laid down as it was taken up"


def test_a_stroke_becomes_part_of_the_reading_and_the_worker_is_asked(
    desk: Desk, feature: Scribbling, evidence: Evidence, qtbot: QtBot
) -> None:
    desk.add(Border(desk.document, desk.editing, desk.display, desk.preferences))
    asked = Asked(desk)
    qtbot.keyClick(desk, KEYS[LESION])
    drag(desk.canvas, qtbot, [(20, 20), (24, 20), (40, 30)])
    (scribble,) = drawn(desk)
    assert scribble.label == LESION
    assert scribble.radius == 4
    assert scribble.everywhere
    assert scribble.points[0] == pytest.approx((20, 20), abs=0.3)
    assert scribble.points[-1] == pytest.approx((40, 30), abs=0.3)
    assert asked.all == [(scribble,)]
    assert desk.document.is_busy
    assert not desk.document.shown.current, "so it cannot be exported"
    assert "refined border" in desk.legend(), "the border stays as it is until it has followed"
    assert "scribbled lesion" in desk.legend()
    desk.land(evidence)
    assert desk.document.shown.current
    assert len(asked.all) == 1


def test_what_is_scribbled_while_the_worker_is_busy_follows_at_once_afterwards(
    desk: Desk, feature: Scribbling, evidence: Evidence, qtbot: QtBot
) -> None:
    asked = Asked(desk)
    qtbot.keyClick(desk, KEYS[SKIN])
    click(desk.canvas, qtbot, 20, 20)
    first = drawn(desk)
    click(desk.canvas, qtbot, 40, 20)
    assert asked.all == [first], "what the worker is at is not lost"
    feature_found = replace(desk.document.shown.segmentation, scribbles=first)
    desk.document.receive_result(feature_found)
    assert asked.all == [first, drawn(desk)]
    desk.land(evidence)
    assert desk.document.shown.current
    assert not desk.document.is_busy


def test_what_failed_is_not_asked_for_again_by_itself(
    desk: Desk, feature: Scribbling, evidence: Evidence, qtbot: QtBot
) -> None:
    asked = Asked(desk)
    qtbot.keyClick(desk, KEYS[SKIN])
    click(desk.canvas, qtbot, 20, 20)
    desk.document.receive_failure("There is not enough memory.")
    assert len(asked.all) == 1
    assert not desk.document.shown.holds
    click(desk.canvas, qtbot, 40, 20)
    assert len(asked.all[-1]) == len(asked.all) == 2


def test_what_was_stopped_does_not_begin_again_by_itself(desk: Desk, feature: Scribbling, qtbot: QtBot) -> None:
    desk.document.run_again()
    qtbot.keyClick(desk, KEYS[LESION])
    click(desk.canvas, qtbot, 40, 40)
    asked = Asked(desk)
    desk.document.cancel()
    assert not desk.document.is_busy
    assert asked.all == []
    click(desk.canvas, qtbot, 60, 40)
    assert asked.all == [drawn(desk)], "the next stroke is followed, and with it the one before"


def test_undo_redo_and_clear(desk: Desk, feature: Scribbling, evidence: Evidence, qtbot: QtBot) -> None:
    asked = Asked(desk)
    qtbot.keyClick(desk, KEYS[SKIN])
    for x in (20, 40):
        click(desk.canvas, qtbot, x, 20)
        desk.land(evidence)
    both = drawn(desk)
    assert desk.action("undo").text() == "&Undo skin scribble"
    qtbot.keyClick(desk, Qt.Key.Key_Z, CTRL)
    assert drawn(desk) == both[:1] == asked.all[-1]
    desk.land(evidence)
    qtbot.keyClick(desk, Qt.Key.Key_Y, CTRL)
    assert drawn(desk) == both == asked.all[-1]
    desk.land(evidence)
    qtbot.keyClick(desk, Qt.Key.Key_K, SHIFT)
    assert drawn(desk) == () == asked.all[-1]
    assert not desk.action("clear_scribbles").isEnabled()
    desk.land(evidence)
    assert not {"scribbled lesion", "scribbled skin"} & set(desk.legend())
    qtbot.keyClick(desk, Qt.Key.Key_Z, CTRL)
    assert drawn(desk) == both


def test_alt_says_the_opposite_and_near_by_is_a_choice(
    desk: Desk, feature: Scribbling, evidence: Evidence, qtbot: QtBot
) -> None:
    qtbot.keyClick(desk, KEYS[LESION])
    drag(desk.canvas, qtbot, [(20, 20), (30, 20)], ALT)
    qtbot.mouseClick(feature.strip.reaches[False], LEFT)
    assert not desk.action("scribble_everywhere").isChecked()
    click(desk.canvas, qtbot, 40, 40)
    qtbot.keyClick(desk, Qt.Key.Key_J, SHIFT)
    assert feature.strip.reaches[True].isChecked()
    click(desk.canvas, qtbot, 50, 40)
    assert [(one.label, one.everywhere) for one in drawn(desk)] == [(SKIN, True), (LESION, False), (LESION, True)]


def test_its_size_is_the_brushs(desk: Desk, feature: Scribbling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS[LESION])
    assert feature.strip.size_label.text() == "Size 8 px"
    qtbot.keyClick(desk, Qt.Key.Key_BracketRight)
    assert feature.strip.size_label.text() == "Size 10 px"
    click(desk.canvas, qtbot, 40, 40)
    assert drawn(desk)[0].radius == 5


def test_its_size_goes_with_the_photograph(
    desk: Desk, feature: Scribbling, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    doubled = np.ascontiguousarray(photo.pixels.repeat(2, axis=0).repeat(2, axis=1))
    desk.open(replace(photo, pixels=doubled, sha256="1" * 64))
    desk.land(evidence)
    qtbot.keyClick(desk, KEYS[LESION])
    assert feature.strip.size_label.text() == "Size 16 px", "as the brush's"
    click(desk.canvas, qtbot, 80, 80)
    assert drawn(desk)[0].radius == 8


def test_escape_drops_what_was_begun(desk: Desk, feature: Scribbling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS[LESION])
    qtbot.mousePress(desk.canvas, LEFT, pos=at(desk.canvas, 20, 20))
    qtbot.mouseMove(desk.canvas, at(desk.canvas, 30, 20))
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(desk.canvas, LEFT, pos=at(desk.canvas, 30, 20))
    assert drawn(desk) == ()
    assert desk.canvas.tool is feature.tools[LESION]


def test_who_reads_blind_cannot_scribble_and_who_has_scribbled_cannot_read_blind(
    desk: Desk, feature: Scribbling, photo: SkinImage, qtbot: QtBot
) -> None:
    qtbot.keyClick(desk, KEYS[LESION])
    desk.document.begin_blind()
    assert desk.canvas.tool is None
    assert not desk.action("scribble_lesion").isEnabled()
    assert "hidden while you read blind" in desk.action("scribble_lesion").toolTip()
    desk.document.end_blind()
    qtbot.keyClick(desk, KEYS[LESION])
    click(desk.canvas, qtbot, 20, 20)
    from diffseg_gui.document.blindness import may_be_blind

    assert not may_be_blind(desk.document.reading)


def test_kept_scribbles_are_asked_for_when_their_photograph_is_opened(
    desk: Desk, feature: Scribbling, photo: SkinImage, evidence: Evidence
) -> None:
    from diffseg_gui.document.kept import Kept

    kept = (Scribble(SKIN, ((20.0, 20.0),), 4.0),)
    asked = Asked(desk)
    other = replace(photo, sha256="0" * 64)
    desk.document.open(other.path)
    desk.open(other, Kept(Reading(scribbles=kept)))
    assert asked.all == [(), kept]
    desk.land(evidence)
    assert desk.document.shown.current
    assert asked.all == [(), kept]
    assert "scribbled skin" in desk.legend()
