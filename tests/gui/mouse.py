"""The mouse on a canvas, in the photograph's pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas

LEFT = Qt.MouseButton.LeftButton
Point = tuple[float, float]


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where a point of the photograph is on the canvas."""
    return canvas.to_screen().map(QPointF(x, y)).toPoint()


def apart(canvas: Canvas, start: Point, end: Point) -> float:
    """How far apart two points of the photograph are once they are whole pixels of the screen."""
    a, b = (canvas.to_photograph(QPointF(at(canvas, *point))) for point in (start, end))
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def click(canvas: Canvas, qtbot: QtBot, point: Point) -> None:
    """Click on a point."""
    qtbot.mouseClick(canvas, LEFT, pos=at(canvas, *point))


def drag(canvas: Canvas, qtbot: QtBot, start: Point, end: Point) -> None:
    """Press at the start, move to the end by way of the middle, let go."""
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, *start))
    for share in (0.5, 1.0):
        qtbot.mouseMove(canvas, at(canvas, *(a + share * (b - a) for a, b in zip(start, end, strict=True))))
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, *end))


def hover(canvas: Canvas, qtbot: QtBot, x: int, y: int) -> None:
    """Move from the canvas's middle to the middle of a pixel."""
    qtbot.mouseMove(canvas, canvas.rect().center())
    qtbot.mouseMove(canvas, at(canvas, x + 0.5, y + 0.5))
