"""Delta: live while it moves, typed to the digit, Otsu's, the plateau's, and the model's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.features.threshold.curve import StabilityCurve
from diffseg_gui.look import theme
from engine.method.consensus import vote
from engine.method.stability import HIGHEST
from engine.photograph.read import read_image
from engine.recipe import VoteSettings
from engine.results import Stability
from tests.gui.strokes import LEFT
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from engine.recipe import Recipe
    from engine.results import Evidence
    from tests.gui.desk import Desk

DEFAULT = VoteSettings(0.07)
AUTO = VoteSettings(0.07, auto=True)


@pytest.fixture
def recipe() -> Recipe:
    """Another model's settings than the bundled one's."""
    return replace(RECIPE, vote=DEFAULT)


@pytest.fixture
def section(opened: Desk) -> Threshold:
    """The section in its panel, beside the ten discs' result."""
    return add_threshold(opened)


def add_threshold(desk: Desk) -> Threshold:
    """The section in its panel."""
    made = Threshold(desk.document)
    desk.add(Settings({"threshold": made}, desk.preferences))
    return made


def type_delta(section: Threshold, qtbot: QtBot, text: str) -> None:
    """Replace the number, and press Enter."""
    section.delta.box.setFocus()
    section.delta.box.selectAll()
    qtbot.keyClicks(section.delta.box, text)
    qtbot.keyClick(section.delta.box, Qt.Key.Key_Return)


def test_it_begins_with_the_models_own_and_goes_back_to_it(opened: Desk, section: Threshold, qtbot: QtBot) -> None:
    crf = replace(opened.document.recipe.crf, w1=9.0)
    opened.document.set_recipe(replace(opened.document.recipe, crf=crf))
    assert section.delta.value() == DEFAULT.delta
    type_delta(section, qtbot, "0.237")
    assert opened.document.recipe.vote == VoteSettings(0.237)
    section.resetClicked.emit()
    assert opened.document.recipe == replace(RECIPE, vote=DEFAULT, crf=crf), "this node alone"
    assert (section.delta.value(), section.delta.slider.value()) == (DEFAULT.delta, 14)


def test_a_key_moves_it_by_a_step_and_the_votes_follow_at_once(
    opened: Desk, section: Threshold, evidence: Evidence, qtbot: QtBot
) -> None:
    before = opened.document.shown
    for _ in range(6):
        qtbot.keyClick(section.delta.slider, Qt.Key.Key_Right)
    assert opened.document.recipe.vote.delta == pytest.approx(DEFAULT.delta + 0.03)
    qtbot.waitUntil(lambda: opened.document.shown.consensus is not before.consensus)
    after = opened.document.shown
    assert after.evidence is before.evidence
    assert np.array_equal(after.consensus.votes, vote(evidence, VoteSettings(0.1)).votes)
    assert after.votes_current
    assert not after.current, "refinement is out of date"


def test_auto_is_otsus_until_the_slider_is_moved(
    opened: Desk, section: Threshold, evidence: Evidence, qtbot: QtBot
) -> None:
    qtbot.mouseClick(section.auto, LEFT)
    assert opened.document.recipe.vote == AUTO
    otsus = vote(evidence, AUTO).delta
    assert abs(otsus - DEFAULT.delta) > 0.01
    qtbot.waitUntil(lambda: section.delta.value() == pytest.approx(otsus, abs=5.01e-4))  # three decimals
    qtbot.keyClick(section.delta.slider, Qt.Key.Key_Right)
    assert not opened.document.recipe.vote.auto
    assert opened.document.recipe.vote.delta == pytest.approx(otsus, abs=0.01), "on from there"
    assert not section.auto.isChecked()


def test_auto_switched_off_keeps_what_it_had_chosen(
    opened: Desk, section: Threshold, evidence: Evidence, qtbot: QtBot
) -> None:
    qtbot.mouseClick(section.auto, LEFT)
    otsus = vote(evidence, AUTO).delta
    qtbot.waitUntil(lambda: section.delta.value() == pytest.approx(otsus, abs=5.01e-4))
    qtbot.mouseClick(section.auto, LEFT)
    assert not opened.document.recipe.vote.auto
    assert opened.document.recipe.vote.delta == pytest.approx(otsus, abs=5.01e-4)


def test_a_move_has_the_actions_asked_once_for_the_setting_and_once_for_its_masks(
    opened: Desk, section: Threshold, qtbot: QtBot
) -> None:
    asked: list[float] = []

    class Asked(Feature):
        """Counts how often its command is asked whether it can be used."""

        commands = (Command("asked", "View", "&Asked", "", "", lambda: None, lambda: asked.append(delta()) is None),)

    def delta() -> float:
        return opened.document.shown.consensus.delta

    feature = opened.add(Asked())
    opened.document.resultChanged.connect(feature.changed)
    opened.document.recipeChanged.connect(feature.changed)
    former = delta()
    asked.clear()
    qtbot.keyClick(section.delta.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: delta() != former)
    assert asked == [former, delta()]


def test_the_plateau_is_one_click_away(opened: Desk, section: Threshold, qtbot: QtBot) -> None:
    low, high = opened.document.shown.segmentation.stability.plateau
    assert (low + high) / 2 != pytest.approx(DEFAULT.delta, abs=0.01)
    before = section.curve.grab().toImage()
    qtbot.mouseClick(section.middle, LEFT)
    assert opened.document.recipe.vote.delta == pytest.approx((low + high) / 2, abs=1e-4)
    assert section.delta.value() == pytest.approx((low + high) / 2, abs=5.01e-4)
    assert section.curve.grab().toImage() != before, "the cursor stands elsewhere"


def test_a_delta_beyond_the_slider_widens_it_for_as_long_as_it_holds(opened: Desk, section: Threshold) -> None:
    opened.document.set_delta(1.2)
    assert section.delta.value() == 1.2
    assert section.delta.slider.value() == section.delta.slider.maximum()
    opened.document.set_delta(0.2)
    assert section.delta.box.maximum() == HIGHEST
    assert section.delta.value() == 0.2


def test_the_plateau_is_that_of_the_present_noise_and_photograph(
    opened: Desk, section: Threshold, evidence: Evidence, other_path: Path
) -> None:
    document, recipe = opened.document, opened.document.recipe
    assert section.middle.isEnabled()
    document.set_recipe(replace(recipe, crf=replace(recipe.crf, w1=1.0)))
    document._settled()
    assert section.middle.isEnabled(), "differences know nothing of the CRF"
    document.set_recipe(replace(recipe, noise=replace(recipe.noise, seed=1)))
    document._settled()
    assert not section.middle.isEnabled()
    opened.land(evidence)
    assert section.middle.isEnabled()
    opened.open(read_image(other_path))
    assert not section.middle.isEnabled()


def test_a_blind_reader_learns_neither_plateau_nor_otsus_delta(
    opened: Desk, section: Threshold, evidence: Evidence, qtbot: QtBot
) -> None:
    opened.document.set_recipe(replace(opened.document.recipe, vote=AUTO))
    opened.land(evidence)
    assert section.delta.value() != DEFAULT.delta
    with_curves = section.curve.grab().toImage()
    opened.document.begin_blind()
    assert section.delta.value() == DEFAULT.delta
    assert not section.middle.isEnabled()
    assert section.curve.grab().toImage() != with_curves
    opened.document.end_blind()
    assert section.middle.isEnabled()
    assert section.curve.grab().toImage() == with_curves


def test_without_a_photograph_there_is_delta_but_no_plateau(desk: Desk, qtbot: QtBot) -> None:
    section = add_threshold(desk)
    qtbot.mouseClick(section.auto, LEFT)
    assert desk.document.recipe.vote == AUTO
    assert section.delta.value() == DEFAULT.delta
    assert not section.middle.isEnabled()


# The curve


def columns(image: QImage, wanted: Callable[[int, int], bool]) -> list[int]:
    """Where a row above the curves is as wanted."""
    return [x for x in range(image.width()) if wanted(x, image.height() // 2)]


def test_the_curve_shades_the_plateau_and_marks_delta(desk: Desk) -> None:
    """All values are 0, so that the curves run along the bottom; 300 pixels lead from 0 to the highest delta."""
    curve, flat = StabilityCurve(desk), np.zeros(61, np.float32)
    stability = Stability(np.linspace(0, HIGHEST, 61, dtype=np.float32), flat, flat, (0.1, 0.2))
    curve.setGeometry(0, 0, 313, 74)
    curve.show()
    images = []
    for shown, delta in ((stability, 0.3), (stability, 0.5), (None, 0.5)):
        curve.show_curves(shown, delta)
        images.append(curve.grab().toImage())
    first, second, empty = images
    tint = theme.colours().tint
    assert columns(first, lambda x, y: first.pixelColor(x, y) == tint) == pytest.approx(list(range(56, 106)), abs=1)
    marked = columns(first, lambda x, y: first.pixelColor(x, y) != second.pixelColor(x, y))
    assert marked == [155, 156, 255, 256]
    assert columns(empty, lambda x, y: empty.pixelColor(x, y) == tint) == []
