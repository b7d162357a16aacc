"""The edge lasso: a polygon whose sides follow the photograph's edges from one click to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from diffseg_gui.tools.drawing import CLOSE, Polygon
from engine.reading.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.editing import Editing
    from diffseg_gui.view.canvas import Canvas
    from engine.photograph.image import SkinImage

Way = list[QPointF]


class EdgeLasso(Polygon):
    """Clicks as of a polygon; between them, and back to the first when it is closed, runs a live wire."""

    def __init__(
        self, name: str, value: int, canvas: Canvas, editing: Editing, photograph: Callable[[], SkinImage | None]
    ) -> None:
        """photograph: the one that is open."""
        super().__init__(name, value, canvas, editing)
        self._photograph = photograph
        self._ways: list[Way] = []  # to each corner but the first, without its beginning
        self._wire: Wire | None = None  # from the last corner
        self._newest: tuple[QPointF, Way] | None = None  # to the cursor, which is painted more often than it moves

    def drop(self) -> None:
        """Forget what was begun."""
        self._ways, self._wire = [], None
        super().drop()

    # Within

    def _begin(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if not self.points:
            super()._begin(point, modifiers)
        elif len(self.points) > 1 and self._apart(point, self.points[0]) < CLOSE:
            self._end()
            return
        else:
            self._ways.append(self._way(point))
            self.points.append(point)
            self._canvas.update()
        self._start()

    def _take_back(self) -> None:
        super()._take_back()
        if self._ways:
            self._ways.pop()
        self._start()

    def _start(self) -> None:
        """Have the wire begin at the last corner."""
        photograph, self._wire, self._newest = self._photograph(), None, None
        if self.points and photograph is not None:
            self._wire = Wire(photograph.pixels, (self.points[-1].x(), self.points[-1].y()))

    def _way(self, point: QPointF) -> Way:
        """From the last corner to a point, without that corner."""
        if self._wire is None:
            return [point]
        if self._newest is None or self._newest[0] != point:
            way = self._wire.to((point.x(), point.y()))[1:]
            self._newest = point, [QPointF(x, y) for x, y in way.tolist()]
        return self._newest[1]

    def _line(self) -> Way:
        """All of it, closed along edges, too."""
        return [*self._drawn(), *self._way(self.points[0])]

    def _drawn(self) -> Way:
        return [*self.points[:1], *(point for way in self._ways for point in way)]

    def _corners(self) -> Way:
        return [*self._drawn(), *self._way(self.at)] if self.points and self.at is not None else self._drawn()
