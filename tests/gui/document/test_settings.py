"""Whose settings a photograph has: those chosen for it come back with it, others begin with the model's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.blindness import Exposure
from diffseg_gui.document.document import Document
from diffseg_gui.document.kept import Kept
from diffseg_gui.document.settings import Settings
from engine.errors import ReadingError
from engine.reading.reading import Chosen, Reading
from engine.recipe import VoteSettings
from engine.records import readings
from tests.gui.document.making import Heard, land, layer_of
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

TUNED = replace(RECIPE, vote=VoteSettings(0.31))
IDENTITY = "a" * 64


def test_settings_chosen_for_one_photograph_do_not_follow_to_the_next() -> None:
    settings = Settings(RECIPE)
    assert settings.kept_with(Reading()).is_empty
    settings.begin()
    assert settings.choose(TUNED, corrected=False)
    assert settings.kept_with(Reading()).chosen == Chosen(TUNED, RECIPE)
    assert settings.first == RECIPE
    settings.begin()
    assert settings.recipe == RECIPE
    assert settings.kept_with(Reading()).is_empty, "nobody chose them for this one"
    settings.hold()
    assert settings.kept_with(Reading()).chosen == Chosen(RECIPE, RECIPE)


def test_what_is_chosen_before_any_photograph_is_open_is_for_the_first() -> None:
    settings = Settings(RECIPE)
    settings.choose(TUNED, corrected=False)
    assert settings.first == TUNED
    settings.begin()
    assert settings.recipe == TUNED
    assert settings.first == RECIPE


def test_settings_that_were_kept_come_back_to_the_same_model_only() -> None:
    settings = Settings(RECIPE)
    settings.begin()
    settings.resume(Chosen(TUNED, TUNED))
    assert settings.recipe == RECIPE, "another model's delta means nothing to this one"
    settings.resume(Chosen(TUNED, RECIPE))
    assert settings.recipe == TUNED
    settings.begin()
    assert settings.recipe == RECIPE, "what was kept is no choice for the next"


def test_before_a_correction_comes_to_lie_over_another_result_the_person_is_asked_once() -> None:
    settings, asked = Settings(RECIPE), []
    settings.may_change = lambda: asked.append(1) or len(asked) > 1
    assert not settings.choose(TUNED, corrected=True)
    assert settings.recipe == RECIPE
    assert settings.choose(TUNED, corrected=True)
    assert settings.choose(RECIPE, corrected=True)
    assert len(asked) == 2, "not again after a yes"
    settings.begin()
    assert settings.choose(TUNED, corrected=False)
    assert len(asked) == 2
    settings.choose(RECIPE, corrected=True)
    assert len(asked) == 3, "another photograph"


def test_a_refused_change_leaves_the_document_as_it_is_and_tells_its_controls(photo: SkinImage) -> None:
    document = Document(RECIPE)
    document.receive_photograph(photo)
    document.set_reading(Reading(layer_of(photo)))
    document.settings.may_change = lambda: False
    heard = Heard(document)
    document.set_recipe(TUNED)
    assert document.recipe == RECIPE
    assert heard.names == ["recipeChanged"]


def test_kept_settings_come_back_with_their_photograph(photo: SkinImage, evidence: Evidence) -> None:
    document = Document(RECIPE)
    heard = Heard(document)
    document.open(photo.path)
    document.receive_photograph(photo, Kept(Reading(layer_of(photo), chosen=Chosen(TUNED, RECIPE)), news=True))
    assert document.recipe == TUNED
    assert [recipe for _, recipe, _ in heard.of("requested")] == [RECIPE, TUNED], (
        "asked for anew as soon as they are known"
    )
    assert "recipeChanged" in heard.names
    assert document.reading.chosen is None, "the document has them"
    found = land(document, evidence)
    assert found.recipe == TUNED
    assert document.shown.current


def test_settings_survive_the_file(tmp_path: Path) -> None:
    layer = np.ones((3, 4), np.int8)
    readings.save(tmp_path, IDENTITY, Reading(layer, chosen=Chosen(TUNED, RECIPE)))
    back = readings.load(tmp_path, IDENTITY)
    assert back is not None
    assert back.chosen == Chosen(TUNED, RECIPE)
    readings.save(tmp_path, IDENTITY, Reading(layer))
    back = readings.load(tmp_path, IDENTITY)
    assert back is not None
    assert back.chosen is None


def test_settings_that_cannot_be_are_set_aside_with_their_reading(tmp_path: Path) -> None:
    readings.save(tmp_path, IDENTITY, Reading(chosen=Chosen(TUNED, RECIPE)))
    path = tmp_path / f"{IDENTITY}.json"
    path.write_text(path.read_text().replace("0.31", "31.0"))
    with pytest.raises(ReadingError, match="damaged"):
        readings.load(tmp_path, IDENTITY)
    assert readings.load(tmp_path, IDENTITY) is None


def test_time_on_screen_is_counted_for_each_photograph(photo: SkinImage) -> None:
    a, b, c = (replace(photo, sha256=letter * 64) for letter in "abc")
    exposure = Exposure()
    exposure.show(a, 10.0)
    exposure.show(a, 12.0)
    assert exposure.seconds(a, 13.0) == 3.0
    exposure.show(b, 14.0)
    exposure.show(None, 20.0)
    exposure.show(a, 30.0)
    assert exposure.seconds(a, 31.0) == 5.0
    assert exposure.seconds(b, 31.0) == 6.0
    assert exposure.seconds(c, 31.0) == 0.0
