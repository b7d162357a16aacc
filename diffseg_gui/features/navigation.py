"""Looking: which view is large, and how close."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from diffseg_gui.feature import Command, Feature
from diffseg_gui.view.views import PHOTOGRAPH, PROBABILITY, VIEWS

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.views import Display

ZOOM = "View/&Zoom"
NOT_YET = "Probability: known when the analysis is done"
UNCALIBRATED = "Probability: this model is not calibrated; “diffseg calibrate” does it, with annotated photographs"
HIDDEN = "Hidden until you reveal the result"


class Navigation(Feature):
    """Chooses views and zooms; begins with the whole photograph when one is opened."""

    def __init__(self, document: Document, display: Display, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._display, self._canvas, self._messages = document, display, canvas, messages
        canvas.toolChanged.connect(self._forget_hint)
        document.opened.connect(self._begin)
        document.resultChanged.connect(self._leave_what_is_not_there)
        self.commands = (
            *(self._view(number, key) for number, key in enumerate(VIEWS, 1)),
            Command("zoom_in", ZOOM, "Zoom &in", "+; =", "Closer", partial(canvas.zoom_by, 1.25), bar=51),
            Command("zoom_out", ZOOM, "Zoom o&ut", "-", "Farther", partial(canvas.zoom_by, 0.8), bar=50),
            Command("fit", ZOOM, "&Fit", "F", "Show the whole photograph", canvas.viewport.fit, bar=52),
            Command("actual", ZOOM, "&1:1", "Ctrl+1", "One screen pixel for each of the photograph's",
                    canvas.actual_size, bar=53),
        )  # fmt: skip

    def _view(self, number: int, key: str) -> Command:
        view = VIEWS[key]
        return Command(
            f"view_{key}", "View", view.title, str(number), view.tip, partial(self._display.toggle, key),
            partial(self._is_there, key), partial(self._why_not, key), partial(self._is_large, key), one_of="view",
            line=number == 1,
        )  # fmt: skip

    def escape(self) -> bool:
        """Lay the tool down."""
        had_tool = self._canvas.tool is not None
        self._canvas.tool = None
        return had_tool

    def _is_large(self, key: str) -> bool:
        return self._display.view == key

    def _is_there(self, key: str) -> bool:
        """Whether a view can be chosen; views that wait for a result can."""
        if key == PROBABILITY:
            found = self._document.shown.segmentation
            return found is not None and found.softening is not None
        return key == PHOTOGRAPH or self._document.blind is None

    def _why_not(self, key: str) -> str:
        if self._document.blind is not None:
            return HIDDEN
        return UNCALIBRATED if self._document.shown.segmentation is not None else NOT_YET

    def _leave_what_is_not_there(self) -> None:
        """Another model may give no probability."""
        waits = self._document.shown.segmentation is None
        if self._display.view == PROBABILITY and not waits and not self._is_there(PROBABILITY):
            self._display.show(PHOTOGRAPH)

    def _forget_hint(self) -> None:
        """What was said of a tool is of no use once it is laid down."""
        if self._canvas.tool is None:
            self._messages.clear()

    def _begin(self) -> None:
        self._canvas.tool = None
        self._canvas.setFocus()  # not some box, which would take keys that are shortcuts
        self._canvas.viewport.fit()
        self._display.show(PHOTOGRAPH)
