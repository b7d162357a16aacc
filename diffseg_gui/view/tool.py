"""What every canvas tool is: the mouse's or the keys' work on a photograph instead of panning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

ARROWS = {
    Qt.Key.Key_Left: QPointF(-0.1, 0),
    Qt.Key.Key_Right: QPointF(0.1, 0),
    Qt.Key.Key_Up: QPointF(0, -0.1),
    Qt.Key.Key_Down: QPointF(0, 0.1),
}


class Tool(Protocol):
    """What the mouse does on a canvas instead of panning: ``canvas.tool = tool``; None gives panning back.

    Subclass it and override what is needed; all else does nothing. Points are in the photograph's pixels (fractions
    too; the middle of its first pixel is (0.5, 0.5)) and may lie outside it. A tool never hears the wheel, the middle
    button, or a drag with Space held: these zoom and pan. It asks for a repaint by ``canvas.update()``.
    """

    cursor: QCursor | Qt.CursorShape = Qt.CursorShape.CrossCursor

    def press(self, point: QPointF, event: QMouseEvent) -> None:
        """A button went down; ``event`` tells which, and the modifiers."""

    def move(self, point: QPointF, event: QMouseEvent) -> None:
        """The mouse moved, with a button down or (``event.buttons()`` empty) without."""

    def release(self, point: QPointF, event: QMouseEvent) -> None:
        """A button went up."""

    def double_click(self, point: QPointF, event: QMouseEvent) -> None:
        """A double click; it comes in place of its second press."""

    def key(self, event: QKeyEvent) -> bool:
        """A key that is no shortcut; returns whether it was for the tool. Escape that is not leaves the tool."""
        return False

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """Draw over the scene; the painter works in the photograph's pixels, so use cosmetic pens."""

    def leave(self) -> None:
        """It is laid down: forget what was begun."""
        return
