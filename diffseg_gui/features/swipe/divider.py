"""The line that is dragged over the large view, with the names of its two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import overlay, theme
from diffseg_gui.view.scale_bar import draw_text

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

REACH, GRIP = 11, 9.0  # pixels: half of what the mouse can take hold of, and the radius of the grip
NAMES = 150  # pixels, for the name of a side
STEP = 0.02  # of the view's width, for a key
KEYS = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}


class Divider(QWidget):
    """Emits where it is, as a share of the view's width, when it is dragged or moved by the arrow keys."""

    moved = Signal(float)
    escaped = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.share = 0.5
        self.names = Names(canvas)
        self._held = 0.0  # where on it the mouse took hold
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Drag it, or move it with the arrow keys; Esc ends the comparison")
        canvas.resized.connect(self.place)
        self.hide()

    @property
    def left(self) -> int:
        """How many of the view's pixels lie on the left."""
        return round(self.share * self._canvas.width())

    def show_sides(self, left: str, right: str) -> None:
        """Appear, with these names."""
        self.names.show_sides(left, right)
        self.setAccessibleName(f"Divider between {left} and {right}")
        self.place()
        for part in (self.names, self):
            part.show()
            part.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Disappear, and give the keyboard to the photograph."""
        if self.hasFocus():
            self._canvas.setFocus()
        for part in (self.names, self):
            part.hide()

    def place(self) -> None:
        """Stand where the share says, as high as the view."""
        self.setGeometry(self.left - REACH, 0, 2 * REACH, self._canvas.height())
        self.names.move(self.left - NAMES, 8)

    def _go(self, share: float) -> None:
        self.share = min(max(share, 0.0), 1.0)
        self.place()
        self.moved.emit(self.share)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        self._held = event.position().x() - REACH
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go((self.x() + event.position().x() - self._held) / max(self._canvas.width(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move it, Escape ends it before anything else; all other keys are the window's."""
        if (by := KEYS.get(Qt.Key(event.key()))) is not None and not event.modifiers():
            self._go(self.share + by)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """A white line on a dark edge, with a grip in the middle; in the theme's colour with the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.colours().accent if self.hasFocus() else overlay.BAND
        middle = QPointF(REACH, self.height() / 2)
        for edge, width in ((overlay.EDGE, 4.0), (colour, 1.6)):
            painter.setPen(QPen(edge, width))
            painter.drawLine(QPointF(REACH, 0), QPointF(REACH, self.height()))
        painter.setPen(QPen(overlay.EDGE, 1))
        painter.setBrush(colour)
        painter.drawEllipse(middle, GRIP, GRIP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(overlay.LETTERS)
        for way in (-1, 1):
            x, y = middle.x() + 2 * way, middle.y()
            painter.drawPolygon(QPolygonF([QPointF(x, y - 3.5), QPointF(x + 4 * way, y), QPointF(x, y + 3.5)]))


class Names(QWidget):
    """What is on either side; the mouse passes through it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.left = self.right = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(2 * NAMES, 20)
        self.hide()

    def show_sides(self, left: str, right: str) -> None:
        """Say so."""
        self.left, self.right = left, right
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """White on its own shadow, towards the line from both sides."""
        painter, gap = QPainter(self), REACH + 3
        middle = Qt.AlignmentFlag.AlignVCenter
        draw_text(painter, QRect(0, 0, NAMES - gap, 20), self.left, Qt.AlignmentFlag.AlignRight | middle)
        draw_text(painter, QRect(NAMES + gap, 0, NAMES - gap, 20), self.right, Qt.AlignmentFlag.AlignLeft | middle)
