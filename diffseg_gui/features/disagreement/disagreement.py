"""The disagreement panel, which follows the document; a pair of masks that is chosen there is shown elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from diffseg_gui.feature import Feature, Panel
from diffseg_gui.features.disagreement.panel import DisagreementPanel

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document


class Disagreement(Feature):
    """Shows GED, areas and provenance of what may be seen."""

    pairChosen = Signal(int, int)  # timesteps
    farthestChosen = Signal()  # the two whose masks lie farthest apart

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._scale: float | None = None
        self.card = DisagreementPanel(document)
        self.card.matrix.pairChosen.connect(self.pairChosen)
        self.card.farthest.clicked.connect(self.farthestChosen)
        self.panel = Panel("readout", "Disagreement", "GED, area, and what did the work", self.card, behind="review")
        for signal in (document.opened, document.resultChanged):
            signal.connect(self.card.refresh)
        document.readingChanged.connect(self._follow_scale)

    def _follow_scale(self) -> None:
        """Of the reading only the size of a pixel matters here."""
        scale = self._document.reading.mm_per_px
        if scale != self._scale:
            self._scale = scale
            self.card.show_area()
