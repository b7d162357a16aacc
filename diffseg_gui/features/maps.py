"""The four maps beside the photograph: consistency, ambiguity, the refined mask, and the skin without the lesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from diffseg_gui.feature import Feature, Panel
from diffseg_gui.look import wording
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.colour_bar import ColourBar
from diffseg_gui.view.thumb import mark_chosen
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, COUNTERFACTUAL, REFINED, VIEWS, View

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.view.scene import Scene
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.viewport import Viewport
    from diffseg_gui.view.views import Display

MAPS = (CONSISTENCY, AMBIGUITY, REFINED, COUNTERFACTUAL)


class Maps(Feature):
    """Keeps the maps' panel showing the scenes as they are now."""

    def __init__(self, document: Document, scenes: Scenes, display: Display, viewport: Viewport) -> None:
        super().__init__()
        self._document, self._scenes, self._display = document, scenes, display
        self.card = MapsPanel(viewport, display)
        self.panel = Panel("maps", "Maps", "Consistency, ambiguity, refined, without lesion", self.card, height=420,
                           scrolls=False)  # fmt: skip
        scenes.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        for key, one in self.card.panels.items():
            note = wording.not_current(self._document, of_votes=key != REFINED)
            one.show_scene(self._scenes.scene(key), note, self._display.view)


class MapsPanel(Card):
    """The maps, two by two."""

    def __init__(self, viewport: Viewport, display: Display, parent: QWidget | None = None) -> None:
        super().__init__("Maps", parent)
        self.outer.setContentsMargins(6, 2, 6, 4)
        layout = QGridLayout()
        layout.setSpacing(2)
        self.body.addLayout(layout)
        self.panels: dict[str, MapPanel] = {}
        for number, key in enumerate(MAPS):
            self.panels[key] = MapPanel(VIEWS[key], viewport, display)
            layout.addWidget(self.panels[key], number // 2, number % 2)
            layout.setColumnStretch(number % 2, 1)
            layout.setRowStretch(number // 2, 1)


class MapPanel(QFrame):
    """One map; a double click shows it large."""

    def __init__(self, view: View, viewport: Viewport, display: Display, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumb")
        self.view = view
        self.setToolTip(f"{view.tip}. Double click or Enter shows it large.")
        self.title = QLabel(view.short)
        self.title.setMinimumWidth(20)
        self.note = named(QLabel(""), "muted")
        self.canvas = Canvas(viewport, view.title)
        self.canvas.setMinimumHeight(70)
        self.canvas.hint = view.tip
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.canvas.doubleClicked.connect(lambda: display.toggle(view.key))
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

    def show_scene(self, scene: Scene | None, note: str, chosen: str) -> None:
        """Take over what there is to show. note: what to say of it where it is stale. chosen: the view shown large."""
        self.canvas.show_scene(scene)
        self.note.setText(note if scene is not None and scene.stale else "")
        if self.bar is not None:
            self.bar.setVisible(scene is not None)
        mark_chosen(self, chosen == self.view.key)
