"""A lesion that no timestep sees, or that is everywhere: said where one looks, and never shown as agreement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.disagreement.panel import RANGE
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.measures.panel import NO_LESION
from diffseg_gui.view.views import VIEWS
from engine.reading.correction import LESION, stroke
from engine.reading.reading import Ruler
from tests.gui.conftest import PATIENCE
from tests.gui.features.reviewing import read_by

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.measures.panel import MeasuresPanel
    from engine.results import Evidence
    from tests.gui.desk import Desk

HIGH = 0.4  # a delta above all that the discs have
ABOVE = "above every difference (up to 0.300)"
TO_DO = "Raise the sensitivity (a lower delta), or outline it by hand (D, L or G)."
SAID = f"No lesion found at delta 0.4, which is {ABOVE}. {TO_DO}"


@pytest.fixture
def seen(opened: Desk) -> Desk:
    """A desk with the ten discs' result and its border; ten pixels are a millimetre."""
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    opened.editing.change("ruler", replace(opened.document.reading, ruler=Ruler((0.0, 0.0), (10.0, 0.0), 1.0)))
    return opened


@pytest.fixture
def unseen(seen: Desk, evidence: Evidence) -> Desk:
    """The same at a delta at which no timestep votes for any pixel."""
    seen.document.set_delta(HIGH)
    seen.land(evidence)
    return seen


def measured(desk: Desk, qtbot: QtBot) -> MeasuresPanel:
    """The measures, up to date."""
    panel = desk.add(Measures(desk.document, desk.editing, desk.messages, desk.preferences)).card
    qtbot.waitUntil(panel.figures.isEnabled, timeout=PATIENCE)
    return panel


def test_review_says_so_and_what_to_do(unseen: Desk, qtbot: QtBot) -> None:
    review = read_by(unseen)
    assert review.card.message.text() == SAID
    assert not review.card.message.isHidden()
    qtbot.keyClick(unseen, Qt.Key.Key_N)
    assert unseen.notices[-1] == SAID


def test_it_is_said_below_every_view(unseen: Desk, qtbot: QtBot) -> None:
    legend = unseen.stage.legend
    with_it = legend.grab().toImage()
    for number, view in enumerate(list(VIEWS)[:5], 1):
        qtbot.keyClick(unseen, Qt.Key(Qt.Key.Key_0 + number))
        assert unseen.display.view == view
        assert legend.isVisible()
        assert legend.warning == SAID
        assert SAID in legend.accessibleName()
    legend.show_curves(())
    assert legend.grab().toImage() != with_it, "it is painted"


def test_it_comes_with_the_slider_and_goes_with_it(seen: Desk) -> None:
    legend, height = seen.stage.legend, seen.canvas.height()
    assert legend.warning == ""
    for delta, warning in ((HIGH, SAID), (seen.document.defaults.vote.delta, "")):
        seen.document.set_delta(delta)
        QApplication.processEvents()
        assert legend.warning == warning, "before refinement is done"
        QApplication.processEvents()
        assert seen.canvas.height() == height, "the photograph does not move"


def test_a_minority_is_not_called_none(seen: Desk, evidence: Evidence) -> None:
    difference = np.where(np.arange(10)[:, None, None] < 3, evidence.difference, 0).astype(np.float32)
    review = read_by(seen)
    seen.land(replace(evidence, difference=difference))
    said = f"Most timesteps find no lesion at delta {seen.document.recipe.vote.delta:g}. Raise the sensitivity"
    assert seen.stage.legend.warning.startswith(said)
    assert review.card.list.count() > 0, "where the others see one can be reviewed"


def test_once_it_is_outlined_by_hand_nobody_is_sent_to_do_so(unseen: Desk, qtbot: QtBot) -> None:
    unseen.add(Correction(unseen.document, unseen.editing, unseen.canvas, unseen.messages))
    qtbot.keyClick(unseen, Qt.Key.Key_D)
    place = unseen.canvas.rect().center()
    qtbot.mouseClick(unseen.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert (unseen.editing.layer == LESION).any()
    assert unseen.stage.legend.warning == "The model finds no lesion at delta 0.4; the outline is yours."
    assert "corrected border" in unseen.legend()
    panel = measured(unseen, qtbot)
    assert panel.words.isHidden()
    assert panel.sign.isVisible(), "what was outlined is compared"


def test_measures_have_no_verdict(unseen: Desk, qtbot: QtBot) -> None:
    panel = measured(unseen, qtbot)
    assert panel.words.text() == NO_LESION
    assert panel.words.isVisible()
    assert not panel.sign.isVisible()
    assert "below" not in panel.flag.text()
    assert {label.text() for label in (*panel.values.values(), *panel.ranges.values())} == {"–"}


def test_nor_once_a_correction_has_taken_the_lesion_away(seen: Desk, qtbot: QtBot) -> None:
    panel, editing = measured(seen, qtbot), seen.editing
    assert panel.sign.isVisible()
    editing.put("eraser", stroke(editing.layer, [(0.0, 36.0), (96.0, 36.0)], 200.0, -LESION))
    assert not editing.mask.any()
    qtbot.waitUntil(panel.words.isVisible, timeout=PATIENCE)
    assert panel.words.text() == NO_LESION
    assert not panel.sign.isVisible()
    assert seen.stage.legend.warning == "", "the model found one"


def test_the_legend_explains_only_what_can_be_seen(unseen: Desk) -> None:
    assert {curve.name for curve in unseen.canvas.scene.curves} >= {
        "refined border",
        "10 to 90 % of timesteps call it lesion",
    }
    assert unseen.legend() == ()


def test_disagreement_calls_no_masks_equal(unseen: Desk) -> None:
    panel = unseen.add(Disagreement(unseen.document, unseen.editing, unseen.messages)).card
    assert panel.farthest.text() == "All masks are empty"
    assert panel.values["Model's area"].text() == "no lesion"
    assert panel.values[RANGE].text() == "no lesion"


def test_a_blind_reader_is_not_told(unseen: Desk) -> None:
    review = read_by(unseen)
    unseen.document.begin_blind()
    assert unseen.stage.legend.warning == ""
    assert SAID not in review.card.message.text()


def test_a_mask_of_the_whole_photograph_is_said_below_it_too(seen: Desk) -> None:
    seen.document.set_delta(0.0)
    QApplication.processEvents()
    assert seen.stage.legend.warning.startswith("The whole photograph is marked as lesion at delta 0")
    seen.document.set_delta(seen.document.defaults.vote.delta)
    QApplication.processEvents()
    assert seen.stage.legend.warning == ""
