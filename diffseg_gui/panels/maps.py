"""Small linked views: the maps on the right and the filmstrip of timesteps below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from diffseg_gui import theme
from diffseg_gui.canvas import Canvas
from diffseg_gui.panels.card import Card
from diffseg_gui.views import AMBIGUITY, CONSISTENCY, COUNTERFACTUAL, REFINED, VIEWS, Scale, Scenes, View, timestep_view
from engine.records.render import colour_table

if TYPE_CHECKING:
    from diffseg_gui.state import State
    from diffseg_gui.viewport import Viewport

ROW = 130  # pixels that a row of the filmstrip needs to look like one


class ColourBar(QWidget):
    """A heatmap's colours with the values at both ends."""

    def __init__(self, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setFixedHeight(16)
        self.setToolTip(f"From {scale.limits[0]:g} to {scale.limits[1]:g}, colour map {scale.name}")

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw low value, gradient, high value."""
        painter = QPainter(self)
        low, high = (f"{value:g}" for value in self._scale.limits)
        metrics = painter.fontMetrics()
        left, right = metrics.horizontalAdvance(low) + 6, metrics.horizontalAdvance(high) + 6
        bar = QRectF(left, 4, self.width() - left - right, 8)
        gradient = QLinearGradient(bar.left(), 0, bar.right(), 0)
        table = colour_table(self._scale.name)
        for step in range(17):
            gradient.setColorAt(step / 16, QColor(*table[min(step * 16, 255)].tolist()))
        painter.fillRect(bar, gradient)
        painter.setPen(theme.colours().muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)


class MapPanel(QFrame):
    """One map; a double click shows it large."""

    chosen = Signal(str)

    def __init__(self, view: View, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="thumb")
        self.view = view
        self.setToolTip(f"{view.tip}. Double click or Enter shows it large.")
        self.title = QLabel(view.short)
        self.title.setMinimumWidth(20)
        self.note = QLabel("", objectName="muted")
        self.canvas = Canvas(viewport, view.title)
        self.canvas.setMinimumHeight(70)
        self.canvas.hint = view.tip
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.canvas.doubleClicked.connect(lambda: self.chosen.emit(view.key))
        header = QHBoxLayout()
        header.addWidget(self.title)
        header.addStretch()
        header.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 3, 5, 3)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.canvas, 1)
        self.bar = ColourBar(view.scale) if view.scale is not None else None
        if self.bar is not None:
            layout.addWidget(self.bar)

    def show_from(self, scenes: Scenes, chosen: str) -> None:
        """Take over what there is to show."""
        scene = scenes.scene(self.view.key)
        self.canvas.show_scene(scene)
        self.note.setText("updating" if scene is not None and scene.stale else "")
        if self.bar is not None:
            self.bar.setVisible(scene is not None)
        _mark_chosen(self, chosen == self.view.key)


class MapsPanel(Card):
    """The four maps, two by two."""

    chosen = Signal(str)

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__("Maps", parent)
        self.outer.setContentsMargins(6, 2, 6, 4)
        layout = QGridLayout()
        layout.setSpacing(2)
        self.body.addLayout(layout)
        self.panels: dict[str, MapPanel] = {}
        for number, key in enumerate((CONSISTENCY, AMBIGUITY, REFINED, COUNTERFACTUAL)):
            panel = MapPanel(VIEWS[key], viewport)
            panel.chosen.connect(self.chosen)
            self.panels[key] = panel
            layout.addWidget(panel, number // 2, number % 2)
            layout.setColumnStretch(number % 2, 1)
            layout.setRowStretch(number // 2, 1)

    def show_from(self, scenes: Scenes, chosen: str) -> None:
        """Take over what there is to show."""
        for panel in self.panels.values():
            panel.show_from(scenes, chosen)


class Frame(QFrame):
    """One timestep's mask in the filmstrip."""

    def __init__(self, view: View, t: int, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="thumb")
        self.setToolTip(f"{view.tip}. Double click or Enter shows it large.")
        self.view = view
        self.canvas = Canvas(viewport, view.title)
        self.canvas.setMinimumSize(52, 40)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name = QLabel(f"t = {t}", alignment=Qt.AlignmentFlag.AlignCenter)
        self.area = QLabel("", objectName="muted", alignment=Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 2)
        layout.setSpacing(1)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.name)
        layout.addWidget(self.area)


class Filmstrip(Card):
    """One mask per timestep, each appearing when it is there, with its share of the image; in rows where it is tall."""

    chosen = Signal(str)

    def __init__(self, state: State, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__("One mask per timestep", parent)
        self.note.setText("double click or Enter shows one large")
        self._state = state
        self._viewport = viewport
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

    def show_from(self, scenes: Scenes, chosen: str) -> None:
        """Take over what there is to show."""
        wanted = self._state.recipe.noise.timesteps
        if tuple(self.frames) != wanted:
            self._rebuild(wanted)
        evidence, consensus = self._state.evidence, self._state.consensus
        for t, frame in self.frames.items():
            frame.canvas.show_scene(scenes.scene(frame.view.key))
            _mark_chosen(frame, chosen == frame.view.key)
            share = ""
            if evidence is not None and consensus is not None and t in evidence.timesteps:
                share = f"{consensus.areas[evidence.timesteps.index(t)]:.1%}"
            frame.area.setText(share)

    def _rebuild(self, timesteps: tuple[int, ...]) -> None:
        for frame in self.frames.values():
            self._grid.removeWidget(frame)
            frame.deleteLater()
        self.frames = {}
        for t in timesteps:
            view = timestep_view(t)
            frame = Frame(view, t, self._viewport)
            frame.canvas.doubleClicked.connect(lambda key=view.key: self.chosen.emit(key))
            self.frames[t] = frame
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a column beside the photograph it is tall and slim."""
        self._lay()
        super().resizeEvent(event)

    def _lay(self) -> None:
        """As many rows as have room."""
        rows = max(1, self.height() // ROW)
        columns = math.ceil(len(self.frames) / rows)
        for number, frame in enumerate(self.frames.values()):
            self._grid.addWidget(frame, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < columns))


def _mark_chosen(frame: QFrame, chosen: bool) -> None:
    if bool(frame.property("chosen")) != chosen:
        frame.setProperty("chosen", chosen)
        frame.style().polish(frame)
