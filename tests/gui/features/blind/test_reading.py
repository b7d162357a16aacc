"""Reading blind: how it begins and ends, and what is seen of it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.blind.blind import UNDRAWN, UNREADY
from diffseg_gui.features.blind.strip import MISSING, READY, UNDER_WAY
from diffseg_gui.features.measures import Ruling
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.reading.reading import Reading
from tests.gui.conftest import answer
from tests.gui.features.blind.hand import KEEP, LEFT, LOSE, draw, reveal, strip, switch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


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
    assert fitted.document.blind_series
    assert fitted.action("blind").isChecked()
    assert fitted.notices[-1] == "The next photographs you open are read blind"
    seen: list[tuple[str, ...]] = []
    fitted.stage.shownAnew.connect(lambda: seen.append(fitted.legend()))
    fitted.document.open(photo.path)
    fitted.open(photo)
    assert UNDER_WAY in strip(fitted).words.text()
    fitted.land(evidence)
    assert fitted.document.blind is not None
    assert fitted.document.blind_series
    assert set(seen) == {()}
    assert READY in strip(fitted).words.text()


def test_a_photograph_that_was_corrected_is_not_read_blind_but_the_next_one_is(analysed: Desk, qtbot: QtBot) -> None:
    draw(analysed)
    switch(analysed, qtbot)
    assert analysed.document.blind_series
    assert analysed.document.blind is None
    assert "corrected border" in analysed.legend()
    assert analysed.action("blind").isChecked()
    switch(analysed, qtbot)
    assert not analysed.document.blind_series
    assert not analysed.action("blind").isChecked()


def test_an_outline_waits_for_its_photograph(reading: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot) -> None:
    kept: list[Reading] = []
    reading.document.outlined.connect(lambda _, outline: kept.append(outline))
    draw(reading)
    outline = reading.editing.mask
    reading.open(type(photo)(photo.path, "f" * 64, photo.pixels))
    reading.land(evidence)
    assert reading.legend() == (), "a series stays blind, and nothing is drawn here yet"
    assert reading.action("blind").isChecked()
    reading.open(photo, outline=Kept(kept[-1]))
    assert reading.legend() == ("your outline",)
    assert strip(reading).isVisible()
    assert np.array_equal(reading.editing.mask, outline)
    reading.land(evidence)
    draw(reading, 25)
    reveal(reading, qtbot)
    assert reading.document.reading.blind.edits == 2
    assert reading.document.reading.edits == 0


def test_a_ruler_laid_before_the_first_stroke_waits_too(reading: Desk, qtbot: QtBot) -> None:
    document = reading.document
    ruling = reading.add(Ruling(document, reading.editing, reading.scenes, reading.canvas, reading.messages))
    kept: list[Reading] = []
    document.outlined.connect(lambda _, outline: kept.append(outline))
    qtbot.keyClick(reading, Qt.Key.Key_M)
    for _ in range(2):
        qtbot.keyClick(reading.canvas, Qt.Key.Key_Return)
    qtbot.keyClicks(ruling.length.box, "10")
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Return)
    ruler = document.reading.ruler
    assert ruler.length_mm == 10
    assert [outline.to_json() for outline in kept] == [Reading(ruler=ruler).to_json()]
    edited: list[Reading] = []
    document.edited.connect(lambda _, reading: edited.append(reading))
    switch(reading, qtbot)
    assert document.blind is None
    assert [one.ruler for one in edited] == [ruler], "it is the photograph's own now"
    assert kept[-1].is_empty
