"""The CRF's settings: each row edits its own field, and two buttons how masks are combined, from the model's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from diffseg_gui.features.refinement import BORDER, CRF, ROWS, Refinement
from diffseg_gui.features.settings import Settings
from engine.recipe import EQUATION_12, SOFT, CrfSettings, VoteSettings
from tests.gui.strokes import LEFT
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.recipe import Recipe
    from tests.gui.desk import Desk

DEFAULT = CrfSettings(w1=7.5, theta_alpha=22.0, theta_beta=9.0, w2=2.5, theta_gamma=1.5, tau=0.05, iterations=3,
                      rounds=2, subset=6, seed=11, side=128, backend="pydensecrf", combine=SOFT, smooth=0.8, cut=0.35,
                      drop=0.045)  # fmt: skip


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
    return {row.field: pytest.approx(getattr(crf, row.field) * row.shown) for row in ROWS}


def combining(section: Refinement) -> list[str]:
    """The ways to combine masks whose buttons are down."""
    return [name for name, button in section.combinations.items() if button.isChecked()]


def reset(section: Refinement, qtbot: QtBot) -> None:
    """Press the section's own Reset."""
    qtbot.mouseClick(section.header.findChild(QPushButton, "link"), LEFT)


def test_it_begins_with_the_models_own(section: Refinement) -> None:
    assert shown(section) == of(DEFAULT)
    assert combining(section) == [SOFT]
    assert all(row.slider.value() == round(row.value() / row.box.singleStep()) for row in section.rows.values())


def test_each_row_changes_its_field_alone_by_its_step(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    expected = desk.document.recipe
    for row in ROWS:
        value = getattr(expected.crf, row.field)
        stepped = type(value)(round(value + row.step / row.shown, 6))
        expected = replace(expected, crf=replace(expected.crf, **{row.field: stepped}))
        qtbot.keyClick(section.rows[row.field].slider, Qt.Key.Key_Right)
        assert desk.document.recipe == expected, row.field
        assert type(getattr(desk.document.recipe.crf, row.field)) is type(value), row.field
    assert shown(section) == of(expected.crf)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [("theta_beta", "12.3", 12.3), ("smooth", "1,25", 1.25), ("cut", "0,45", 0.45), ("drop", "2,5", 0.025)],
)
def test_a_value_is_typed_to_the_digit(
    desk: Desk, section: Refinement, qtbot: QtBot, field: str, text: str, value: float
) -> None:
    box = section.rows[field].box
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert desk.document.recipe.crf == replace(DEFAULT, **{field: value})


def test_a_share_that_cannot_be_is_refused(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    box, said = section.rows["drop"].box, []
    box.refused.connect(said.append)
    box.selectAll()
    qtbot.keyClicks(box, "60")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said == ["60 is outside 0 to 50."]
    assert (desk.document.recipe.crf, box.text()) == (DEFAULT, "4.5 %")


def test_masks_are_combined_by_one_way_or_the_other(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    qtbot.mouseClick(section.combinations[EQUATION_12], LEFT)
    assert desk.document.recipe.crf == replace(DEFAULT, combine=EQUATION_12)
    assert combining(section) == [EQUATION_12]
    qtbot.mouseClick(section.combinations[EQUATION_12], LEFT)
    assert combining(section) == [EQUATION_12], "one is always on"
    section.combinations[SOFT].setFocus()
    qtbot.keyClick(section.combinations[SOFT], Qt.Key.Key_Space)
    assert desk.document.recipe.crf == DEFAULT
    assert combining(section) == [SOFT]
    desk.document.set_recipe(replace(RECIPE, crf=replace(DEFAULT, combine=EQUATION_12)))
    assert combining(section) == [EQUATION_12]


def test_what_makes_one_border_stands_in_front_and_the_crf_is_folded_below_it(
    section: Refinement, qtbot: QtBot
) -> None:
    assert all(section.rows[row.field].isVisible() for row in BORDER)
    assert not any(section.rows[row.field].isVisible() for row in CRF)
    qtbot.mouseClick(section.more.fold, LEFT)
    assert all(section.rows[row.field].isVisible() for row in ROWS)


def test_reset_goes_back_to_the_models_own(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    vote = VoteSettings(0.2)
    desk.document.set_recipe(replace(RECIPE, vote=vote))
    assert shown(section) == of(RECIPE.crf)
    assert combining(section) == [RECIPE.crf.combine] == [EQUATION_12]
    reset(section, qtbot)
    assert desk.document.recipe == replace(RECIPE, vote=vote, crf=DEFAULT), "this node alone, with what no row shows"
    assert shown(section) == of(DEFAULT)
    assert combining(section) == [SOFT]


def test_no_more_masks_can_be_drawn_than_there_are_timesteps(desk: Desk, section: Refinement) -> None:
    assert section.rows["subset"].box.maximum() == 10
    noise = replace(desk.document.recipe.noise, timesteps=tuple(range(10, 130, 10)))
    desk.document.set_recipe(replace(desk.document.recipe, noise=noise))
    assert section.rows["subset"].box.maximum() == 12
    desk.document.set_recipe(replace(desk.document.recipe, noise=replace(noise, timesteps=(10, 20))))
    assert section.rows["subset"].box.maximum() == 6, "the recipe's own stays in reach"
    assert section.rows["subset"].value() == 6


def test_what_lies_beyond_a_slider_is_shown_as_it_is(desk: Desk, section: Refinement, qtbot: QtBot) -> None:
    far = replace(DEFAULT, w1=50.0, theta_alpha=0.5, theta_beta=200.0, iterations=40, rounds=30, smooth=7.5)
    desk.document.set_recipe(replace(RECIPE, crf=far))
    assert shown(section) == of(far)
    qtbot.keyClick(section.rows["w2"].slider, Qt.Key.Key_Right)
    assert desk.document.recipe.crf == replace(far, w2=2.6)
    reset(section, qtbot)
    assert [section.rows[field].box.maximum() for field in ("w1", "iterations")] == [20, 20]
