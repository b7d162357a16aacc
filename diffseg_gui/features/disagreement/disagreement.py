"""The disagreement panel, which follows the document; a pair of masks that is chosen there is shown elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from diffseg_gui.feature import Feature, Panel
from diffseg_gui.features.disagreement.panel import DisagreementPanel
from diffseg_gui.worker.later import Later
from engine.reading.measures import area_range
from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages


class Disagreement(Feature):
    """Shows GED, areas and provenance of what may be seen."""

    pairChosen = Signal(int, int)  # timesteps
    farthestChosen = Signal()  # the two whose masks lie farthest apart

    def __init__(self, document: Document, editing: Editing, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing = document, editing
        self._range: Later[tuple[float, float]] = Later(self._inputs, area_range, self._is_wanted, parent=self)
        self._range.made.connect(self._follow_range)
        messages.watch("areas", self._range.failed, self._range.made)
        self._looked_at = False
        self._scale: float | None = None
        self.card = DisagreementPanel(document)
        self.card.matrix.pairChosen.connect(self.pairChosen)
        self.card.farthest.clicked.connect(self.farthestChosen)
        self.panel = Panel(
            "readout",
            "Disagreement",
            "How far the timesteps' masks lie apart, the area, and what did the work",
            self.card,
            behind="review",
        )
        for signal in (document.opened, document.resultChanged):
            signal.connect(self._follow)
        editing.maskChanged.connect(self._follow_range)
        self.panel.seen.connect(self._appear)
        document.readingChanged.connect(self._follow_scale)

    def close(self) -> None:
        """Measure no more."""
        self._range.close()

    def _inputs(self) -> Inputs:
        return self._document.shown.segmentation, self._editing.mask

    def _is_wanted(self) -> bool:
        return self._looked_at and self._document.shown.current and self._editing.has_mask

    def _appear(self, visible: bool) -> None:
        self._looked_at = visible
        self._follow_range()

    def _follow(self) -> None:
        """Another photograph or result."""
        self._find_range()
        self.card.refresh()

    def _follow_range(self) -> None:
        """The final mask is another one, or its range has been found."""
        self._find_range()
        self.card.show_area()

    def _find_range(self) -> None:
        if self._document.shown.segmentation is None:
            self._range.forget()
        known = self._document.shown.current and self._range.is_current
        self.card.range = self._range.last if known else None
        self._range.follow()

    def _follow_scale(self) -> None:
        """Of the reading only the size of a pixel matters here."""
        scale = mm_per_px(self._document.photograph, self._document.reading)
        if scale != self._scale:
            self._scale = scale
            self.card.show_area()
