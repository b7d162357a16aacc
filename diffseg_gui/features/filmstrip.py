"""One mask per timestep, below the photograph."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import percent
from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.thumb import mark_chosen
from diffseg_gui.view.views import View, timestep_view

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from diffseg_gui.document.document import Document
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.viewport import Viewport
    from diffseg_gui.view.views import Display

ROW = 130  # pixels that a row of the filmstrip needs to look like one
FRAME = (65, 92)  # pixels that a frame needs, at least


class Filmstrip(Feature):
    """Keeps the filmstrip showing the masks as they are now, each with its share of the photograph."""

    def __init__(self, document: Document, scenes: Scenes, display: Display, viewport: Viewport) -> None:
        super().__init__()
        self._document, self._scenes, self._display = document, scenes, display
        self.card = FilmstripCard(viewport, display)
        self.panel = Panel("filmstrip", "One mask per timestep", "The mask of each timestep and its area", self.card,
                           Place.BOTTOM, height=140, scrolls=False)  # fmt: skip
        self._looked_at = False
        scenes.changed.connect(self._refresh)
        self.panel.seen.connect(self._appear)

    def _appear(self, visible: bool) -> None:
        self._looked_at = visible
        self._refresh()

    def _refresh(self) -> None:
        self.card.offer(self._document.recipe.noise.timesteps)
        if not self._looked_at:
            return  # no mask is painted that nobody sees
        shown = self._document.shown
        evidence, consensus = shown.evidence, shown.consensus
        for t, frame in self.card.frames.items():
            frame.canvas.show_scene(self._scenes.scene(frame.view.key))
            mark_chosen(frame, self._display.view == frame.view.key)
            there = evidence is not None and consensus is not None and t in evidence.timesteps
            share = consensus.areas[evidence.timesteps.index(t)] if there and consensus and evidence else None
            frame.area.setText("" if share is None else percent(share))


class FilmstripCard(Card):
    """One mask per timestep, each appearing when it is there, with its share of the image; in rows where it is tall."""

    def __init__(self, viewport: Viewport, display: Display, parent: QWidget | None = None) -> None:
        super().__init__("One mask per timestep", parent)
        self.note.setText("double click or Enter shows one large")
        self._viewport, self._display = viewport, display
        self.frames: dict[int, Frame] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        inner = QWidget()
        inner.setLayout(self._grid)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self.outer.setContentsMargins(8, 2, 8, 4)
        self.body.addWidget(scroll, 1)

    def sizeHint(self) -> QSize:
        """Tall enough for a mask, its name and its area."""
        return QSize(600, 132)

    def offer(self, timesteps: tuple[int, ...]) -> None:
        """Have a frame for each of these timesteps."""
        if tuple(self.frames) != timesteps:
            self._rebuild(timesteps)

    def _rebuild(self, timesteps: tuple[int, ...]) -> None:
        for frame in self.frames.values():
            self._grid.removeWidget(frame)
            frame.deleteLater()
        self.frames = {}
        for t in timesteps:
            view = timestep_view(t)
            frame = Frame(view, t, self._viewport)
            frame.canvas.doubleClicked.connect(lambda key=view.key: self._display.toggle(key))
            self.frames[t] = frame
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a column beside the photograph it is tall and slim."""
        self._lay()
        super().resizeEvent(event)

    def _lay(self) -> None:
        """As many rows as have room; lower ones, where the frames would not fit beside each other."""
        rows = max(1, self.height() // ROW)
        columns = math.ceil(len(self.frames) / rows)
        fitting = max(1, self.width() // FRAME[0])
        if columns > fitting and math.ceil(len(self.frames) / fitting) <= self.height() // FRAME[1]:
            columns = fitting
        for number, frame in enumerate(self.frames.values()):
            self._grid.addWidget(frame, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < columns))


class Frame(QFrame):
    """One timestep's mask in the filmstrip."""

    def __init__(self, view: View, t: int, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumb")
        self.setToolTip(f"{view.tip}. Double click or Enter shows it large.")
        self.view = view
        self.canvas = Canvas(viewport, view.title)
        self.canvas.setMinimumSize(52, 40)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name = QLabel(f"t = {t}", alignment=Qt.AlignmentFlag.AlignCenter)
        self.area = named(QLabel("", alignment=Qt.AlignmentFlag.AlignCenter), "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 2)
        layout.setSpacing(1)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.name)
        layout.addWidget(self.area)
