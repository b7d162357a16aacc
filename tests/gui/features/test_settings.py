"""The settings: timesteps, threshold and refinement, each a section that edits its part of the recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.refinement import Refinement
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.features.timesteps import Timesteps

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit
    from pytestqt.qtbot import QtBot

    from engine.results import Evidence
    from tests.gui.desk import Desk

LEFT, RIGHT, RETURN = Qt.MouseButton.LeftButton, Qt.Key.Key_Right, Qt.Key.Key_Return
FIELDS = ("w1", "theta_alpha", "theta_beta", "w2", "theta_gamma", "iterations", "rounds", "subset")


@pytest.fixture
def desk_with_settings(opened: Desk) -> Desk:
    """The photograph is analysed."""
    document = opened.document
    sections = {"noise": Timesteps(document), "threshold": Threshold(document), "crf": Refinement(document)}
    opened.add(Settings(sections, opened.preferences))
    return opened


@pytest.fixture
def noise(desk_with_settings: Desk) -> Timesteps:
    """The first section."""
    return desk_with_settings.findChild(Timesteps)


@pytest.fixture
def threshold(desk_with_settings: Desk) -> Threshold:
    """The second."""
    return desk_with_settings.findChild(Threshold)


@pytest.fixture
def refinement(desk_with_settings: Desk) -> Refinement:
    """The third."""
    return desk_with_settings.findChild(Refinement)


def type_into(field: QLineEdit, text: str, qtbot: QtBot) -> None:
    """Replace what stands in a field, and press Enter."""
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, RETURN)


# The threshold


def test_the_slider_moves_the_votes_at_once(opened: Desk, threshold: Threshold, qtbot: QtBot) -> None:
    document = opened.document
    before = document.shown
    for _ in range(6):
        qtbot.keyClick(threshold.delta.slider, RIGHT)
    qtbot.waitUntil(lambda: document.shown.consensus is not before.consensus)
    after = document.shown
    assert after.evidence is before.evidence
    assert after.consensus.delta == pytest.approx(before.consensus.delta + 0.03)
    assert 0 < after.consensus.area < before.consensus.area
    assert (after.votes_current, after.current) == (True, False)
    assert opened.scenes.scene("refined").stale
    assert not opened.scenes.scene("consistency").stale


def test_delta_is_typed_to_the_digit_and_reset(opened: Desk, threshold: Threshold, qtbot: QtBot) -> None:
    type_into(threshold.delta.box, "0.237", qtbot)
    assert opened.document.recipe.vote.delta == 0.237
    threshold.header.resetClicked.emit()
    assert opened.document.recipe == opened.document.defaults
    assert threshold.delta.value() == pytest.approx(opened.document.defaults.vote.delta)


def test_auto_follows_otsu_until_the_slider_is_moved(
    opened: Desk, threshold: Threshold, evidence: Evidence, qtbot: QtBot
) -> None:
    qtbot.mouseClick(threshold.auto, LEFT)
    assert opened.document.recipe.vote.auto
    found = opened.land(evidence)
    assert found.consensus.delta != opened.document.defaults.vote.delta
    assert threshold.delta.value() == pytest.approx(found.consensus.delta, abs=5.01e-4), "three decimals"
    qtbot.keyClick(threshold.delta.slider, RIGHT)
    assert not opened.document.recipe.vote.auto
    assert not threshold.auto.isChecked()


def test_the_plateau_is_one_click_away(opened: Desk, threshold: Threshold, evidence: Evidence, qtbot: QtBot) -> None:
    low, high = opened.document.shown.segmentation.stability.plateau
    before = threshold.curve.grab().toImage()
    qtbot.mouseClick(threshold.middle, LEFT)
    assert opened.document.recipe.vote.delta == pytest.approx((low + high) / 2, abs=1e-4)
    opened.land(evidence)
    assert threshold.curve.grab().toImage() != before, "the cursor stands elsewhere"


def test_there_is_no_plateau_to_go_to_before_there_is_a_result_or_while_reading_blind(
    opened: Desk, threshold: Threshold
) -> None:
    assert threshold.middle.isEnabled()
    opened.document.begin_blind()
    assert not threshold.middle.isEnabled()
    opened.document.end_blind()
    assert threshold.middle.isEnabled()
    opened.open(opened.document.photograph)
    assert not threshold.middle.isEnabled()


# Refinement


def test_each_slider_of_the_crf_sets_one_value(opened: Desk, refinement: Refinement, qtbot: QtBot) -> None:
    assert tuple(refinement.rows) == FIELDS
    for field, row in refinement.rows.items():
        before = opened.document.recipe
        qtbot.keyClick(row.slider, RIGHT)
        after = opened.document.recipe
        assert [name for name in FIELDS if getattr(after.crf, name) != getattr(before.crf, name)] == [field]
        assert getattr(after.crf, field) == pytest.approx(row.value())
        assert type(getattr(after.crf, field)) is type(getattr(before.crf, field))
        assert (after.noise, after.vote) == (before.noise, before.vote)
    refinement.header.resetClicked.emit()
    assert opened.document.recipe == opened.document.defaults


# Timesteps


def test_timesteps_are_chosen_one_by_one(opened: Desk, noise: Timesteps, qtbot: QtBot) -> None:
    document = opened.document
    assert noise.note.text() == "10 of 10"
    qtbot.mouseClick(noise.pills[60], LEFT)
    assert document.recipe.noise.timesteps == tuple(range(70, 151, 10))
    assert noise.note.text() == "9 of 10"
    assert not document.shown.votes_current
    for t in range(70, 151, 10):
        qtbot.mouseClick(noise.pills[t], LEFT)
    assert document.recipe.noise.timesteps == (150,), "the last one stays"
    assert noise.pills[150].isChecked()


def test_another_range_is_offered_and_a_wrong_one_marked(opened: Desk, noise: Timesteps, qtbot: QtBot) -> None:
    type_into(noise.range, "40:20", qtbot)
    assert noise.range.property("wrong")
    assert noise.wrong.text().endswith("Still in use: 60:150:10.")
    assert len(noise.pills) == 10
    type_into(noise.range, "40:80:20", qtbot)
    assert not noise.range.property("wrong")
    assert not noise.wrong.isVisible()
    assert opened.document.recipe.noise.timesteps == tuple(noise.pills) == (40, 60, 80)
    noise.header.resetClicked.emit()
    assert opened.document.recipe == opened.document.defaults
    assert noise.range.text() == "60:150:10"


def test_draws_and_seed_are_typed(opened: Desk, noise: Timesteps, qtbot: QtBot) -> None:
    type_into(noise.draws, "3", qtbot)
    type_into(noise.seed, "41", qtbot)
    assert (opened.document.recipe.noise.draws, opened.document.recipe.noise.seed) == (3, 41)


# All of them


def test_what_is_folded_is_remembered(desk_with_settings: Desk, refinement: Refinement, qtbot: QtBot) -> None:
    qtbot.mouseClick(refinement.fold, LEFT)
    assert not refinement.content.isVisible()
    desk_with_settings.close_features()
    document = desk_with_settings.document
    again = Settings({"threshold": Threshold(document), "crf": Refinement(document)}, desk_with_settings.preferences)
    assert {name: section.fold.isChecked() for name, section in again.sections.items()} == {
        "threshold": False,
        "crf": True,
    }
    again.panel.card.deleteLater()
