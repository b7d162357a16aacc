"""Measuring: the ruler and what it calibrates, the scale bar, and the measures panel, kept up to date at rest.

A photograph without calibration is calibrated by the ruler's line. With one, a line measures and changes nothing: only
who says so calibrates again, for a calibration rescales all that is in mm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer

from diffseg_gui.actions import Command
from diffseg_gui.panels.measures import EMPTY, HIDDEN
from diffseg_gui.ruler import LengthBox, RulerTool
from diffseg_gui.scalebar import ScaleBar
from engine.errors import ReadingError
from engine.reading.measures import measures
from engine.reading.reading import Ruler

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow

REST = 150  # ms without a change, after which the mask is measured

COMMANDS = (
    Command("ruler", "Measure", "&Ruler: calibrate, then measure", "M",
            "Calibrate: lay it along a known length; once that is done, measure any length in mm",
            "measuring.use_ruler", group="tool", checkable=True),
    Command("calibrate_again", "Measure", "Calibrate a&gain…", "Ctrl+Shift+M",
            "Lay the ruler along a known length once more; every length in mm follows", "measuring.calibrate_again",
            icon="ruler"),
    Command("uncalibrate", "Measure", "Remove &calibration", "Shift+M", "Back to pixels; Undo brings it back",
            "measuring.uncalibrate", icon="reset"),
)  # fmt: skip
KEYS = "Keys: Enter, Home, End, arrows"
HINT = f"Drag along a known length, then type it.  {KEYS}, Enter again to type; Esc leaves."
AGAIN = f"Lay the ruler along a known length, then type it: all mm follow.  {KEYS}; Esc keeps the old one."
MEASURES = f"Drag to measure in mm; that changes nothing.  {KEYS}; Esc leaves."
MEASURED = "Length: {}.  It changes nothing; Esc or the next line takes it away."
CALIBRATED = "Calibrated: this line is {}.  From now on a line only measures; Ctrl+Shift+M calibrates again."


class Measuring(QObject):
    """Writes the calibration through ``window.edit``; measures the final mask when it has rested and is looked at."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state, self._edit = window, window.state, window.edit
        self._panel, self._canvas = window.measures, window.stage.canvas
        self.ruler = RulerTool(self._canvas, self._laid, self._ask, self._drop)
        self.length = LengthBox(self._canvas)
        self.scale_bar = ScaleBar(self._canvas)
        self._known_ruler: Ruler | None = None  # that the ruler and the scale bar know of
        self._again = False  # the ruler calibrates, although there is a calibration
        self._measured: tuple[object, ...] = ()
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._measure)
        self.length.accepted.connect(self._calibrate)
        self.length.dropped.connect(self._drop)
        self._looked_at = False
        window.docks.measures.visibilityChanged.connect(self._appear)
        self._state.resultChanged.connect(self._follow)
        self._edit.maskChanged.connect(self._follow)
        self._state.readingChanged.connect(self._follow_reading)
        for moved in (window.viewport.changed, self._canvas.resized):
            moved.connect(self._place)
        window.refreshed.connect(self._refreshed)
        window.closing.connect(self._rest.stop)

    # What actions call

    def use_ruler(self, on: bool) -> None:
        """Give the mouse on the photograph to the ruler, or take it away."""
        if on:
            self._canvas.tool = self.ruler
        elif self._canvas.tool is self.ruler:
            self._canvas.tool = None
        self._drop()
        if not on:
            self._window.statusBar().clearMessage()

    def calibrate_again(self) -> None:
        """Take the ruler, as it was calibrated; nothing changes before a length has been told."""
        self._window.actions_by_name["ruler"].setChecked(True)
        self._again = True
        self._begin()

    def uncalibrate(self) -> None:
        """Back to pixels."""
        self._keep("remove calibration", None)

    # The ruler

    def _begin(self) -> None:
        """Nothing is laid yet, or to calibrate again the ruler lies where it was calibrated."""
        known = self._known_ruler
        self.ruler.scale = None if known is None or self._again else known.mm_per_px
        if known is not None and self._again:
            self.ruler.show((QPointF(*known.start), QPointF(*known.end)), known.length_mm)
        else:
            self.ruler.show(None, None)
        self.length.hide()
        self._say(HINT if known is None else AGAIN if self._again else MEASURES)

    def _drop(self) -> None:
        """Forget the line, and the wish to calibrate again."""
        self._again = False
        self._begin()

    def _laid(self) -> None:
        """A line that measures has come to rest."""
        self._say(MEASURED.format(self.ruler.text))

    def _say(self, words: str) -> None:
        if self._canvas.tool is self.ruler:
            self._window.statusBar().showMessage(words)

    def _ask(self) -> None:
        self.length.ask(self.ruler.length_mm, self.ruler.middle())

    def _calibrate(self, length_mm: float) -> None:
        ends = self.ruler.ends
        assert ends is not None
        start, end = ((round(point.x(), 2), round(point.y(), 2)) for point in ends)
        try:
            ruler = Ruler(start, end, length_mm)
        except ReadingError as error:
            self._window.show_failure(str(error))
            self._drop()
            return
        self._keep("ruler", ruler)
        self._drop()
        self.ruler.show(ends, None)  # it stays in view, as a line that measures
        self._say(CALIBRATED.format(f"{length_mm:g} mm"))

    def _keep(self, text: str, ruler: Ruler | None) -> None:
        if self._state.reading is not None:
            self._edit.change(text, replace(self._state.reading, ruler=ruler))

    def _follow_reading(self) -> None:
        """With another calibration what is laid says nothing any more; another change of the reading leaves it."""
        known = self._state.reading.ruler if self._state.reading else None
        if known != self._known_ruler:
            self._known_ruler = known
            self.scale_bar.calibrate(known.mm_per_px if known else None)
            self._drop()
        self._refreshed()
        self._follow()

    def _place(self) -> None:
        if self.length.isVisible():
            self.length.place(self.ruler.middle())

    def _refreshed(self) -> None:
        """Enable what can be done."""
        reading, actions = self._state.reading, self._window.actions_by_name
        actions["ruler"].setEnabled(self._state.image is not None)
        for name in ("calibrate_again", "uncalibrate"):
            actions[name].setEnabled(reading is not None and reading.ruler is not None)
        self.scale_bar.place()

    # The measures

    def _inputs(self) -> tuple[object, ...]:
        """What the measures are made from, compared by identity."""
        reading = self._state.reading
        return self._state.segmentation, self._edit.mask, reading.ruler if reading else None

    def _appear(self, visible: bool) -> None:
        """The panel has come to the front of its tabs, or has gone behind; Qt calls it visible all the time."""
        self._looked_at = visible
        self._follow()

    def _follow(self) -> None:
        """Something may have changed: dim what is out of date, and measure anew after a rest, if anyone looks."""
        if self._edit.blind or self._state.segmentation is None:
            self._rest.stop()
            self._measured = ()
            self._panel.hide_measures(HIDDEN if self._edit.blind else EMPTY)
            return
        same = bool(self._measured) and all(a is b for a, b in zip(self._measured, self._inputs(), strict=True))
        self._panel.set_current(same and self._state.current)
        if not same and self._looked_at:
            self._rest.start()

    def _measure(self) -> None:
        found, mask = self._state.segmentation, self._edit.mask
        if found is None or mask is None or self._edit.blind:
            return
        reading = self._state.reading
        self._panel.show_measures(measures(found, mask, reading.mm_per_px if reading else None))
        self._measured = self._inputs()
        self._follow()
