"""Changing what a person made of the photograph: every change can be undone, and survives all that the model does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.document import Document
from diffseg_gui.document.editing import Editing
from diffseg_gui.document.kept import Kept
from engine.reading import correction
from engine.reading.correction import Patch
from engine.reading.reading import Decision, Reading, Ruler
from engine.recipe import Recipe
from tests.gui.desk import result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

RULER = Ruler((0.0, 0.0), (10.0, 0.0), 1.0)


@pytest.fixture
def editing(document: Document, photo: SkinImage, evidence: Evidence) -> Iterator[Editing]:
    """Over the photograph, which is open and analysed."""
    made = Editing(document)
    document.receive_photograph(photo)
    land(document, evidence)
    yield made
    made.close()


def land(document: Document, evidence: Evidence) -> None:
    """Answer the newest request."""
    assert document.photograph is not None
    document.receive_result(result(document.photograph, evidence, document.recipe))


def square(value: int = 1, x: int = 3, y: int = 4) -> Patch:
    """A patch of one value."""
    return Patch(x, y, np.full((5, 6), value, np.int8))


def model_mask(document: Document) -> Bools:
    """The newest result, without corrections."""
    found = document.results.segmentation
    assert found is not None
    return found.mask


def masks_told(editing: Editing) -> list[Bools | None]:
    """The masks that there were whenever another one was told of."""
    told: list[Bools | None] = []
    editing.maskChanged.connect(lambda: told.append(editing.mask))
    return told


def test_without_a_photograph_there_is_nothing_to_edit(document: Document) -> None:
    editing = Editing(document)
    assert editing.layer is None
    assert editing.mask is None
    assert not editing.has_mask
    editing.put("square", square())
    editing.change("ruler", Reading(ruler=RULER))
    editing.fill_holes()
    editing.keep_largest()
    editing.reset()
    assert editing.stack.count() == 0
    assert document.reading.is_empty


def test_before_the_result_there_is_a_layer_and_no_mask(document: Document, photo: SkinImage) -> None:
    editing = Editing(document)
    document.receive_photograph(photo)
    assert editing.mask is None
    assert editing.layer.shape == (photo.height, photo.width)
    assert not editing.layer.any()
    editing.fill_holes()
    assert editing.stack.count() == 0
    editing.put("square", square())
    assert editing.layer.sum() == 30
    assert editing.mask is None


def test_a_patch_changes_the_mask_there_alone(document: Document, editing: Editing) -> None:
    before = editing.mask
    assert np.array_equal(before, model_mask(document))
    assert editing.mask is before, "the same one until it changes"
    told = masks_told(editing)
    editing.put("square", square())
    expected = model_mask(document).copy()
    expected[4:9, 3:9] = True
    assert np.array_equal(editing.mask, expected)
    assert len(told) == 1
    assert told[0] is editing.mask
    assert document.reading.edits == 1
    assert document.reading.layer is editing.layer
    assert editing.is_corrected


def test_what_was_handed_out_holds_still(document: Document, editing: Editing) -> None:
    editing.put("square", square())
    layer, mask, reading = editing.layer, editing.mask, document.reading
    assert not layer.flags.writeable
    assert not mask.flags.writeable
    copies = layer.copy(), mask.copy()
    editing.put("skin", square(-1, 30, 30))
    editing.stack.undo()
    editing.reset()
    assert np.array_equal(layer, copies[0])
    assert np.array_equal(mask, copies[1])
    assert reading.layer is layer


def test_undo_and_redo_without_end(document: Document, editing: Editing) -> None:
    random = np.random.default_rng(0)
    layers = [editing.layer]
    for number in range(40):
        h, w = random.integers(1, 30, 2)
        y, x = random.integers(0, (72 - h, 96 - w))
        values = random.integers(-1, 2, (h, w)).astype(np.int8)
        editing.put(f"patch {number}", Patch(int(x), int(y), values))
        layers.append(editing.layer)
    assert editing.stack.count() == 40
    assert editing.stack.undoText() == "patch 39"
    for layer in layers[-2::-1]:
        editing.stack.undo()
        assert np.array_equal(editing.layer, layer)
        assert np.array_equal(editing.mask, correction.apply(layer, model_mask(document)))
    assert not editing.stack.canUndo()
    assert document.reading.edits == 0
    for layer in layers[1:]:
        editing.stack.redo()
        assert np.array_equal(editing.layer, layer)
        assert np.array_equal(editing.mask, correction.apply(layer, model_mask(document)))
    assert document.reading.edits == 40


def test_every_change_is_told_to_be_kept(document: Document, editing: Editing) -> None:
    kept: list[Reading] = []
    document.edited.connect(lambda _, reading: kept.append(reading))
    editing.put("square", square())
    editing.stack.undo()
    editing.stack.redo()
    assert [reading.edits for reading in kept] == [1, 0, 1]
    assert kept[1].is_empty
    assert kept[2] is document.reading


def test_holes_parts_and_reset(document: Document, editing: Editing) -> None:
    h, w = model_mask(document).shape
    disc = np.hypot(*(np.mgrid[:h, :w] - np.array([h / 2, w / 2]).reshape(2, 1, 1)))
    drawn = np.where((disc > 8) & (disc < 20), 1, -1).astype(np.int8)
    drawn[2:5, 2:5] = 1
    editing.put("drawing", Patch(0, 0, drawn))
    editing.fill_holes()
    assert np.array_equal(editing.mask, (disc < 20) | (drawn > 0))
    editing.keep_largest()
    assert np.array_equal(editing.mask, disc < 20)
    editing.reset()
    assert np.array_equal(editing.mask, model_mask(document))
    assert not editing.is_corrected
    assert editing.stack.count() == 4
    for nothing_to_do in (editing.fill_holes, editing.keep_largest, editing.reset):
        nothing_to_do()
    assert editing.stack.count() == 4
    editing.stack.undo()
    assert np.array_equal(editing.mask, disc < 20)


def test_decisions_and_patches_are_one_step(document: Document, editing: Editing) -> None:
    told = masks_told(editing)
    editing.change("ruler", replace(document.reading, ruler=RULER))
    assert document.reading.ruler == RULER
    assert told == []
    assert document.reading.edits == 0, "only what is painted counts"
    editing.change("ruler", document.reading)
    editing.put("nothing", None)
    assert editing.stack.count() == 1, "what changes nothing is no step"
    decision = Decision("extend", (4.0, 3.0), (1.0, 1.0, 6.0, 6.0))
    editing.put_and_change("both", square(), Reading(decisions=(decision,)))
    assert document.reading.ruler is None
    assert document.reading.decisions == (decision,)
    assert document.reading.layer.sum() == 30
    editing.stack.undo()
    assert document.reading.ruler == RULER
    assert document.reading.decisions == ()
    assert document.reading.layer is None
    assert document.reading.edits == 0


def test_a_change_of_the_rest_leaves_the_layer(document: Document, editing: Editing) -> None:
    editing.put("square", square())
    layer, mask = editing.layer, editing.mask
    editing.change("ruler", Reading(ruler=RULER, edits=1))
    assert editing.layer is layer
    assert editing.mask is mask
    assert document.reading.layer is layer


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
    document.blind_next = True
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
    document.blind_next = True
    editing.stack.undo()
    document.receive_photograph(photo)
    assert document.blind is not None
    assert not editing.stack.canRedo(), "it was made in sight of the result"


def test_two_of_them_do_not_touch_each_other(
    document: Document, editing: Editing, photo: SkinImage, evidence: Evidence
) -> None:
    beside = Document(Recipe())
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
