"""A canvas: zooming and panning, the cursor that all canvases share, and what lies over the photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPainterPath, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.view.scene import Curve, Scene
from tests.gui.strokes import CTRL, LEFT, NONE, SHIFT, colour_at, wheel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas

MAGENTA = QColor("#ff00ff")


def picture(canvas: Canvas) -> QImage:
    """The canvas as it is painted now."""
    return canvas.grab().toImage()


# Zooming and panning


def test_the_wheel_zooms_at_the_cursor_on_all_canvases(canvas: Canvas, other: Canvas) -> None:
    place = QPointF(canvas.width() * 0.3, canvas.height() * 0.4)
    point = canvas.to_photograph(place)
    wheel(canvas, 4, place)
    assert canvas.viewport.zoom == pytest.approx(1.2**4)
    assert (canvas.to_screen().map(point) - place).manhattanLength() < 0.01, "what lies under it stays there"
    seen = [one.to_photograph(QPointF(one.width() / 2, one.height() / 2)) for one in (canvas, other)]
    assert (seen[0] - seen[1]).manhattanLength() < 1e-6


def test_dragging_pans_without_a_tool(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_by(4)
    point = canvas.to_photograph(QPointF(200, 150))
    qtbot.mousePress(canvas, LEFT, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(150, 130))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(150, 130))
    assert (canvas.to_screen().map(point) - QPointF(150, 130)).manhattanLength() < 1e-6


def swipe(canvas: Canvas, moved: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> bool:
    """Move two fingers on a trackpad; returns whether the canvas took it."""
    middle, phase = QPointF(canvas.rect().center()), Qt.ScrollPhase.ScrollUpdate
    event = QWheelEvent(
        middle, canvas.mapToGlobal(middle), moved, moved * 8, Qt.MouseButton.NoButton, modifiers, phase, False
    )
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def pinch(canvas: Canvas, amount: float, place: QPointF) -> None:
    """Part two fingers on a trackpad by an amount, or have them meet (negative), with the pointer at a place."""
    device, around = QPointingDevice.primaryPointingDevice(), canvas.mapToGlobal(place)
    zoom, none = Qt.NativeGestureType.ZoomNativeGesture, QPointF()
    QApplication.sendEvent(canvas, QNativeGestureEvent(zoom, device, 2, place, place, around, amount, none))


def test_two_fingers_on_a_trackpad_pan_and_do_not_zoom(canvas: Canvas, other: Canvas) -> None:
    canvas.zoom_by(4)
    middle = QPointF(canvas.rect().center())
    point = canvas.to_photograph(middle)
    assert swipe(canvas, QPoint(-50, -20))
    assert canvas.viewport.zoom == 4
    assert (canvas.to_screen().map(point) - middle - QPointF(-50, -20)).manhattanLength() < 1e-6, "as the fingers do"
    assert other.viewport is canvas.viewport
    swipe(canvas, QPoint(0, 15), CTRL)
    assert canvas.viewport.zoom == pytest.approx(4 * 1.2), (
        "with Ctrl it zooms, as systems without gestures tell a pinch"
    )


def test_a_pinch_zooms_between_the_fingers(canvas: Canvas) -> None:
    place = QPointF(canvas.width() * 0.3, canvas.height() * 0.4)
    point = canvas.to_photograph(place)
    for _ in range(3):
        pinch(canvas, 0.25, place)
    assert canvas.viewport.zoom == pytest.approx(1.25**3)
    assert (canvas.to_screen().map(point) - place).manhattanLength() < 0.01
    pinch(canvas, -0.2, place)
    assert canvas.viewport.zoom == pytest.approx(1.25**2)
    pinch(canvas, -3.0, place)
    assert canvas.viewport.zoom == 1, "no smaller than it fits"


def test_one_to_one_shrinks_a_small_photograph(canvas: Canvas) -> None:
    """96 pixels in a large view: each on one of the screen's, and the wheel leads back."""
    assert canvas.to_screen().m11() > 2
    canvas.actual_size()
    assert canvas.to_screen().m11() * canvas.devicePixelRatioF() == pytest.approx(1)
    assert canvas.to_screen().map(QPointF(48, 36)) == QPointF(canvas.width() / 2, canvas.height() / 2)
    wheel(canvas, -1)
    assert canvas.to_screen().m11() == pytest.approx(1), "smaller it does not get"
    wheel(canvas, 1)
    assert canvas.to_screen().m11() == pytest.approx(1.2)
    wheel(canvas, 30)
    canvas.actual_size()
    assert canvas.to_screen().m11() * canvas.devicePixelRatioF() == pytest.approx(1)
    canvas.viewport.fit()
    wheel(canvas, -3)
    assert canvas.viewport.zoom == 1, "by the wheel, the whole photograph is as small as it gets"


# The cursor


def test_the_cursor_is_linked(canvas: Canvas, other: Canvas, qtbot: QtBot) -> None:
    """The mouse over one canvas marks the same point of the photograph on the others; all canvases can lead."""
    for leader, follower in ((other, canvas), (canvas, other)):
        before = [picture(one) for one in (leader, follower)]
        place = leader.rect().center() + QPoint(9, 6)
        qtbot.mouseMove(leader, place)
        point = leader.to_photograph(QPointF(place))
        assert leader.viewport.cursor == point
        assert picture(leader) == before[0], "there the pointer marks it"
        image, centre = picture(follower), follower.to_screen().map(point).toPoint()
        changed = [
            QPoint(x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixel(x, y) != before[1].pixel(x, y)
        ]
        assert changed
        assert all(abs(p.x() - centre.x()) < 14 and abs(p.y() - centre.y()) < 14 for p in changed)
        QApplication.sendEvent(leader, QEvent(QEvent.Type.Leave))
        assert leader.viewport.cursor is None
        assert picture(follower) == before[1]


def test_the_cursor_moves_by_keys_and_stays_on_the_photograph(canvas: Canvas, qtbot: QtBot) -> None:
    viewport, scale = canvas.viewport, canvas.to_screen().m11()
    middle = canvas.to_photograph(QPointF(canvas.rect().center()))
    before = picture(canvas)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert (viewport.cursor - middle - QPointF(6, 0) / scale).manhattanLength() < 1e-6, "screen pixels"
    assert picture(canvas) != before, "no pointer marks it"
    for _ in range(300):
        qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert viewport.cursor.y() == 71.5
    assert (viewport.zoom, viewport.centre) == (1, QPointF(0.5, 0.5))


def test_a_cursor_that_keys_moved_goes_with_the_focus(canvas: Canvas, field: QLineEdit, qtbot: QtBot) -> None:
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert canvas.viewport.cursor is not None
    field.setFocus()
    assert canvas.viewport.cursor is None


# What lies over the photograph


def test_the_overlay_is_hidden_on_large_canvases_only(canvas: Canvas, other: Canvas) -> None:
    path = QPainterPath()
    path.addRect(5, 5, 60, 50)
    bare = [picture(one) for one in (canvas, other)]
    for one in (canvas, other):
        scene = one.scene
        one.show_scene(Scene(scene.picture, scene.width, scene.height, (Curve(path, MAGENTA, fill=0.5),)))
    covered = [picture(one) for one in (canvas, other)]
    canvas.viewport.hide_overlay(True)
    assert [picture(one) for one in (canvas, other)] == [bare[0], covered[1]]
    canvas.viewport.hide_overlay(False)
    assert [picture(one) for one in (canvas, other)] == covered


def test_what_is_stale_is_dimmed(canvas: Canvas) -> None:
    scene, ground = canvas.scene, colour_at(canvas, 48, -3)
    before = colour_at(canvas, 48, 36)
    canvas.show_scene(Scene(scene.picture, scene.width, scene.height, stale=True))
    after = colour_at(canvas, 48, 36)
    assert colour_at(canvas, 48, -3) == ground
    for part in ("red", "green", "blue"):
        was, is_now, behind = (getattr(one, part)() for one in (before, after, ground))
        assert is_now == pytest.approx(0.35 * was + 0.65 * behind, abs=2)
