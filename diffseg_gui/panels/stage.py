"""The middle of the window: one view, large, with tabs to change it and a legend of what is drawn over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from diffseg_gui import wording
from diffseg_gui.canvas import Canvas
from diffseg_gui.panels.card import Card
from diffseg_gui.panels.legend import Legend
from diffseg_gui.panels.maps import ColourBar
from diffseg_gui.panels.notice import Banner, Welcome
from diffseg_gui.views import PHOTOGRAPH, VIEWS, Scenes, timestep_view

if TYPE_CHECKING:
    from diffseg_gui.state import State
    from diffseg_gui.viewport import Viewport


class Stage(Card):
    """The large view, with the welcome before the first image and the banner after a failure."""

    chosen = Signal(str)

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.title.hide()
        self.header.row.setSpacing(0)
        self.outer.setContentsMargins(11, 4, 11, 6)
        self.tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for position, (key, view) in enumerate(VIEWS.items()):
            tab = QPushButton(view.short, objectName="view", checkable=True)
            tab.setToolTip(f"{view.tip} ({position + 1})")
            tab.clicked.connect(lambda _=False, key=key: self._clicked(key))
            self._group.addButton(tab)
            self.header.row.insertWidget(position, tab)
            self.tabs[key] = tab
        self.banner = Banner(self.content)
        self.canvas = Canvas(viewport, "Photograph")
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.doubleClicked.connect(lambda: self.chosen.emit(PHOTOGRAPH) if self._key != PHOTOGRAPH else None)
        self.welcome = Welcome()
        QVBoxLayout(self.canvas).addWidget(self.welcome, 0, Qt.AlignmentFlag.AlignCenter)
        self.legend = Legend()
        self.bars = {key: ColourBar(view.scale) for key, view in VIEWS.items() if view.scale is not None}
        self.banner.lie_over(self.canvas)
        self.body.addWidget(self.canvas, 1)
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
        empty = state.image is None and state.opening is None
        self.canvas.show_scene(scene)
        self.canvas.setAccessibleName(VIEWS[key].title if key in VIEWS else timestep_view(int(key[1:])).title)
        self.canvas.hint = "" if empty else "Working…"
        self.welcome.setVisible(empty)
        with QSignalBlocker(self._group):
            self._group.setExclusive(False)
            for name, tab in self.tabs.items():
                tab.setChecked(name == key)
            self._group.setExclusive(True)
        self.note.setText("" if key in VIEWS else timestep_view(int(key[1:])).title)
        warning = wording.no_lesion(state) if scenes.veil is None else ""
        self.legend.show_curves(scene.curves if scene is not None and key not in self.bars else (), warning)
        self.legend.setVisible(key not in self.bars or bool(warning))
        for name, bar in self.bars.items():
            bar.setVisible(name == key)

    def _clicked(self, key: str) -> None:
        if key != self._key:
            self.chosen.emit(key)
        else:
            self.tabs[key].setChecked(True)
