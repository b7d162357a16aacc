"""Which scribbling tool is in hand, what becomes of its strokes, and how they look over the photograph."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.scribble.strip import ScribbleStrip
from diffseg_gui.look import overlay
from diffseg_gui.messages import LONG
from diffseg_gui.tools.scribbling import ScribbleTool
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve
from diffseg_gui.view.views import PHOTOGRAPH
from engine.scribbles import LESION, SKIN, Scribble

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.tools.scribbling import Points
    from diffseg_gui.view.canvas import Canvas
    from engine.scribbles import Scribbles

TOOLS = {  # label: name, text, shortcut, explanation, place in the tool bar
    LESION: (
        "scribble_lesion",
        "Scribble what is lesio&n",
        "J",
        "Touch what is lesion; the border follows (Alt: skin)",
        36,
    ),
    SKIN: ("scribble_skin", "Scribble &what is skin", "K", "Touch what is skin; the border follows (Alt: lesion)", 0),
}
HINT = "{}. Aim for the middle of what is wrong"
DOTS = (1.0, 2.0)  # and gaps, in widths of the line
BLIND = "The border that would follow is hidden while you read blind"


class Scribbling(Feature):
    """Hands two tools to the canvas; each of their strokes becomes part of the reading, and can be undone.

    everywhere: how far the next stroke goes.
    """

    def __init__(self, document: Document, editing: Editing, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing, self._canvas, self._messages = document, editing, canvas, messages
        self.tools = {label: ScribbleTool(label, canvas, editing, self._add) for label in TOOLS}
        self.everywhere = True
        self._asked: Scribbles | None = None  # what the worker was asked to follow and has not yet
        self.strip = ScribbleStrip(canvas)
        self.strip.labelChosen.connect(lambda label: self.use(label, True))
        self.strip.reachChosen.connect(self.reach)
        self._curves: Derived[tuple[Curve, ...]] = Derived(lambda: (document.reading.scribbles,), _curves)
        self.layers = (Layer(Depth.SCRIBBLES, self._layer),)
        canvas.resized.connect(self.strip.place)
        canvas.toolChanged.connect(self.show_tool)
        document.blindChanged.connect(self._lay_down)
        document.progressChanged.connect(self._note_stop)  # before a stop's resultChanged
        for signal in (document.readingChanged, document.resultChanged):
            signal.connect(self._follow)
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        return (
            *(
                Command(name, "Edit", text, shortcut, tip, partial(self.use, label), self._can_scribble,
                        lambda: BLIND, partial(self._is_in_hand, label), line=label == LESION, bar=bar)
                for label, (name, text, shortcut, tip, bar) in TOOLS.items()
            ),
            Command("scribble_everywhere", "Edit", "Scribbles act e&verywhere", "Shift+J",
                    "What looks alike follows all around the lesion, or only near the next stroke", self.reach,
                    self._can_scribble, lambda: BLIND, lambda: self.everywhere),
            Command("clear_scribbles", "Edit", "&Forget all scribbles", "Shift+K",
                    "Take all scribbles back; Undo brings them again", self.clear,
                    lambda: bool(self._document.reading.scribbles), icon="reset"),
        )  # fmt: skip

    # What commands do

    def use(self, label: int, on: bool) -> None:
        """Take a tool, or lay it down."""
        if on:
            self._canvas.tool = self.tools[label]
            self._messages.notice(HINT.format(TOOLS[label][3]), LONG)
        elif self._is_in_hand(label):
            self._canvas.tool = None

    def reach(self, everywhere: bool) -> None:
        """How far the next strokes go."""
        self.everywhere = everywhere
        self.show_tool()

    def clear(self) -> None:
        """Take all scribbles back; the border goes back with them."""
        self._editing.change("clear scribbles", replace(self._document.reading, scribbles=()))

    def show_tool(self) -> None:
        """Show the strip with what the tool in hand says, or hide it."""
        tool = next((tool for tool in self.tools.values() if tool is self._canvas.tool), None)
        if tool is None:
            self.strip.hide()
        else:
            self.strip.show_tool(tool.value, self.everywhere, 2 * tool.radius)
        self.changed.emit()

    # Within

    def _add(self, label: int, points: Points, radius: float) -> None:
        scribble = Scribble(label, points, radius, self.everywhere)
        reading = self._document.reading
        self._editing.change(self.tools[label].name, replace(reading, scribbles=(*reading.scribbles, scribble)))

    def _follow(self) -> None:
        """Have the border follow scribbles that it has not; while the worker is at something, it ends that first."""
        document, scribbles = self._document, self._document.reading.scribbles
        found = document.shown.segmentation
        if found is None or found.image is not document.photograph or document.is_busy:
            return
        if scribbles == found.scribbles:
            self._asked = None
        elif scribbles != self._asked:  # what could not be done is not tried again by itself
            self._asked = scribbles
            document.run_again()

    def _note_stop(self) -> None:
        """Who stops the worker does not want it to go on with the scribbles that there are."""
        if self._document.cancelled:
            self._asked = self._document.reading.scribbles

    def _can_scribble(self) -> bool:
        return self._document.photograph is not None and self._document.blind is None

    def _is_in_hand(self, label: int) -> bool:
        return self._canvas.tool is self.tools[label]

    def _lay_down(self) -> None:
        """While a photograph is read blind there is no border that could follow."""
        if self._document.blind is not None and self._canvas.tool in self.tools.values():
            self._canvas.tool = None

    def _layer(self, key: str) -> tuple[Curve, ...]:
        return self._curves.value if key == PHOTOGRAPH else ()


def _curves(scribbles: Scribbles) -> tuple[Curve, ...]:
    """The outlines of all scribbles of a label as one curve; skin is hatched."""
    lesion, skin = (_outline([one for one in scribbles if one.label == label]) for label in (LESION, SKIN))
    return (
        Curve(lesion, overlay.RESULT, 1.0, dashed=DOTS, name="scribbled lesion"),
        Curve(skin, overlay.BAND, 1.0, dashed=DOTS, hatch=True, name="scribbled skin"),
    )


def _outline(scribbles: list[Scribble]) -> QPainterPath:
    path = QPainterPath()
    for one in scribbles:
        points = [QPointF(x, y) for x, y in one.points]
        line = QPainterPath(points[0])
        line.addPolygon(QPolygonF([*points, points[-1] + QPointF(1e-3, 0)]))  # a click is a line, too
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * one.radius)
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        path = path.united(stroker.createStroke(line))
    return path
