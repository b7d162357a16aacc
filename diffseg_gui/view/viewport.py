"""What all canvases of a window share: which part of the photograph is in view, and where the cursor is on it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal

MIN_ZOOM, MAX_ZOOM = 1 / 40, 40.0


class Viewport(QObject):
    """Zoom (1 fits the photograph), centre (fractions of its width and height) and cursor (its pixels, or None).

    Less than 1 shows a photograph of few pixels smaller than it could be, as 1:1 does.
    ``cursor`` is the one truth for a probe: every canvas sets it while the mouse is over it, whatever it shows, and
    marks it with a cross-hair while the mouse is over another.
    """

    changed = Signal()
    cursorMoved = Signal(object)  # QPointF in the photograph's pixels, or None
    overlayHidden = Signal(bool)  # what lies over the photograph is hidden for a while, or back

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self.centre = QPointF(0.5, 0.5)
        self.cursor: QPointF | None = None
        self.overlay_is_hidden = False
        self.cursor_in: QObject | None = None  # the canvas under the mouse, where the pointer marks the spot already

    def set(self, zoom: float, centre: QPointF) -> None:
        """Move; the centre is kept on the photograph."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        centre = QPointF(0.5, 0.5) if zoom <= 1.0 else QPointF(_unit(centre.x()), _unit(centre.y()))
        if zoom != self.zoom or centre != self.centre:
            self.zoom, self.centre = zoom, centre
            self.changed.emit()

    def fit(self) -> None:
        """Show the whole photograph."""
        self.set(1.0, QPointF(0.5, 0.5))

    def set_cursor(self, point: QPointF | None, canvas: QObject | None = None) -> None:
        """The mouse is over this point of the photograph, on this canvas; or over no canvas (None)."""
        if point != self.cursor or canvas is not self.cursor_in:
            self.cursor, self.cursor_in = point, canvas
            self.cursorMoved.emit(point)

    def hide_overlay(self, hidden: bool) -> None:
        """Show the skin alone, or again what lies over it."""
        if hidden != self.overlay_is_hidden:
            self.overlay_is_hidden = hidden
            self.overlayHidden.emit(hidden)


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
