"""What a hand does on the photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.arrays import Bools

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def at(bench: Workbench, x: float, y: float) -> QPoint:
    """Where a point of the photograph is on the canvas."""
    return bench.window.stage.canvas.to_screen().map(QPointF(x, y)).toPoint()


def drag(
    bench: Workbench, qtbot: QtBot, points: list[tuple[float, float]], modifier: Qt.KeyboardModifier = NONE
) -> None:
    """Press at the first point, move through the others, let go at the last."""
    canvas = bench.window.stage.canvas
    first, *others = (at(bench, *point) for point in points)
    qtbot.mouseMove(canvas, first)
    qtbot.mousePress(canvas, LEFT, modifier, first)
    for point in others:
        qtbot.mouseMove(canvas, point)
    qtbot.mouseRelease(canvas, LEFT, modifier, others[-1] if others else first)


def click(bench: Workbench, qtbot: QtBot, x: float, y: float) -> None:
    """Click on a point of the photograph."""
    qtbot.mouseClick(bench.window.stage.canvas, LEFT, pos=at(bench, x, y))


def model_mask(bench: Workbench) -> Bools:
    """The newest result, without corrections."""
    return bench.state.segmentation.mask


def legend(bench: Workbench) -> tuple[str, ...]:
    """Names in the legend."""
    return bench.window.stage.legend.names()
