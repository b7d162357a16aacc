"""Deciding a region: what that changes, how it is taken back, and what another delta does to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.review.panel import STATES
from engine.reading import correction
from engine.reading.joining import VALUES, Joining
from engine.reading.reading import CHOICES
from tests.gui.features.reviewing import first, read_by, state_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.review import Review
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
KEYS = {"accept": Qt.Key.Key_A, "extend": Qt.Key.Key_E, "retract": Qt.Key.Key_R, "undecidable": Qt.Key.Key_U}


@pytest.fixture
def review(opened: Desk) -> Review:
    """The review of the ten discs' regions."""
    return read_by(opened)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_key_decides_and_goes_on(opened: Desk, review: Review, choice: str, qtbot: QtBot) -> None:
    found, region = opened.document.shown.segmentation, review.regions[0]
    first(opened, qtbot, KEYS[choice])
    assert state_of(review, 1) == STATES[choice][1]
    assert review.card.note.text() == f"1 of {len(review.regions)} reviewed"
    assert opened.notices == [f"Region 1: {STATES[choice][1]}.  1 of {len(review.regions)} reviewed"]
    assert review.current.number == 2
    (decision,) = opened.document.reading.decisions
    assert (decision.choice, decision.centre, decision.box) == (choice, region.centre, region.box)
    patch = Joining(region, choice, found, found.mask).patch() if choice in VALUES else None
    expected = found.mask.copy()
    if patch is not None:
        expected[patch.window] = correction.apply(patch.values, expected[patch.window])
    assert np.array_equal(opened.editing.mask, expected)
    assert (patch is None) == (choice in ("accept", "undecidable"))
    assert opened.editing.stack.count() == 1, "decision and correction are one step"


def test_undo_restores_decision_and_mask_and_redo_brings_them_back(opened: Desk, review: Review, qtbot: QtBot) -> None:
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    first(opened, qtbot, Qt.Key.Key_E)
    extended = opened.editing.mask
    assert opened.editing.stack.undoText() == "extend region 1"
    qtbot.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(opened.editing.mask, opened.document.shown.segmentation.mask)
    assert state_of(review, 1) == "open"
    assert review.card.note.text().startswith("0 of ")
    qtbot.keyClick(opened, Qt.Key.Key_Y, CONTROL)
    assert np.array_equal(opened.editing.mask, extended)
    assert state_of(review, 1) == "extended"


@pytest.mark.parametrize("choice", CHOICES)
def test_undo_and_redo_go_to_the_region_that_they_change(
    opened: Desk, review: Review, choice: str, qtbot: QtBot
) -> None:
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    first(opened, qtbot, KEYS[choice])
    qtbot.keyClick(opened, Qt.Key.Key_N)
    assert review.current.number == 3
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        place = opened.viewport.centre
        qtbot.keyClick(opened, key, CONTROL)
        assert review.current.number == 1
        assert opened.viewport.centre != place
        assert review.card.list.currentRow() == 0
        review.go_to(3)


def test_undo_of_a_stroke_leaves_the_region_that_is_looked_at(opened: Desk, review: Review, qtbot: QtBot) -> None:
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    first(opened, qtbot, Qt.Key.Key_E)
    editing = opened.editing
    editing.put("brush", correction.stroke(editing.layer, [(5.0, 5.0)], 3.0, correction.LESION))
    place = opened.viewport.centre
    qtbot.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert (review.current.number, opened.viewport.centre) == (2, place)


def test_buttons_do_the_same(review: Review, qtbot: QtBot) -> None:
    buttons = review.card.buttons
    assert not any(buttons[name].isEnabled() for name in (*KEYS, "take_back"))
    qtbot.mouseClick(buttons["next_region"], LEFT)
    for number, name in enumerate(KEYS, 1):
        qtbot.mouseClick(buttons[name], LEFT)
        assert state_of(review, number) == STATES[name][1]
    for _ in KEYS:
        qtbot.mouseClick(buttons["previous_region"], LEFT)
    assert review.current.number == 1
    qtbot.mouseClick(buttons["take_back"], LEFT)
    assert state_of(review, 1) == "open"
    assert not buttons["take_back"].isEnabled()


@pytest.mark.parametrize("back", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_decision_is_taken_back_with_what_it_changed(
    opened: Desk, review: Review, back: Qt.Key, qtbot: QtBot
) -> None:
    first(opened, qtbot, Qt.Key.Key_E, Qt.Key.Key_P, back)
    assert review.current.number == 1, "one stays to decide anew"
    assert state_of(review, 1) == "open"
    assert opened.notices[-1].startswith("Region 1: open.  0 of ")
    assert np.array_equal(opened.editing.mask, opened.document.shown.segmentation.mask)
    assert opened.document.reading.is_empty
    assert opened.editing.stack.count() == 2


def test_deciding_anew_leaves_nothing_of_the_earlier_decision(opened: Desk, review: Review, qtbot: QtBot) -> None:
    first(opened, qtbot, Qt.Key.Key_R)
    straight = opened.editing.mask
    opened.editing.stack.undo()
    for which in (Qt.Key.Key_E, Qt.Key.Key_R):
        review.go_to(1)
        qtbot.keyClick(opened, which)
    assert np.array_equal(opened.editing.mask, straight)
    assert not (opened.editing.layer == correction.LESION).any()
    assert [decision.choice for decision in opened.document.reading.decisions] == ["retract"]


def test_the_same_decision_again_is_no_step(opened: Desk, review: Review, qtbot: QtBot) -> None:
    for _ in range(2):
        review.go_to(1)
        qtbot.keyClick(opened, Qt.Key.Key_E)
    assert opened.editing.stack.count() == 1
    assert review.current.number == 2
    assert opened.notices[-1].startswith("Region 1: extended; the border was there already.  1 of ")


def test_the_next_open_one_comes_first_and_the_last_stays(opened: Desk, review: Review, qtbot: QtBot) -> None:
    count = len(review.regions)
    review.go_to(2)
    qtbot.keyClick(opened, Qt.Key.Key_A)
    review.go_to(1)
    qtbot.keyClick(opened, Qt.Key.Key_A)
    assert review.current.number == 3, "2 is decided"
    for _ in range(count - 2):
        qtbot.keyClick(opened, Qt.Key.Key_U)
    assert review.current.number == count
    assert review.card.note.text() == f"{count} of {count} reviewed"
    assert review.count.text() == f"Review: {count} of {count} reviewed"


# Other settings, other photographs


def test_decisions_follow_their_regions_through_another_delta(
    opened: Desk, review: Review, evidence: Evidence, qtbot: QtBot
) -> None:
    count = len(review.regions)
    first(opened, qtbot, *[Qt.Key.Key_A] * count)
    layer = opened.editing.layer
    opened.document.set_delta(opened.document.recipe.vote.delta + 0.001)
    QApplication.processEvents()
    assert review.card.note.text() == f"{count} of {count} reviewed, out of date"
    assert not any(opened.action(name).isEnabled() for name in (*KEYS, "take_back")), "what is stale is not decided"
    qtbot.keyClick(opened, Qt.Key.Key_E)
    assert opened.editing.layer is layer
    opened.land(evidence)
    assert review.card.note.text() == f"{len(review.choices)} of {len(review.regions)} reviewed"
    assert len(review.choices) >= 1
    assert len(opened.document.reading.decisions) == count, "none is lost"
    assert review.current in (*review.regions, None)


def test_decisions_that_fit_no_region_are_kept_and_told(
    opened: Desk, review: Review, evidence: Evidence, qtbot: QtBot
) -> None:
    lost = review.card.lost
    first(opened, qtbot, Qt.Key.Key_E)
    layer = opened.editing.layer
    assert not lost.isVisible()
    opened.land(replace(evidence, difference=np.roll(evidence.difference, 48, axis=2)))
    assert lost.isVisible()
    assert lost.text() == "One decision belongs to no region at these settings. It is kept, with what it changed."
    assert review.card.note.text().startswith("0 of ")
    assert review.current is None
    assert opened.editing.layer is layer
    opened.land(evidence)
    assert state_of(review, 1) == "extended", "and it comes back with its region"
    assert not lost.isVisible()


def test_the_count_persists_with_the_reading(
    opened: Desk, review: Review, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    first(opened, qtbot, Qt.Key.Key_E, Qt.Key.Key_U)
    note, kept = review.card.note.text(), opened.document.reading
    opened.open(replace(photo, sha256="1" * 64))
    opened.land(evidence)
    assert review.card.note.text().startswith("0 of ")
    opened.open(photo, Kept(kept))
    opened.land(evidence)
    assert review.card.note.text() == note
    assert [state_of(review, number) for number in (1, 2)] == ["extended", "undecidable"]


def test_all_that_is_left_is_accepted_in_one_step(opened: Desk, review: Review, qtbot: QtBot) -> None:
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    total, action = len(review.regions), opened.action("accept_rest")
    first(opened, qtbot, KEYS["extend"])
    mask, left = opened.editing.mask, total - 1
    assert left > 1
    assert action.text() == f"Accept the {left} regions that are &left"
    assert review.buttons["accept_rest"].text() == f"Accept the {left} regions that are left"
    qtbot.keyClick(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ShiftModifier)
    assert opened.notices[-1] == f"Accepted {left} regions that had been left open.  {total} of {total} reviewed"
    assert review.choices == {1: "extend"} | dict.fromkeys(range(2, total + 1), "accept")
    assert opened.editing.mask is mask, "accepting changes no pixel"
    assert not action.isEnabled()
    assert action.text() == "Accept all that are &left"
    qtbot.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert review.choices == {1: "extend"}
    qtbot.mouseClick(review.buttons["accept_rest"], LEFT)
    assert len(review.choices) == total


def test_the_last_one_that_is_left_is_said_to_be_one(opened: Desk, review: Review, qtbot: QtBot) -> None:
    first(opened, qtbot, *[KEYS["accept"]] * (len(review.regions) - 1))
    assert opened.action("accept_rest").text() == "Accept the 1 region that is &left"
    opened.document.set_delta(0.2)
    assert not opened.action("accept_rest").isEnabled(), "these are regions of another result"
    opened.document.rest()
