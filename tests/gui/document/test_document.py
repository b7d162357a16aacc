"""The one truth of what is open: what comes in, what it tells of it, and what may be seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.blindness import OUTLINE_BACK, SEEN_BEFORE, WITH_ITSELF
from diffseg_gui.document.document import START, WAITS, Document
from diffseg_gui.document.kept import Kept
from diffseg_gui.document.results import NOTHING
from engine.method.consensus import vote
from engine.photograph.image import SkinImage
from engine.progress import Progress
from engine.reading.reading import Blind, Reading, Ruler, blind
from engine.recipe import NoiseSettings, Recipe, VoteSettings
from tests.gui.desk import result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.results import Evidence, Segmentation
    from tests.gui.document.conftest import Heard

RULER = Ruler((0.0, 0.0), (9.0, 0.0), 2.0)


def layer_of(photo: SkinImage, value: int = 1) -> np.ndarray:
    """A correction of a corner of the photograph."""
    layer = np.zeros((photo.height, photo.width), np.int8)
    layer[:5, :6] = value
    return layer


def land(document: Document, evidence: Evidence) -> Segmentation:
    """Answer the newest request."""
    assert document.photograph is not None
    found = result(document.photograph, evidence, document.recipe)
    document.receive_result(found)
    return found


class Taken:
    """What was kept, and whether somebody has gone on with it."""

    def __init__(self, reading: Reading | None, news: bool = True) -> None:
        self.count = 0
        self.kept = Kept(reading, news=news, taken=self._take)

    def _take(self) -> None:
        self.count += 1


# Opening


def test_before_anything_is_open(document: Document, heard: Heard) -> None:
    assert document.photograph is None
    assert document.reading.is_empty
    assert not document.is_busy
    shown = document.shown
    assert (shown.evidence, shown.consensus, shown.segmentation) == (None, None, None)
    assert not shown.current
    assert not shown.votes_current
    document.run_again()
    document.cancel()
    document.keep()
    document.end_blind()
    assert heard.names == []


def test_a_file_is_asked_for_and_what_is_open_stays(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    heard.forget()
    document.open(Path("next.png"))
    assert heard.all == [("progressChanged", ()), ("requested", (Path("next.png"), document.recipe))]
    assert document.progress is START
    assert document.opening == Path("next.png")
    assert document.photograph is photo


def test_photograph_and_kept_reading_come_together(document: Document, photo: SkinImage) -> None:
    seen: list[tuple[object, ...]] = []
    document.opened.connect(lambda: seen.append((document.photograph, document.reading, document.blind)))
    taken = Taken(Reading(layer_of(photo), ruler=RULER, edits=3))
    document.open(photo.path)
    document.receive_photograph(photo, taken.kept)
    assert seen == [(photo, taken.kept.reading, None)]
    assert taken.count == 1
    assert document.opening is None
    assert document.is_busy, "it is still to be analysed"


def test_what_was_kept_is_greeted(document: Document, heard: Heard, photo: SkinImage, other: SkinImage) -> None:
    document.receive_photograph(photo, Kept(Reading(layer_of(photo)), news=True))
    document.receive_photograph(other, Kept(Reading(ruler=RULER), news=True))
    assert heard.of("noticed") == [("Your corrections of before are back",), ("Your reading of before is back",)]
    assert heard.of("edited") == [], "nobody has changed anything"


def test_an_empty_reading_is_not_gone_on_with(document: Document, heard: Heard, photo: SkinImage) -> None:
    taken = Taken(Reading())
    document.receive_photograph(photo, taken.kept)
    assert taken.count == 0
    assert document.reading.is_empty
    assert heard.of("noticed") == []


def test_another_photograph_has_no_part_of_the_one_before(
    document: Document, photo: SkinImage, other: SkinImage, evidence: Evidence
) -> None:
    document.receive_photograph(photo)
    land(document, evidence)
    document.set_reading(Reading(layer_of(photo)))
    document.receive_photograph(other)
    assert document.reading.is_empty
    shown = document.shown
    assert (shown.evidence, shown.consensus, shown.segmentation) == (None, None, None)


def test_opened_again_a_photograph_goes_on(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.set_reading(reading := Reading(layer_of(photo)))
    taken = Taken(Reading(layer_of(photo, -1)), news=False)
    document.receive_photograph(replace(photo), taken.kept)
    assert document.reading is reading
    assert taken.count == 0
    assert heard.of("noticed") == []


def test_opened_again_news_of_it_are_taken(document: Document, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.set_reading(Reading(layer_of(photo)))
    taken = Taken(Reading(layer_of(photo, -1)), news=True)
    document.receive_photograph(photo, taken.kept)
    assert document.reading is taken.kept.reading
    assert taken.count == 1


def test_a_photograph_of_another_size_is_another_one(document: Document, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.set_reading(Reading(layer_of(photo)))
    document.receive_photograph(SkinImage(photo.path, photo.sha256, photo.pixels[:-1].copy()))
    assert document.reading.is_empty


def test_a_change_of_the_reading_is_told_and_kept(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    heard.forget()
    reading = Reading(layer_of(photo))
    document.set_reading(reading)
    assert heard.all == [("readingChanged", ()), ("edited", (photo, reading))]


# Results


def test_a_result_is_shown_and_is_current(document: Document, photo: SkinImage, evidence: Evidence) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    found = land(document, evidence)
    shown = document.shown
    assert (shown.segmentation, shown.evidence, shown.consensus) == (found, evidence, found.consensus)
    assert shown.current
    assert shown.votes_current
    assert not document.is_busy


def test_evidence_that_comes_is_voted_on_at_once(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence
) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    heard.forget()
    document.receive_progress(Progress("network", 1, 10, evidence))
    assert heard.names == ["progressChanged", "resultChanged"]
    shown = document.shown
    assert shown.votes_current
    assert not shown.current
    assert shown.consensus is not None
    assert np.array_equal(shown.consensus.votes, vote(evidence, document.recipe.vote).votes)
    document.receive_progress(Progress("refine", 1, 3))
    assert heard.names[2:] == ["progressChanged"]


def test_another_delta_is_voted_on_here_and_asked_for_after_a_rest(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    document.receive_photograph(photo)
    found = land(document, evidence)
    heard.forget()
    document.set_delta(0.1)
    document.set_delta(0.2)
    assert heard.names == ["recipeChanged", "recipeChanged"], "the rest waits for the hand"
    with qtbot.waitSignal(document.requested) as asked:
        pass
    assert asked.args == [photo, replace(document.recipe, vote=VoteSettings(0.2))]
    assert len(heard.of("requested")) == 1
    assert heard.names.index("withdrawn") < heard.names.index("requested")
    shown = document.shown
    assert shown.consensus is not None
    assert np.array_equal(shown.consensus.votes, vote(evidence, VoteSettings(0.2)).votes)
    assert shown.votes_current
    assert not shown.current
    assert shown.segmentation is found, "stale, and in view"


def test_the_same_settings_ask_for_nothing(document: Document, heard: Heard) -> None:
    document.set_recipe(replace(document.recipe))
    document.reset_recipe()
    assert heard.names == []


def test_evidence_of_another_noise_is_withdrawn_at_once(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    heard.forget()
    document.set_recipe(replace(document.recipe, noise=NoiseSettings(seed=1)))
    assert heard.names == ["withdrawn", "recipeChanged"]


def test_votes_of_another_noise_are_not_current(document: Document, photo: SkinImage, evidence: Evidence) -> None:
    document.receive_photograph(photo)
    land(document, evidence)
    document.set_recipe(replace(document.recipe, noise=NoiseSettings(seed=1)))
    assert not document.shown.votes_current
    assert document.shown.evidence is evidence
    document.reset_recipe()
    assert document.shown.votes_current
    assert document.shown.current


def test_the_models_own_settings_are_those_it_began_with(document: Document, recipe: Recipe) -> None:
    document.set_delta(0.4)
    document.reset_recipe()
    assert document.recipe is recipe


# Failing and cancelling


def test_after_a_failure_the_last_good_state_stays(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence
) -> None:
    document.receive_photograph(photo)
    found = land(document, evidence)
    reading = document.reading
    document.open(Path("broken.png"))
    heard.forget()
    document.receive_failure("It cannot be read.")
    assert heard.all == [("progressChanged", ()), ("resultChanged", ()), ("failed", ("It cannot be read.", True))]
    assert document.photograph is photo
    assert document.reading is reading
    assert document.shown.segmentation is found
    assert document.shown.current
    assert document.opening is None
    assert not document.is_busy


def test_a_file_that_cannot_be_opened_does_not_cost_the_open_photograph_its_result(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    document.open(Path("broken.png"))
    heard.forget()
    document.receive_failure("It cannot be read.")
    assert heard.of("requested") == [(photo, document.recipe)]
    assert document.is_busy


def test_a_failed_analysis_is_not_asked_for_again_by_itself(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    heard.forget()
    document.receive_failure("The memory does not suffice.")
    assert heard.of("requested") == []
    document.try_again()
    assert heard.of("requested") == [(photo, document.recipe)]


def test_a_file_that_could_not_be_opened_is_tried_again(document: Document, heard: Heard) -> None:
    document.open(Path("away.png"))
    document.receive_failure("There is no such file.")
    heard.forget()
    document.try_again()
    assert heard.of("requested") == [(Path("away.png"), document.recipe)]
    assert document.opening == Path("away.png")


def test_cancelling_keeps_what_was_found(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence
) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    document.receive_progress(Progress("network", 10, 10, evidence))
    heard.forget()
    document.cancel()
    assert heard.names == ["withdrawn", "progressChanged", "resultChanged"]
    assert document.cancelled
    assert not document.is_busy
    assert document.shown.evidence is evidence
    assert document.shown.votes_current
    document.run_again()
    assert not document.cancelled
    assert document.is_busy


def test_cancelled_before_it_was_asked_for_it_is_not_asked_for(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    document.receive_photograph(photo)
    land(document, evidence)
    document.set_delta(0.2)
    qtbot.waitUntil(lambda: document.is_busy)
    document.cancel()
    qtbot.wait(120)  # longer than it would rest
    assert heard.of("requested") == []


def test_cancelling_an_opening_leaves_what_is_open(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.open(Path("next.png"))
    document.cancel()
    heard.forget()
    document.run_again()
    assert heard.of("requested") == [(photo, document.recipe)]


# Reading blind


def test_while_it_is_read_blind_nothing_may_be_seen(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence
) -> None:
    document.receive_photograph(photo)
    found = land(document, evidence)
    heard.forget()
    document.begin_blind()
    assert heard.names == ["blindChanged", "resultChanged"]
    assert document.shown is NOTHING
    assert document.results.segmentation is found, "the truth behind it"
    document.receive_progress(Progress("network", 1, 10, replace(evidence)))
    assert document.shown is NOTHING
    again = land(document, evidence)
    assert document.shown is NOTHING
    document.set_delta(0.2)
    assert document.shown is NOTHING
    document.end_blind()
    assert document.shown.segmentation is again


def test_what_is_drawn_blind_is_kept_as_an_outline_alone(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.begin_blind()
    heard.forget()
    document.set_reading(Reading(layer_of(photo), ruler=RULER, edits=2))
    assert heard.names == ["readingChanged", "outlined"]
    ((image, outline),) = heard.of("outlined")
    assert image is photo
    assert outline.layer is document.reading.layer
    assert outline.ruler == RULER
    assert outline.blind.edits == 2
    assert outline.blind.agreement == WITH_ITSELF


def test_at_the_end_the_record_is_kept_and_nothing_waits(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence
) -> None:
    document.receive_photograph(photo)
    found = land(document, evidence)
    document.begin_blind()
    drawn = layer_of(photo)
    document.set_reading(Reading(drawn, edits=2))
    heard.forget()
    record = blind(drawn > 0, found.mask, 3.0, 2)
    document.end_blind(record)
    assert document.blind is None
    assert (document.reading.blind, document.reading.layer, document.reading.edits) == (record, None, 0)
    assert heard.of("edited") == [(photo, document.reading)]
    ((image, outline),) = heard.of("outlined")
    assert image is photo
    assert outline.is_empty


def test_stopped_without_a_record_nothing_is_kept_but_a_ruler(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.receive_photograph(photo)
    for ruler, edited in ((None, 0), (RULER, 1), (RULER, 0)):  # the third time it is known already
        document.begin_blind()
        document.set_reading(Reading(layer_of(photo), ruler=ruler, edits=1))
        heard.forget()
        document.end_blind()
        assert document.reading.to_json() == Reading(ruler=ruler).to_json()
        assert document.reading.layer is None
        assert len(heard.of("edited")) == edited
        assert heard.of("outlined")[-1][1].is_empty


def test_the_next_photograph_is_blind_before_anything_is_told_of_it(
    document: Document, photo: SkinImage, evidence: Evidence
) -> None:
    shown: list[bool] = []
    for signal in (document.opened, document.resultChanged, document.readingChanged, document.blindChanged):
        signal.connect(lambda: shown.append(document.shown is NOTHING))
    document.blind_next = True
    document.open(photo.path)
    document.receive_photograph(photo)
    land(document, evidence)
    assert len(shown) >= 4
    assert all(shown)
    assert not document.blind_next, "that one, and no other"


def test_a_photograph_that_was_read_before_is_not_read_blind(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.blind_next = True
    outline = Taken(Reading(layer_of(photo, -1)))
    document.receive_photograph(photo, Kept(Reading(layer_of(photo)), news=True), outline.kept)
    assert document.blind is None
    assert not document.blind_next
    assert heard.of("noticed")[-1] == (SEEN_BEFORE,)
    assert outline.count == 0, "its file is not written over"


def test_an_outline_that_waited_goes_on(document: Document, heard: Heard, photo: SkinImage) -> None:
    record = Blind(0, "", WITH_ITSELF, 30.0, 4)
    outline = Taken(Reading(layer_of(photo), ruler=RULER, blind=record))
    document.receive_photograph(photo, outline=outline.kept)
    assert document.blind is not None
    assert outline.count == 1
    assert document.reading.layer is outline.kept.reading.layer
    assert document.reading.ruler == RULER
    assert heard.of("noticed") == [(OUTLINE_BACK,)]
    assert heard.of("edited") == []
    heard.forget()
    document.set_reading(replace(document.reading, edits=1))
    ((_, waiting),) = heard.of("outlined")
    assert waiting.blind.edits == 5
    assert waiting.blind.seconds >= 30.0


def test_a_ruler_that_waited_without_an_outline_is_the_photographs_own(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.receive_photograph(photo, outline=Kept(Reading(ruler=RULER)))
    assert document.blind is None
    assert document.reading.ruler == RULER
    assert heard.of("edited") == [(photo, document.reading)]
    ((image, outline),) = heard.of("outlined")
    assert image is photo
    assert outline.is_empty


def test_an_outline_waits_while_another_photograph_is_open(
    document: Document, heard: Heard, photo: SkinImage, other: SkinImage
) -> None:
    document.receive_photograph(photo)
    document.begin_blind()
    document.set_reading(Reading(layer_of(photo), edits=1))
    heard.forget()
    document.receive_photograph(other)
    assert document.blind is None
    assert document.reading.is_empty
    ((image, waiting),) = heard.of("outlined")
    assert image is photo
    assert np.array_equal(waiting.layer, layer_of(photo))
    assert heard.of("noticed") == [(WAITS,)]
    document.receive_photograph(photo, outline=Kept(waiting))
    assert document.blind is not None
    assert np.array_equal(document.reading.layer, layer_of(photo))


def test_where_nothing_was_drawn_nothing_waits(
    document: Document, heard: Heard, photo: SkinImage, other: SkinImage
) -> None:
    document.receive_photograph(photo)
    document.begin_blind()
    document.receive_photograph(other)
    assert document.blind is None
    assert heard.of("outlined") == []
    assert heard.of("noticed") == []


def test_opened_again_while_it_is_read_blind_it_goes_on(document: Document, photo: SkinImage) -> None:
    document.receive_photograph(photo)
    document.begin_blind()
    session = document.blind
    document.set_reading(reading := Reading(layer_of(photo)))
    theirs = Taken(Reading(layer_of(photo, -1), edits=7))
    document.receive_photograph(photo, theirs.kept)
    assert document.blind is session
    assert document.reading is reading
    assert theirs.count == 0, "what another window corrected is not shown, and not lost"


def test_that_it_is_read_blind_is_told_whenever_it_changes(
    document: Document, heard: Heard, photo: SkinImage, other: SkinImage
) -> None:
    document.blind_next = True
    document.receive_photograph(photo)
    assert len(heard.of("blindChanged")) == 1
    document.receive_photograph(photo)
    assert len(heard.of("blindChanged")) == 1
    document.receive_photograph(other)
    assert len(heard.of("blindChanged")) == 2
    document.begin_blind()
    document.end_blind()
    assert len(heard.of("blindChanged")) == 4


# Several at once


@pytest.mark.parametrize("first_blind", [True, False])
def test_documents_side_by_side_do_not_touch_each_other(
    document: Document, heard: Heard, photo: SkinImage, evidence: Evidence, recipe: Recipe, first_blind: bool
) -> None:
    beside = Document(recipe)
    document.receive_photograph(photo)
    beside.receive_photograph(photo)
    ours, theirs = land(document, evidence), land(beside, evidence)
    one, two = (document, beside) if first_blind else (beside, document)
    heard.forget()
    one.begin_blind()
    one.set_reading(Reading(layer_of(photo), edits=1))
    assert two.blind is None
    assert two.reading.is_empty
    two.set_recipe(replace(recipe, vote=VoteSettings(0.3)))
    assert one.recipe == recipe
    two.open(Path("next.png"))
    assert one.opening is None
    assert not one.is_busy
    two.cancel()
    assert not one.cancelled
    one.blind_next = True
    assert not two.blind_next
    assert one.shown is NOTHING
    assert {document.results.segmentation, beside.results.segmentation} == {ours, theirs}
    assert two.shown.segmentation is (theirs if first_blind else ours)
    assert set(heard.names) == (
        {"blindChanged", "resultChanged", "readingChanged", "outlined"}
        if first_blind
        else {"recipeChanged", "progressChanged", "requested", "withdrawn", "resultChanged"}
    )
    beside.rest()
