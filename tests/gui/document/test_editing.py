"""Changing what a person made of the photograph: every change can be undone, and leaves what was handed out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui.document.editing import Editing
from engine.reading import correction
from engine.reading.correction import Patch
from engine.reading.reading import Decision, Reading
from tests.gui.document.making import RULER, masks_told, model_mask, square

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from engine.photograph.image import SkinImage


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
    assert before is model_mask(document), "what nobody has corrected needs no copy"
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
