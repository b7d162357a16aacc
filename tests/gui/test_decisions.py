"""Deciding a region: what that changes, how it is taken back, and what another delta does to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui import review
from diffseg_gui.keeper import Kept
from diffseg_gui.panels.review import STATES
from engine.reading import correction, regions
from engine.reading.reading import CHOICES
from engine.results import Evidence
from tests.gui.results import key, land, show, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.photograph.image import SkinImage

LEFT = Qt.MouseButton.LeftButton
KEYS = {"accept": Qt.Key.Key_A, "extend": Qt.Key.Key_E, "retract": Qt.Key.Key_R, "undecidable": Qt.Key.Key_U}


@pytest.fixture
def read(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Workbench:
    """A workbench with the ten discs' result."""
    show(bench, photo, evidence)
    return bench


@pytest.mark.parametrize("choice", CHOICES)
def test_a_key_decides_and_goes_on(read: Workbench, choice: str, photo: SkinImage, qtbot: QtBot) -> None:
    window, found = read.window, read.state.segmentation
    key(read, qtbot, Qt.Key.Key_N)
    region = window.reviewing.current
    key(read, qtbot, KEYS[choice])
    assert state_of(read, 1) == STATES[choice][1]
    assert window.review.note.text().startswith("1 of ")
    assert window.reviewing.current.number == 2
    (decision,) = read.state.reading.decisions
    assert (decision.choice, decision.centre, decision.box) == (choice, region.centre, region.box)
    patch = regions.edit(region, choice, found, found.mask)
    expected = found.mask.copy()
    if patch is not None:
        expected[patch.window] = correction.apply(patch.values, expected[patch.window])
    assert np.array_equal(window.edit.mask, expected)
    assert (patch is None) == (choice in ("accept", "undecidable"))
    assert window.edit.stack.count() == 1, "decision and correction are one step"


def test_undo_restores_decision_and_mask_and_redo_brings_them_back(read: Workbench, qtbot: QtBot) -> None:
    window, model = read.window, read.state.segmentation.mask
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_E)
    extended = window.edit.mask
    assert window.edit.stack.undoText() == "extend region 1"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(window.edit.mask, model)
    assert state_of(read, 1) == "open"
    assert window.review.note.text().startswith("0 of ")
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(window.edit.mask, extended)
    assert state_of(read, 1) == "extended"


def test_buttons_do_the_same(read: Workbench, qtbot: QtBot) -> None:
    buttons = read.window.review.buttons
    assert not any(buttons[name].isEnabled() for name in (*KEYS, "take_back"))
    for number, name in enumerate(KEYS, 1):
        if number == 1:
            qtbot.mouseClick(buttons["next_region"], LEFT)
        qtbot.mouseClick(buttons[name], LEFT)
        assert state_of(read, number) == STATES[name][1]
    for _ in KEYS:
        qtbot.mouseClick(buttons["previous_region"], LEFT)
    assert read.window.reviewing.current.number == 1
    qtbot.mouseClick(buttons["take_back"], LEFT)
    assert state_of(read, 1) == "open"
    assert not buttons["take_back"].isEnabled()


@pytest.mark.parametrize("back", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_decision_is_taken_back_with_what_it_changed(read: Workbench, back: Qt.Key, qtbot: QtBot) -> None:
    window = read.window
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_E)
    key(read, qtbot, Qt.Key.Key_P)
    key(read, qtbot, back)
    assert window.reviewing.current.number == 1, "one stays to decide anew"
    assert state_of(read, 1) == "open"
    assert np.array_equal(window.edit.mask, read.state.segmentation.mask)
    assert read.state.reading.is_empty
    assert window.edit.stack.count() == 2


def test_deciding_anew_leaves_nothing_of_the_earlier_decision(read: Workbench, qtbot: QtBot) -> None:
    window = read.window
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_R)
    straight = window.edit.mask
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    for which in (Qt.Key.Key_E, Qt.Key.Key_R):
        window.reviewing.go_to(1)
        key(read, qtbot, which)
    assert np.array_equal(window.edit.mask, straight)
    assert not (window.edit.layer == correction.LESION).any()
    assert [decision.choice for decision in read.state.reading.decisions] == ["retract"]


def test_the_same_decision_again_is_no_step(read: Workbench, qtbot: QtBot) -> None:
    for _ in range(2):
        read.window.reviewing.go_to(1)
        key(read, qtbot, Qt.Key.Key_E)
    assert read.window.edit.stack.count() == 1
    assert read.window.reviewing.current.number == 2
    assert "there already" in read.window.statusBar().currentMessage()


def test_the_next_open_one_comes_first_and_the_last_stays(read: Workbench, qtbot: QtBot) -> None:
    reviewing = read.window.reviewing
    count = len(reviewing.regions)
    reviewing.go_to(2)
    key(read, qtbot, Qt.Key.Key_A)
    reviewing.go_to(1)
    key(read, qtbot, Qt.Key.Key_A)
    assert reviewing.current.number == 3, "2 is decided"
    for _ in range(count - 2):
        key(read, qtbot, Qt.Key.Key_U)
    assert reviewing.current.number == count
    assert read.window.review.note.text() == f"{count} of {count} reviewed"


# Other settings, other images


def test_decisions_follow_their_regions_through_another_delta(
    read: Workbench, evidence: Evidence, qtbot: QtBot
) -> None:
    window, count = read.window, len(read.window.reviewing.regions)
    key(read, qtbot, Qt.Key.Key_N)
    for _ in range(count):
        key(read, qtbot, Qt.Key.Key_A)
    layer = window.edit.layer
    read.state.set_delta(read.state.recipe.vote.delta + 0.001)
    qtbot.waitUntil(lambda: not read.state.current and read.state.busy)
    assert window.review._rows.faded
    assert window.review.note.text() == f"{count} of {count} reviewed, out of date"
    assert not window.actions_by_name["accept"].isEnabled(), "what is stale is not decided"
    key(read, qtbot, Qt.Key.Key_E)
    assert window.edit.layer is layer
    land(read, evidence)
    assert not window.review._rows.faded
    listed = window.reviewing.regions
    assert window.review.note.text() == f"{len(window.reviewing.choices)} of {len(listed)} reviewed"
    assert len(window.reviewing.choices) >= 1
    assert len(read.state.reading.decisions) == count, "none is lost"
    assert window.reviewing.current in (*listed, None)


def test_decisions_that_fit_no_region_are_kept_and_told(read: Workbench, evidence: Evidence, qtbot: QtBot) -> None:
    window = read.window
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_E)
    mask_layer = window.edit.layer.copy()
    assert not window.review.lost.isVisible()
    shifted = np.roll(evidence.difference, 48, axis=2)
    land(read, Evidence(evidence.timesteps, shifted, evidence.counterfactual, evidence.device))
    assert window.review.lost.isVisible()
    assert window.review.lost.text().startswith("1 decision fits no region")
    assert window.review.note.text().startswith("0 of ")
    assert window.reviewing.current is None
    assert np.array_equal(window.edit.layer, mask_layer)
    land(read, evidence)
    assert state_of(read, 1) == "extended", "and it comes back with its region"


def test_a_run_that_changes_no_vote_keeps_the_list(
    read: Workbench, evidence: Evidence, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    key(read, qtbot, Qt.Key.Key_N)
    calls: list[object] = []
    monkeypatch.setattr(review, "regions", lambda *given: calls.append(given) or regions.regions(*given))
    read.state.receive_result(replace(read.state.segmentation, seconds={"total": 9.0}))
    assert calls == []
    assert read.window.reviewing.current.number == 1


def test_the_count_persists_with_the_reading(
    read: Workbench,
    make_bench: Callable[[Path], Workbench],
    model_path: Path,
    photo: SkinImage,
    evidence: Evidence,
    qtbot: QtBot,
) -> None:
    key(read, qtbot, Qt.Key.Key_N)
    for which in (Qt.Key.Key_E, Qt.Key.Key_U):
        key(read, qtbot, which)
    second = make_bench(model_path)
    show(second, photo, evidence)
    assert second.window.review.note.text().startswith("0 of ")
    second.window.edit.restore(Kept(read.state.reading))
    assert second.window.review.note.text() == read.window.review.note.text()
    assert state_of(second, 1) == "extended"
    assert state_of(second, 2) == "undecidable"
