"""The measures panel, kept up to date once the mask rests and while somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui.feature import Feature, Panel
from diffseg_gui.features.measures.panel import EMPTY, HIDDEN, MeasuresPanel
from diffseg_gui.worker.later import Later
from engine.reading.measures import measures
from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from engine.reading.measures import Measure


class Measures(Feature):
    """Measures the final mask, in mm once a ruler was laid."""

    def __init__(self, document: Document, editing: Editing, messages: Messages, preferences: Preferences) -> None:
        super().__init__()
        self._document, self._editing = document, editing
        self.card = MeasuresPanel(preferences)
        self.panel = Panel("measures", "Measures", "Diameters, area and shape of the lesion, with their ranges",
                           self.card, behind="review", step="measure")  # fmt: skip
        self._looked_at = False
        self._measures: Later[tuple[Measure, ...]] = Later(self._inputs, measures, self._is_wanted, parent=self)
        self._measures.made.connect(self._show)
        messages.watch("measures", self._measures.failed, self._measures.made)
        self.panel.seen.connect(self._appear)
        for signal in (document.opened, document.resultChanged, document.readingChanged):
            signal.connect(self._follow)

    def close(self) -> None:
        """Measure no more."""
        self._measures.close()

    def _inputs(self) -> Inputs:
        """What the measures are made from."""
        document = self._document
        return document.shown.segmentation, self._editing.mask, mm_per_px(document.photograph, document.reading)

    def _is_wanted(self) -> bool:
        return self._looked_at and self._document.shown.segmentation is not None

    def _appear(self, visible: bool) -> None:
        """The panel has come to the front of its tabs, or has gone behind."""
        self._looked_at = visible
        self._follow()

    def _show(self) -> None:
        if self._measures.last is not None:
            self.card.show_measures(self._measures.last)
        self._follow()

    def _follow(self) -> None:
        """Something may have changed: dim what is out of date, and measure anew after a rest, if anyone looks."""
        if self._document.shown.segmentation is None:
            self._measures.forget()
            self.card.hide_measures(EMPTY if self._document.blind is None else HIDDEN)
            return
        self.card.set_current(self._document.shown.current and self._measures.is_current)
        self._measures.follow()
