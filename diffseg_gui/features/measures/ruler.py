"""The ruler: a line along a known length gives the photograph its scale; from then on its lines measure.

A photograph without a scale gets it from the ruler's line. With one, which its file may give, a line measures and
changes nothing: only who says so lays the ruler again for the scale, since that changes all that is in mm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from diffseg_gui.feature import Command, Feature
from diffseg_gui.look.figures import number
from diffseg_gui.tools.length_box import LengthBox
from diffseg_gui.tools.ruler import RulerTool
from diffseg_gui.view.scale_bar import ScaleBar
from engine.errors import ReadingError
from engine.photograph.about import LEAST_SIDE_MM, MOST_SIDE_MM
from engine.reading.contours import extent
from engine.reading.reading import Ruler
from engine.reading.scale import RULER as BY_HAND
from engine.reading.scale import scale_of

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scenes import Scenes
    from engine.photograph.about import Spacing

RULER = "ruler"  # the step of undo, and what failures are about
KEYS = "Keys: Enter, Home, End, arrows"
HINT = f"Drag along a known length, then type that length.  {KEYS}, Enter again to type; Esc puts the ruler away."
AGAIN = f"Lay the ruler along a known length, then type that length.  {KEYS}; Esc keeps the former scale."
MEASURES = f"Drag to measure in mm; this changes nothing.  {KEYS}; Esc puts the ruler away."
MEASURED = "The length is {}.  Measuring changes nothing; Esc or the next line removes it."
MOST_LESION_MM = 300.0
CALIBRATED = "Calibrated: this line is {}.  From now on, lines only measure; Ctrl+Shift+M calibrates again."


class Ruling(Feature):
    """Hands the ruler to the canvas, keeps the scale that it gives, and shows that as a bar."""

    def __init__(
        self, document: Document, editing: Editing, scenes: Scenes, canvas: Canvas, messages: Messages
    ) -> None:
        super().__init__()
        self._document, self._editing, self._canvas, self._messages = document, editing, canvas, messages
        self.ruler = RulerTool(canvas, self._laid, self._ask, self._drop)
        self.length = LengthBox(canvas, self._why_not)
        self.scale_bar = ScaleBar(canvas)
        self._known: Ruler | None = None  # that the tool knows of
        self._scale: Spacing | None = None  # that the tool and the scale bar know of
        self._again = False  # the line is to give the scale, although there is one
        self.length.accepted.connect(self._calibrate)
        self.length.dropped.connect(self._drop)
        for signal in (document.opened, document.readingChanged):
            signal.connect(self._follow)
        for moved in (canvas.viewport.changed, canvas.resized):
            moved.connect(self._place)
        canvas.toolChanged.connect(self._tool_changed)
        scenes.changed.connect(self.scale_bar.place)
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        def has_ruler() -> bool:
            return self._document.reading.ruler is not None

        def has_scale() -> bool:
            return scale_of(self._document.photograph, self._document.reading) is not None

        return (
            Command("ruler", "Measure", "&Ruler: calibrate, then measure", "M",
                    "Calibrate by laying it along a known length; after that it measures any length in mm", self.use,
                    lambda: self._document.photograph is not None, checked=self._is_in_hand, bar=60),
            Command("calibrate_again", "Measure", "Calibrate a&gain…", "Ctrl+Shift+M",
                    "Lay the ruler along a known length once more; all lengths in mm change with it",
                    self.calibrate_again, has_scale, icon="ruler"),
            Command("uncalibrate", "Measure", "Remove &calibration", "Shift+M",
                    "Go back to the scale that the file states, or to pixels; Undo brings the calibration back",
                    self.uncalibrate, has_ruler, icon="reset"),
        )  # fmt: skip

    # What commands do

    def use(self, on: bool) -> None:
        """Give the mouse on the photograph to the ruler, or take it away."""
        if on:
            self._canvas.tool = self.ruler
        elif self._is_in_hand():
            self._canvas.tool = None

    def calibrate_again(self) -> None:
        """Take the ruler as it was laid for the scale; nothing changes before a length has been told."""
        self.use(True)
        self._again = True
        self._begin()

    def uncalibrate(self) -> None:
        """Back to the file's own scale, or to pixels."""
        self._keep("remove calibration", None)

    # Within

    def _is_in_hand(self) -> bool:
        return self._canvas.tool is self.ruler

    def _tool_changed(self) -> None:
        self._drop()
        self.changed.emit()

    def _begin(self) -> None:
        """Nothing is laid yet; or, for another scale, the ruler lies where it gave the present one."""
        known, scale = self._known, self._scale
        self.ruler.scale = None if scale is None or self._again else scale.mm_per_px
        if known is not None and self._again:
            self.ruler.show((QPointF(*known.start), QPointF(*known.end)), known.length_mm)
        else:
            self.ruler.show(None, None)
        self.length.hide()
        self._say(HINT if scale is None else AGAIN if self._again else MEASURES)

    def _drop(self) -> None:
        """Forget the line, and that it was to give another scale."""
        self._again = False
        self._begin()

    def _laid(self) -> None:
        """A line that measures has come to rest."""
        self._say(MEASURED.format(self.ruler.text))

    def _say(self, words: str) -> None:
        if self._is_in_hand():
            self._messages.notice(words, 0)

    def _ask(self) -> None:
        self.length.ask(self.ruler.length_mm, self.ruler.middle())

    def _calibrate(self, length_mm: float) -> None:
        ends = self.ruler.ends
        assert ends is not None
        start, end = ((round(point.x(), 2), round(point.y(), 2)) for point in ends)
        try:
            ruler = Ruler(start, end, length_mm)
        except ReadingError as error:
            self._messages.failure(str(error), RULER)
            self._drop()
            return
        self._messages.worked(RULER)
        self._keep(RULER, ruler)
        self._drop()
        self.ruler.show(ends, None)  # it stays in view, as a line that measures
        self._say(CALIBRATED.format(f"{length_mm:g} mm"))

    def _why_not(self, length_mm: float) -> str:
        """Why a length cannot be that of the line, for what is in the photograph would be too large or too small."""
        photograph, mask = self._document.photograph, self._editing.mask
        if photograph is None or not self.ruler.pixels:
            return ""
        scale = length_mm / self.ruler.pixels
        side = scale * max(photograph.width, photograph.height)
        if not LEAST_SIDE_MM <= side <= MOST_SIDE_MM:
            return f"With {length_mm:g} mm the photograph would be {number(side, 'mm')} mm wide; check the length."
        if self._document.blind is None and mask is not None and mask.any():
            rows, columns = extent(mask)
            lesion = scale * max(rows.stop - rows.start, columns.stop - columns.start)
            if lesion > MOST_LESION_MM:
                return f"With {length_mm:g} mm the lesion would be {number(lesion, 'mm')} mm across; check the length."
        return ""

    def _keep(self, text: str, ruler: Ruler | None) -> None:
        self._editing.change(text, replace(self._document.reading, ruler=ruler))

    def _follow(self) -> None:
        """With another scale what is laid says nothing any more; another change of the reading leaves it."""
        known, scale = self._document.reading.ruler, scale_of(self._document.photograph, self._document.reading)
        if (known, scale) != (self._known, self._scale):
            self._known, self._scale = known, scale
            source = "" if scale is None or scale.source == BY_HAND else scale.source
            self.scale_bar.calibrate(None if scale is None else scale.mm_per_px, source)
            self._drop()

    def _place(self) -> None:
        if self.length.isVisible():
            self.length.place(self.ruler.middle())
