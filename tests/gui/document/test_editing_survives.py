"""What corrections survive: other results, opening again; and what has no part of them: other photographs, outlines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui.document.document import Document
from diffseg_gui.document.editing import Editing
from diffseg_gui.document.kept import Kept
from engine.reading import correction
from engine.reading.correction import Patch
from engine.reading.reading import Reading
from tests.gui.document.making import land, masks_told, model_mask, square

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence


def test_a_correction_survives_delta_and_another_run(document: Document, editing: Editing, evidence: Evidence) -> None:
    editing.put("square", square())
    layer, mask = editing.layer, editing.mask
    told = masks_told(editing)
    document.set_delta(0.2)
    assert editing.mask is mask, "while the result is stale, too"
    assert told == []
    land(document, evidence)
    assert editing.layer is layer
    assert not np.array_equal(editing.mask, mask)
    assert np.array_equal(editing.mask, correction.apply(layer, model_mask(document)))
    assert len(told) == 1
    assert told[0] is editing.mask
    assert editing.stack.count() == 1
    document.rest()


def test_a_mask_that_nobody_asked_for_meanwhile_is_none_the_worse(
    document: Document, editing: Editing, evidence: Evidence
) -> None:
    assert np.array_equal(editing.mask, model_mask(document))
    document.set_delta(0.2)
    land(document, evidence)
    editing.put("square", square())
    assert np.array_equal(editing.mask, correction.apply(editing.layer, model_mask(document)))
    document.rest()


def test_the_same_photograph_opened_again_goes_on(
    document: Document, editing: Editing, photo: SkinImage, evidence: Evidence
) -> None:
    editing.put("square", square())
    layer = editing.layer
    document.receive_photograph(replace(photo))
    assert editing.mask is None, "its result is on its way"
    land(document, evidence)
    assert editing.layer is layer
    assert editing.stack.count() == 1
    editing.stack.undo()
    assert np.array_equal(editing.mask, model_mask(document))


def test_another_photograph_has_no_part_of_it(document: Document, editing: Editing, other: SkinImage) -> None:
    editing.put("square", square())
    editing.stack.undo()
    document.receive_photograph(other)
    assert editing.stack.count() == 0
    assert editing.layer.shape == (other.height, other.width)
    assert not editing.layer.any()
    assert editing.mask is None


def test_with_news_from_another_window_nothing_can_be_undone(
    document: Document, editing: Editing, photo: SkinImage, evidence: Evidence
) -> None:
    editing.put("square", square())
    theirs = np.ones((photo.height, photo.width), np.int8)
    document.receive_photograph(photo, Kept(Reading(theirs, edits=7), news=True))
    land(document, evidence)
    assert editing.stack.count() == 0
    assert np.array_equal(editing.layer, theirs)
    assert editing.mask.all()
    editing.put("square", square(-1))
    assert document.reading.edits == 8


def test_a_blind_outline_lies_over_nothing(document: Document, editing: Editing, evidence: Evidence) -> None:
    told = masks_told(editing)
    document.begin_blind()
    assert not editing.mask.any()
    assert len(told) == 1
    editing.put("square", square())
    editing.put("skin", square(-1, 5, 5))
    assert np.array_equal(editing.mask, editing.layer > 0)
    outline = editing.mask
    land(document, evidence)
    assert editing.mask is outline, "whatever the model finds meanwhile"
    assert len(told) == 3
    document.end_blind()
    assert np.array_equal(editing.mask, model_mask(document))
    assert told[-1] is editing.mask
    assert not editing.is_corrected


def test_before_the_result_a_blind_outline_can_be_mended(document: Document, photo: SkinImage) -> None:
    editing = Editing(document)
    document.blind_series = True
    document.receive_photograph(photo)
    assert editing.has_mask
    ring = np.ones((9, 9), np.int8)
    ring[3:6, 3:6] = 0
    editing.put("ring", Patch(10, 10, ring))
    editing.fill_holes()
    assert editing.mask.sum() == 81


def test_no_step_leads_into_an_outline_or_out_of_it(document: Document, editing: Editing) -> None:
    editing.put("square", square())
    editing.stack.undo()
    document.begin_blind()
    assert not editing.stack.canRedo(), "it was made in sight of the result"
    editing.put("outline", square())
    document.end_blind()
    assert not editing.stack.canUndo()
    assert not editing.stack.canRedo()


def test_no_step_leads_into_an_outline_that_begins_with_an_opening(
    document: Document, editing: Editing, photo: SkinImage
) -> None:
    editing.put("square", square())
    document.blind_series = True
    editing.stack.undo()
    document.receive_photograph(photo)
    assert document.blind is not None
    assert not editing.stack.canRedo(), "it was made in sight of the result"


def test_two_of_them_do_not_touch_each_other(
    document: Document, editing: Editing, photo: SkinImage, evidence: Evidence, recipe: Recipe
) -> None:
    beside = Document(recipe)
    other = Editing(beside)
    beside.receive_photograph(photo)
    land(beside, evidence)
    told = masks_told(other)
    document.begin_blind()
    editing.put("square", square())
    assert told == []
    assert other.stack.count() == 0
    assert beside.reading.is_empty
    assert np.array_equal(other.mask, model_mask(beside))
    other.put("hole", square(-1, 40, 30))
    other.stack.undo()
    assert editing.stack.canUndo()
    assert editing.mask.sum() == 30
