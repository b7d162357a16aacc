"""A canvas with a tool: what that hears, paints and leaves to panning, and how it is laid down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from diffseg_gui.view.tool import Tool
from tests.gui.strokes import LEFT, MIDDLE, SHIFT, at, colour_at, wheel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QLineEdit, QWidget
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas

MAGENTA = QColor("#ff00ff")


class Recorder(Tool):
    """Notes what it hears, and draws a square of 4 x 4 photograph pixels at (10, 10)."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self) -> None:
        self.heard: list[tuple[str, QPointF]] = []
        self.left = 0

    def press(self, point: QPointF, event: QMouseEvent) -> None:
        """Note it."""
        self.heard.append(("press", point))

    def move(self, point: QPointF, event: QMouseEvent) -> None:
        """Note it."""
        self.heard.append(("move", point))

    def release(self, point: QPointF, event: QMouseEvent) -> None:
        """Note it."""
        self.heard.append(("release", point))

    def double_click(self, point: QPointF, event: QMouseEvent) -> None:
        """Note it."""
        self.heard.append(("double", point))

    def key(self, event: QKeyEvent) -> bool:
        """Take Return."""
        return event.key() == Qt.Key.Key_Return

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """A square that is easy to find."""
        painter.fillRect(10, 10, 4, 4, MAGENTA)

    def leave(self) -> None:
        """Count it."""
        self.left += 1

    def kinds(self, *asked: str) -> list[str]:
        """What was heard of these kinds, in order."""
        return [kind for kind, _ in self.heard if kind in asked]


@pytest.fixture
def tool(canvas: Canvas) -> Recorder:
    """What the large canvas has in hand."""
    recorder = Recorder()
    canvas.tool = recorder
    return recorder


def pull(canvas: Canvas, button: Qt.MouseButton, qtbot: QtBot) -> None:
    """Drag by (-50, -20) screen pixels."""
    qtbot.mousePress(canvas, button, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(150, 130))
    qtbot.mouseRelease(canvas, button, pos=QPoint(150, 130))


@pytest.mark.parametrize("steps", [0, 3, 12])
def test_a_tool_hears_positions_in_the_photographs_pixels(
    canvas: Canvas, tool: Recorder, steps: int, qtbot: QtBot
) -> None:
    wheel(canvas, steps, QPointF(canvas.width() * 0.6, canvas.height() * 0.4))
    zoom, scale = canvas.viewport.zoom, canvas.to_screen().m11()
    assert (zoom > 1) == (steps > 0)
    point = canvas.to_photograph(QPointF(canvas.width() / 2, canvas.height() / 2))
    place = at(canvas, point.x(), point.y())
    qtbot.mousePress(canvas, LEFT, pos=place)
    qtbot.mouseMove(canvas, place + QPoint(20, 8))
    qtbot.mouseRelease(canvas, LEFT, pos=place + QPoint(20, 8))
    kinds = [kind for kind, _ in tool.heard]
    assert kinds[0] == "press"
    assert kinds[-1] == "release"
    assert "move" in kinds
    start, end = tool.heard[0][1], tool.heard[-1][1]
    assert (start - point).manhattanLength() <= 1.5 / scale
    assert (end - start - QPointF(20, 8) / scale).manhattanLength() < 1e-6
    assert canvas.viewport.zoom == zoom, "the photograph stays"


def test_with_a_tool_the_middle_button_and_space_pan(canvas: Canvas, tool: Recorder, qtbot: QtBot) -> None:
    wheel(canvas, 6)
    before = canvas.viewport.centre
    pull(canvas, MIDDLE, qtbot)
    panned = canvas.viewport.centre
    assert panned.x() > before.x()
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    pull(canvas, LEFT, qtbot)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.centre.x() > panned.x()
    assert tool.kinds("press", "release") == []
    assert canvas.cursor().shape() == tool.cursor
    after = canvas.viewport.centre
    pull(canvas, LEFT, qtbot)
    assert canvas.viewport.centre == after
    assert tool.kinds("press", "release") == ["press", "release"]


def test_space_that_is_let_go_elsewhere_pans_no_more(
    canvas: Canvas, field: QLineEdit, tool: Recorder, qtbot: QtBot
) -> None:
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    field.setFocus()
    pull(canvas, LEFT, qtbot)
    assert tool.kinds("press") == ["press"]


def test_a_tool_takes_the_double_click_and_paints(canvas: Canvas, tool: Recorder, qtbot: QtBot) -> None:
    heard: list[None] = []
    canvas.doubleClicked.connect(lambda: heard.append(None))
    qtbot.mouseDClick(canvas, LEFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert tool.kinds("double") == ["double"]
    assert heard == []
    assert colour_at(canvas, 12, 12) == MAGENTA
    assert colour_at(canvas, 15, 15) != MAGENTA
    canvas.tool = None
    assert colour_at(canvas, 12, 12) != MAGENTA
    qtbot.mouseDClick(canvas, LEFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert len(heard) == 2, "without one, a double click and Enter are for whoever shows views"


def test_another_tool_lays_the_former_down(canvas: Canvas, tool: Recorder) -> None:
    heard: list[Tool | None] = []
    canvas.toolChanged.connect(lambda: heard.append(canvas.tool))
    second = Recorder()
    canvas.tool = second
    canvas.tool = second
    assert (tool.left, second.left) == (1, 0)
    assert heard == [second]
    canvas.tool = None
    canvas.tool = None
    assert second.left == 1
    assert heard == [second, None]
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_taking_a_tool_gives_the_canvas_the_keys(canvas: Canvas, field: QLineEdit, qtbot: QtBot) -> None:
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    canvas.tool = Recorder()
    assert canvas.hasFocus()


def test_arrows_pan_where_no_tool_takes_them(canvas: Canvas, tool: Recorder, qtbot: QtBot) -> None:
    canvas.zoom_by(4)
    before = canvas.viewport.centre
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.centre == before + QPointF(0.1 / 4, 0)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.viewport.centre == before + QPointF(0.1 / 4, -0.1 / 4)


def test_an_empty_canvas_takes_no_harm(canvas: Canvas, tool: Recorder, qtbot: QtBot) -> None:
    canvas.show_scene(None)
    canvas.zoom_by(2)
    canvas.actual_size()
    pull(canvas, LEFT, qtbot)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert (canvas.viewport.zoom, canvas.viewport.cursor) == (1, None)
    assert tool.heard == []
