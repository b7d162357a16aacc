"""The flight to a place of the photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, QRectF

from diffseg_gui.view import fly_to
from diffseg_gui.view.fly_to import CLOSEST, IN_VIEW, FlyTo, duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk

BOX = QRectF(30, 20, 12, 12)


@pytest.fixture
def fly(opened: Desk) -> Iterator[FlyTo]:
    """A flight over the photograph, which is seen as a whole."""
    made = FlyTo(opened.canvas)
    yield made
    made.stop()


@pytest.fixture
def on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have flights take their time although there is no screen."""
    monkeypatch.setattr(fly_to, "UNWATCHED", ())
    assert 0 < duration() <= fly_to.DURATION


def centre_of(desk: Desk) -> QPointF:
    """The middle of what is seen, in the photograph's pixels."""
    centre, photograph = desk.viewport.centre, desk.document.photograph
    return QPointF(centre.x() * photograph.width, centre.y() * photograph.height)


def test_without_a_screen_it_is_there_at_once(opened: Desk, fly: FlyTo) -> None:
    assert duration() == 0
    fly.box(BOX)
    assert centre_of(opened) == BOX.center()
    seen = opened.canvas.to_screen().mapRect(BOX)
    share = max(seen.width() / opened.canvas.width(), seen.height() / opened.canvas.height())
    assert share == pytest.approx(IN_VIEW)


@pytest.mark.parametrize(("box", "zoom"), [(QRectF(40, 30, 0.1, 0.1), CLOSEST), (QRectF(0, 0, 96, 72), 1.0)])
def test_a_speck_keeps_its_surroundings_and_a_large_place_is_seen_whole(
    opened: Desk, fly: FlyTo, box: QRectF, zoom: float
) -> None:
    fly.box(box)
    assert opened.viewport.zoom == zoom


@pytest.mark.usefixtures("on_a_screen")
def test_on_a_screen_it_takes_its_time(opened: Desk, fly: FlyTo, qtbot: QtBot) -> None:
    zooms: list[float] = []
    opened.viewport.changed.connect(lambda: zooms.append(opened.viewport.zoom))
    fly.box(BOX)
    assert fly.state() == FlyTo.State.Running
    qtbot.waitUntil(lambda: fly.state() == FlyTo.State.Stopped)
    assert zooms == sorted(zooms)
    assert opened.viewport.zoom == zooms[-1] > 1
    assert centre_of(opened) == BOX.center()


@pytest.mark.usefixtures("on_a_screen")
def test_whoever_moves_the_view_meanwhile_has_the_last_word(opened: Desk, fly: FlyTo, qtbot: QtBot) -> None:
    fly.box(BOX)
    qtbot.waitUntil(lambda: opened.viewport.zoom > 1)
    opened.viewport.fit()
    qtbot.waitUntil(lambda: fly.state() == FlyTo.State.Stopped)
    assert opened.viewport.zoom == 1


@pytest.mark.usefixtures("on_a_screen")
def test_another_place_is_flown_to_from_where_one_is(opened: Desk, fly: FlyTo, qtbot: QtBot) -> None:
    fly.box(BOX)
    qtbot.waitUntil(lambda: opened.viewport.zoom > 1)
    other = QRectF(60, 50, 12, 12)
    fly.box(other)
    qtbot.waitUntil(lambda: fly.state() == FlyTo.State.Stopped)
    assert centre_of(opened) == other.center()


def test_where_nothing_is_shown_there_is_nowhere_to_go(desk: Desk) -> None:
    FlyTo(desk.canvas).box(BOX)
    assert desk.viewport.zoom == 1
