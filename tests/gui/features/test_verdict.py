"""The verdict on the whole photograph and the note: keys, buttons, undo, and keys that a text field keeps to itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.analysis import Analysis
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.verdict import Verdict
from engine.reading.correction import Patch
from engine.reading.reading import VERDICTS, Reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
KEYS = {"good": Qt.Key.Key_F2, "usable": Qt.Key.Key_F3, "not usable": Qt.Key.Key_F4}


@pytest.fixture
def verdict(opened: Desk) -> Verdict:
    """The feature, beside corrections and analysis, which have keys that edit text, too."""
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    opened.add(Analysis(opened.document, opened.messages, "cpu"))
    return opened.add(Verdict(opened.document, opened.editing, opened.canvas, opened.messages))


def down(verdict: Verdict) -> list[str]:
    """The buttons that are down."""
    return [name for name, button in verdict.buttons.items() if button.isChecked()]


@pytest.mark.parametrize("said", VERDICTS)
def test_a_key_gives_a_verdict_and_the_same_key_takes_it_back(
    opened: Desk, verdict: Verdict, said: str, qtbot: QtBot
) -> None:
    qtbot.keyClick(opened, KEYS[said], Qt.KeyboardModifier.ShiftModifier)
    assert opened.document.reading.verdict == said
    assert down(verdict) == [f"verdict_{said.replace(' ', '_')}"]
    assert opened.notices == [f"Verdict: {said}"]
    qtbot.keyClick(opened, KEYS[said], Qt.KeyboardModifier.ShiftModifier)
    assert opened.document.reading.verdict is None
    assert down(verdict) == []
    assert opened.document.reading.is_empty


def test_buttons_do_the_same_and_undo_brings_the_former_verdict_back(
    opened: Desk, verdict: Verdict, qtbot: QtBot
) -> None:
    for name in ("verdict_good", "verdict_not_usable"):
        qtbot.mouseClick(verdict.buttons[name], LEFT)
        assert down(verdict) == [name], "there is one verdict at a time"
    assert opened.editing.stack.undoText() == "verdict “not usable”"
    qtbot.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    assert (opened.document.reading.verdict, down(verdict)) == ("good", ["verdict_good"])


def test_a_note_is_kept_with_each_letter_and_is_one_step_of_undo(opened: Desk, verdict: Verdict, qtbot: QtBot) -> None:
    kept: list[str] = []
    opened.document.edited.connect(lambda _, reading: kept.append(reading.note))
    qtbot.keyClick(opened, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    box = verdict.card.note_box
    assert box.hasFocus()
    qtbot.keyClicks(box, "Hair")
    assert kept == ["H", "Ha", "Hai", "Hair"]
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert opened.canvas.hasFocus()
    qtbot.keyClick(opened, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "?")
    assert opened.editing.stack.count() == 2, "one for each visit to the field"
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    texts = []
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Y):
        qtbot.keyClick(opened, key, CONTROL)
        texts.append((box.toPlainText(), opened.document.reading.note))
    assert texts == [(text, text) for text in ("Hair", "", "Hair", "Hair?")]


def test_keys_that_edit_text_are_the_fields_own(opened: Desk, verdict: Verdict, qtbot: QtBot) -> None:
    """Esc would cancel the analysis, Ctrl+Backspace discard the correction, D take the brush, F2 is no letter."""
    opened.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))
    opened.document.run_again()
    box = verdict.card.note_box
    box.setFocus()
    qtbot.keyClicks(box, "dslg[]1+ ?")
    assert (box.toPlainText(), opened.canvas.tool) == ("dslg[]1+ ?", None)
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
        qtbot.keyClick(box, key)
        qtbot.keyClick(box, key, CONTROL)
    assert opened.document.reading.layer is not None
    qtbot.keyClick(box, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert (opened.document.reading.verdict, box.hasFocus()) == ("good", True)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert opened.document.is_busy
    assert opened.canvas.hasFocus()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert not opened.document.is_busy


def test_tab_leads_through_the_panel(opened: Desk, verdict: Verdict, qtbot: QtBot) -> None:
    verdict.card.note_box.setFocus()
    qtbot.keyClick(verdict.card.note_box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not verdict.card.note_box
    assert verdict.card.note_box.toPlainText() == ""


def test_another_photograph_has_its_own_and_both_come_back(opened: Desk, verdict: Verdict, photo: SkinImage) -> None:
    opened.document.set_reading(Reading(verdict="usable", note="first"))
    opened.open(replace(photo, sha256="1" * 64))
    assert (verdict.card.note_box.toPlainText(), down(verdict)) == ("", [])
    opened.open(photo, Kept(Reading(verdict="usable", note="first")))
    assert (verdict.card.note_box.toPlainText(), down(verdict)) == ("first", ["verdict_usable"])


def test_nothing_can_be_said_before_a_photograph_is_open_or_while_it_is_read_blind(
    desk: Desk, photo: SkinImage, qtbot: QtBot
) -> None:
    verdict = desk.add(Verdict(desk.document, desk.editing, desk.canvas, desk.messages))

    def can() -> set[bool]:
        names = ("verdict_good", "verdict_usable", "verdict_not_usable", "note")
        return {*(desk.action(name).isEnabled() for name in names), verdict.card.note_box.isEnabled()}

    assert can() == {False}
    assert desk.action("verdict_good").toolTip() == "Open a photograph first"
    desk.open(photo)
    assert can() == {True}
    qtbot.keyClick(desk, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    desk.document.begin_blind()
    assert can() == {False}
    qtbot.keyClick(desk, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    desk.document.end_blind()
    assert desk.document.reading.verdict == "usable", "it outlives the blind reading"
    desk.document.rest()
