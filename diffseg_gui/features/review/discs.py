"""Small numbered discs beside the doubtful places: where they are, which are decided, and a click to go there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from diffseg_gui.features.review.panel import STATES
from diffseg_gui.look import overlay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scenes import Scenes
    from engine.reading.regions import Region

SIZE = 22  # pixels
LETTERS = 11  # height of the number, pixels
AWAY = 20.0  # pixels from the place, away from the lesion's middle, so that what is to be judged stays free


class Disc(QAbstractButton):
    """A region's number: amber while it is open, green once it is decided."""

    def __init__(self, region: Region, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.region = region
        self.choice: str | None = None
        self.setFixedSize(SIZE, SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys go to the list, or N and P
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.decide(None)

    def decide(self, choice: str | None) -> None:
        """Show what was decided, one of STATES."""
        self.choice = choice
        said = f"{self.region.number}  {self.region.place}, {STATES[choice][1]}"
        self.setToolTip(f"{said}: click to go there")
        self.setAccessibleName(said)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw it, a little brighter under the mouse."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, letters = overlay.OPEN if self.choice is None else overlay.DECIDED
        painter.setBrush(ground.lighter(112) if self.underMouse() else ground)
        painter.setPen(QPen(overlay.EDGE, 1.6))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        font = painter.font()
        font.setPixelSize(LETTERS)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(letters)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self.region.number))


class Discs(QObject):
    """The discs on a canvas. They go with the overlay, let tools through, and are in no picture but the screen's."""

    chosen = Signal(int)  # a region's number

    def __init__(self, canvas: Canvas, scenes: Scenes) -> None:
        super().__init__(canvas)
        self._canvas, self._scenes = canvas, scenes
        self.on = True
        self.all: list[Disc] = []
        self._current: Region | None = None
        self._middle = QPointF()  # of all regions, in the photograph's pixels
        canvas.viewport.changed.connect(self.place)
        for signal in (
            canvas.resized,
            canvas.viewport.overlayHidden,
            canvas.toolChanged,
            canvas.splitChanged,
            scenes.changed,
        ):
            signal.connect(self.place)

    def switch(self, on: bool) -> None:
        """Show them at all, or not."""
        self.on = on
        self.place()

    def show(self, regions: Sequence[Region], choices: Mapping[int, str], current: Region | None) -> None:
        """Have a disc for each of these; the current one is marked itself."""
        if [disc.region for disc in self.all] != list(regions):
            for disc in self.all:
                disc.hide()
                disc.deleteLater()
            self.all = [Disc(region, self._canvas) for region in regions]
            for disc in self.all:
                disc.clicked.connect(lambda _=False, number=disc.region.number: self.chosen.emit(number))
            if regions:
                x, y = zip(*(region.centre for region in regions), strict=True)
                self._middle = QPointF(sum(x) / len(x), sum(y) / len(y))
        self._current = current
        for disc in self.all:
            if disc.choice != (choice := choices.get(disc.region.number)):
                disc.decide(choice)
        self.place()

    def place(self) -> None:
        """Follow the view; hide with all that lies over the photograph."""
        canvas = self._canvas
        on = self.on and canvas.scene is not None and canvas.curves_visible and self._scenes.draws_overlay
        to_screen, plain = canvas.to_screen(), canvas.split.left if canvas.split is not None else 0
        for disc in self.all:
            at = self._beside(to_screen.map(QPointF(*disc.region.centre)), to_screen.map(self._middle))
            disc.move(self._within(at))
            disc.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, canvas.tool is not None)
            disc.setVisible(on and disc.x() >= plain and disc.region is not self._current)

    def _within(self, at: QPointF) -> QPoint:
        """A disc's corner where its middle is ``at``; at the view's edge it is moved in, or it would be cut off."""
        room = self._canvas.rect()
        if not room.adjusted(-SIZE, -SIZE, SIZE, SIZE).contains(at.toPoint()):
            return QPoint(round(at.x() - SIZE / 2), round(at.y() - SIZE / 2))  # the place is out of view, and so is it
        x, y = min(at.x() - SIZE / 2, room.width() - SIZE), min(at.y() - SIZE / 2, room.height() - SIZE)
        return QPoint(round(max(x, 0)), round(max(y, 0)))

    def _beside(self, at: QPointF, middle: QPointF) -> QPointF:
        """A little farther from the middle."""
        away = at - middle
        length = math.hypot(away.x(), away.y())
        return at + away * (AWAY / length) if length > 0 else at
