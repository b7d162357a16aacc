"""A document that is read blind: what may be seen, what waits of it, and that others beside it do not mind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.blindness import OUTLINE_BACK, SEEN_BEFORE, WITH_ITSELF
from diffseg_gui.document.document import WAITS, Document
from diffseg_gui.document.kept import Kept
from diffseg_gui.document.results import NOTHING
from engine.progress import Progress
from engine.reading.reading import Blind, Reading, blind
from engine.recipe import Recipe, VoteSettings
from tests.gui.document.making import RULER, Taken, land, layer_of

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.document.making import Heard


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
    document.set_reading(Reading())
    assert heard.of("outlined")[-1][1].is_empty, "what was undone does not wait"


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


def test_settings_that_were_changed_meanwhile_are_kept_at_the_end(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.receive_photograph(photo)
    document.begin_blind()
    document.set_delta(0.3)
    assert not heard.of("edited"), "not before: what is kept of an outline tells nothing of the model"
    document.end_blind()
    assert document.recipe.vote.delta == 0.3
    assert len(heard.of("edited")) == 1


def test_the_next_photograph_is_blind_before_anything_is_told_of_it(
    document: Document, photo: SkinImage, evidence: Evidence
) -> None:
    shown: list[bool] = []
    for signal in (document.opened, document.resultChanged, document.readingChanged, document.blindChanged):
        signal.connect(lambda: shown.append(document.shown is NOTHING))
    document.blind_series = True
    document.open(photo.path)
    document.receive_photograph(photo)
    land(document, evidence)
    assert len(shown) >= 4
    assert all(shown)
    assert document.blind_series, "and those that follow"


def test_a_photograph_that_was_read_before_is_not_read_blind(
    document: Document, heard: Heard, photo: SkinImage
) -> None:
    document.blind_series = True
    outline = Taken(Reading(layer_of(photo, -1)))
    document.receive_photograph(photo, Kept(Reading(layer_of(photo)), news=True), outline.kept)
    assert document.blind is None
    assert document.blind_series
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
    assert document.blind is not None, "a series stays blind"
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
    document.blind_series = False
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
    document.blind_series = True
    document.receive_photograph(photo)
    assert len(heard.of("blindChanged")) == 1
    document.receive_photograph(photo)
    assert len(heard.of("blindChanged")) == 1
    document.receive_photograph(other)
    assert len(heard.of("blindChanged")) == 2
    document.begin_blind()
    document.end_blind()
    assert len(heard.of("blindChanged")) == 4


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
    one.blind_series = True
    assert not two.blind_series
    assert one.shown is NOTHING
    assert {document.results.segmentation, beside.results.segmentation} == {ours, theirs}
    assert two.shown.segmentation is (theirs if first_blind else ours)
    assert set(heard.names) == (
        {"blindChanged", "resultChanged", "readingChanged", "outlined"}
        if first_blind
        else {"recipeChanged", "edited", "progressChanged", "requested", "withdrawn", "resultChanged"}
    )
    beside.rest()
