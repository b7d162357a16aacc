"""What takes long enough to be felt is worked out once, whoever asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diffseg_gui.document import answers
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.guide import Readings
from diffseg_gui.features.review import Review
from diffseg_gui.features.series import Series
from engine.method.expected import ReaderCurve
from engine.records.readings import Glance

if TYPE_CHECKING:
    from engine.results import Evidence
    from tests.gui.desk import Desk

CURVE = ReaderCurve((0, 1), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been worked out, one after the other."""
    found: list[str] = []
    for name in ("regions", "expected_agreement"):
        make = getattr(answers, name)
        monkeypatch.setattr(answers, name, lambda *inputs, name=name, make=make: (found.append(name), make(*inputs))[1])
    return found


def test_all_who_ask_have_the_same_regions_which_are_looked_for_once(
    opened: Desk, evidence: Evidence, made: list[str]
) -> None:
    review = opened.add(Review(opened.document, opened.editing, opened.scenes, opened.canvas, opened.messages))
    opened.add(Series(opened.document, opened.messages, opened.preferences, lambda _: Glance()))
    review.next()
    review.decide("accept")
    assert review.regions is opened.document.answers.regions
    assert made == ["regions"]
    opened.document.set_delta(0.1)
    opened.document._settled()
    opened.land(evidence)
    review.next()
    assert made == ["regions"] * 2, "another result"


def test_how_well_people_would_agree_is_worked_out_once_for_all_panels(opened: Desk, made: list[str]) -> None:
    panel = opened.add(Disagreement(opened.document, opened.editing, opened.messages)).panel
    readings = opened.add(Readings(opened.document))
    made.clear()
    opened.document.receive_result(replace(opened.document.results.segmentation, readers=CURVE))
    assert "Dice" in readings.readers.text()
    assert panel.card.values["Readers would agree"].text() != "–"
    assert made == ["expected_agreement"]


def test_read_blind_there_is_nothing_to_tell(opened: Desk) -> None:
    assert opened.document.answers.regions
    opened.document.begin_blind()
    assert opened.document.answers.regions == ()
    assert opened.document.answers.expected is None
    assert opened.document.shown.stability is None
