"""A document and its photograph on the screen without the main window: what a feature is tested with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from diffseg_gui.app.actions import Actions
from diffseg_gui.document.document import Document
from diffseg_gui.document.editing import Editing
from diffseg_gui.document.kept import NOTHING_KEPT
from diffseg_gui.features.navigation import Navigation
from diffseg_gui.messages import Messages
from diffseg_gui.view.scenes import Scenes
from diffseg_gui.view.stage import Stage
from diffseg_gui.view.viewport import Viewport
from diffseg_gui.view.views import Display
from engine.method.consensus import vote
from engine.method.stability import stability
from engine.results import ModelName, Refined, Segmentation

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent

    from diffseg_gui.document.kept import Kept
    from diffseg_gui.feature import Feature
    from diffseg_gui.preferences import Preferences
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence
    from engine.scribbles import Scribbles

F = TypeVar("F", bound="Feature")


def result(photo: SkinImage, evidence: Evidence, recipe: Recipe, scribbles: Scribbles = ()) -> Segmentation:
    """A whole result; its refined mask is the consensus, a pixel lower. evidence: on the photograph's own grid."""
    consensus = vote(evidence, recipe.vote)
    mask = np.roll(consensus.consistency > 0.5, 1, axis=0)
    refined = Refined(mask.astype(np.float32), mask, (evidence.timesteps,)) if recipe.refine else None
    name, seconds = ModelName("made up", "0" * 64), {"total": 0.1}
    return Segmentation(
        photo, recipe, name, evidence, consensus, refined, stability(evidence), seconds, scribbles=scribbles
    )


class Desk(QWidget):
    """The stage, and beside it the panels of the features that were added. There is no worker: tests make results."""

    def __init__(self, defaults: Recipe, preferences: Preferences) -> None:
        super().__init__()
        self.preferences, self.messages = preferences, Messages(self)
        self.document = Document(defaults, self)
        self.editing = Editing(self.document, self)
        self.display, self.viewport = Display(self), Viewport(self)
        self.scenes = Scenes(self.document, self.display, self)
        self.stage = Stage(self.document, self.scenes, self.display, self.viewport)
        self.canvas = self.stage.canvas
        self.notices: list[str] = []
        self.failures: list[str] = []
        self.messages.noticed.connect(lambda sentence, _: self.notices.append(sentence))
        self.messages.failed.connect(lambda sentence, _: self.failures.append(sentence))
        self.messages.failed.connect(self.stage.banner.say)
        self.messages.failureOver.connect(self.stage.banner.hide)
        self.document.noticed.connect(self.notices.append)
        self._features: list[Feature] = []
        self._actions: dict[str, QAction] = {}
        self._panels = QVBoxLayout()
        row = QHBoxLayout(self)
        row.addWidget(self.stage, 2)
        row.addLayout(self._panels, 1)
        self.resize(1200, 700)
        self.add(Navigation(self.document, self.display, self.canvas, self.messages))
        self.stage.bind(self._actions)

    def add(self, feature: F) -> F:
        """Give a feature its place: its layers over the photograph, its panel, and its commands with their keys."""
        self._features.append(feature)
        self.scenes.add(feature.layers)
        actions = Actions(feature.commands, self)
        actions.follow(
            feature.changed, self.document.opened, self.document.recipeChanged, self.document.resultChanged,
            self.document.progressChanged, self.document.readingChanged, self.document.blindChanged,
            self.stage.shownAnew, source=self.document,
        )  # fmt: skip
        self.addActions(list(actions.by_name.values()))
        self._actions |= actions.by_name
        feature.bind(self._actions)
        if feature.panel is not None:
            self._panels.addWidget(feature.panel.card)
            feature.panel.seen.emit(True)
        if feature.top is not None:
            self._panels.addWidget(feature.top)
        if feature.head is not None:
            self.stage.add_head(feature.head)
        if feature.foot is not None:
            self.stage.add_foot(feature.foot)
        if feature.large is not None:
            self.stage.add_large(*feature.large)
        return feature

    def action(self, name: str) -> QAction:
        """A command's action."""
        return self._actions[name]

    def open(self, photo: SkinImage, kept: Kept = NOTHING_KEPT, outline: Kept = NOTHING_KEPT) -> None:
        """Open a photograph, as if the worker had read it."""
        self.document.receive_photograph(photo, kept, outline)

    def land(self, evidence: Evidence) -> Segmentation:
        """Answer the newest request: this evidence's result for the open photograph under the present settings."""
        assert self.document.photograph is not None
        found = result(self.document.photograph, evidence, self.document.recipe, self.document.reading.scribbles)
        self.document.receive_result(found)
        return found

    def legend(self) -> tuple[str, ...]:
        """Names of the curves that are explained below the photograph."""
        return self.stage.legend.names()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing else wanted is a feature's, as in the main window."""
        if event.key() == Qt.Key.Key_Escape and any(feature.escape() for feature in reversed(self._features)):
            return
        super().keyPressEvent(event)

    def close_features(self) -> None:
        """End all that features have under way."""
        self.document.rest()
        self.editing.close()
        for feature in self._features:
            feature.close()
