"""Reading blind: nothing of the model is seen before the reveal; what was drawn is recorded and corrects nothing."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui import review
from diffseg_gui.panels.veil import HIDDEN, duration
from diffseg_gui.views import CONSISTENCY, PHOTOGRAPH
from engine.reading.reading import blind
from engine.records.export import export
from tests.gui.conftest import PATIENCE, answer, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def switch(bench: Workbench, qtbot: QtBot) -> None:
    """Ctrl+B."""
    qtbot.keyClick(bench.window, Qt.Key.Key_B, CONTROL)


def at(bench: Workbench, x: float, y: float) -> QPoint:
    """Where a point of the photograph stands on the canvas."""
    return bench.window.stage.canvas.to_screen().map(QPointF(x, y)).toPoint()


def draw(bench: Workbench, qtbot: QtBot, radius: float = 20) -> None:
    """A circle by lasso about the photograph's centre; the tool is then put down."""
    canvas, image = bench.window.stage.canvas, bench.state.image
    assert image is not None
    bench.window.actions_by_name["lasso"].setChecked(True)
    turns = [2 * math.pi * part / 40 for part in range(40)]
    circle = [(image.width / 2 + radius * math.cos(a), image.height / 2 + radius * math.sin(a)) for a in turns]
    qtbot.mousePress(canvas, LEFT, pos=at(bench, *circle[0]))
    for point in circle[1:]:
        qtbot.mouseMove(canvas, at(bench, *point))
    qtbot.mouseRelease(canvas, LEFT, pos=at(bench, *circle[-1]))
    bench.window.leave_tool()


def names(bench: Workbench) -> tuple[str, ...]:
    """What the legend explains."""
    return bench.window.stage.legend.names()


@pytest.fixture
def reading(analysed: Workbench, qtbot: QtBot) -> Workbench:
    """A workbench whose open image is read blind."""
    switch(analysed, qtbot)
    return analysed


def test_all_of_the_model_is_hidden(reading: Workbench, qtbot: QtBot) -> None:
    window = reading.window
    assert window.edit.blind
    assert names(reading) == ()
    for dock in window.docks.all.values():
        inside = dock.widget().layout()
        assert inside.itemAt(0).widget().isHidden()
        assert inside.itemAt(inside.count() - 1).widget().text() == HIDDEN
    assert all(window.scenes.scene(view) is None for view in (CONSISTENCY, "refined", "t100"))
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert window.view == PHOTOGRAPH
    qtbot.mouseMove(window.stage.canvas, at(reading, 40, 30))
    assert not window.position.isVisible()
    window.statusBar().showMessage("a message", 1)
    qtbot.wait(50)
    assert not window.position.isVisible()  # as Qt would have it, once a message is over
    steps = [command.name for command in review.COMMANDS]
    assert len(steps) == 7
    for name in ("export", "band", "view_consistency", "compare_pair", "show_changes", *steps):
        assert not window.actions_by_name[name].isEnabled(), name


def test_a_new_result_lifts_nothing(reading: Workbench, qtbot: QtBot) -> None:
    reading.window.run_again()
    wait_until_current(reading, qtbot)
    assert not reading.window.actions_by_name["export"].isEnabled()
    assert names(reading) == ()
    assert reading.window.scenes.scene(CONSISTENCY) is None


def test_reveal_waits_for_an_outline(reading: Workbench, qtbot: QtBot) -> None:
    action, button = reading.window.actions_by_name["reveal"], reading.window.blind.strip.reveal
    assert not action.isEnabled()
    assert button.toolTip() == "Outline the lesion first"
    draw(reading, qtbot)
    assert action.isEnabled()
    assert button.isEnabled()
    assert names(reading) == ("your outline",)
    qtbot.mouseClick(button, LEFT)


def test_the_record_is_the_engines_and_the_correction_starts_empty(reading: Workbench, qtbot: QtBot) -> None:
    window, state = reading.window, reading.state
    draw(reading, qtbot)
    draw(reading, qtbot, 10)  # changes nothing, and so is no edit
    draw(reading, qtbot, 24)
    outline = window.edit.mask
    assert outline is not None
    assert outline.sum() == pytest.approx(math.pi * 24**2, rel=0.05)
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert state.reading is not None
    assert state.segmentation is not None
    record = state.reading.blind
    assert record is not None
    assert record == blind(outline, state.segmentation.mask, record.seconds, 2)
    assert record.seconds > 0
    assert state.reading.layer is None
    assert state.reading.edits == 0
    assert np.array_equal(window.edit.mask, state.segmentation.mask)
    assert not window.edit.stack.canUndo()  # nothing of the outline can become a correction
    assert f"Dice {record.agreement.dice:.3f}" in window.blind.strip.words.text()
    assert "2 edits" in window.blind.strip.words.text()


def test_everything_is_back_after_the_reveal_with_the_outline_dashed(reading: Workbench, qtbot: QtBot) -> None:
    window = reading.window
    draw(reading, qtbot)
    qtbot.mouseClick(window.blind.strip.reveal, LEFT)
    assert not window.edit.blind
    assert not window.actions_by_name["blind"].isChecked()
    assert all(dock.widget().layout().count() == 1 for dock in window.docks.all.values())
    assert all(not dock.widget().layout().itemAt(0).widget().isHidden() for dock in window.docks.all.values())
    assert window.scenes.scene(CONSISTENCY) is not None
    assert window.actions_by_name["export"].isEnabled()
    assert window.position.isVisible()
    (curve,) = (c for c in window.stage.canvas.scene.curves if c.name == "your blind outline")
    assert curve.dashed
    qtbot.mouseClick(window.blind.strip.dismiss, LEFT)
    assert window.blind.strip.isHidden()


def test_it_is_exported(reading: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    draw(reading, qtbot)
    outline = reading.window.edit.mask
    qtbot.keyClick(reading.window, Qt.Key.Key_Return, CONTROL)
    assert reading.state.segmentation is not None
    assert reading.state.reading is not None
    export(reading.state.segmentation, tmp_path, reading.state.reading)
    kept = json.loads((tmp_path / "result.json").read_text())["reading"]["blind"]
    assert reading.state.reading.blind is not None
    assert kept["sha256"] == reading.state.reading.blind.sha256
    assert kept["agreement"]["dice"] == reading.state.reading.blind.agreement.dice
    with Image.open(tmp_path / "blind_outline.png") as picture:
        assert np.array_equal(np.asarray(picture), np.where(outline, 255, 0))


def test_the_outline_can_become_the_correction_and_undo_takes_it_back(reading: Workbench, qtbot: QtBot) -> None:
    window, adopt = reading.window, reading.window.actions_by_name["adopt_blind"]
    draw(reading, qtbot)
    outline = window.edit.mask
    assert not adopt.isEnabled()
    assert window.blind.strip.adopt.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    before = window.edit.mask
    assert not np.array_equal(before, outline)
    assert window.blind.strip.adopt.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL | SHIFT)
    assert np.array_equal(window.edit.mask, outline)
    assert reading.state.reading.edits == 1
    adopt.trigger()  # once more changes nothing
    assert window.edit.stack.count() == 1
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(window.edit.mask, before)
    assert reading.state.reading.layer is None
    window.actions_by_name["discard_blind"].trigger()
    assert not adopt.isEnabled()


def test_the_outline_can_be_discarded_and_brought_back(reading: Workbench, qtbot: QtBot) -> None:
    window, discard = reading.window, reading.window.actions_by_name["discard_blind"]
    assert not discard.isEnabled()
    draw(reading, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    record = reading.state.reading.blind if reading.state.reading else None
    assert record is not None
    discard.trigger()
    assert reading.state.reading is not None
    assert reading.state.reading.blind is None
    assert window.blind.strip.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert reading.state.reading.blind == record
    assert not window.blind.strip.isHidden()
    assert "your blind outline" in names(reading)


def test_stopping_asks_only_where_something_was_drawn(reading: Workbench, qtbot: QtBot) -> None:
    window = reading.window
    draw(reading, qtbot)
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    switch(reading, qtbot)
    assert len(asked) == 1
    assert window.edit.blind
    assert window.actions_by_name["blind"].isChecked()
    asked = answer(QMessageBox.ButtonRole.DestructiveRole)
    qtbot.mouseClick(window.blind.strip.stop, LEFT)
    assert len(asked) == 1
    assert not window.edit.blind
    assert reading.state.reading is not None
    assert reading.state.reading.is_empty
    switch(reading, qtbot)
    asked = answer(QMessageBox.ButtonRole.RejectRole)
    switch(reading, qtbot)
    assert not window.edit.blind
    qtbot.wait(80)
    assert asked == []


def test_the_next_image_is_veiled_before_its_first_mask(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    switch(bench, qtbot)
    assert bench.window.blind.armed
    seen: list[tuple[str, ...]] = []
    bench.window.refreshed.connect(lambda: seen.append(names(bench)))
    bench.window.open_image(photo_path)
    wait_until_current(bench, qtbot)
    assert bench.window.blind.on
    assert set(seen) == {()}
    assert "The result is ready." in bench.window.blind.strip.words.text()
    switch(bench, qtbot)


def test_an_outline_waits_for_its_image(reading: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot) -> None:
    window = reading.window
    draw(reading, qtbot)
    outline = window.edit.mask
    window.open_image(other_path)
    wait_until_current(reading, qtbot)
    assert not window.blind.on
    assert window.scenes.scene(CONSISTENCY) is not None
    assert reading.state.reading is not None
    assert reading.state.reading.is_empty
    window.open_image(photo_path)
    qtbot.waitUntil(lambda: window.blind.on and names(reading) == ("your outline",), timeout=PATIENCE)
    wait_until_current(reading, qtbot)
    assert np.array_equal(window.edit.mask, outline)
    draw(reading, qtbot, 25)
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert reading.state.reading.blind is not None
    assert reading.state.reading.blind.edits == 2
    assert reading.state.reading.edits == 0


def test_an_image_that_was_corrected_is_not_read_blind(analysed: Workbench, qtbot: QtBot) -> None:
    draw(analysed, qtbot)
    switch(analysed, qtbot)
    assert analysed.window.blind.armed
    assert not analysed.window.blind.on
    assert not analysed.window.edit.blind
    switch(analysed, qtbot)
    assert not analysed.window.blind.armed


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
