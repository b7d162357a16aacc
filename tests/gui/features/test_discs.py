"""The numbered discs beside the doubtful places."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.review.discs import AWAY
from diffseg_gui.look import overlay
from engine.reading.correction import LESION
from tests.gui.features.reviewing import first, read_by
from tests.gui.painted import look

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.review import Review
    from diffseg_gui.features.review.discs import Disc
    from engine.results import Evidence
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def review(opened: Desk) -> Review:
    """The review of the ten discs' regions, with the border and the tools."""
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    return read_by(opened)


def seen(review: Review) -> list[int]:
    """The numbers that are to be seen."""
    return [disc.region.number for disc in review.discs.all if disc.isVisible()]


def ground(disc: Disc) -> QColor:
    """Its colour, beside the number."""
    image = look(disc)
    return image.pixelColor(QPoint(4, disc.height() // 2) * image.devicePixelRatio())


def middle(disc: Disc) -> QPointF:
    """Where it stands on the canvas."""
    return QPointF(disc.geometry().center())


def test_each_place_has_its_number_beside_it(opened: Desk, review: Review) -> None:
    assert seen(review) == [region.number for region in review.regions]
    for zoom in (1.0, 3.0):
        opened.viewport.set(zoom, QPointF(0.5, 0.5))
        for disc in review.discs.all:
            place = opened.canvas.to_screen().map(QPointF(*disc.region.centre))
            off = middle(disc) - place
            assert math.hypot(off.x(), off.y()) == pytest.approx(AWAY, abs=2), "as far on the screen at every zoom"
            centre = opened.canvas.to_screen().map(QPointF(48, 36))
            outward, way = place - centre, QPointF.dotProduct(place - centre, off)
            assert way > 0.7 * math.hypot(outward.x(), outward.y()) * AWAY, "the lesion stays free"


def test_at_the_edge_of_the_view_it_is_moved_in_and_beyond_it_is_gone(opened: Desk, review: Review) -> None:
    disc = min(review.discs.all, key=lambda disc: disc.region.centre[1])
    canvas, (x, y) = opened.canvas, disc.region.centre
    opened.viewport.set(3.0, QPointF(0.5, 0.5))
    scale = canvas.to_screen().m22()

    def put(below_edge: float) -> None:
        """Have the place so many pixels of the screen below the view's upper edge."""
        opened.viewport.set(3.0, QPointF(x / 96, (y + (canvas.height() / 2 - below_edge) / scale) / 72))

    put(3)
    assert canvas.to_screen().map(QPointF(x, y)).y() == pytest.approx(3, abs=1)
    assert canvas.rect().contains(disc.geometry())
    put(-100)
    assert not canvas.rect().intersects(disc.geometry())


def test_a_click_goes_there_and_the_strip_is_marked_instead(opened: Desk, review: Review, qtbot: QtBot) -> None:
    disc = review.discs.all[1]
    qtbot.mouseClick(disc, LEFT)
    assert review.current is review.regions[1]
    assert opened.viewport.zoom > 1
    assert 2 not in seen(review)
    assert len(seen(review)) == len(review.regions) - 1
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert 2 in seen(review)


def test_what_is_decided_is_green(opened: Desk, review: Review, qtbot: QtBot) -> None:
    disc = review.discs.all[0]
    assert ground(disc) == overlay.OPEN[0]
    first(opened, qtbot, Qt.Key.Key_A)
    opened.viewport.fit()
    assert ground(disc) == overlay.DECIDED[0]
    assert "accepted" in disc.accessibleName()
    qtbot.keyClick(opened, Qt.Key.Key_P)
    qtbot.keyClick(opened, Qt.Key.Key_Delete)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert ground(disc) == overlay.OPEN[0]


def test_they_go_with_all_that_lies_over_the_photograph(opened: Desk, review: Review, qtbot: QtBot) -> None:
    everything = seen(review)
    opened.viewport.hide_overlay(True)
    assert seen(review) == []
    opened.viewport.hide_overlay(False)
    assert seen(review) == everything
    qtbot.keyClick(opened, Qt.Key.Key_O)
    assert seen(review) == []
    qtbot.keyClick(opened, Qt.Key.Key_C)
    qtbot.keyClick(opened, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert seen(review) == []
    qtbot.keyClick(opened, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert seen(review) == everything


def test_those_of_another_delta_are_gone(opened: Desk, review: Review, evidence: Evidence) -> None:
    opened.document.set_delta(0.2)
    QApplication.processEvents()
    assert seen(review) == []
    opened.document.set_delta(opened.document.defaults.vote.delta)
    opened.land(evidence)
    assert seen(review) == [region.number for region in review.regions]
    opened.document.begin_blind()
    assert seen(review) == []


def test_a_stroke_goes_through_them(opened: Desk, review: Review, qtbot: QtBot) -> None:
    disc = review.discs.all[0]
    at = disc.geometry().center()
    qtbot.keyClick(opened, Qt.Key.Key_D)
    assert opened.canvas.childAt(at) is None, "the mouse would press the canvas"
    qtbot.mouseClick(opened.canvas, LEFT, pos=at)
    point = opened.canvas.to_photograph(QPointF(at))
    assert opened.editing.layer[int(point.y()), int(point.x())] == LESION
    assert review.current is None
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.canvas.childAt(at) in review.discs.all
