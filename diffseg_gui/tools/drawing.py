"""The drawing tools: brush, eraser, lasso and polygon, by mouse or by keys. Each use is one patch, made at its end.

By keys, the arrows move the tool's point and Enter presses the mouse's button for it, or lets it go. With Alt a tool
does the opposite, with Shift it gives the model's result back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPolygonF

from diffseg_gui.look import overlay
from diffseg_gui.view.tool import ARROWS, Tool
from engine.reading import correction
from engine.reading.correction import AS_FOUND, LESION, SKIN

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.editing import Editing
    from diffseg_gui.view.canvas import Canvas
    from engine.reading.correction import Layer, Patch

KEY_STEP = 6.0  # screen pixels that an arrow moves a tool's point
CLOSE = 8.0  # screen pixels from a polygon's first corner within which a click closes it
SIGNS = {  # beside the tool's point, in screen pixels
    LESION: (QLineF(-4, 0, 4, 0), QLineF(0, -4, 0, 4)),
    SKIN: (QLineF(-4, 0, 4, 0),),
    AS_FOUND: (QLineF(-4, -2, 4, -2), QLineF(-4, 2, 4, 2)),
}
PATTERNS = {
    LESION: Qt.BrushStyle.SolidPattern,
    SKIN: Qt.BrushStyle.BDiagPattern,
    AS_FOUND: Qt.BrushStyle.DiagCrossPattern,
}
CROSS_ARMS = (QPointF(3, 0), QPointF(-3, 0), QPointF(0, 3), QPointF(0, -3))
TINT = 0.35  # opacity
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Points = list[tuple[float, float]]


class Drawing(Tool):
    """What the tools share: a line of points in the photograph's pixels, begun, drawn and ended.

    value: what it paints, without Alt or Shift held. Its name is what can be undone.
    """

    paints = True  # whether it can paint one thing or another

    def __init__(self, name: str, value: int, canvas: Canvas, editing: Editing) -> None:
        self.name, self.value = name, value
        self.points: list[QPointF] = []
        self.at: QPointF | None = None
        self._canvas, self._editing = canvas, editing
        self._painting = value  # with the modifiers as they were when it began
        self._by_key = False

    def patch(self, layer: Layer, points: Points, value: int) -> Patch | None:
        """What the finished line changes."""
        raise NotImplementedError

    def drop(self) -> None:
        """Forget what was begun."""
        self.points = []
        self._canvas.update()

    def leave(self) -> None:
        """Forget it when the tool is laid down, too."""
        self.drop()

    # By mouse

    def press(self, point: QPointF, event: QMouseEvent) -> None:
        """Begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(point, event.modifiers())

    def move(self, point: QPointF, event: QMouseEvent) -> None:
        """Draw on, or show where it would begin."""
        self.at, self._by_key = point, False
        if not self.points:
            self._painting = self._value(event.modifiers())
        self._extend(point)
        self._canvas.update()

    def release(self, point: QPointF, event: QMouseEvent) -> None:
        """End."""
        if event.button() == Qt.MouseButton.LeftButton and self.points:
            self._extend(point)
            self._end()

    def double_click(self, point: QPointF, event: QMouseEvent) -> None:
        """A second press like any other."""
        self.press(point, event)

    # By keys

    def key(self, event: QKeyEvent) -> bool:
        """Arrows, Enter, and Escape, which drops what was begun."""
        key, control = Qt.Key(event.key()), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in ARROWS and not control:  # with Ctrl they pan, as without a tool
            self._walk(ARROWS[key] * 10 * KEY_STEP / self._canvas.to_screen().m11())
        elif key in ENTER:
            self._enter(event.modifiers())
        elif key == Qt.Key.Key_Escape and self.points:
            self.drop()
        else:
            return False
        return True

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        if self.points:
            self._end()
        else:
            self._begin(self._place(), modifiers)

    def _walk(self, step: QPointF) -> None:
        self.at, self._by_key = self._place() + step, True
        self._extend(self.at)
        screen = self._canvas.to_screen()
        if self._canvas.scene is not None and not self._canvas.rect().contains(screen.map(self.at).toPoint()):
            scene, view = self._canvas.scene, self._canvas.viewport
            view.set(view.zoom, view.centre + QPointF(step.x() / scene.width, step.y() / scene.height))
        self._canvas.update()

    def _place(self) -> QPointF:
        """The tool's point; to begin with, the middle of what is in view."""
        return self.at if self.at is not None else self._canvas.to_photograph(QPointF(self._canvas.rect().center()))

    # What both do

    def _begin(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._painting = self._value(modifiers)
        self.at, self.points = point, [point]
        self._canvas.update()

    def _extend(self, point: QPointF) -> None:
        """A point closer than a screen pixel to the last adds nothing that could be seen."""
        if self.points and self._apart(point, self.points[-1]) >= 1:
            self.points.append(point)

    def _end(self) -> None:
        points = [(point.x(), point.y()) for point in self._line()]
        self.drop()
        if self._editing.layer is not None:
            self._editing.put(self.name, self.patch(self._editing.layer, points, self._painting))

    def _line(self) -> list[QPointF]:
        """What was drawn."""
        return self.points

    def _value(self, modifiers: Qt.KeyboardModifier) -> int:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            return AS_FOUND
        return -self.value if modifiers & Qt.KeyboardModifier.AltModifier else self.value

    def _apart(self, a: QPointF, b: QPointF) -> float:
        """Screen pixels."""
        return math.hypot(a.x() - b.x(), a.y() - b.y()) * self._canvas.to_screen().m11()

    def _brushes(self, painter: QPainter) -> list[QBrush]:
        """A tint; hatched where it makes skin, cross-hatched where the model's result returns."""
        colour = QColor(overlay.RESULT if self._painting == LESION else overlay.BAND)
        hatch = QBrush(colour, PATTERNS[self._painting])
        hatch.setTransform(painter.transform().inverted()[0])  # as wide on the screen at every zoom
        colour.setAlphaF(TINT)
        return [QBrush(colour)] if self._painting == LESION else [QBrush(colour), hatch]

    def _paint_sign(self, painter: QPainter, canvas: QWidget, radius: float = 0.0) -> None:
        """What the tool does, beside its point: + lesion, - skin, = as the model says."""
        if self.at is None or not (canvas.underMouse() or self._by_key):
            return
        corner = painter.transform().map(self.at) + QPointF(1, 1) * (radius * painter.transform().m11() * 0.71 + 10)
        lines = [line.translated(corner) for line in SIGNS[self._painting]]
        if self._by_key:  # there is no pointer
            at = painter.transform().map(self.at)
            lines += [QLineF(at + arm, at + arm * 3) for arm in CROSS_ARMS]
        painter.save()
        painter.resetTransform()
        for colour, width in ((overlay.EDGE, 4), (overlay.CROSS, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLines(lines)
        painter.restore()


class Stroke(Drawing):
    """Brush and eraser: a round stroke of a radius in the photograph's pixels."""

    radius = 8.0

    def patch(self, layer: Layer, points: Points, value: int) -> Patch | None:
        """All that the stroke covers."""
        return correction.stroke(layer, points, self.radius, value)

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """The stroke so far, and the tool's size."""
        if self.points:
            caps, joins = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            line = QPainterPath(self.points[0])
            line.addPolygon(QPolygonF([*self.points, self.points[-1] + QPointF(1e-3, 0)]))  # a dab is a line, too
            for brush in self._brushes(painter):
                painter.strokePath(line, QPen(brush, 2 * self.radius, Qt.PenStyle.SolidLine, caps, joins))
        if self.at is not None and (canvas.underMouse() or self._by_key):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((overlay.EDGE, 3), (overlay.CROSS, 1.3)):
                painter.setPen(_cosmetic(colour, width))
                painter.drawEllipse(self.at, self.radius, self.radius)
        self._paint_sign(painter, canvas, self.radius)


class Lasso(Drawing):
    """A free line about an area, closed when it ends."""

    def patch(self, layer: Layer, points: Points, value: int) -> Patch | None:
        """All that it encloses."""
        return correction.polygon(layer, points, value)

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """The line so far, and what it would enclose."""
        corners = self._corners()
        if corners:
            path = QPainterPath()
            path.addPolygon(QPolygonF(corners))
            for brush in self._brushes(painter):
                painter.fillPath(path, brush)
            for colour, width in ((overlay.EDGE, 3), (overlay.RESULT, 1.6)):
                painter.strokePath(path, _cosmetic(colour, width))
            closing = _cosmetic(overlay.RESULT, 1)
            closing.setDashPattern([4, 4])
            painter.setPen(closing)
            painter.drawLine(corners[-1], corners[0])
        self._paint_sign(painter, canvas)

    def _corners(self) -> list[QPointF]:
        return self.points


class Polygon(Lasso):
    """Corners, one click each; Enter, a double click or a click on the first closes it, Backspace removes the last."""

    def release(self, point: QPointF, event: QMouseEvent) -> None:
        """It is clicks that count."""

    def double_click(self, point: QPointF, event: QMouseEvent) -> None:
        """Close it; the first click of the two was its last corner."""
        if event.button() == Qt.MouseButton.LeftButton and self.points:
            self._end()

    def key(self, event: QKeyEvent) -> bool:
        """Backspace, and what all tools know."""
        if event.key() == Qt.Key.Key_Backspace and self.points:
            self._take_back()
            return True
        return super().key(event)

    def _take_back(self) -> None:
        self.points.pop()
        self._canvas.update()

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """The corners, too."""
        super().paint(painter, canvas)
        for colour, width in ((overlay.EDGE, 9), (overlay.RESULT, 6)):
            painter.setPen(_cosmetic(colour, width))
            painter.drawPoints(QPolygonF(self.points))

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        """By keys: a corner where the point has been moved to, the end where it has not."""
        if self._by_key and (not self.points or self._apart(self._place(), self.points[-1]) >= 1):
            self._begin(self._place(), modifiers)
        elif self.points:
            self._end()

    def _begin(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if not self.points:
            super()._begin(point, modifiers)
        elif len(self.points) > 2 and self._apart(point, self.points[0]) < CLOSE:
            self._end()
        else:
            self.points.append(point)
            self._canvas.update()

    def _extend(self, point: QPointF) -> None:
        """Moving draws nothing but the rubber line to the point."""

    def _corners(self) -> list[QPointF]:
        return [*self.points, self.at] if self.points and self.at is not None else self.points


def _cosmetic(colour: QColor, width: float) -> QPen:
    """A pen of the same width at every zoom."""
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setCosmetic(True)
    return pen
