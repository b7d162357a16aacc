"""A picture with curves over it, zoomed and panned together with all others that share its viewport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme
from diffseg_gui.view.scene import ARM, Scene, draw_cross, draw_curves, draw_picture
from diffseg_gui.view.tool import ARROWS
from diffseg_gui.view.viewport import MAX_ZOOM, Viewport

if TYPE_CHECKING:
    from diffseg_gui.view.scene import Split
    from diffseg_gui.view.tool import Tool

WHEEL_STEP = 1.2
LEAST_PINCH = 0.1  # factor that one event of a pinch may shrink by
CURSOR_STEP = 6.0  # screen pixels that a key moves the cursor


class Canvas(QWidget):
    """Paints a :class:`Scene` through a :class:`Viewport`. Wheel zooms at the cursor, dragging pans or is a tool's."""

    doubleClicked = Signal()  # or Enter
    toolChanged = Signal()  # another tool, or none, has the mouse
    splitChanged = Signal()
    resized = Signal()

    def __init__(
        self, viewport: Viewport, name: str = "", parent: QWidget | None = None, hides_overlay: bool = False
    ) -> None:
        """name: what it shows, for those who cannot see it. hides_overlay: whether it does while a key is held."""
        super().__init__(parent)
        self.viewport = viewport
        self.scene: Scene | None = None
        self.curves_visible = True
        self.hint = ""
        self._tool: Tool | None = None
        self.split: Split | None = None
        self._space = False
        self._drag: QPointF | None = None
        self._cross = QRect()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setMinimumSize(40, 30)
        viewport.changed.connect(self.update)
        viewport.cursorMoved.connect(self._move_cross)
        if hides_overlay:
            viewport.overlayHidden.connect(self._hide_overlay)

    @property
    def tool(self) -> Tool | None:
        """What has the mouse; None: it pans."""
        return self._tool

    @tool.setter
    def tool(self, tool: Tool | None) -> None:
        former, self._tool = self._tool, tool
        if former is tool:
            return
        if former is not None:
            former.leave()
        self._show_pointer()
        self.toolChanged.emit()
        if tool is not None:
            self.setFocus()  # so that its keys arrive
        self.update()

    def sizeHint(self) -> QSize:
        """A size for layouts to start from."""
        return QSize(160, 120)

    def show_scene(self, scene: Scene | None) -> None:
        """Replace what is shown; the same scene again costs nothing."""
        if scene != self.scene:
            self.scene = scene
            self.update()

    def divide(self, split: Split | None) -> None:
        """Have other curves over its left part; None: it is all one again."""
        if split != self.split:
            self.split = split
            self.splitChanged.emit()
            self.update()

    def _hide_overlay(self, hidden: bool) -> None:
        self.curves_visible = not hidden
        self.update()

    def to_screen(self) -> QTransform:
        """From the photograph's pixels to this widget's."""
        scene, view = self.scene, self.viewport
        if scene is None:
            return QTransform()
        scale = min(self.width() / scene.width, self.height() / scene.height) * view.zoom
        transform = QTransform.fromTranslate(self.width() / 2, self.height() / 2)
        transform.scale(scale, scale)
        return transform.translate(-view.centre.x() * scene.width, -view.centre.y() * scene.height)

    def to_photograph(self, at: QPointF) -> QPointF:
        """From this widget's pixels to the photograph's."""
        return self.to_screen().inverted()[0].map(at)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping what lies under a point of this widget (default: its centre) where it is."""
        if self.scene is None:
            return
        at = QPointF(self.rect().center()) if at is None else at
        before = self._fraction(at)
        least = min(self.viewport.zoom, 1.0)  # a small photograph at 1:1 is no reason to go on shrinking it
        zoom = min(max(self.viewport.zoom * factor, least), MAX_ZOOM)
        shrink = self.viewport.zoom / zoom
        self.viewport.set(zoom, before + (self.viewport.centre - before) * shrink)

    def actual_size(self) -> None:
        """One screen pixel for each of the photograph's, which may be small in its view then."""
        if self.scene is not None:
            factor = 1 / (self.to_screen().m11() * self.devicePixelRatioF())
            self.viewport.set(self.viewport.zoom * factor, self.viewport.centre)

    # Painting

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the picture, the curves, what a tool adds, and the cursor of another canvas."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colours().canvas)
        if self.scene is None:
            painter.setPen(theme.colours().canvas_text)
            painter.drawText(self.rect().adjusted(10, 6, -10, -6), theme.CENTRED, self.hint)
        else:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_scene(painter, self.scene)
            if self.viewport.cursor is not None and self.viewport.cursor_in is not self:
                draw_cross(painter, self.to_screen().map(self.viewport.cursor))
        if self.hasFocus():
            painter.setPen(QPen(theme.colours().accent, 4))
            painter.drawRect(self.rect())

    def _paint_scene(self, painter: QPainter, scene: Scene) -> None:
        transform = self.to_screen()
        draw_picture(painter, scene, transform)
        if self.curves_visible:
            draw_curves(painter, scene, transform, self.viewport.zoom, self.rect(), self.split)
        if self._tool is not None:
            painter.save()
            painter.setTransform(transform)
            self._tool.paint(painter, self)
            painter.restore()

    def _move_cross(self, point: QPointF | None) -> None:
        self.update(self._cross)
        if point is not None and self.scene is not None:
            centre, reach = self.to_screen().map(point).toPoint(), ARM + 3
            self._cross = QRect(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
            self.update(self._cross)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands on it moves."""
        super().resizeEvent(event)
        self.resized.emit()

    # Mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the cursor; two fingers on a trackpad, which are told in pixels and phases, pan."""
        swipe = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if swipe and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._pan(QPointF(event.pixelDelta()))
        else:
            self.zoom_by(WHEEL_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers that part or meet on a trackpad zoom between them."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(max(1 + event.value(), LEAST_PINCH), event.position())
            event.accept()
            return True
        return super().event(event)

    def _pan(self, moved: QPointF) -> None:
        """Have the photograph follow a movement in this widget's pixels."""
        if self.scene is not None:
            origin = QPointF(0, 0)
            self.viewport.set(self.viewport.zoom, self.viewport.centre + self._fraction(origin) - self._fraction(moved))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or hand the press to the tool."""
        left, middle = (event.button() == button for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton))
        if middle or (left and (self._tool is None or self._space)):
            self._drag = event.position()
            self._show_pointer()
        elif self._tool is not None and self.scene is not None:
            self._tool.press(self.to_photograph(event.position()), event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan or work; tell all canvases where the cursor is."""
        if self.scene is None:
            return
        if self._drag is not None:
            self._pan(event.position() - self._drag)
            self._drag = event.position()
        elif self._tool is not None:
            self._tool.move(self.to_photograph(event.position()), event)
        self.viewport.set_cursor(self.to_photograph(event.position()), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or a tool's."""
        if self._drag is not None:
            self._drag = None
            self._show_pointer()
        elif self._tool is not None and self.scene is not None:
            self._tool.release(self.to_photograph(event.position()), event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pass on a double click."""
        if self._tool is None:
            self.doubleClicked.emit()
        elif self.scene is not None:
            self._tool.double_click(self.to_photograph(event.position()), event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space held pans whatever the tool; other keys are the tool's; arrows pan, or move the cursor with Shift."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._hold_space(True)
        elif self._tool is not None and self.scene is not None and self._tool.key(event):
            event.accept()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._tool is None:
            self.doubleClicked.emit()
        elif key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_cursor(ARROWS[key])
        elif key in ARROWS:
            self.viewport.set(self.viewport.zoom, self.viewport.centre + ARROWS[key] / self.viewport.zoom)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the focus, Space let go is not heard, and keys move no cursor."""
        self._hold_space(False)
        if self.viewport.cursor_in is None:
            self.viewport.set_cursor(None)
        super().focusOutEvent(event)

    def leaveEvent(self, _: object) -> None:
        """The cursor is elsewhere."""
        self.viewport.set_cursor(None)

    def _move_cursor(self, direction: QPointF) -> None:
        """Move the cursor by keys, from the middle of what is in view; every canvas marks it then."""
        if (scene := self.scene) is None:
            return
        start = self.viewport.cursor
        if start is None:
            start = self.to_photograph(QPointF(self.rect().center()))
        to = start + direction * 10 * CURSOR_STEP / self.to_screen().m11()  # arrows are 0.1
        x, y = min(max(to.x(), 0.0), scene.width - 0.5), min(max(to.y(), 0.0), scene.height - 0.5)
        self.viewport.set_cursor(QPointF(x, y))

    def _hold_space(self, held: bool) -> None:
        self._space = held
        self._show_pointer()

    def _show_pointer(self) -> None:
        """The mouse pointer tells what a drag would do."""
        if self._drag is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool is not None:
            self.setCursor(self._tool.cursor)
        else:
            self.unsetCursor()

    def _fraction(self, at: QPointF) -> QPointF:
        assert self.scene is not None
        point = self.to_photograph(at)
        return QPointF(point.x() / self.scene.width, point.y() / self.scene.height)
