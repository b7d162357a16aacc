"""Reading blind: nothing of the model is seen before the reveal; what was drawn is recorded and corrects nothing."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.blind import BlindReading
from diffseg_gui.features.blind.blind import UNDRAWN, UNREADY
from diffseg_gui.features.blind.strip import MISSING, READY, UNDER_WAY, duration
from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.reading import correction
from engine.reading.reading import Reading, blind
from engine.records.export import export
from tests.gui.conftest import answer

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.blind.strip import Strip
    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOSE, KEEP = QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.RejectRole


@pytest.fixture
def fitted(desk: Desk) -> Desk:
    """A desk with what a blind reading goes with, and nothing open."""
    document, editing = desk.document, desk.editing
    desk.add(Correction(document, editing, desk.canvas, desk.messages))
    desk.add(Border(document, editing, desk.display, desk.preferences))
    desk.add(BlindReading(document, editing, desk.messages, desk))
    return desk


@pytest.fixture
def analysed(fitted: Desk, photo: SkinImage, evidence: Evidence) -> Desk:
    """With the photograph open and analysed."""
    fitted.open(photo)
    fitted.land(evidence)
    return fitted


@pytest.fixture
def reading(analysed: Desk, qtbot: QtBot) -> Desk:
    """Whose open photograph is read blind."""
    switch(analysed, qtbot)
    return analysed


def switch(desk: Desk, qtbot: QtBot) -> None:
    """Ctrl+B."""
    qtbot.keyClick(desk, Qt.Key.Key_B, CONTROL)


def reveal(desk: Desk, qtbot: QtBot) -> None:
    """Ctrl+Return."""
    qtbot.keyClick(desk, Qt.Key.Key_Return, CONTROL)


def draw(desk: Desk, radius: float = 20) -> None:
    """A circle by lasso about the photograph's centre."""
    photograph, layer = desk.document.photograph, desk.editing.layer
    turns = [2 * math.pi * part / 40 for part in range(40)]
    x, y = photograph.width / 2, photograph.height / 2
    circle = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in turns]
    desk.editing.put("lasso", correction.polygon(layer, circle, correction.LESION))


def strip(desk: Desk) -> Strip:
    """The line above the photograph."""
    (found,) = (feature for feature in desk._features if isinstance(feature, BlindReading))
    return found.strip


def model_mask(desk: Desk) -> Bools:
    """The result, also while it is hidden."""
    return desk.document.results.segmentation.mask


def test_it_is_begun_and_stopped_by_keys(analysed: Desk, qtbot: QtBot) -> None:
    assert "refined border" in analysed.legend()
    assert strip(analysed).isHidden()
    switch(analysed, qtbot)
    assert analysed.document.blind is not None
    assert analysed.action("blind").isChecked()
    assert not analysed.action("reveal").isEnabled()
    assert analysed.legend() == ()
    assert READY in strip(analysed).words.text()
    switch(analysed, qtbot)
    assert analysed.document.blind is None
    assert not analysed.action("blind").isChecked()
    assert "refined border" in analysed.legend()
    assert strip(analysed).isHidden()


def test_a_new_result_lifts_nothing(reading: Desk, evidence: Evidence, qtbot: QtBot) -> None:
    former = reading.document.results.segmentation
    qtbot.keyClick(reading, Qt.Key.Key_2)
    for answer_now in (reading.document.run_again, lambda: reading.land(evidence)):
        answer_now()
        assert READY in strip(reading).words.text()
        assert reading.legend() == ()
        assert reading.display.view == PHOTOGRAPH
        assert reading.scenes.scene(CONSISTENCY) is None
    assert reading.document.results.segmentation is not former


def test_reveal_waits_for_an_outline(reading: Desk, qtbot: QtBot) -> None:
    action, button = reading.action("reveal"), strip(reading).reveal
    assert not action.isEnabled()
    assert not button.isEnabled()
    assert button.toolTip() == UNDRAWN
    reveal(reading, qtbot)
    assert reading.document.blind is not None
    draw(reading)
    assert action.isEnabled()
    assert reading.legend() == ("your outline",)
    qtbot.mouseClick(button, LEFT)
    assert reading.document.blind is None
    assert reading.document.reading.blind is not None


def test_reveal_waits_for_the_result(fitted: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot) -> None:
    fitted.document.open(photo.path)
    fitted.open(photo)
    switch(fitted, qtbot)
    draw(fitted)
    assert UNDER_WAY in strip(fitted).words.text()
    assert not strip(fitted).reveal.isEnabled()
    assert strip(fitted).reveal.toolTip() == UNREADY
    fitted.document.cancel()
    assert MISSING in strip(fitted).words.text()
    reveal(fitted, qtbot)
    assert fitted.document.blind is not None
    fitted.land(evidence)
    assert strip(fitted).reveal.isEnabled()


def test_an_outline_that_is_drawn_is_seen_stroke_by_stroke(reading: Desk) -> None:
    draw(reading, 10)
    first = reading.scenes.scene(PHOTOGRAPH).curves
    assert reading.scenes.scene(PHOTOGRAPH).curves[-1] is first[-1], "the same one, or canvases repaint for nothing"
    draw(reading, 20)
    (curve,) = reading.scenes.scene(PHOTOGRAPH).curves
    assert curve.path != first[-1].path
    assert not curve.dashed
    reading.editing.stack.undo()
    reading.editing.stack.undo()
    assert reading.legend() == ()
    assert not reading.action("reveal").isEnabled()


def test_the_record_is_the_engines_and_the_correction_starts_empty(reading: Desk, qtbot: QtBot) -> None:
    document, editing = reading.document, reading.editing
    draw(reading)
    draw(reading, 10)  # changes nothing, and so is no edit
    draw(reading, 24)
    outline = editing.mask
    assert outline.sum() == pytest.approx(math.pi * 24**2, rel=0.05)
    reveal(reading, qtbot)
    record = document.reading.blind
    assert record is not None
    assert record == blind(outline, model_mask(reading), record.seconds, 2)
    assert record.seconds > 0
    assert document.reading.layer is None
    assert document.reading.edits == 0
    assert np.array_equal(editing.mask, model_mask(reading))
    assert not editing.stack.canUndo(), "nothing of the outline can become a correction"
    said = strip(reading).words.text()
    assert f"Dice {record.agreement.dice:.3f}" in said
    assert f"Jaccard {record.agreement.jaccard:.3f}" in said
    assert "2 edits" in said


def test_afterwards_the_outline_is_dashed_over_all_that_is_back(reading: Desk, qtbot: QtBot) -> None:
    draw(reading)
    qtbot.mouseClick(strip(reading).reveal, LEFT)
    assert not reading.action("blind").isChecked()
    assert reading.scenes.scene(CONSISTENCY) is not None
    curves = reading.scenes.scene(PHOTOGRAPH).curves
    assert [curve.name for curve in curves][-2:] == ["refined border", "your blind outline"]
    assert curves[-1].dashed
    assert strip(reading).isVisible()
    assert strip(reading).stop.isHidden()
    assert strip(reading).reveal.isHidden()


def test_the_line_that_was_hidden_stays_hidden_until_there_is_another(reading: Desk, qtbot: QtBot) -> None:
    draw(reading)
    reveal(reading, qtbot)
    qtbot.mouseClick(strip(reading).dismiss, LEFT)
    assert strip(reading).isHidden()
    draw(reading, 5)  # a correction, now
    assert strip(reading).isHidden()
    reading.editing.stack.undo()
    reading.action("discard_blind").trigger()
    reading.editing.stack.undo()
    assert strip(reading).isVisible()


def test_it_is_exported(reading: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    draw(reading)
    outline = reading.editing.mask
    reveal(reading, qtbot)
    record = reading.document.reading.blind
    export(reading.document.shown.segmentation, tmp_path, reading.document.reading)
    kept = json.loads((tmp_path / "result.json").read_text())["reading"]["blind"]
    assert kept["sha256"] == record.sha256
    assert kept["agreement"]["dice"] == record.agreement.dice
    with Image.open(tmp_path / "blind_outline.png") as picture:
        assert np.array_equal(np.asarray(picture), np.where(outline, 255, 0))


def test_the_outline_can_become_the_correction_and_undo_takes_it_back(reading: Desk, qtbot: QtBot) -> None:
    editing, adopt = reading.editing, reading.action("adopt_blind")
    draw(reading)
    outline = editing.mask
    assert not adopt.isEnabled()
    assert strip(reading).adopt.isHidden()
    reveal(reading, qtbot)
    before = editing.mask
    assert not np.array_equal(before, outline)
    assert strip(reading).adopt.isVisible()
    qtbot.keyClick(reading, Qt.Key.Key_O, CONTROL | SHIFT)
    assert np.array_equal(editing.mask, outline)
    assert reading.document.reading.edits == 1
    qtbot.mouseClick(strip(reading).adopt, LEFT)  # once more changes nothing
    assert editing.stack.count() == 1
    qtbot.keyClick(reading, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(editing.mask, before)
    assert reading.document.reading.layer is None
    reading.action("discard_blind").trigger()
    assert not adopt.isEnabled()


def test_the_outline_can_be_discarded_and_brought_back(reading: Desk, qtbot: QtBot) -> None:
    discard = reading.action("discard_blind")
    assert not discard.isEnabled()
    draw(reading)
    reveal(reading, qtbot)
    record = reading.document.reading.blind
    qtbot.keyClick(reading, Qt.Key.Key_B, CONTROL | SHIFT)
    assert reading.document.reading.blind is None
    assert strip(reading).isHidden()
    assert "your blind outline" not in reading.legend()
    assert not discard.isEnabled()
    qtbot.keyClick(reading, Qt.Key.Key_Z, CONTROL)
    assert reading.document.reading.blind == record
    assert strip(reading).isVisible()
    assert "your blind outline" in reading.legend()


def test_stopping_asks_only_where_something_was_drawn(reading: Desk, qtbot: QtBot) -> None:
    draw(reading)
    asked = answer(KEEP)
    switch(reading, qtbot)
    assert len(asked) == 1
    assert reading.document.blind is not None
    assert reading.action("blind").isChecked()
    asked = answer(LOSE)
    qtbot.mouseClick(strip(reading).stop, LEFT)
    assert len(asked) == 1
    assert reading.document.blind is None
    assert not reading.action("blind").isChecked()
    assert reading.document.reading.is_empty
    switch(reading, qtbot)
    asked = answer(KEEP)
    switch(reading, qtbot)
    assert reading.document.blind is None
    qtbot.wait(80)
    assert asked == []


def test_the_next_photograph_is_blind_before_its_first_mask(
    fitted: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    switch(fitted, qtbot)
    assert fitted.document.blind_next
    assert fitted.action("blind").isChecked()
    assert fitted.notices[-1] == "The next photograph you open is read blind"
    seen: list[tuple[str, ...]] = []
    fitted.stage.shownAnew.connect(lambda: seen.append(fitted.legend()))
    fitted.document.open(photo.path)
    fitted.open(photo)
    assert UNDER_WAY in strip(fitted).words.text()
    fitted.land(evidence)
    assert fitted.document.blind is not None
    assert not fitted.document.blind_next
    assert set(seen) == {()}
    assert READY in strip(fitted).words.text()


def test_a_photograph_that_was_corrected_is_not_read_blind_but_the_next_one_is(analysed: Desk, qtbot: QtBot) -> None:
    draw(analysed)
    switch(analysed, qtbot)
    assert analysed.document.blind_next
    assert analysed.document.blind is None
    assert "corrected border" in analysed.legend()
    assert analysed.action("blind").isChecked()
    switch(analysed, qtbot)
    assert not analysed.document.blind_next
    assert not analysed.action("blind").isChecked()


def test_an_outline_waits_for_its_photograph(reading: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot) -> None:
    kept: list[Reading] = []
    reading.document.outlined.connect(lambda _, outline: kept.append(outline))
    draw(reading)
    outline = reading.editing.mask
    reading.open(type(photo)(photo.path, "f" * 64, photo.pixels))
    reading.land(evidence)
    assert strip(reading).isHidden()
    assert "refined border" in reading.legend()
    assert not reading.action("blind").isChecked()
    reading.open(photo, outline=Kept(kept[-1]))
    assert reading.legend() == ("your outline",)
    assert strip(reading).isVisible()
    assert np.array_equal(reading.editing.mask, outline)
    reading.land(evidence)
    draw(reading, 25)
    reveal(reading, qtbot)
    assert reading.document.reading.blind.edits == 2
    assert reading.document.reading.edits == 0


def test_in_later_sittings_the_outline_is_there(
    fitted: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    outline = np.zeros((photo.height, photo.width), np.bool_)
    outline[10:30, 20:50] = True
    fitted.open(photo, Kept(Reading(blind=blind(outline, ~outline, 61.0, 1))))
    fitted.land(evidence)
    assert "your blind outline" in fitted.legend()
    assert "Drawn in 1 min 1 s with 1 edit." in strip(fitted).words.text()
    qtbot.mouseClick(strip(fitted).adopt, LEFT)
    assert np.array_equal(fitted.editing.mask, outline)


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
