"""GED in figures, its matrix, and the model's area beside the timesteps'."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.disagreement.panel import EMPTY, NORMALISED, RANGE, READERS, ROWS
from diffseg_gui.features.measures import Measures
from diffseg_gui.look.figures import number, spread
from diffseg_gui.look.numbers import percent
from engine.method.consensus import agreement_in_words
from engine.method.doubt import ged_iou
from engine.method.expected import ReaderCurve
from engine.reading.correction import LESION, stroke
from engine.reading.pair import farthest
from engine.reading.reading import Ruler
from engine.results import DeviceUse, Evidence
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def disagreement(opened: Desk) -> Disagreement:
    """The panel beside the ten discs' result."""
    return opened.add(Disagreement(opened.document, opened.editing, opened.messages))


def cell(disagreement: Disagreement, row: int, column: int) -> QPoint:
    """The middle of a cell of the matrix."""
    matrix = disagreement.card.matrix
    return QPoint(int((column + 0.5) * matrix.width() / 10), int((row + 0.5) * matrix.height() / 10))


def test_it_shows_the_engines_figures_and_what_did_the_work(opened: Desk, disagreement: Disagreement) -> None:
    panel, found = disagreement.card, opened.document.shown.segmentation
    assert panel.figure.text() == f"{found.consensus.ged:.3f}"
    assert panel.words.text() == agreement_in_words(found.consensus)
    assert panel.scale.value == found.consensus.ged
    assert [panel.values[name].text() for name in ("Device", "Model", "Time")] == ["CPU", "made up", "0.1 s"]
    assert panel.values["Device"].toolTip() == "test, float32"
    assert panel.values["Model"].toolTip() == f"SHA-256 {'0' * 64}"


def test_it_tells_ged_without_the_area_and_how_well_people_would_agree(
    opened: Desk, disagreement: Disagreement
) -> None:
    panel, found = disagreement.card, opened.document.shown.segmentation
    assert panel.values[NORMALISED].text() == f"{ged_iou(found.consensus.votes):.3f}"
    assert panel.values[READERS].text() == "–", "the model does not know"
    curve = ReaderCurve((0, 1), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9))
    opened.document.receive_result(replace(found, readers=curve))
    assert panel.values[READERS].text() == "about 0.75 (0.50 to 0.90)"


def test_a_device_that_another_stood_in_for_is_named(opened: Desk, disagreement: Disagreement) -> None:
    evidence = opened.document.shown.evidence
    device = DeviceUse("cpu", "test", "float32", "the graphics card's memory was full")
    opened.land(replace(evidence, device=device))
    assert disagreement.card.values["Device"].text() == "CPU (the graphics card's memory was full)"


def test_before_there_is_a_result_it_says_what_it_shows(desk: Desk, photo: SkinImage) -> None:
    panel = desk.add(Disagreement(desk.document, desk.editing, desk.messages)).card
    for _ in range(2):
        assert panel.words.text() == EMPTY
        assert panel.figure.text() == "–"
        assert {value.text() for value in panel.values.values()} == {"–"}
        assert panel.farthest.isHidden()
        desk.open(photo)


def test_a_blind_reader_is_shown_nothing(opened: Desk, disagreement: Disagreement, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    disagreement.pairChosen.connect(lambda t, u: chosen.append((t, u)))
    opened.document.begin_blind()
    assert disagreement.card.figure.text() == "–"
    assert {value.text() for value in disagreement.card.values.values()} == {"–"}
    assert disagreement.card.farthest.isHidden()
    qtbot.mouseClick(disagreement.card.matrix, LEFT, pos=cell(disagreement, 4, 2))
    assert chosen == []


# The matrix


def test_a_click_on_a_cell_chooses_that_pair_and_the_diagonal_none(disagreement: Disagreement, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    disagreement.pairChosen.connect(lambda t, u: chosen.append((t, u)))
    matrix = disagreement.card.matrix
    qtbot.mouseClick(matrix, LEFT, pos=cell(disagreement, 3, 3))
    assert chosen == []
    qtbot.mouseClick(matrix, LEFT, pos=cell(disagreement, 4, 2))
    qtbot.mouseClick(matrix, LEFT, pos=cell(disagreement, 2, 4))
    assert chosen == [(80, 100), (80, 100)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_alone_choose_one(disagreement: Disagreement, key: Qt.Key, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    disagreement.pairChosen.connect(lambda t, u: chosen.append((t, u)))
    matrix = disagreement.card.matrix
    matrix.setFocus()
    for step in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(matrix, step)
    assert matrix.accessibleDescription().startswith("t = 70 and 90: distance ")
    qtbot.keyClick(matrix, key)
    assert chosen == [(70, 90)]


def test_the_cell_that_keys_are_at_is_marked_and_stays_within(disagreement: Disagreement, qtbot: QtBot) -> None:
    matrix = disagreement.card.matrix
    matrix.setFocus()
    looks = [matrix.grab().toImage()]
    for step in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(matrix, step)
        looks.append(matrix.grab().toImage())
    assert looks[0] != looks[1]
    assert looks[0] == looks[2] == looks[3]


def test_the_pair_under_the_mouse_is_told(opened: Desk, disagreement: Disagreement) -> None:
    matrix, consensus = disagreement.card.matrix, opened.document.shown.consensus
    at = cell(disagreement, 4, 2)
    QApplication.sendEvent(matrix, QHelpEvent(QEvent.Type.ToolTip, at, matrix.mapToGlobal(at)))
    assert matrix.accessibleDescription() == f"t = 100 and 80: distance {consensus.ged_matrix[4, 2]:.3f}"


# The two that differ most


def test_the_button_names_the_two_that_differ_most(opened: Desk, disagreement: Disagreement, qtbot: QtBot) -> None:
    button = disagreement.card.farthest
    assert button.text() == "Compare the two most different: t = 60 and 150"
    with qtbot.waitSignal(disagreement.farthestChosen):
        qtbot.mouseClick(button, LEFT)
    noise = replace(opened.document.recipe.noise, seed=7)
    opened.document.set_recipe(replace(opened.document.recipe, noise=noise))
    QApplication.processEvents()
    assert not button.isEnabled(), "they are those of other noise"


def test_one_timestep_has_nothing_to_compare(opened: Desk, disagreement: Disagreement) -> None:
    evidence = opened.document.shown.evidence
    one = Evidence((60,), evidence.difference[:1].copy(), evidence.counterfactual, evidence.device)
    found = opened.land(one)
    assert farthest((60,), found.consensus) is None
    assert disagreement.card.words.text() == "There is one reading only: nothing to compare."
    assert disagreement.card.farthest.isHidden()


def test_masks_that_are_equal_are_called_so(opened: Desk, disagreement: Disagreement) -> None:
    evidence = opened.document.shown.evidence
    opened.land(replace(evidence, difference=evidence.difference[[4] * 10].copy()))
    assert disagreement.card.farthest.text() == "All masks are equal"
    assert not disagreement.card.farthest.isEnabled()


# Areas


def test_the_area_is_the_models_in_the_same_unit_as_in_measures(
    opened: Desk, disagreement: Disagreement, qtbot: QtBot
) -> None:
    values = disagreement.card.values
    measures = opened.add(Measures(opened.document, opened.editing, opened.messages, opened.preferences)).card
    found = opened.document.shown.segmentation
    pixels = found.image.width * found.image.height
    for ruler in (None, Ruler((0.0, 0.0), (10.0, 0.0), 2.0)):
        opened.editing.change("ruler", replace(opened.document.reading, ruler=ruler))
        qtbot.waitUntil(measures.figures.isEnabled, timeout=PATIENCE)
        unit, scale = ("px²", 1) if ruler is None else ("mm²", 0.04)
        model = f"{number(found.refined.area_px * scale, unit)} {unit}"
        share = found.refined.area_px / pixels
        assert values["Model's area"].text() == f"{model}  ({percent(share)})"
        assert measures.values["area"].text() == model, "while nothing is corrected both are one"
        qtbot.waitUntil(lambda: values[RANGE].text()[:1] != "≈", timeout=PATIENCE)
        assert values[RANGE].text() == f"{measures.ranges['area'].text()} {unit}"
    before = values["Model's area"].text()
    layer = opened.editing.layer
    opened.editing.put("brush", stroke(layer, [(2.0, 2.0), (60.0, 2.0)], 6.0, LESION))
    qtbot.waitUntil(lambda: measures.values["area"].text() != model, timeout=PATIENCE)
    qtbot.waitUntil(lambda: values[RANGE].text() == f"{measures.ranges['area'].text()} {unit}", timeout=PATIENCE)
    assert values["Model's area"].text() == before, "a correction is not the model's"
    assert "without your correction" in values["Model's area"].toolTip() == ROWS["Model's area"]


def test_while_refinement_is_under_way_the_area_is_the_majoritys_about(
    opened: Desk, disagreement: Disagreement
) -> None:
    opened.document.set_delta(0.2)
    QApplication.processEvents()
    share = opened.document.shown.consensus.area
    pixels = opened.document.photograph.width * opened.document.photograph.height
    assert np.isclose(share, (opened.document.shown.consensus.consistency > 0.5).mean())
    assert disagreement.card.values["Model's area"].text() == f"≈ {share * pixels:,.0f} px²  ({percent(share)})"
    areas = opened.document.shown.consensus.areas * pixels
    ends = spread(areas.min(), areas.max(), "px²")
    assert disagreement.card.values[RANGE].text() == f"≈ {ends} px²"
