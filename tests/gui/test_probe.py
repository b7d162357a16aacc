"""The probe: what is known of the pixel under the cursor, wherever that is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui import theme
from diffseg_gui.panels.probe import HIDDEN, NOTHING, ProbeCard, in_words
from diffseg_gui.probe import look
from engine.reading import correction
from engine.reading.reading import Ruler
from tests.gui.results import land, show

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.canvas import Canvas
    from diffseg_gui.probe import Spot
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

MIDDLE, BORDER, SKIN = (48, 36), (65, 36), (90, 5)  # of the discs: in all, in some, in none


@pytest.fixture
def read(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Workbench:
    """A workbench with the ten discs' result."""
    show(bench, photo, evidence)
    return bench


def hover(bench: Workbench, qtbot: QtBot, x: int, y: int, canvas: Canvas | None = None) -> Spot:
    """Move the mouse to the middle of a pixel, as shown on a canvas; by default the large one."""
    canvas = canvas or bench.window.stage.canvas
    qtbot.mouseMove(canvas, canvas.rect().center())
    qtbot.mouseMove(canvas, canvas.to_screen().map(QPointF(x + 0.5, y + 0.5)).toPoint())
    assert bench.window.probe.card.spot is not None
    return bench.window.probe.card.spot


@pytest.mark.parametrize("place", [MIDDLE, BORDER, SKIN])
def test_it_tells_what_was_found_at_the_pixel(
    read: Workbench, photo: SkinImage, evidence: Evidence, place: tuple[int, int], qtbot: QtBot
) -> None:
    spot = hover(read, qtbot, *place)
    x, y = place
    consensus, found = read.state.consensus, read.state.segmentation
    assert (spot.x, spot.y) == place
    assert spot.colour == tuple(photo.pixels[y, x].tolist())
    assert spot.votes.differences == tuple(evidence.difference[:, y, x].tolist())
    assert spot.votes.votes == tuple(d > np.float32(consensus.delta) for d in evidence.difference[:, y, x])
    assert spot.votes.mean == pytest.approx(np.mean(spot.votes.votes))
    assert spot.votes.variance == pytest.approx(np.var(spot.votes.votes))
    assert spot.votes.difference == pytest.approx(evidence.difference[:, y, x].mean(), rel=1e-5)
    assert spot.before == (np.mean(spot.votes.votes) > 0.5)
    assert spot.after == spot.corrected == bool(found.refined.mask[y, x])
    assert read.window.probe.card.isVisible()


def test_before_and_after_the_crf_may_differ(read: Workbench, qtbot: QtBot) -> None:
    """The made-up refinement moves the mask down by one pixel."""
    column = read.state.consensus.consistency[:, MIDDLE[0]] > 0.5
    top = int(np.flatnonzero(column)[0])
    spot = hover(read, qtbot, MIDDLE[0], top)
    assert (spot.before, spot.after) == (True, False)
    layer = correction.stroke(read.window.edit.layer, [(MIDDLE[0] + 0.5, top + 0.5)], 1.0, correction.LESION)
    read.window.edit.put("brush", layer)
    assert read.window.probe.card.spot.corrected, "it follows without a move of the mouse"
    assert not read.window.probe.card.spot.after


def test_it_works_over_every_panel(read: Workbench, qtbot: QtBot) -> None:
    window = read.window
    small = [panel.canvas for panel in window.maps.panels.values()]
    strip = [frame.canvas for frame in window.filmstrip.frames.values()]
    for canvas in (*small, strip[0], strip[-1]):
        spot = hover(read, qtbot, *MIDDLE, canvas)
        assert abs(spot.x - MIDDLE[0]) <= 2
        assert abs(spot.y - MIDDLE[1]) <= 2
        assert window.probe.card.isVisible()
    QApplication.sendEvent(strip[-1], QEvent(QEvent.Type.Leave))
    assert not window.probe.card.isVisible()


def test_the_card_keeps_out_of_the_cursors_way(read: Workbench, qtbot: QtBot) -> None:
    canvas, card = read.window.stage.canvas, read.window.probe.card
    for place in (*((x, y) for x in (2, 48, 93) for y in (2, 36, 69)), (10, 10)):
        hover(read, qtbot, *place)
        at = canvas.to_screen().map(QPointF(*place)).toPoint()
        assert not card.geometry().contains(at)
        assert canvas.rect().contains(card.geometry())
    assert card.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_a_key_switches_it_and_that_is_remembered(
    read: Workbench,
    make_bench: Callable[[Path], Workbench],
    model_path: Path,
    photo: SkinImage,
    evidence: Evidence,
    qtbot: QtBot,
) -> None:
    card, action = read.window.probe.card, read.window.actions_by_name["probe"]
    hover(read, qtbot, *MIDDLE)
    assert action.isChecked()
    qtbot.keyClick(read.window, Qt.Key.Key_Q)
    assert not card.isVisible()
    assert not action.isChecked()
    second = make_bench(model_path)
    show(second, photo, evidence)
    assert not second.window.actions_by_name["probe"].isChecked()
    second.window.viewport.set_cursor(QPointF(*MIDDLE))
    assert not second.window.probe.card.isVisible()
    qtbot.keyClick(second.window, Qt.Key.Key_Q)
    assert second.window.probe.card.isVisible(), "at once, where the cursor is"
    assert make_bench(model_path).window.actions_by_name["probe"].isChecked()


def test_it_is_in_mm_once_calibrated(read: Workbench, qtbot: QtBot) -> None:
    assert hover(read, qtbot, *MIDDLE).mm is None
    height = read.window.probe.card.height()
    calibration = Ruler((0.0, 0.0), (10.0, 0.0), 5.0)
    read.window.edit.change("ruler", replace(read.state.reading, ruler=calibration))
    spot = hover(read, qtbot, *MIDDLE)
    assert spot.mm == pytest.approx(((MIDDLE[0] + 0.5) / 2, (MIDDLE[1] + 0.5) / 2), abs=0.1)
    assert read.window.probe.card.height() > height


def test_what_is_out_of_date_is_not_told(read: Workbench, evidence: Evidence, qtbot: QtBot) -> None:
    recipe = read.state.recipe
    read.state.set_recipe(replace(recipe, crf=replace(recipe.crf, iterations=recipe.crf.iterations + 1)))
    spot = hover(read, qtbot, *MIDDLE)
    assert spot.votes is not None, "votes know nothing of the CRF"
    assert (spot.before, spot.after, spot.corrected) == (True, None, None)
    read.state.set_recipe(replace(recipe, noise=replace(recipe.noise, seed=recipe.noise.seed + 1)))
    spot = hover(read, qtbot, *MIDDLE)
    assert spot.votes is None
    assert NOTHING in read.window.probe.card.accessibleName()
    land(read, evidence)
    assert read.window.probe.card.spot.votes is not None


def test_a_blind_reader_learns_place_and_colour_alone(read: Workbench, qtbot: QtBot) -> None:
    hover(read, qtbot, *MIDDLE)
    read.window.edit.blind = True
    spot = hover(read, qtbot, *MIDDLE)
    assert spot.blind
    assert (spot.votes, spot.before, spot.after, spot.corrected) == (None, None, None, None)
    assert in_words(spot).endswith(HIDDEN)


def test_outside_the_photograph_there_is_nothing(bench: Workbench, read: Workbench, photo: SkinImage) -> None:
    for point in (None, QPointF(-0.1, 3), QPointF(3, -0.1), QPointF(photo.width, 3), QPointF(3, photo.height)):
        assert look(read.state, read.window.edit, point) is None
    assert look(read.state, read.window.edit, QPointF(photo.width - 0.01, photo.height - 0.01)) is not None


def test_it_is_painted_once_for_many_moves(read: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    painted: list[QPoint] = []
    paint = ProbeCard.paintEvent
    monkeypatch.setattr(ProbeCard, "paintEvent", lambda card, event: painted.append(card.pos()) or paint(card, event))
    hover(read, qtbot, *MIDDLE)
    QApplication.processEvents()
    painted.clear()
    for x in range(30, 60):
        read.window.viewport.set_cursor(QPointF(x, 36))
    assert painted == []
    qtbot.waitUntil(lambda: bool(painted))
    QApplication.processEvents()
    assert len(painted) <= 2


def test_bars_are_filled_where_they_are_votes(read: Workbench, qtbot: QtBot) -> None:
    card = read.window.probe.card
    shown = []
    for place in (MIDDLE, BORDER, SKIN):
        hover(read, qtbot, *place)
        image, accent = card.grab().toImage(), theme.colours().accent
        shown.append(sum(image.pixelColor(x, y) == accent for x in range(image.width()) for y in range(image.height())))
    assert shown[0] > shown[1] > shown[2]
