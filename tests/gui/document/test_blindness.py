"""How a blind reading begins, what waits of it, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.blindness import (
    OUTLINE_BACK,
    SEEN_BEFORE,
    WITH_ITSELF,
    BlindSession,
    may_be_blind,
    start,
)
from engine.reading.reading import Blind, Decision, Reading, Ruler, blind
from engine.records.readings import load, save
from engine.scribbles import LESION, Scribble

if TYPE_CHECKING:
    from pathlib import Path

LAYER = np.array([[1, 0], [0, -1]], np.int8)
RULER = Ruler((0.0, 0.0), (9.0, 0.0), 2.0)
DECISIONS = (Decision("accept", (1.0, 1.0), (0.0, 0.0, 2.0, 2.0)),)
SEEN = blind(LAYER > 0, LAYER >= 0, 12.0, 3)  # a record of an outline against a result
WAITING = Reading(LAYER, ruler=RULER, blind=Blind(0, "", WITH_ITSELF, 30.0, 4))


@pytest.mark.parametrize(
    ("reading", "may"),
    [
        (Reading(), True),
        (Reading(ruler=RULER), True),
        (Reading(decisions=DECISIONS), True),
        (Reading(np.zeros((2, 2), np.int8)), True),
        (Reading(LAYER), False),
        (Reading(scribbles=(Scribble(LESION, ((1.0, 1.0),), 2.0),)), False),
        (Reading(blind=SEEN), False),
    ],
)
def test_what_nobody_corrected_or_read_blind_can_be_read_blind(reading: Reading, may: bool) -> None:
    assert may_be_blind(reading) is may


def test_it_begins_only_if_that_was_asked_for() -> None:
    reading = Reading(ruler=RULER)
    begun = start(reading, None, True, 100.0)
    assert begun.reading is reading
    assert begun.session is not None
    assert begun.session.before is reading
    assert begun.session.seconds(107.5) == 7.5
    assert begun.sentence == ""
    for waiting in (None, Reading()):
        assert start(reading, waiting, False, 100.0).session is None


@pytest.mark.parametrize("reading", [Reading(LAYER), Reading(blind=SEEN)])
@pytest.mark.parametrize("waiting", [None, WAITING])
def test_a_photograph_that_was_read_before_is_not_read_blind(reading: Reading, waiting: Reading | None) -> None:
    asked, not_asked = (start(reading, waiting, asked, 0.0) for asked in (True, False))
    assert (asked.session, asked.sentence) == (None, SEEN_BEFORE)
    assert (not_asked.session, not_asked.sentence) == (None, "")
    assert asked.reading is not_asked.reading is reading


@pytest.mark.parametrize("asked", [True, False])
def test_an_outline_that_waits_goes_on_asked_for_or_not(asked: bool) -> None:
    known = Reading(decisions=DECISIONS, edits=2)
    begun = start(known, WAITING, asked, 100.0)
    assert begun.sentence == OUTLINE_BACK
    assert begun.session is not None
    assert begun.session.before is known
    assert begun.session.seconds(105.0) == 35.0, "30 seconds before, 5 now"
    assert begun.session.edits_of(begun.reading) == 4
    assert begun.session.edits_of(replace(begun.reading, edits=3)) == 5
    assert begun.reading.layer is WAITING.layer
    assert (begun.reading.ruler, begun.reading.decisions) == (RULER, DECISIONS)
    assert begun.reading.blind is None, "the record that stood in for one is nobody's"


def test_a_ruler_that_waits_alone_begins_nothing() -> None:
    begun = start(Reading(edits=1), Reading(ruler=RULER), False, 0.0)
    assert begun.session is None
    assert (begun.reading.ruler, begun.reading.edits, begun.reading.layer) == (RULER, 1, None)
    asked = start(Reading(), Reading(ruler=RULER), True, 0.0)
    assert asked.session is not None
    assert asked.session.before.ruler is None, "so that it is kept at the end, though nothing was drawn"
    assert asked.reading.ruler == RULER


def test_what_waits_tells_nothing_of_the_model() -> None:
    session = BlindSession(Reading(decisions=DECISIONS, edits=2), 10.0, spent=5.0, edits=1, seen=2.5)
    drawn = Reading(LAYER, DECISIONS, RULER, None, 6)
    waiting = session.waiting(drawn, 30.0)
    assert waiting.layer is drawn.layer
    assert waiting.ruler == RULER
    assert waiting.decisions == ()
    assert waiting.blind == Blind(0, "", WITH_ITSELF, 25.0, 5, 2.5)
    assert session.waiting(replace(drawn, layer=None), 30.0).to_json() == Reading(ruler=RULER).to_json()
    assert session.waiting(Reading(decisions=DECISIONS), 30.0).is_empty


def test_undoing_more_than_was_drawn_counts_no_edits() -> None:
    session = BlindSession(Reading(edits=5), 0.0, edits=2)
    assert session.edits_of(Reading(edits=3)) == 2


def test_the_outline_corrects_nothing_afterwards() -> None:
    session = BlindSession(Reading(edits=2), 0.0)
    drawn = Reading(LAYER, DECISIONS, RULER, None, 7)
    ended = session.ended(drawn, SEEN)
    assert (ended.layer, ended.edits, ended.blind) == (None, 2, SEEN)
    assert (ended.ruler, ended.decisions) == (RULER, DECISIONS)
    assert session.ended(drawn, None).blind is None


def test_it_goes_on_from_its_file_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    session = BlindSession(Reading(), 0.0)
    drawn = Reading(LAYER, ruler=RULER, edits=3)
    save(tmp_path, "outline", session.waiting(drawn, 40.0))
    kept = load(tmp_path, "outline")
    again = start(Reading(), kept, False, 1000.0)
    assert again.session is not None
    assert np.array_equal(again.reading.layer, LAYER)
    assert again.reading.ruler == RULER
    assert again.session.seconds(1002.0) == 42.0
    assert again.session.edits_of(again.reading) == 3
    said = json.loads((tmp_path / "outline.json").read_text())
    assert set(said["blind"]["agreement"].values()) == {1.0}
    assert said["decisions"] == []
