"""Canvases: tools, panning and zooming beside them, the linked cursor, hatched curves, layers that features add."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QWheelEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.actions import Command, build
from diffseg_gui.scene import Curve, draw_curve
from diffseg_gui.tool import Tool
from diffseg_gui.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH, REFINED
from engine.reading.reading import Reading
from tests.gui.conftest import wait_until_current

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.canvas import Canvas

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
MAGENTA = QColor("#ff00ff")


class Recorder(Tool):
    """Notes what it hears, and draws a square of 4 x 4 photograph pixels at (10, 10)."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, QPointF]] = []

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

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """A square that is easy to find."""
        painter.fillRect(10, 10, 4, 4, MAGENTA)


@pytest.fixture
def canvas(analysed: Workbench) -> Canvas:
    """The large canvas, with a recorder as its tool."""
    canvas = analysed.window.stage.canvas
    canvas.tool = Recorder()
    return canvas


def wheel(canvas: Canvas, at: QPointF, steps: int) -> None:
    """Turn the wheel."""
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        canvas, QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), *none, False)
    )


def drag(canvas: Canvas, button: Qt.MouseButton, qtbot: QtBot) -> None:
    """Drag from (200, 150) to (150, 130)."""
    qtbot.mousePress(canvas, button, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(150, 130))
    qtbot.mouseRelease(canvas, button, pos=QPoint(150, 130))


@pytest.mark.parametrize("steps", [0, 3, 12])
def test_a_tool_hears_positions_in_the_photographs_pixels(canvas: Canvas, steps: int, qtbot: QtBot) -> None:
    wheel(canvas, QPointF(canvas.width() * 0.6, canvas.height() * 0.4), steps)
    zoom = canvas.viewport.zoom
    point = canvas.to_photograph(QPointF(canvas.width() / 2, canvas.height() / 2))
    at = canvas.to_screen().map(point).toPoint()
    scale = canvas.to_screen().m11()
    qtbot.mousePress(canvas, LEFT, pos=at)
    qtbot.mouseMove(canvas, at + QPoint(20, 8))
    qtbot.mouseRelease(canvas, LEFT, pos=at + QPoint(20, 8))
    kinds = [kind for kind, _ in canvas.tool.heard]
    assert kinds[0] == "press"
    assert kinds[-1] == "release"
    assert "move" in kinds
    start, end = canvas.tool.heard[0][1], canvas.tool.heard[-1][1]
    assert (start - point).manhattanLength() <= 1.5 / scale
    assert (end - start - QPointF(20, 8) / scale).manhattanLength() < 1e-6
    assert canvas.viewport.zoom == zoom, "the photograph stays"
    assert (zoom > 1) == (steps > 0)


def test_with_a_tool_the_middle_button_and_space_pan(canvas: Canvas, qtbot: QtBot) -> None:
    wheel(canvas, QPointF(canvas.rect().center()), 6)
    before = canvas.viewport.centre
    drag(canvas, MIDDLE, qtbot)
    panned = canvas.viewport.centre
    assert panned.x() > before.x()
    assert not [kind for kind, _ in canvas.tool.heard if kind in ("press", "release")]
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, LEFT, qtbot)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.centre.x() > panned.x()
    assert not [kind for kind, _ in canvas.tool.heard if kind in ("press", "release")]
    after = canvas.viewport.centre
    drag(canvas, LEFT, qtbot)
    assert canvas.viewport.centre == after
    assert [kind for kind, _ in canvas.tool.heard if kind in ("press", "release")] == ["press", "release"]


def test_a_tool_takes_the_double_click_and_paints(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.mouseDClick(canvas, LEFT)
    assert "double" in [kind for kind, _ in canvas.tool.heard]
    inside, outside = (canvas.to_screen().map(QPointF(*p)).toPoint() for p in ((12, 12), (15, 15)))
    image = canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(inside * ratio) == MAGENTA
    assert image.pixelColor(outside * ratio) != MAGENTA
    canvas.tool = None
    assert canvas.grab().toImage().pixelColor(inside * ratio) != MAGENTA


def test_one_tool_at_a_time_and_escape_leaves_it(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    canvas = window.stage.canvas
    tools = Recorder(), Recorder()

    def switch(number: int) -> object:
        return lambda on: setattr(canvas, "tool", tools[number] if on else None)

    window.first, window.second = switch(0), switch(1)
    rows = [Command(name, "Edit", name, "", name, name, group="tool", checkable=True) for name in ("first", "second")]
    actions, _ = build(window, rows)
    window.actions_by_name.update(actions)
    actions["first"].trigger()
    assert canvas.tool is tools[0]
    actions["second"].trigger()
    assert canvas.tool is tools[1]
    assert not actions["first"].isChecked()
    assert canvas.hasFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.tool is None
    assert not actions["second"].isChecked()
    actions["second"].trigger()
    actions["second"].trigger()
    assert canvas.tool is None, "a tool is put down as it was taken up"


def test_one_to_one_shrinks_a_small_photograph(analysed: Workbench, qtbot: QtBot) -> None:
    """96 pixels in a large view: each on one of the screen's, and the wheel leads back."""
    window, canvas = analysed.window, analysed.window.stage.canvas
    assert canvas.to_screen().m11() > 2
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.to_screen().m11() * canvas.devicePixelRatioF() == pytest.approx(1)
    assert canvas.to_screen().map(QPointF(48, 36)) == QPointF(canvas.width() / 2, canvas.height() / 2)
    wheel(canvas, QPointF(canvas.rect().center()), -1)
    assert canvas.to_screen().m11() == pytest.approx(1), "smaller it does not get"
    wheel(canvas, QPointF(canvas.rect().center()), 1)
    assert canvas.to_screen().m11() == pytest.approx(1.2)
    wheel(canvas, QPointF(canvas.rect().center()), 30)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.to_screen().m11() * canvas.devicePixelRatioF() == pytest.approx(1)
    qtbot.keyClick(window, Qt.Key.Key_F)
    wheel(canvas, QPointF(canvas.rect().center()), -3)
    assert window.viewport.zoom == 1, "by the wheel, the whole photograph is as small as it gets"


def test_arrows_pan_where_no_tool_takes_them(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    canvas.zoom_by(4)
    before = canvas.viewport.centre
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.centre.x() > before.x()
    assert canvas.viewport.centre.y() == before.y()


def test_the_cursor_is_linked(analysed: Workbench, qtbot: QtBot) -> None:
    """The mouse over one canvas marks the same point of the photograph on the others; all canvases can lead."""
    window = analysed.window
    small, large = window.maps.panels[CONSISTENCY].canvas, window.stage.canvas
    other = window.maps.panels[AMBIGUITY].canvas
    before = {c: c.grab().toImage() for c in (other, large)}
    at = small.rect().center() + QPoint(9, 6)
    qtbot.mouseMove(small, at)
    point = small.to_photograph(QPointF(at))
    assert window.viewport.cursor == point
    assert "x" in window.position.text()
    for canvas in (other, large):
        image = canvas.grab().toImage()
        centre = canvas.to_screen().map(point).toPoint()
        changed = [
            QPoint(x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixel(x, y) != before[canvas].pixel(x, y)
        ]
        near = [p for p in changed if abs(p.x() - centre.x()) < 14 and abs(p.y() - centre.y()) < 14]
        assert near
        assert canvas is large or near == changed, "a probe may tell more on the large one"
    QApplication.sendEvent(small, QEvent(QEvent.Type.Leave))
    assert window.viewport.cursor is None
    assert window.position.text() == ""
    assert large.grab().toImage() == before[large]


def square(left: float, top: float, size: float) -> QPainterPath:
    """A closed square."""
    path = QPainterPath()
    path.addRect(left, top, size, size)
    return path


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_hatching_covers_part_of_the_inside_at_any_zoom(bench: Workbench, scale: float) -> None:
    shares = []
    for hatch in (False, True):
        image = QImage(200, 200, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        painter.scale(scale, scale)
        draw_curve(painter, Curve(square(10 / scale, 10 / scale, 180 / scale), MAGENTA, hatch=hatch))
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(200, 200, 4)[30:170, 30:170]
        shares.append(float((pixels[..., 0] > 100).mean()))
    assert shares[0] == 0
    assert 0.05 < shares[1] < 0.5
    stripes = np.diff((pixels[70, :, 0] > 100).astype(int))
    assert 10 <= (stripes == 1).sum() <= 25, "lines stand as far apart at every zoom"


def test_a_feature_adds_layers_and_replaces_the_border(analysed: Workbench, qtbot: QtBot) -> None:
    window, scenes = analysed.window, analysed.window.scenes
    mine = Curve(square(5, 5, 20), MAGENTA, hatch=True, name="mine")
    scenes.layers.append(lambda key: (mine,) if key == PHOTOGRAPH else ())
    window.refresh()
    assert mine in window.stage.canvas.scene.curves
    assert "mine" in window.stage.legend.names()
    assert mine not in window.maps.panels[REFINED].canvas.scene.curves
    corrected = square(1, 2, 30)
    scenes.border = lambda found: corrected
    window.refresh()
    assert all(curve.path is not corrected for curve in window.stage.canvas.scene.curves), "kept until it is forgotten"
    scenes.forget_border()
    window.refresh()
    for canvas in (window.stage.canvas, window.maps.panels[REFINED].canvas):
        assert corrected in [curve.path for curve in canvas.scene.curves]
    before = window.stage.canvas.scene
    window.refresh()
    assert window.stage.canvas.scene is before, "what has not changed is not painted again"
    qtbot.keyClick(window, Qt.Key.Key_O)
    assert window.stage.canvas.scene.curves == ()
    assert window.stage.legend.names() == ()


def test_a_reading_belongs_to_one_image(analysed: Workbench, other_path: object, qtbot: QtBot) -> None:
    heard: list[object] = []
    analysed.state.readingChanged.connect(lambda: heard.append(analysed.state.reading))
    reading = replace(analysed.state.reading or Reading(), edits=3)
    analysed.state.set_reading(reading)
    analysed.state.set_delta(0.2)
    wait_until_current(analysed, qtbot)
    assert analysed.state.reading is reading, "no analysis touches it"
    analysed.window.open_image(other_path)
    wait_until_current(analysed, qtbot)
    assert heard[0] is reading
    assert heard[1:]
    assert not any(other is reading for other in (*heard[1:], analysed.state.reading))
