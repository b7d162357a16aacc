"""Timesteps on offer: what is typed wrong is said below the field and changes nothing; defaults are the model's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.settings import Settings
from diffseg_gui.features.timesteps import Timesteps
from engine.recipe import NoiseSettings
from tests.gui.strokes import LEFT
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.recipe import Recipe
    from tests.gui.desk import Desk

OFFERED = (100, 150, 200, 250)
DEFAULTS = NoiseSettings(OFFERED, draws=2, seed=5, turn=False)


@pytest.fixture
def recipe() -> Recipe:
    """Another model's settings than the bundled one's."""
    return replace(RECIPE, noise=DEFAULTS)


@pytest.fixture
def section(desk: Desk) -> Timesteps:
    """The section in its panel, before there is a photograph."""
    made = Timesteps(desk.document)
    desk.add(Settings({"noise": made}, desk.preferences))
    QApplication.processEvents()
    return made


def type_range(section: Timesteps, qtbot: QtBot, text: str) -> None:
    """Replace the range, and press Enter."""
    section.range.setFocus()
    section.range.selectAll()
    qtbot.keyClicks(section.range, text)
    qtbot.keyClick(section.range, Qt.Key.Key_Return)
    QApplication.processEvents()


def chosen(section: Timesteps) -> tuple[int, ...]:
    """The timesteps whose buttons are down."""
    return tuple(t for t, pill in section.pills.items() if pill.isChecked())


def test_it_begins_with_the_models_own(section: Timesteps) -> None:
    assert section.range.text() == "100:250:50"
    assert tuple(section.pills) == chosen(section) == OFFERED
    assert (section.draws.value(), section.seed.value()) == (2, 5)
    assert section.note.text() == "4 of 4"


def test_timesteps_are_chosen_one_by_one_and_the_last_one_stays(desk: Desk, section: Timesteps, qtbot: QtBot) -> None:
    qtbot.mouseClick(section.pills[100], LEFT)
    assert desk.document.recipe.noise == replace(DEFAULTS, timesteps=(150, 200, 250))
    assert section.note.text() == "3 of 4"
    for t in (150, 200, 250):
        qtbot.mouseClick(section.pills[t], LEFT)
    assert desk.document.recipe.noise.timesteps == (250,)
    assert chosen(section) == (250,)
    qtbot.mouseClick(section.pills[100], LEFT)
    assert desk.document.recipe.noise.timesteps == (100, 250)
    assert section.range.text() == "100:250:50"


def test_draws_and_seed_change_nothing_else(desk: Desk, section: Timesteps, qtbot: QtBot) -> None:
    for box, text in ((section.draws, "3"), (section.seed, "17")):
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert desk.document.recipe == replace(RECIPE, noise=replace(DEFAULTS, draws=3, seed=17))


@pytest.mark.parametrize(("text", "offered"), [("80:120:20", (80, 100, 120)), ("300,20,50", (20, 50, 300))])
def test_another_range_is_offered_and_chosen(
    desk: Desk, section: Timesteps, qtbot: QtBot, text: str, offered: tuple[int, ...]
) -> None:
    type_range(section, qtbot, text)
    assert desk.document.recipe.noise == replace(DEFAULTS, timesteps=offered)
    assert tuple(section.pills) == chosen(section) == offered
    assert section.note.text() == "3 of 3"


@pytest.mark.parametrize("text", ["1:200:1", "60:150", "0,60", "sixty", "60," * 30])
def test_a_wrong_range_is_told_below_the_field_until_it_is_right(
    desk: Desk, section: Timesteps, qtbot: QtBot, text: str
) -> None:
    before, width = desk.document.recipe, section.minimumSizeHint().width()
    assert not section.wrong.isVisible()
    type_range(section, qtbot, text)
    assert section.wrong.isVisible()
    assert section.range.property("wrong")
    assert section.wrong.text().endswith(" Still in use: 100:250:50.")
    assert len(section.wrong.text()) > 40, "and why"
    assert section.range.accessibleDescription() in section.wrong.text()
    assert section.wrong.geometry().top() >= section.range.geometry().bottom()
    assert section.wrong.height() >= section.wrong.heightForWidth(section.wrong.width()), "all of it is seen"
    assert section.minimumSizeHint().width() == width, "a long sentence widens no column"
    assert desk.document.recipe == before
    assert tuple(section.pills) == OFFERED
    assert section.note.text() == "4 of 4"
    type_range(section, qtbot, "80:120:20")
    assert not section.wrong.isVisible()
    assert not section.range.property("wrong")
    assert section.range.accessibleDescription() == ""
    assert desk.document.recipe.noise.timesteps == (80, 100, 120)


def test_the_same_range_again_clears_it(section: Timesteps, qtbot: QtBot) -> None:
    type_range(section, qtbot, "1:200:1")
    type_range(section, qtbot, "100:250:50")
    assert not section.wrong.isVisible()


def test_it_outlives_changes_elsewhere_and_tells_what_is_in_use_now(
    desk: Desk, section: Timesteps, qtbot: QtBot
) -> None:
    type_range(section, qtbot, "1:200:1")
    desk.document.set_delta(0.2)
    assert section.range.text() == "1:200:1"
    assert section.wrong.isVisible()
    qtbot.mouseClick(section.pills[250], LEFT)
    assert section.wrong.text().endswith("Still in use: 100:200:50.")
    qtbot.mouseClick(section.pills[150], LEFT)
    assert section.wrong.text().endswith("Still in use: 100:200:100.")
    qtbot.mouseClick(section.pills[200], LEFT)
    assert section.wrong.text().endswith("Still in use: 100.")
    assert section.note.text() == "1 of 4"
    section.resetClicked.emit()
    assert not section.wrong.isVisible()
    assert section.range.text() == "100:250:50"


def test_reset_goes_back_to_the_models_own(desk: Desk, section: Timesteps, qtbot: QtBot) -> None:
    desk.document.set_delta(0.2)
    type_range(section, qtbot, "50:160:10")
    section.seed.setValue(9)
    section.resetClicked.emit()
    assert desk.document.recipe == replace(desk.document.defaults, vote=desk.document.recipe.vote), "of this node alone"
    assert section.range.text() == "100:250:50"
    assert tuple(section.pills) == chosen(section) == OFFERED
    assert section.seed.value() == 5


def test_a_reset_of_all_shows_the_default_range_even_where_it_was_on_offer(
    desk: Desk, section: Timesteps, qtbot: QtBot
) -> None:
    type_range(section, qtbot, "50:300:50")
    desk.document.set_recipe(desk.document.defaults)
    assert section.range.text() == "100:250:50"
    assert tuple(section.pills) == OFFERED


def test_timesteps_from_elsewhere_are_offered(desk: Desk, section: Timesteps) -> None:
    desk.document.set_recipe(replace(RECIPE, noise=replace(DEFAULTS, timesteps=(5,))))
    assert section.range.text() == "5"
    assert tuple(section.pills) == chosen(section) == (5,)
