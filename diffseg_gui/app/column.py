"""The clinical view's one column: the guide's head, the cards of one step, what the lines mean, the guide's foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from diffseg_gui.app.dock import cover
from diffseg_gui.arrangement import STEPS
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QHideEvent, QShowEvent

    from diffseg_gui.feature import Panel

WIDTH = 316  # pixels
GAP = 8  # pixels between cards


class Holder(QFrame):
    """A card in the column. It may go to its dock and come back; the place stays."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.setObjectName("card")
        self.panel = panel
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(0)

    def take(self) -> None:
        """Have the panel's header and card."""
        card = self.panel.card
        card.outer.removeWidget(card.header)
        card.setObjectName("flat")
        card.title.setText(self.panel.plain)
        self._inside.addWidget(card.header)
        self._inside.addWidget(card, 1)
        card.header.dress("cardtitle")
        card.header.show_title(True)
        card.header.show()
        card.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Its step has come, or the column."""
        super().showEvent(event)
        self.panel.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another step has come, or the column has gone."""
        super().hideEvent(event)
        self.panel.seen.emit(False)


class Column(QDockWidget):
    """Stands at the right of the window, as wide as it always is, and cannot be moved."""

    def __init__(self, panels: Iterable[Panel], window: QMainWindow) -> None:
        """panels: in the order in which those of a step stand below each other."""
        super().__init__("Guide", window)
        self.setObjectName("column")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget(self))
        self.holders = {panel.name: Holder(panel) for panel in panels if panel.step in STEPS}
        self._pages = QStackedWidget()
        self._areas = {step: self._page(step) for step in STEPS}
        self._cover = cover()
        self._pages.addWidget(self._cover)
        self._step = STEPS[0]
        frame = named(QWidget(), "column")
        self.rows = QVBoxLayout(frame)
        self.rows.setContentsMargins(0, 0, 8, 6)
        self.rows.setSpacing(GAP)
        self.rows.addWidget(self._pages, 1)
        self.key = QVBoxLayout()  # of the lines over the photograph
        self.rows.addLayout(self.key)
        frame.setFixedWidth(WIDTH)
        self.setWidget(frame)

    def _page(self, step: str) -> QScrollArea:
        """The cards of a step; one whose panel scrolls by itself takes what the others leave."""
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        holders = [holder for holder in self.holders.values() if holder.panel.step == step]
        for holder in holders:
            rows.addWidget(holder, 0 if holder.panel.scrolls else 1)
        if all(holder.panel.scrolls for holder in holders):
            rows.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self._pages.addWidget(area)
        return area

    def add_ends(self, head: QWidget, foot: QWidget) -> None:
        """Lay the guide's widgets above and below the cards."""
        self.rows.insertWidget(0, head)
        self.rows.addWidget(foot)

    def show_step(self, step: str) -> None:
        """Have the cards of one step."""
        self._step = step
        if self._pages.currentWidget() is not self._cover:
            self._pages.setCurrentWidget(self._areas[step])

    def cover(self, covered: bool) -> None:
        """Put a sentence in place of all cards, or show them again."""
        self._pages.setCurrentWidget(self._cover if covered else self._areas[self._step])
