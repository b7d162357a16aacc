"""A canvas: its tool, panning and zooming beside that, the cursor that all canvases share, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.qimage import Picture
from diffseg_gui.view.scene import Curve, Scene
from diffseg_gui.view.tool import Tool
from diffseg_gui.view.viewport import Viewport
from tests.gui.strokes import LEFT, MIDDLE, SHIFT, at, wheel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage

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
def place(qtbot: QtBot) -> QWidget:
    """A window with room for a large canvas and a small one, and a field to write in."""
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(QLineEdit())
    window.resize(700, 700)
    return window


@pytest.fixture
def canvas(place: QWidget, photo: SkinImage, qtbot: QtBot) -> Canvas:
    """A large canvas that shows the photograph, 96 x 72, on the screen."""
    canvas = Canvas(Viewport(place), "Photograph", hides_overlay=True)
    canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    canvas.show_scene(Scene(Picture(photo.pixels), photo.width, photo.height))
    place.layout().addWidget(canvas)
    canvas.setMinimumHeight(480)
    place.show()
    qtbot.waitExposed(place)
    place.activateWindow()
    return canvas


@pytest.fixture
def field(place: QWidget) -> QLineEdit:
    """Something else that takes keys."""
    return place.findChild(QLineEdit)


@pytest.fixture
def other(place: QWidget, canvas: Canvas) -> Canvas:
    """A small canvas beside it, which shows the same through the same viewport."""
    small = Canvas(canvas.viewport, "Small")
    small.show_scene(canvas.scene)
    place.layout().addWidget(small)
    QApplication.processEvents()
    return small


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


def picture(canvas: Canvas) -> QImage:
    """The canvas as it is painted now."""
    return canvas.grab().toImage()


def colour(canvas: Canvas, x: float, y: float) -> QColor:
    """What stands on a point of the photograph."""
    image = picture(canvas)
    return image.pixelColor(at(canvas, x, y) * image.devicePixelRatio())


# Tools


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
    assert colour(canvas, 12, 12) == MAGENTA
    assert colour(canvas, 15, 15) != MAGENTA
    canvas.tool = None
    assert colour(canvas, 12, 12) != MAGENTA
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
    pull(canvas, LEFT, qtbot)
    assert (canvas.to_screen().map(point) - QPointF(150, 130)).manhattanLength() < 1e-6


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
    scene, ground = canvas.scene, colour(canvas, 48, -3)
    before = colour(canvas, 48, 36)
    canvas.show_scene(Scene(scene.picture, scene.width, scene.height, stale=True))
    after = colour(canvas, 48, 36)
    assert colour(canvas, 48, -3) == ground
    for part in ("red", "green", "blue"):
        was, is_now, behind = (getattr(one, part)() for one in (before, after, ground))
        assert is_now == pytest.approx(0.35 * was + 0.65 * behind, abs=2)
