"""What a hand does on a canvas and what is seen there, told in the photograph's pixels; files that it drops."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where a point of the photograph is on the canvas."""
    return canvas.to_screen().map(QPointF(x, y)).toPoint()


def apart(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far apart two points of the photograph are once they are whole pixels of the screen."""
    a, b = (canvas.to_photograph(QPointF(at(canvas, *point))) for point in (start, end))
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def colour_at(canvas: Canvas, x: float, y: float) -> QColor:
    """What is painted on a point of the photograph."""
    image = canvas.grab().toImage()
    return image.pixelColor(at(canvas, x, y) * image.devicePixelRatio())


def drag(canvas: Canvas, qtbot: QtBot, points: list[tuple[float, float]], modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press at the first point, move through the others, let go at the last.

    Each is looked for when the hand gets there: a legend that just got another line may give the canvas another size.
    """
    first, *others = points
    qtbot.mouseMove(canvas, at(canvas, *first))
    qtbot.mousePress(canvas, LEFT, modifier, at(canvas, *first))
    for point in others:
        qtbot.mouseMove(canvas, at(canvas, *point))
    qtbot.mouseRelease(canvas, LEFT, modifier, at(canvas, *points[-1]))


def click(canvas: Canvas, qtbot: QtBot, x: float, y: float) -> None:
    """Click on a point of the photograph."""
    qtbot.mouseClick(canvas, LEFT, pos=at(canvas, x, y))


def hover(canvas: Canvas, qtbot: QtBot, x: int, y: int) -> None:
    """Move from the canvas's middle to the middle of a pixel."""
    qtbot.mouseMove(canvas, canvas.rect().center())
    qtbot.mouseMove(canvas, at(canvas, x + 0.5, y + 0.5))


def wheel(widget: QWidget, steps: float, position: QPointF | None = None) -> bool:
    """Turn the wheel over a widget's middle, or there, away from the hand; returns whether the widget took it."""
    position = QPointF(widget.rect().center()) if position is None else position
    turn, phase = QPoint(0, round(120 * steps)), Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        position, widget.mapToGlobal(position), QPoint(), turn, Qt.MouseButton.NoButton, NONE, phase, False
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(window: QWidget, path: Path) -> None:
    """Drop a file on a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    given = (Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), *given))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), *given))
