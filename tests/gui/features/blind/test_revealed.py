"""After the reveal: what was drawn blind is recorded, stays in view, and corrects nothing unless that is wanted."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.blind.strip import duration
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.reading.reading import Reading, blind
from engine.records.export import export
from tests.gui.features.blind.hand import CONTROL, LEFT, SHIFT, draw, model_mask, reveal, strip

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


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
    assert record == blind(outline, model_mask(reading), record.seconds, 2, record.seen_seconds)
    assert record.seconds > 0
    assert record.seen_seconds is not None
    assert record.seen_seconds > 0, "the result had been on screen"
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
    assert reading.action("blind").isChecked(), "the next photograph is read blind, too"
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
