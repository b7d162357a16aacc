"""A picture with curves over it, zoomed and panned together with all others that share its viewport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QDataStream, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from diffseg_gui import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diffseg_gui.qimage import Picture

MAX_ZOOM = 40.0
WHEEL_STEP = 1.2
STALE_OPACITY = 0.35


class Viewport(QObject):
    """What part of the photograph is in view: zoom (1 fits it all) and centre (fractions of width and height)."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self.centre = QPointF(0.5, 0.5)

    def set(self, zoom: float, centre: QPointF) -> None:
        """Move; the centre is kept on the photograph."""
        zoom = min(max(zoom, 1.0), MAX_ZOOM)
        centre = QPointF(0.5, 0.5) if zoom == 1.0 else QPointF(_unit(centre.x()), _unit(centre.y()))
        if zoom != self.zoom or centre != self.centre:
            self.zoom, self.centre = zoom, centre
            self.changed.emit()

    def fit(self) -> None:
        """Show the whole photograph."""
        self.set(1.0, QPointF(0.5, 0.5))


@dataclass(frozen=True, eq=False)
class Curve:
    """A path in the photograph's pixels and how to draw it."""

    path: QPainterPath
    colour: QColor
    width: float = 1.5
    dashed: bool = False
    fill: float = 0.0  # opacity


@dataclass(frozen=True)
class Scene:
    """What a canvas shows: a picture stretched over a photograph of width x height, and curves."""

    picture: Picture
    width: int
    height: int
    curves: tuple[Curve, ...] = ()
    stale: bool = False


class Canvas(QWidget):
    """Paints a :class:`Scene` through a :class:`Viewport`. Wheel zooms at the cursor, dragging pans."""

    doubleClicked = Signal()
    hovered = Signal(object)  # QPointF in the photograph's pixels, or None

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self.scene: Scene | None = None
        self.curves_visible = True
        self.hint = ""
        self._drag: QPointF | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(40, 30)
        viewport.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A size for layouts to start from."""
        return QSize(160, 120)

    def show_scene(self, scene: Scene | None) -> None:
        """Replace what is shown; the same scene again costs nothing."""
        if scene != self.scene:
            self.scene = scene
            self.update()

    def show_curves(self, visible: bool) -> None:
        """Show or hide what lies over the picture."""
        self.curves_visible = visible
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

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping what lies under a point of this widget (default: its centre) where it is."""
        if self.scene is None:
            return
        at = QPointF(self.rect().center()) if at is None else at
        before = self._fraction(at)
        zoom = min(max(self.viewport.zoom * factor, 1.0), MAX_ZOOM)
        shrink = self.viewport.zoom / zoom
        self.viewport.set(zoom, before + (self.viewport.centre - before) * shrink)

    def actual_size(self) -> None:
        """One screen pixel for each of the photograph's."""
        if self.scene is not None:
            self.zoom_by(1 / (self.to_screen().m11() * self.devicePixelRatioF()))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the picture, then the curves."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.CANVAS)
        if self.scene is None:
            painter.setPen(theme.MUTED)
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), theme.CENTRED, self.hint)
            return
        transform = self.to_screen()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(STALE_OPACITY if self.scene.stale else 1.0)
        image = self.scene.picture.at(transform.m11() * self.devicePixelRatioF() * self._spread())
        painter.setTransform(transform)
        painter.drawImage(QRectF(0, 0, self.scene.width, self.scene.height), image)
        painter.setOpacity(1.0)
        if self.curves_visible:
            for curve in self.scene.curves:
                _draw_curve(painter, curve)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        self.zoom_by(WHEEL_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while a button is down; tell where the cursor is."""
        if self.scene is None:
            return
        if self._drag is not None and event.buttons():
            moved = self._fraction(self._drag) - self._fraction(event.position())
            self._drag = event.position()
            self.viewport.set(self.viewport.zoom, self.viewport.centre + moved)
        self.hovered.emit(self.to_screen().inverted()[0].map(event.position()))

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        """End a drag."""
        self._drag = None

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:
        """Pass on a double click."""
        self.doubleClicked.emit()

    def leaveEvent(self, _: object) -> None:
        """The cursor is elsewhere."""
        self.hovered.emit(None)

    def _fraction(self, at: QPointF) -> QPointF:
        assert self.scene is not None
        point = self.to_screen().inverted()[0].map(at)
        return QPointF(point.x() / self.scene.width, point.y() / self.scene.height)

    def _spread(self) -> float:
        """Photograph pixels per pixel of the picture: maps are coarser than the photograph they lie over."""
        assert self.scene is not None
        return self.scene.width / self.scene.picture.levels[0].width()


def to_path(curves: list[NDArray[np.float64]]) -> QPainterPath:
    """One path from curves, each (points, 2), in the photograph's pixels."""
    path = QPainterPath()
    for curve in curves:
        data = len(curve).to_bytes(4, "big") + curve.astype(">f8").tobytes()  # as QDataStream writes a polygon
        polygon = QPolygonF()
        QDataStream(QByteArray(data)) >> polygon
        path.addPolygon(polygon)
    return path


def _draw_curve(painter: QPainter, curve: Curve) -> None:
    if curve.fill:
        colour = QColor(curve.colour)
        colour.setAlphaF(curve.fill)
        painter.fillPath(curve.path, colour)
    pen = QPen(theme.CURVE_EDGE, 1)  # a thin shadow keeps curves visible on light skin; wide pens paint slowly
    pen.setCosmetic(True)
    painter.save()
    painter.setTransform(painter.transform() * QTransform.fromTranslate(1 + curve.width / 2, 1 + curve.width / 2))
    painter.strokePath(curve.path, pen)
    painter.restore()
    pen = QPen(curve.colour, curve.width)
    pen.setCosmetic(True)
    if curve.dashed:
        pen.setDashPattern([5, 4])
    painter.strokePath(curve.path, pen)


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
