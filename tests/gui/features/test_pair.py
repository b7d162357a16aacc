"""Two timesteps' masks side by side in the large view's place, chosen in the disagreement panel or by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.correction import Correction
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.measures import Ruling
from diffseg_gui.features.pair import PairFeature
from diffseg_gui.look.numbers import percent
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH
from engine.results import Evidence
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def pair(opened: Desk) -> PairFeature:
    """The comparison, on a desk with the ten discs' result."""
    return opened.add(PairFeature(opened.document, opened.scenes, opened.display, opened.canvas, opened.messages))


@pytest.fixture
def compared(opened: Desk, pair: PairFeature) -> PairFeature:
    """The same, with the two most different masks shown."""
    opened.action("compare_pair").trigger()
    return pair


def test_the_two_most_different_take_the_large_views_place(opened: Desk, compared: PairFeature) -> None:
    view, consensus = compared.view, opened.document.shown.consensus
    assert compared.pair == (60, 150)
    assert view.isVisible()
    assert not opened.canvas.isVisible()
    assert not opened.stage.legend.isVisible()
    assert [title.text() for title in view.titles] == ["Mask at t = 60", "Mask at t = 150"]
    assert view.legend.names() == ("only t = 150", "its own border"), "t = 60 has nothing of its own"
    share = percent(np.mean(consensus.votes[0] != consensus.votes[9]))
    assert f"<b>t = 60</b> and <b>t = 150</b> differ in <b>{share}</b> of the photograph" in view.words.text()
    assert f"(distance {consensus.ged_matrix[0, 9]:.3f})" in view.words.text()
    assert opened.action("compare_pair").isChecked()
    assert not any(canvas.scene.stale for canvas in view.canvases)


def test_the_curves_are_the_discs(compared: PairFeature) -> None:
    left, right = (canvas.scene.curves for canvas in compared.view.canvases)
    small, large = (curves[2].path.boundingRect() for curves in (left, right))
    assert large.contains(small)
    assert left[:2] == right[:2], "the same differences over both"
    only_small, only_large = (curve.path for curve in left[:2])
    assert only_small.isEmpty(), "a smaller disc about the same centre has nothing of its own"
    assert only_large.boundingRect() == large


def test_the_disagreement_panel_opens_what_is_chosen_there(opened: Desk, pair: PairFeature, qtbot: QtBot) -> None:
    disagreement = opened.add(Disagreement(opened.document, opened.editing, opened.messages))
    disagreement.pairChosen.connect(pair.open)
    disagreement.farthestChosen.connect(pair.compare)
    qtbot.mouseClick(disagreement.card.farthest, LEFT)
    assert pair.pair == (60, 150)
    matrix = disagreement.card.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(matrix, key)
    assert pair.pair == (60, 80)
    assert pair.view.titles[1].text() == "Mask at t = 80"
    assert pair.view.canvases[0].hasFocus()


def test_it_is_closed_as_it_was_opened_or_by_its_button_or_by_escape(
    opened: Desk, pair: PairFeature, qtbot: QtBot
) -> None:
    def press_key() -> None:
        qtbot.keyClick(opened, Qt.Key.Key_D, CONTROL)

    assert not pair.escape(), "nothing is open"
    for close in (press_key, lambda: qtbot.mouseClick(pair.view.leave, LEFT), pair.escape):
        press_key()
        assert pair.pair == (60, 150)
        assert pair.view.canvases[0].hasFocus()
        close()
        assert pair.pair is None
        assert not pair.view.isVisible()
        assert opened.canvas.isVisible()
        assert opened.canvas.hasFocus()
        assert not opened.action("compare_pair").isChecked()


def test_both_canvases_zoom_and_pan_together(opened: Desk, compared: PairFeature) -> None:
    left, right = compared.view.canvases
    left.zoom_by(3, left.rect().topLeft())
    assert opened.viewport.zoom == 3
    assert left.to_photograph(left.rect().center()) == right.to_photograph(right.rect().center())


@pytest.mark.parametrize("key", [PHOTOGRAPH, CONSISTENCY])
def test_choosing_a_view_leaves_the_comparison(opened: Desk, compared: PairFeature, qtbot: QtBot, key: str) -> None:
    qtbot.mouseClick(opened.stage.tabs[key], LEFT)
    assert compared.pair is None
    assert opened.canvas.isVisible()
    assert opened.display.view == key
    assert not opened.action("compare_pair").isChecked()


def test_so_does_a_views_key(opened: Desk, compared: PairFeature, qtbot: QtBot) -> None:
    qtbot.keyClick(compared.view.canvases[0], Qt.Key.Key_3)
    assert compared.pair is None
    assert opened.display.view == AMBIGUITY


@pytest.mark.parametrize("key", [Qt.Key.Key_D, Qt.Key.Key_M])
def test_taking_a_tool_leaves_the_comparison(opened: Desk, pair: PairFeature, qtbot: QtBot, key: Qt.Key) -> None:
    """Tools work on the large view; one that was in hand before is taken up anew."""
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    opened.add(Ruling(opened.document, opened.editing, opened.scenes, opened.canvas, opened.messages))
    for _ in range(2):
        opened.action("compare_pair").trigger()
        assert pair.pair is not None
        assert opened.canvas.tool is None
        qtbot.keyClick(pair.view.canvases[0], key)
        assert pair.pair is None
        assert opened.canvas.tool is not None
        assert opened.canvas.isVisible()
        assert opened.canvas.hasFocus(), "so that the tool's keys arrive"


def test_another_delta_dims_it_and_then_moves_its_borders(opened: Desk, compared: PairFeature, qtbot: QtBot) -> None:
    canvas = compared.view.canvases[0]
    before = canvas.scene.curves[2].path.boundingRect()
    opened.document.set_delta(opened.document.recipe.vote.delta + 0.1)
    QApplication.processEvents()
    assert canvas.scene.stale
    qtbot.waitUntil(lambda: not canvas.scene.stale, timeout=PATIENCE)
    after = canvas.scene.curves[2].path.boundingRect()
    assert before.contains(after)
    assert after != before


def test_other_noise_dims_it_until_its_masks_are_there(opened: Desk, compared: PairFeature, qtbot: QtBot) -> None:
    canvases, evidence = compared.view.canvases, opened.document.shown.evidence
    noise = replace(opened.document.recipe.noise, seed=7)
    opened.document.set_recipe(replace(opened.document.recipe, noise=noise))
    QApplication.processEvents()
    assert all(canvas.scene.stale for canvas in canvases)
    opened.land(replace(evidence, difference=np.flip(evidence.difference, axis=0).copy()))
    qtbot.waitUntil(lambda: not any(canvas.scene.stale for canvas in canvases), timeout=PATIENCE)
    small, large = (canvas.scene.curves[2].path.boundingRect() for canvas in reversed(canvases))
    assert large.contains(small), "what was the small disc is the large one now"


def test_one_timestep_has_nothing_to_compare(opened: Desk, compared: PairFeature) -> None:
    evidence = opened.document.shown.evidence
    opened.land(Evidence((60,), evidence.difference[:1].copy(), evidence.counterfactual, evidence.device))
    assert compared.pair is None
    assert not opened.action("compare_pair").isEnabled()
    compared.open(60, 150)
    assert compared.pair is None


def test_another_photograph_closes_it(opened: Desk, compared: PairFeature, photo: SkinImage) -> None:
    opened.open(replace(photo, sha256="1" * 64))
    assert compared.pair is None
    assert not opened.action("compare_pair").isEnabled()


def test_a_blind_reader_is_shown_none(opened: Desk, compared: PairFeature) -> None:
    opened.document.begin_blind()
    assert compared.pair is None
    assert not opened.action("compare_pair").isEnabled()
    compared.open(60, 150)
    assert compared.pair is None
