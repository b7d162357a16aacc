"""The one truth of what is open: what comes in, what it tells of it, and what may be seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui.document.document import OPEN, Document
from diffseg_gui.document.kept import Kept
from engine.method.consensus import vote
from engine.photograph.image import SkinImage
from engine.progress import Progress
from engine.reading.reading import Reading
from engine.recipe import Recipe, VoteSettings
from tests.gui.document.making import RULER, Taken, land, layer_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.results import Evidence
    from tests.gui.document.making import Heard


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
    assert heard.all == [("progressChanged", ()), ("requested", (Path("next.png"), document.recipe, ()))]
    assert document.progress is OPEN
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
    assert heard.names == ["recipeChanged", "edited"] * 2, "kept at once; the rest waits for the hand"
    with qtbot.waitSignal(document.requested) as asked:
        pass
    assert asked.args == [photo, replace(document.recipe, vote=VoteSettings(0.2)), ()]
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
    document.set_recipe(document.defaults)
    assert heard.names == []


def test_evidence_of_another_noise_is_withdrawn_at_once(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    heard.forget()
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=1)))
    assert heard.names == ["withdrawn", "recipeChanged", "edited"]


def test_votes_of_another_noise_are_not_current(document: Document, photo: SkinImage, evidence: Evidence) -> None:
    document.receive_photograph(photo)
    land(document, evidence)
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=1)))
    assert not document.shown.votes_current
    assert document.shown.evidence is evidence
    document.set_recipe(document.defaults)
    assert document.shown.votes_current
    assert document.shown.current


def test_the_models_own_settings_are_those_it_began_with(document: Document, recipe: Recipe) -> None:
    document.set_delta(0.4)
    document.set_recipe(document.defaults)
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
    assert heard.of("requested") == [(photo, document.recipe, ())]
    assert document.is_busy


def test_a_failed_analysis_is_not_asked_for_again_by_itself(document: Document, heard: Heard, photo: SkinImage) -> None:
    document.open(photo.path)
    document.receive_photograph(photo)
    heard.forget()
    document.receive_failure("There is not enough memory.")
    assert heard.of("requested") == []
    document.try_again()
    assert heard.of("requested") == [(photo, document.recipe, ())]


def test_a_file_that_could_not_be_opened_is_tried_again(document: Document, heard: Heard) -> None:
    document.open(Path("away.png"))
    document.receive_failure("There is no such file.")
    heard.forget()
    document.try_again()
    assert heard.of("requested") == [(Path("away.png"), document.recipe, ())]
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
    assert heard.of("requested") == [(photo, document.recipe, ())]
