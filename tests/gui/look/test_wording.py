"""Sentences and labels made from the document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from diffseg_gui.document.document import Document
from diffseg_gui.look import wording
from engine import __version__
from engine.progress import Progress
from engine.reading.correction import LESION, SKIN, blank
from engine.reading.reading import Reading
from engine.results import DeviceUse, ModelName, Refined
from tests.gui.desk import result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence, Segmentation

HIGH = 0.4  # a delta above all that the discs have
ABOVE = "above every difference (up to 0.300)"
TO_DO = "Raise the sensitivity (a lower delta), or outline it by hand (D, L or G)."
NONE_FOUND = f"No lesion found at delta 0.4, which is {ABOVE}. {TO_DO}"


@pytest.fixture
def document(qapp: QApplication, recipe: Recipe, photo: SkinImage) -> Iterator[Document]:
    """A document with the photograph open, and nothing found yet."""
    made = Document(recipe)
    made.receive_photograph(photo)
    yield made
    made.rest()


def find(document: Document, evidence: Evidence) -> Segmentation:
    """Answer the newest request."""
    found = result(document.photograph, evidence, document.recipe)
    document.receive_result(found)
    return found


# No lesion


def test_where_there_is_a_lesion_nothing_is_said(document: Document, evidence: Evidence) -> None:
    assert wording.no_lesion(document) == "", "nothing is known yet"
    find(document, evidence)
    assert wording.no_lesion(document) == ""


def test_no_lesion_is_said_with_what_to_do(document: Document, evidence: Evidence) -> None:
    document.set_delta(HIGH)
    find(document, evidence)
    assert wording.no_lesion(document) == NONE_FOUND


def test_it_is_said_as_soon_as_the_votes_are_there(document: Document, evidence: Evidence) -> None:
    find(document, evidence)
    document.set_delta(HIGH)
    document._settled()
    assert wording.no_lesion(document) == NONE_FOUND


def test_the_first_timesteps_without_a_lesion_prove_nothing(document: Document, evidence: Evidence) -> None:
    empty = replace(evidence, difference=np.zeros_like(evidence.difference))
    part = replace(empty, timesteps=evidence.timesteps[:3], difference=empty.difference[:3])
    document.receive_progress(Progress("network", 3, 10, part))
    assert wording.no_lesion(document) == ""
    document.receive_progress(Progress("network", 10, 10, empty))
    assert wording.no_lesion(document).startswith("No lesion found at delta ")


def test_what_belongs_to_other_noise_says_nothing(document: Document, evidence: Evidence) -> None:
    document.set_delta(HIGH)
    find(document, evidence)
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=7)))
    assert wording.no_lesion(document) == ""


def test_a_minority_is_not_called_none(document: Document, evidence: Evidence) -> None:
    difference = np.where(np.arange(10)[:, None, None] < 3, evidence.difference, 0).astype(np.float32)
    find(document, replace(evidence, difference=difference))
    said = (
        f"Most timesteps find no lesion at delta {document.recipe.vote.delta:g}. Raise the sensitivity (a lower delta),"
    )
    assert wording.no_lesion(document).startswith(said)


def test_refinement_that_leaves_nothing_is_named(document: Document, evidence: Evidence) -> None:
    found = find(document, evidence)
    empty = np.zeros(found.mask.shape, np.bool_)
    refined = Refined(empty.astype(np.float32), empty, found.refined.subsets)
    document.receive_result(replace(found, refined=refined))
    assert wording.no_lesion(document).startswith("Refinement leaves no lesion at delta ")


def test_who_has_outlined_it_is_not_sent_to_do_so(document: Document, evidence: Evidence) -> None:
    document.set_delta(HIGH)
    find(document, evidence)
    layer = blank(document.photograph.height, document.photograph.width)
    layer[0, 0] = SKIN
    document.set_reading(Reading(layer=layer.copy()))
    assert wording.no_lesion(document) == NONE_FOUND
    layer[0, 1] = LESION
    document.set_reading(Reading(layer=layer))
    assert wording.no_lesion(document) == "The model finds no lesion at delta 0.4; the outline is yours."


def test_a_blind_reader_is_not_told(document: Document, evidence: Evidence) -> None:
    document.set_delta(HIGH)
    find(document, evidence)
    document.begin_blind()
    assert wording.no_lesion(document) == ""


# Lesion everywhere


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.9, ""), (0.98, "Nearly the whole photograph is marked as lesion at delta "), (1.0, "The whole photograph ")],
)
def test_a_mask_that_covers_the_photograph_is_no_outline(
    document: Document, evidence: Evidence, share: float, said: str
) -> None:
    everywhere = np.full_like(evidence.difference, 0.5)
    everywhere.reshape(10, -1)[:, round(share * everywhere[0].size) :] = 0
    find(document, replace(evidence, difference=everywhere))
    assert wording.implausible(document).startswith(said)
    assert bool(wording.implausible(document)) == bool(said)
    assert wording.no_lesion(document) == ""


def test_a_delta_below_all_differences_is_named(document: Document, evidence: Evidence) -> None:
    find(document, replace(evidence, difference=evidence.difference + np.float32(0.2)))
    document.set_delta(0.1)
    document._settled()
    least = float(evidence.difference.min()) + 0.2
    assert wording.implausible(document) == (
        f"The whole photograph is marked as lesion at delta 0.1, which is below every difference (from {least:.3f})."
        " Lower the sensitivity (a higher delta), or outline it by hand (D, L or G)."
    )
    layer = blank(document.photograph.height, document.photograph.width)
    layer[0, 0] = SKIN
    document.set_reading(Reading(layer=layer))
    assert wording.implausible(document) == (
        "The whole photograph is marked as lesion at delta 0.1, except for what you have corrected."
    )
    document.begin_blind()
    assert wording.implausible(document) == ""


# What is going on


def test_the_chip_tells_what_is_going_on(qapp: QApplication, recipe: Recipe, photo: SkinImage) -> None:
    document = Document(recipe)
    assert wording.chip(document) == "Ready"
    document.open(photo.path)
    assert wording.chip(document) == "Opening…"
    document.receive_photograph(photo)
    assert wording.chip(document) == "Working…"
    document.cancel()
    assert wording.chip(document) == "Cancelled – F5 runs it again"
    document.run_again()
    assert wording.chip(document) == "Working…"
    document.receive_failure("It failed.")
    assert wording.chip(document) == "Not up to date – F5 runs it again"


def test_then_it_tells_device_and_time(document: Document, evidence: Evidence) -> None:
    find(document, evidence)
    assert wording.chip(document) == "CPU  ·  0.1 s"
    document.begin_blind()
    assert wording.chip(document) == "CPU  ·  0.1 s", "this tells nothing of what was found"
    document.end_blind()
    find(document, replace(evidence, device=DeviceUse("cpu", "test", "float32", "no memory")))
    assert wording.chip(document) == "CPU (no memory)  ·  0.1 s"
    document.set_delta(0.2)
    assert wording.chip(document) == "Not up to date – F5 runs it again"


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Progress("start", 0, 1), "Starting"),
        (Progress("network", 3, 10), "Noise 3 of 10"),
        (Progress("votes", 0, 1), "Votes"),
        (Progress("refine", 2, 5), "Refining 2 of 5"),
        (Progress("stability", 1, 4), "Stability 1 of 4"),
    ],
)
def test_progress_is_counted_where_there_is_something_to_count(step: Progress, text: str) -> None:
    assert wording.progress(step) == text


# What is under the cursor


def test_where_the_cursor_is_and_what_was_found_there(document: Document, evidence: Evidence) -> None:
    at = QPointF(48.7, 36.2)
    colour = "RGB {} {} {}".format(*document.photograph.pixels[36, 48])
    assert wording.position(document, at) == f"x 48  y 36     {colour}"
    find(document, evidence)
    votes = "votes 10 of 10     mean 1.00     variance 0.00"
    assert wording.position(document, at) == f"x 48  y 36     {colour}     {votes}     refined: lesion"
    beside = "votes 0 of 10     mean 0.00     variance 0.00     refined: skin"
    assert wording.position(document, QPointF(0.0, 0.0)).endswith(beside)
    document.set_delta(0.2)
    document._settled()
    assert wording.position(document, at).endswith(votes), "refinement is under way"
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=7)))
    assert wording.position(document, at) == f"x 48  y 36     {colour}"


@pytest.mark.parametrize("at", [None, QPointF(-0.5, 10), QPointF(10, -0.5), QPointF(96, 10), QPointF(10, 72)])
def test_beside_the_photograph_there_is_nothing(document: Document, evidence: Evidence, at: QPointF | None) -> None:
    find(document, evidence)
    assert wording.position(document, at) == ""


def test_nor_is_there_while_reading_blind_or_before_the_first(
    document: Document, evidence: Evidence, recipe: Recipe
) -> None:
    find(document, evidence)
    document.begin_blind()
    assert wording.position(document, QPointF(48, 36)) == ""
    assert wording.position(Document(recipe), QPointF(48, 36)) == ""


# About


def test_about_names_version_and_model() -> None:
    assert f"DiffSeg {__version__}" in wording.about(None)
    assert "Model:" not in wording.about(None)
    said = wording.about(ModelName("made up", "0123456789abcdef" * 4))
    assert "Model: made up<br>SHA-256 0123456789abcdef…<br>Its licence: not stated" in said
    assert "Its licence: A &amp; B" in wording.about(ModelName("mine", "0" * 64, "A & B"))
    assert "Research use only. Not a medical device." in said
