"""The probe: what is known of the pixel under the cursor, wherever that is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.filmstrip import Filmstrip
from diffseg_gui.features.maps import Maps
from diffseg_gui.features.probe import Probe
from diffseg_gui.features.probe.card import HIDDEN, NOTHING, in_words
from diffseg_gui.features.probe.spot import look
from diffseg_gui.look import theme
from engine.progress import Progress
from engine.reading import correction
from engine.reading.reading import Ruler
from tests.gui.strokes import at, hover

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.probe.spot import Spot
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

MIDDLE, BORDER, SKIN = (48, 36), (65, 36), (90, 5)  # of the discs: in all, in some, in none
HALF = Ruler((0.0, 0.0), (10.0, 0.0), 5.0)  # of a mm to a pixel


@pytest.fixture
def probe(opened: Desk, qtbot: QtBot) -> Probe:
    """The feature on a desk with the ten discs' result, asked for."""
    made = add_probe(opened)
    qtbot.keyClick(opened, Qt.Key.Key_Q)
    return made


def add_probe(desk: Desk) -> Probe:
    """The feature, with its key."""
    return desk.add(Probe(desk.document, desk.editing, desk.scenes, desk.canvas, desk.preferences))


def spot_at(desk: Desk, place: tuple[int, int]) -> Spot:
    """What is known of a pixel."""
    found = look(desk.document, desk.editing, QPointF(place[0] + 0.5, place[1] + 0.5))
    assert found is not None
    return found


# What is known


@pytest.mark.parametrize("place", [MIDDLE, BORDER, SKIN])
def test_it_knows_what_was_found_at_the_pixel(
    opened: Desk, photo: SkinImage, evidence: Evidence, place: tuple[int, int]
) -> None:
    (x, y), spot, shown = place, spot_at(opened, place), opened.document.shown
    there = evidence.difference[:, y, x]
    assert (spot.x, spot.y) == place
    assert spot.colour == tuple(photo.pixels[y, x].tolist())
    assert spot.votes.timesteps == evidence.timesteps
    assert spot.votes.differences == tuple(there.tolist())
    assert spot.votes.votes == tuple(d > np.float32(shown.consensus.delta) for d in there)
    assert spot.votes.mean == pytest.approx(np.mean(spot.votes.votes))
    assert spot.votes.variance == pytest.approx(np.var(spot.votes.votes))
    assert spot.votes.difference == pytest.approx(there.mean(), rel=1e-5)
    assert spot.before == (np.mean(spot.votes.votes) > 0.5)
    assert spot.after == spot.corrected == bool(shown.segmentation.refined.mask[y, x])


def test_before_the_crf_more_than_half_of_the_votes_decide(opened: Desk, photo: SkinImage) -> None:
    means = opened.document.shown.consensus.consistency[MIDDLE[1]]
    assert {0.4, 0.5, 0.6} <= {round(float(mean), 1) for mean in means}
    assert [spot_at(opened, (x, MIDDLE[1])).before for x in range(photo.width)] == (means > 0.5).tolist()


def test_votes_of_a_coarser_grid_are_those_of_the_pixel_that_covers_it(
    opened: Desk, photo: SkinImage, evidence: Evidence
) -> None:
    coarse = replace(evidence, difference=evidence.difference[:, ::2, ::2])
    opened.document.receive_progress(Progress("network", 10, 10, coarse))
    assert opened.document.shown.consensus.consistency.shape == (photo.height // 2, photo.width // 2)
    assert spot_at(opened, (65, 37)).votes.differences == tuple(coarse.difference[:, 18, 32].tolist())


def test_before_and_after_the_crf_may_differ(opened: Desk) -> None:
    """The made-up refinement moves the mask down by one pixel."""
    top = int(np.flatnonzero(opened.document.shown.consensus.consistency[:, MIDDLE[0]] > 0.5)[0])
    spot = spot_at(opened, (MIDDLE[0], top))
    assert (spot.before, spot.after, spot.corrected) == (True, False, False)


def test_it_is_in_mm_once_calibrated(opened: Desk) -> None:
    assert spot_at(opened, MIDDLE).mm is None
    opened.editing.change("ruler", replace(opened.document.reading, ruler=HALF))
    assert spot_at(opened, MIDDLE).mm == ((MIDDLE[0] + 0.5) / 2, (MIDDLE[1] + 0.5) / 2)


def test_without_refinement_nothing_is_known_of_it(opened: Desk, evidence: Evidence) -> None:
    opened.document.set_recipe(replace(opened.document.recipe, refine=False))
    opened.land(evidence)
    spot = spot_at(opened, MIDDLE)
    assert (spot.before, spot.after, spot.corrected) == (True, None, True)


def test_what_is_out_of_date_is_not_told(opened: Desk) -> None:
    recipe = opened.document.recipe
    opened.document.set_recipe(replace(recipe, crf=replace(recipe.crf, iterations=recipe.crf.iterations + 1)))
    spot = spot_at(opened, MIDDLE)
    assert spot.votes is not None, "votes know nothing of the CRF"
    assert (spot.before, spot.after, spot.corrected) == (True, None, None)
    opened.document.set_recipe(replace(recipe, noise=replace(recipe.noise, seed=recipe.noise.seed + 1)))
    spot = spot_at(opened, MIDDLE)
    assert (spot.votes, spot.before) == (None, None)
    assert in_words(spot).endswith(NOTHING)


def test_a_blind_reader_learns_place_and_colour_alone(opened: Desk, photo: SkinImage) -> None:
    opened.document.begin_blind()
    spot = spot_at(opened, MIDDLE)
    assert spot.blind
    assert spot.colour == tuple(photo.pixels[MIDDLE[1], MIDDLE[0]].tolist())
    assert (spot.votes, spot.before, spot.after, spot.corrected) == (None, None, None, None)
    assert in_words(spot).endswith(HIDDEN)


def test_outside_the_photograph_there_is_nothing(opened: Desk, photo: SkinImage) -> None:
    for point in (None, QPointF(-0.1, 3), QPointF(3, -0.1), QPointF(photo.width, 3), QPointF(3, photo.height)):
        assert look(opened.document, opened.editing, point) is None
    corner = look(opened.document, opened.editing, QPointF(photo.width - 0.01, photo.height - 0.01))
    assert (corner.x, corner.y) == (photo.width - 1, photo.height - 1)


# The card


def test_the_card_tells_of_the_pixel_under_the_mouse(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    assert not probe.card.isVisible()
    hover(opened.canvas, qtbot, *BORDER)
    spot = probe.card.spot
    assert probe.card.isVisible()
    assert (spot.x, spot.y) == BORDER
    assert spot.votes == spot_at(opened, BORDER).votes
    said = probe.card.accessibleName()
    assert said.startswith("Pixel {}, {}. RGB {} {} {}. ".format(*BORDER, *spot.colour))
    assert f"votes {sum(spot.votes.votes)} of 10" in said
    assert said.endswith("before CRF: lesion. after CRF: lesion. corrected: lesion")


def test_it_follows_without_a_move_of_the_mouse(opened: Desk, probe: Probe, evidence: Evidence, qtbot: QtBot) -> None:
    document, card = opened.document, probe.card
    hover(opened.canvas, qtbot, *SKIN)
    assert not card.spot.corrected
    stroke = correction.stroke(opened.editing.layer, [(SKIN[0] + 0.5, SKIN[1] + 0.5)], 1.0, correction.LESION)
    opened.editing.put("brush", stroke)
    assert card.spot.corrected
    assert not card.spot.after
    height = card.height()
    opened.editing.change("ruler", replace(document.reading, ruler=HALF))
    assert card.height() > height, "mm take a line"
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=7)))
    document._settled()
    assert NOTHING in card.accessibleName()
    opened.land(evidence)
    assert card.spot.votes is not None
    opened.editing.stack.undo()
    opened.editing.stack.undo()
    document.begin_blind()
    assert card.accessibleName().endswith(HIDDEN)


def test_it_works_over_every_panel(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    maps = opened.add(Maps(opened.document, opened.scenes, opened.display, opened.viewport))
    film = opened.add(Filmstrip(opened.document, opened.scenes, opened.display, opened.viewport))
    opened.scenes.refresh()
    QApplication.processEvents()
    strip = [frame.canvas for frame in film.card.frames.values()]
    for canvas in (*(panel.canvas for panel in maps.card.panels.values()), strip[0], strip[-1]):
        opened.viewport.set_cursor(None)
        hover(canvas, qtbot, *MIDDLE)
        assert abs(probe.card.spot.x - MIDDLE[0]) <= 2
        assert abs(probe.card.spot.y - MIDDLE[1]) <= 2
        assert probe.card.isVisible()
    QApplication.sendEvent(strip[-1], QEvent(QEvent.Type.Leave))
    assert not probe.card.isVisible()


def test_the_card_keeps_out_of_the_cursors_way(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    canvas, card = opened.canvas, probe.card
    for place in (*((x, y) for x in (2, 48, 93) for y in (2, 36, 69)), (10, 10)):
        hover(canvas, qtbot, *place)
        assert not card.geometry().contains(at(canvas, *place))
        assert canvas.rect().contains(card.geometry())
    assert card.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_the_card_stands_on_the_other_side_and_does_not_jump_about_the_middle(
    opened: Desk, probe: Probe, qtbot: QtBot
) -> None:
    canvas, card = opened.canvas, probe.card
    half = canvas.width() / 2
    for x, is_right in ((5, True), (46, True), (50, True), (90, False), (50, False), (46, False), (10, True)):
        hover(canvas, qtbot, x, 60)
        opened.viewport.set_cursor(QPointF(x, 60))
        assert (card.x() > half) == is_right, x
        assert card.geometry().right() < half or card.x() > half
        assert card.y() < canvas.height() / 2, "above, as the eye expects it"


def test_it_stays_in_view_when_the_window_becomes_smaller(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    hover(opened.canvas, qtbot, 10, 60)
    opened.resize(opened.width() - 300, opened.height())
    QApplication.processEvents()
    assert opened.canvas.rect().contains(probe.card.geometry())


def test_it_is_gone_where_there_is_no_skin(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    hover(opened.canvas, qtbot, *MIDDLE)
    assert probe.card.isVisible()
    outside = at(opened.canvas, 48, -1)
    assert opened.canvas.rect().contains(outside)
    qtbot.mouseMove(opened.canvas, outside)
    assert not probe.card.isVisible()


def test_nobody_sees_it_who_has_not_asked_for_it(opened: Desk, qtbot: QtBot) -> None:
    probe = add_probe(opened)
    hover(opened.canvas, qtbot, *MIDDLE)
    assert not probe.card.isVisible()
    assert not opened.action("probe").isChecked()


def test_a_key_switches_it_and_that_is_remembered(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    hover(opened.canvas, qtbot, *MIDDLE)
    assert opened.action("probe").isChecked()
    qtbot.keyClick(opened, Qt.Key.Key_Q)
    assert not probe.card.isVisible()
    assert not opened.action("probe").isChecked()
    hover(opened.canvas, qtbot, *SKIN)
    assert not probe.card.isVisible()
    again = (opened.document, opened.editing, opened.scenes, opened.canvas, opened.preferences)
    assert not Probe(*again).on
    qtbot.keyClick(opened, Qt.Key.Key_Q)
    assert probe.card.isVisible(), "at once, where the cursor is"
    assert Probe(*again).on


class Paintings(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Look on."""
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_it_is_painted_once_for_many_moves(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    hover(opened.canvas, qtbot, *MIDDLE)
    QApplication.processEvents()
    painted = Paintings()
    probe.card.installEventFilter(painted)
    for x in range(30, 60):
        opened.viewport.set_cursor(QPointF(x, 36))
    assert painted.count == 0
    qtbot.waitUntil(lambda: painted.count > 0)
    QApplication.processEvents()
    assert painted.count <= 2


def test_bars_are_filled_where_they_are_votes(opened: Desk, probe: Probe, qtbot: QtBot) -> None:
    def filled() -> int:
        image, accent = probe.card.grab().toImage(), theme.colours().accent
        return sum(image.pixelColor(x, y) == accent for x in range(image.width()) for y in range(image.height()))

    shown = []
    for place in (SKIN, BORDER, MIDDLE):
        hover(opened.canvas, qtbot, *place)
        shown.append(filled())
    assert 0 == shown[0] < shown[1] < shown[2]
    opened.document.set_delta(0.31)
    opened.document._settled()
    assert filled() == 0, "high bars, but none above delta"
