"""The CRF's settings: each row edits its own field, from the model's own values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.refinement import ROWS, Refinement
from diffseg_gui.features.settings import Settings
from engine.recipe import CrfSettings, VoteSettings
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.recipe import Recipe
    from tests.gui.desk import Desk

DEFAULT = CrfSettings(w1=7.5, theta_alpha=22.0, theta_beta=9.0, w2=2.5, theta_gamma=1.5, tau=0.05, iterations=3,
                      rounds=2, subset=6, seed=11, side=128, backend="pydensecrf")  # fmt: skip


@pytest.fixture
def recipe() -> Recipe:
    """Another model's settings than the bundled one's."""
    return replace(RECIPE, crf=DEFAULT)


@pytest.fixture
def section(desk: Desk) -> Refinement:
    """The section in its panel."""
    made = Refinement(desk.document)
    desk.add(Settings({"crf": made}, desk.preferences))
    return made


def shown(section: Refinement) -> dict[str, float]:
    """What the rows show."""
    return {field: row.value() for field, row in section.rows.items()}


def of(crf: CrfSettings) -> dict[str, float]:
    """What they ought to show."""
    return {field: getattr(crf, field) for field, *_ in ROWS}


def test_it_begins_with_the_models_own(section: Refinement) -> None:
    assert shown(section) == of(DEFAULT)
    assert all(row.slider.value() == round(row.value() / row.box.singleStep()) for row in section.rows.values())


def test_each_row_changes_its_field_alone_by_its_step(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    expected = desk.document.recipe
    for field, _, _, _, step, *_ in ROWS:
        value = getattr(expected.crf, field)
        expected = replace(expected, crf=replace(expected.crf, **{field: type(value)(value + step)}))
        qtbot.keyClick(section.rows[field].slider, Qt.Key.Key_Right)
        assert desk.document.recipe == expected, field
        assert type(getattr(desk.document.recipe.crf, field)) is type(value), field
    assert shown(section) == of(expected.crf)


def test_a_value_is_typed_to_the_digit(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    box = section.rows["theta_beta"].box
    box.selectAll()
    qtbot.keyClicks(box, "12.3")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert desk.document.recipe.crf == replace(DEFAULT, theta_beta=12.3)


def test_reset_goes_back_to_the_models_own(desk: Desk, section: Refinement) -> None:
    vote = VoteSettings(0.2)
    desk.document.set_recipe(replace(RECIPE, vote=vote))
    assert shown(section) == of(RECIPE.crf)
    section.resetClicked.emit()
    assert desk.document.recipe == replace(RECIPE, vote=vote, crf=DEFAULT), "this node alone, with what no row shows"
    assert shown(section) == of(DEFAULT)


def test_no_more_masks_can_be_drawn_than_there_are_timesteps(desk: Desk, section: Refinement) -> None:
    assert section.rows["subset"].box.maximum() == 10
    noise = replace(desk.document.recipe.noise, timesteps=tuple(range(10, 130, 10)))
    desk.document.set_recipe(replace(desk.document.recipe, noise=noise))
    assert section.rows["subset"].box.maximum() == 12
    desk.document.set_recipe(replace(desk.document.recipe, noise=replace(noise, timesteps=(10, 20))))
    assert section.rows["subset"].box.maximum() == 6, "the recipe's own stays in reach"
    assert section.rows["subset"].value() == 6


def test_what_lies_beyond_a_slider_is_shown_as_it_is(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    far = replace(DEFAULT, w1=50.0, theta_alpha=0.5, theta_beta=200.0, iterations=40, rounds=30)
    desk.document.set_recipe(replace(RECIPE, crf=far))
    assert shown(section) == of(far)
    qtbot.keyClick(section.rows["w2"].slider, Qt.Key.Key_Right)
    assert desk.document.recipe.crf == replace(far, w2=2.6)
    section.resetClicked.emit()
    assert [section.rows[field].box.maximum() for field in ("w1", "iterations")] == [20, 20]
