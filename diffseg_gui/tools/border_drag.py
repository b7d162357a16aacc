"""Dragging the border: hold it where it is nearest, pull, and a soft stretch of it follows; one patch at the end.

By keys, Enter takes hold of the border where it is nearest to the tool's point, the arrows pull, Enter lets go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from diffseg_gui.document.derived import Derived
from diffseg_gui.look import overlay
from diffseg_gui.tools.drawing import TINT, Drawing
from diffseg_gui.view.scene import to_path
from engine.reading import shaping
from engine.reading.outline import outline

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.editing import Editing
    from diffseg_gui.view.canvas import Canvas
    from engine.arrays import Bools
    from engine.reading.shaping import Curves, Grip

HOLD = 24.0  # screen pixels from the border within which it can be held
SHADES = 12  # steps in which the stretch fades out, each way
MOST = 400  # points of a stretch that are painted
HANDLE = 5.0  # screen pixels, radius


class BorderDrag(Drawing):
    """``radius`` is half the length of border that visibly follows, in the photograph's pixels."""

    paints = False

    def __init__(self, name: str, value: int, canvas: Canvas, editing: Editing) -> None:
        super().__init__(name, value, canvas, editing)
        self._radius = 8.0
        self._held: Grip | None = None  # what is held, or would be
        self._of: Bools | None = None  # the mask whose border is held
        self._curves: Derived[Curves] = Derived(lambda: (editing.mask,), _curves)

    @property
    def radius(self) -> float:
        """The reach; to change it changes what is held already."""
        return self._radius

    @radius.setter
    def radius(self, radius: float) -> None:
        self._radius = radius
        if self._held is not None:
            self._hold(QPointF(*self._held.at))

    def drop(self) -> None:
        """Let go without a change."""
        self._held = self._of = None
        super().drop()

    def move(self, point: QPointF, event: QMouseEvent) -> None:
        """Pull, or show what would be held."""
        super().move(point, event)
        if not self.points:
            self._look(point)

    # Within

    def _walk(self, step: QPointF) -> None:
        super()._walk(step)
        if not self.points and self.at is not None:
            self._look(self.at)

    def _begin(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """By keys the point goes to the border, however far that is."""
        self._look(point)
        if self._held is not None:
            super()._begin(QPointF(*self._held.at) if self._by_key else point, modifiers)
            self._of = self._editing.mask

    def _extend(self, point: QPointF) -> None:
        if self.points:
            self.points = [self.points[0], point]

    def _end(self) -> None:
        held, by, layer, mask = self._held, self._by(), self._editing.layer, self._editing.mask
        moved, same = self._apart(self.points[0], self.points[-1]) >= 1, mask is self._of
        self.drop()
        if held is not None and layer is not None and mask is not None and moved and same:
            self._editing.put(self.name, shaping.pull(layer, mask, held, by))
        if self.at is not None:
            self._look(self.at)

    def _by(self) -> tuple[float, float]:
        """How far it is pulled, in the photograph's pixels."""
        if not self.points:
            return 0.0, 0.0
        by = self.points[-1] - self.points[0]
        return by.x(), by.y()

    def _hold(self, point: QPointF) -> None:
        self._held = shaping.grip(self._curves.value, (point.x(), point.y()), max(self._radius / 2, 1.0))
        self._canvas.update()

    def _look(self, point: QPointF) -> None:
        """Show what would be held from here; by keys the border may be as far away as it likes."""
        self._hold(point)
        if self._held is not None and not self._by_key and self._apart(point, QPointF(*self._held.at)) >= HOLD:
            self._held = None

    # Painting

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """The stretch that follows, the fainter the less; while it is pulled, where it goes and what that changes."""
        held = self._held
        there = self._curves.is_current and (self._by_key or canvas.underMouse())  # an undo may have moved the border
        if held is not None and (self.points or there):
            if self.points:
                self._paint_change(painter, held)
            self._paint_stretch(painter, held)
            self._paint_handle(painter, QPointF(*held.at) + QPointF(*self._by()))
        if self._by_key:
            self._paint_sign(painter, canvas)

    def _paint_change(self, painter: QPainter, held: Grip) -> None:
        before, after = _thinned(held.stretch()[0]), _thinned(held.stretch(self._by())[0])
        tint = QColor(overlay.RESULT)
        tint.setAlphaF(TINT)
        painter.fillPath(to_path([np.concatenate([before, after[::-1]])]), tint)

    def _paint_stretch(self, painter: QPainter, held: Grip) -> None:
        line, weights = held.stretch(self._by())
        line, weights = _thinned(line), _thinned(weights)
        shades = np.ceil(weights * SHADES).astype(int)
        ends = np.flatnonzero(np.diff(shades)) + 1
        strength, edge = QColor(overlay.RESULT), QColor(overlay.EDGE)
        for piece in np.split(np.arange(len(line)), ends):
            share = float(weights[piece].max())
            path = to_path([line[piece[0] : piece[-1] + 2]])
            for colour, width, most in ((edge, 8.0, overlay.EDGE.alphaF()), (strength, 5.0, 0.95)):
                colour.setAlphaF(most * share)
                pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
                pen.setCosmetic(True)
                painter.strokePath(path, pen)

    def _paint_handle(self, painter: QPainter, at: QPointF) -> None:
        centre = painter.transform().map(at)
        painter.save()
        painter.resetTransform()
        painter.setPen(QPen(overlay.EDGE, 4))
        painter.setBrush(overlay.CROSS)
        painter.drawEllipse(centre, HANDLE, HANDLE)
        painter.setPen(QPen(overlay.RESULT, 2))
        painter.drawEllipse(centre, HANDLE, HANDLE)
        painter.restore()


def _curves(mask: Bools | None) -> Curves:
    return [] if mask is None else outline(mask)


def _thinned(values: np.ndarray) -> np.ndarray:
    """Fewer points, the last of them kept."""
    step = 1 + len(values) // MOST
    return np.concatenate([values[:-1:step], values[-1:]])
