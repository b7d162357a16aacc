"""The measures panel: the engine's figures of the final mask, kept up to date at rest while somebody looks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.measures import Measures
from diffseg_gui.features.measures.panel import EMPTY, HIDDEN, LIMIT_MM, NO_LESION, MeasuresPanel
from diffseg_gui.look.figures import number
from diffseg_gui.look.wording import OUT_OF_DATE
from diffseg_gui.worker.later import REST
from engine.reading.correction import LESION, Patch
from engine.reading.measures import measures
from engine.reading.reading import Ruler
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.preferences import Preferences
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

TENTH = Ruler((0.0, 0.0), (100.0, 0.0), 10.0)  # of a mm to a pixel


@pytest.fixture
def measuring(opened: Desk, qtbot: QtBot) -> Measures:
    """The feature, which has measured the ten discs' result."""
    made = opened.add(Measures(opened.document, opened.editing, opened.messages, opened.preferences))
    wait_for_measures(made, qtbot)
    return made


def wait_for_measures(measuring: Measures, qtbot: QtBot) -> None:
    """Wait until what is shown is what there is."""
    card = measuring.card
    qtbot.waitUntil(lambda: card.figures.isVisible() and card.figures.isEnabled(), timeout=PATIENCE)


def lay(desk: Desk, ruler: Ruler) -> None:
    """Give the photograph its scale."""
    desk.editing.change("ruler", replace(desk.document.reading, ruler=ruler))


def correct(desk: Desk, lesion: bool, rows: int) -> None:
    """Make lesion or skin of the uppermost rows."""
    value = LESION if lesion else -LESION
    desk.editing.put("rows", Patch(0, 0, np.full((rows, desk.document.photograph.width), value, np.int8)))


def assert_shows_the_engines(measuring: Measures, desk: Desk) -> None:
    """Values and ranges, with their units."""
    found, mm_per_px = desk.document.shown.segmentation, desk.document.reading.mm_per_px
    for measure in measures(found, desk.editing.mask, mm_per_px):
        value = f"{number(measure.value, measure.unit)} {measure.unit}".rstrip()
        assert measuring.card.values[measure.name].text() == value
        ends = f"{number(measure.low, measure.unit)} – {number(measure.high, measure.unit)}"
        spread = ends if measure.high else "–"
        assert measuring.card.ranges[measure.name].text() == spread


def test_figures_are_the_engines_in_px_then_in_mm_and_undo_gives_px_back(
    opened: Desk, measuring: Measures, qtbot: QtBot
) -> None:
    panel = measuring.card
    for step, length, area in ((None, "px", "px²"), ("lay", "mm", "mm²"), ("undo", "px", "px²")):
        if step == "lay":
            lay(opened, TENTH)
        elif step == "undo":
            opened.editing.stack.undo()
        wait_for_measures(measuring, qtbot)
        assert_shows_the_engines(measuring, opened)
        assert panel.values["largest_diameter"].text().endswith(f" {length}")
        assert panel.values["area"].text().endswith(f" {area}")
        assert panel.flag.text().endswith("once calibrated (M)") == (length == "px")


def test_a_correction_is_measured(opened: Desk, measuring: Measures, qtbot: QtBot) -> None:
    before = measuring.card.values["area"].text()
    correct(opened, lesion=True, rows=5)
    assert not measuring.card.figures.isEnabled()
    wait_for_measures(measuring, qtbot)
    assert measuring.card.values["area"].text() != before
    assert_shows_the_engines(measuring, opened)


def test_a_limit_is_below_straddled_or_above_and_remembered(
    opened: Desk, measuring: Measures, preferences: Preferences, qtbot: QtBot
) -> None:
    panel = measuring.card
    assert not panel.sign.isVisible(), "lengths in px are above and below nothing"
    diameter = next(m for m in measures(opened.document.shown.segmentation) if m.name == "largest_diameter")
    assert diameter.low < diameter.high
    middle = (diameter.low + diameter.high) / 2
    lay(opened, Ruler((0.0, 0.0), (middle, 0.0), 20.0))  # the middle of the range is 20 mm
    wait_for_measures(measuring, qtbot)
    assert panel.limit.value() == LIMIT_MM == 6
    assert panel.sign.isVisible()
    high = diameter.high * 20 / middle
    for limit, verdict in ((20.0, "straddles"), (round(high + 1, 1), "below"), (0.1, "above")):
        panel.limit.selectAll()
        qtbot.keyClicks(panel.limit, f"{limit}")
        qtbot.keyClick(panel.limit, Qt.Key.Key_Return)
        assert f"<b>{verdict}</b> the limit" in panel.flag.text()
        assert panel.sign.isVisible()
    assert MeasuresPanel(preferences).limit.value() == pytest.approx(0.1)


@pytest.mark.parametrize("kept", ["six", "-3", "1e9", "nan", ""])
def test_a_kept_limit_that_is_none_is_passed_over(desk: Desk, preferences: Preferences, kept: str) -> None:
    preferences.set("limit_mm", kept)
    assert MeasuresPanel(preferences).limit.value() == LIMIT_MM


def test_nothing_is_measured_while_delta_moves_or_nobody_looks(
    opened: Desk, measuring: Measures, evidence: Evidence, qtbot: QtBot
) -> None:
    panel, made = measuring.card, []
    measuring._measures.made.connect(lambda: made.append(opened.document.recipe.vote.delta))
    for delta in (0.14, 0.15, 0.16):
        opened.document.set_delta(delta)
        qtbot.waitUntil(lambda: not panel.figures.isEnabled())
        assert panel.note.text() == OUT_OF_DATE
    qtbot.wait(2 * REST)
    assert made == []
    opened.land(evidence)
    wait_for_measures(measuring, qtbot)
    assert made == [0.16]
    assert panel.note.text() == ""
    measuring.panel.seen.emit(False)
    opened.document.set_delta(0.17)
    opened.land(evidence)
    qtbot.wait(2 * REST)
    assert made == [0.16]
    measuring.panel.seen.emit(True)
    wait_for_measures(measuring, qtbot)
    assert made == [0.16, 0.17]


def test_one_correction_after_another_is_measured_once(opened: Desk, measuring: Measures, qtbot: QtBot) -> None:
    made: list[object] = []
    measuring._measures.made.connect(lambda: made.append(None))
    for rows in range(1, 6):
        correct(opened, lesion=True, rows=rows)
    wait_for_measures(measuring, qtbot)
    assert len(made) == 1
    assert_shows_the_engines(measuring, opened)


def test_where_no_lesion_is_left_there_is_no_verdict(opened: Desk, measuring: Measures, qtbot: QtBot) -> None:
    lay(opened, TENTH)
    correct(opened, lesion=False, rows=opened.document.photograph.height)
    wait_for_measures(measuring, qtbot)
    panel = measuring.card
    assert (panel.words.text(), panel.words.isVisible()) == (NO_LESION, True)
    assert {label.text() for label in panel.values.values()} == {"–"}
    assert panel.ranges["area"].text() != "–", "timesteps found one"
    assert not panel.sign.isVisible()


def test_before_there_is_a_result_the_panel_says_what_it_will_tell(desk: Desk, photo: SkinImage) -> None:
    card = desk.add(Measures(desk.document, desk.editing, desk.messages, desk.preferences)).card
    for _ in range(2):
        assert (card.words.text(), card.words.isEnabled(), card.note.text()) == (EMPTY, True, "")
        assert not card.figures.isVisible()
        desk.open(photo)


def test_a_blind_reader_is_told_nothing(opened: Desk, measuring: Measures, qtbot: QtBot) -> None:
    lay(opened, TENTH)
    wait_for_measures(measuring, qtbot)
    panel = measuring.card
    assert panel.sign.isVisible()
    opened.document.begin_blind()
    assert not panel.figures.isVisible()
    assert not panel.sign.isVisible()
    assert panel.words.text() == HIDDEN
    correct(opened, lesion=True, rows=5)
    qtbot.wait(2 * REST)
    assert not panel.figures.isVisible()
    opened.document.end_blind()
    wait_for_measures(measuring, qtbot)
    assert_shows_the_engines(measuring, opened)
