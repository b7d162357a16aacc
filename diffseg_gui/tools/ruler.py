"""The ruler: a line between two points of the photograph that gives it its scale, or measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen

from diffseg_gui.look import overlay, theme
from diffseg_gui.look.figures import number
from diffseg_gui.look.numbers import count
from diffseg_gui.view.scale_bar import draw_text, round_below
from diffseg_gui.view.tool import ARROWS, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from diffseg_gui.view.canvas import Canvas

GRAB = 9.0  # screen pixels within which an end or the line is meant
SHORTEST = 4.0  # screen pixels; a shorter drag is a click
TICK = 7.0  # screen pixels; every fifth tick is longer
CLOSEST = 9.0  # screen pixels between two ticks


class RulerTool(Tool):
    """Drag, or click twice, to lay it; drag an end to adjust it.

    By keys: Enter lays it across the view, Home and End choose an end, arrows move that by a screen pixel (with Shift
    by ten). With a ``scale`` it measures, and the next line takes the place of the one before. Without, it calibrates:
    its length is wanted when the mouse lets an end go, at a click on the line, and at Enter, for keys may have to move
    both ends first. It knows no reading: ``laid`` is called when a line that measures has come to rest, ``asked`` when
    the length is wanted, ``dropped`` on Escape with a line.
    """

    def __init__(
        self, canvas: Canvas, laid: Callable[[], None], asked: Callable[[], None], dropped: Callable[[], None]
    ) -> None:
        self._canvas, self._laid, self._asked, self._dropped = canvas, laid, asked, dropped
        self.ends: tuple[QPointF, QPointF] | None = None  # in the photograph's pixels
        self.length_mm: float | None = None  # as a person told it
        self.scale: float | None = None  # mm to a pixel
        self._chosen = 1  # the end that arrow keys move
        self._held = False
        self._before: tuple[tuple[QPointF, QPointF] | None, float | None] = (None, None)

    def show(self, ends: tuple[QPointF, QPointF] | None, length_mm: float | None) -> None:
        """Lie there, and nowhere else."""
        self.ends, self.length_mm, self._held = ends, length_mm, False
        self._canvas.update()

    @property
    def pixels(self) -> float:
        """Its length in the photograph's pixels."""
        return QLineF(*self.ends).length() if self.ends else 0.0

    @property
    def text(self) -> str:
        """Its length in words: in mm where that is known."""
        if self.scale is not None:
            return f"{number(self.pixels * self.scale, 'mm')} mm"
        return f"{self.length_mm:g} mm" if self.length_mm else f"{count(self.pixels)} px"

    def middle(self) -> QPointF:
        """The middle, in the canvas's pixels."""
        return self._on_screen().center()

    # Mouse

    def press(self, point: QPointF, event: QMouseEvent) -> None:
        """Take hold of an end, ask for the length, or begin anew."""
        if event.button() != Qt.MouseButton.LeftButton or self._held:
            return
        at = event.position()
        if self.ends is not None:
            line = self._on_screen()
            apart = [QLineF(at, end).length() for end in (line.p1(), line.p2())]
            if min(apart) <= GRAB:
                self._chosen = apart.index(min(apart))
                self._hold()
                return
            if self.scale is None and _distance(at, line) <= GRAB:
                self._asked()
                return
        self._hold()
        self.ends, self.length_mm, self._chosen = (self._within(point), self._within(point)), None, 1

    def move(self, point: QPointF, event: QMouseEvent) -> None:
        """The held end follows."""
        if self._held:
            self._put(point)

    def release(self, point: QPointF, event: QMouseEvent) -> None:
        """An end is let go; after a first click it still follows, until the second."""
        if not self._held or event.button() != Qt.MouseButton.LeftButton:
            return
        self._put(point)
        if self._on_screen().length() >= SHORTEST:
            self._held = False
            self._rest(asks=True)
        elif self._before[0] is not None:  # an end was dropped on the other, or a click missed the line
            self.show(*self._before)

    def double_click(self, point: QPointF, event: QMouseEvent) -> None:
        """The second press of two fast clicks."""
        self.press(point, event)

    # Keys

    def key(self, event: QKeyEvent) -> bool:
        """Everything that the mouse can do."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.ends is None or self.scale is not None:
                self._lay_across()
            else:
                self._asked()
            return True
        if self.ends is None:
            return False
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._chosen = int(key == Qt.Key.Key_End)
            self._canvas.update()
            return True
        if key in ARROWS:
            self._nudge(ARROWS[key], 10.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0)
            return True
        return False

    def _escape(self) -> bool:
        if self._held:
            self.show(*self._before)
            return True
        if self.ends is not None:
            self._dropped()
            return True
        return False

    def _lay_across(self) -> None:
        canvas = self._canvas
        self._before = (None, None)
        height = canvas.height() / 2
        ends = [self._within(canvas.to_photograph(QPointF(canvas.width() * share, height))) for share in (0.3, 0.7)]
        self.ends, self.length_mm = (ends[0], ends[1]), None
        self._rest(asks=False)

    def _nudge(self, direction: QPointF, steps: float) -> None:
        assert self.ends is not None
        self._before = (self.ends, self.length_mm)
        self._put(self.ends[self._chosen] + direction * 10 * steps / self._canvas.to_screen().m11())  # arrows are 0.1
        if self.pixels < 1:
            self.show(*self._before)
        else:
            self._rest(asks=False)

    # Within

    def _rest(self, asks: bool) -> None:
        """An end has come to rest. asks: whether that alone calls for the length of a line that calibrates."""
        self._canvas.update()
        if self.scale is not None:
            self._laid()
        elif asks:
            self._asked()

    def _hold(self) -> None:
        self._before, self._held = (self.ends, self.length_mm), True

    def _put(self, point: QPointF) -> None:
        assert self.ends is not None
        point = self._within(point)
        self.ends = (self.ends[0], point) if self._chosen else (point, self.ends[1])
        self._canvas.update()

    def _within(self, point: QPointF) -> QPointF:
        """The nearest point of the photograph: beyond it there is nothing to measure."""
        scene = self._canvas.scene
        assert scene is not None
        return QPointF(min(max(point.x(), 0.0), scene.width), min(max(point.y(), 0.0), scene.height))

    def _on_screen(self) -> QLineF:
        assert self.ends is not None
        return self._canvas.to_screen().map(QLineF(*self.ends))

    def paint(self, painter: QPainter, canvas: QWidget) -> None:
        """A line with ticks at round lengths, its ends, the chosen one filled, and its length."""
        if self.ends is None or canvas is not self._canvas:
            return
        painter.resetTransform()  # ticks and text are as large at every zoom
        line = self._on_screen()
        ticks = [line, *self._ticks(line)]
        for colour, width in ((overlay.EDGE, 4.5), (overlay.BAND, 1.6)):
            painter.setPen(QPen(colour, width))
            painter.drawLines(ticks)
        painter.setPen(QPen(overlay.BAND, 1.6))
        for which, end in enumerate((line.p1(), line.p2())):
            painter.setBrush(theme.colours().accent if which == self._chosen else overlay.EDGE)
            painter.drawEllipse(end, 4.5, 4.5)
        middle = line.center().toPoint()
        place = QRect(middle.x() - 60, middle.y() - int(TICK) - 24, 120, 18)
        draw_text(painter, place, self.text, Qt.AlignmentFlag.AlignCenter)

    def _ticks(self, line: QLineF) -> list[QLineF]:
        """At both ends, and at every 1, 2 or 5 (times ten) mm or pixels that is not too close to the next."""
        if line.length() < SHORTEST:
            return []
        whole = self.pixels * self.scale if self.scale is not None else self.length_mm or self.pixels
        per_screen = whole / line.length()
        step = round_below(CLOSEST * per_screen)
        while step / per_screen < CLOSEST:
            step = round_below(step * 2.5)
        across = line.normalVector().unitVector()
        dx, dy = across.dx(), across.dy()
        marks = [(n * step / whole, TICK if n % 5 == 0 else TICK / 2) for n in range(1, int(whole / step) + 1)]
        return [
            QLineF(at.x() - dx * size, at.y() - dy * size, at.x() + dx * size, at.y() + dy * size)
            for at, size in ((line.pointAt(share), size) for share, size in [(0.0, TICK), *marks, (1.0, TICK)])
        ]


def _distance(at: QPointF, line: QLineF) -> float:
    """From a point to a line between its ends."""
    along = line.p2() - line.p1()
    share = QPointF.dotProduct(at - line.p1(), along) / max(line.length() ** 2, 1e-9)
    return QLineF(at, line.pointAt(min(max(share, 0.0), 1.0))).length()
