"""The middle of the window: one view, large, with tabs to change it and a legend of what is drawn over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui import theme
from diffseg_gui.canvas import Canvas, Viewport
from diffseg_gui.panels.card import Card
from diffseg_gui.panels.maps import ColourBar
from diffseg_gui.views import PHOTOGRAPH, REFINED, VIEWS, Scenes, timestep_view

if TYPE_CHECKING:
    from diffseg_gui.state import State

EMPTY = "Drop a dermoscopy image here, or open one with Ctrl+O"


class Swatch(QWidget):
    """A short piece of a curve, for the legend."""

    def __init__(self, colour: QColor, dashed: bool, width: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pen = QPen(colour, width)
        if dashed:
            self._pen.setDashPattern([4, 3])
        self.setFixedSize(26, 14)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setPen(self._pen)
        painter.drawLine(2, 7, 24, 7)


class Legend(QWidget):
    """What the curves mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        self.entries: dict[str, tuple[Swatch, QLabel]] = {}
        for key, text, colour, dashed, width in (
            ("refined", "refined border", theme.RESULT_CURVE, False, 2.2),
            ("pending", "majority, refinement under way", theme.PENDING_CURVE, False, 1.6),
            ("tenth", "10 % of timesteps", theme.BAND_CURVE, True, 1.2),
            ("ninetieth", "90 %", theme.BAND_CURVE, False, 1.2),
        ):
            entry = Swatch(colour, dashed, width), QLabel(text, objectName="muted")
            layout.addWidget(entry[0])
            layout.addWidget(entry[1])
            layout.addSpacing(6)
            self.entries[key] = entry
        layout.addStretch()

    def show_entries(self, keys: set[str]) -> None:
        """Show the entries that apply."""
        for key, entry in self.entries.items():
            for widget in entry:
                widget.setVisible(key in keys)


class Stage(Card):
    """The large view."""

    chosen = Signal(str)
    sampleClicked = Signal()

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.header.removeWidget(self.title)
        self.title.hide()
        self.tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for position, (key, view) in enumerate(VIEWS.items()):
            tab = QPushButton(view.short, objectName="view", checkable=True)
            tab.setToolTip(f"{view.tip} ({position + 1})")
            tab.clicked.connect(lambda _=False, key=key: self._clicked(key))
            self._group.addButton(tab)
            self.header.insertWidget(position, tab)
            self.tabs[key] = tab
        self.canvas = Canvas(viewport)
        self.canvas.hint = EMPTY
        self.canvas.doubleClicked.connect(lambda: self.chosen.emit(PHOTOGRAPH) if self._key != PHOTOGRAPH else None)
        self.sample = QPushButton("Try a sample image", self.canvas)
        self.sample.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sample.clicked.connect(self.sampleClicked)
        middle = QVBoxLayout(self.canvas)
        middle.addStretch(3)
        middle.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(2)
        self.body.addWidget(self.canvas, 1)
        self.legend = Legend()
        self.bars = {key: ColourBar(view.scale) for key, view in VIEWS.items() if view.scale is not None}
        self.body.addWidget(self.legend)
        for bar in self.bars.values():
            self.body.addWidget(bar)
        self._key = PHOTOGRAPH

    def sizeHint(self) -> QSize:
        """As large as may be."""
        return QSize(700, 560)

    def show_from(self, state: State, scenes: Scenes, key: str) -> None:
        """Take over what there is to show."""
        self._key = key
        scene = scenes.scene(key)
        self.canvas.show_scene(scene)
        self.canvas.hint = EMPTY if state.image is None and state.opening is None else "Working…"
        self.sample.setVisible(state.image is None and state.opening is None)
        with QSignalBlocker(self._group):
            self._group.setExclusive(False)
            for name, tab in self.tabs.items():
                tab.setChecked(name == key)
            self._group.setExclusive(True)
        self.note.setText("" if key in VIEWS else timestep_view(int(key[1:])).title)
        self.legend.show_entries(_legend(state, scenes, key))
        for name, bar in self.bars.items():
            bar.setVisible(name == key)

    def _clicked(self, key: str) -> None:
        if key != self._key:
            self.chosen.emit(key)
        else:
            self.tabs[key].setChecked(True)


def _legend(state: State, scenes: Scenes, key: str) -> set[str]:
    if key not in (PHOTOGRAPH, REFINED) or scenes.overlay == "off" or state.consensus is None:
        return set()
    border = "refined" if state.current else "pending"
    if key == REFINED:
        return {border} & {"refined"}
    band = {"tenth", "ninetieth"} if scenes.band and len(state.recipe.noise.timesteps) > 1 else set()
    return {border} | (band if state.votes_current else set())
