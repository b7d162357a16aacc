"""The threshold delta: live while dragged, typed to the digit, or Otsu's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from diffseg_gui.panels.card import Card
from diffseg_gui.panels.slider import SliderRow
from engine.recipe import VoteSettings

if TYPE_CHECKING:
    from diffseg_gui.state import State

HIGHEST = 0.60  # beyond this nearly nothing is left of any lesion


class ThresholdPanel(Card):
    """Edits the recipe's vote node."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__("Threshold", parent, reset=True)
        self._state = state
        self.delta = SliderRow(
            "delta  δ",
            0.0,
            HIGHEST,
            0.005,
            3,
            "A pixel is lesion at a timestep where the difference between the two predicted noises exceeds delta.\n"
            "Higher: smaller masks. Left and right arrows move it by 0.005.",
        )
        self.auto = QPushButton("Auto (Otsu)", checkable=True)
        self.auto.setToolTip("Choose delta by Otsu's threshold on the mean difference of this image")
        row = QHBoxLayout()
        row.addWidget(self.auto)
        row.addStretch()
        self.body.addWidget(self.delta)
        self.body.addLayout(row)
        self.delta.changed.connect(state.set_delta)
        self.auto.toggled.connect(self._auto_toggled)
        self.resetClicked.connect(lambda: self._set(VoteSettings()))
        state.recipeChanged.connect(self._show)
        state.resultChanged.connect(self._show)
        self._show()

    def _set(self, vote: VoteSettings) -> None:
        self._state.set_recipe(replace(self._state.recipe, vote=vote))

    def _auto_toggled(self, on: bool) -> None:
        self._set(VoteSettings(round(self.delta.value(), 4), auto=on))

    def _show(self) -> None:
        vote, consensus = self._state.recipe.vote, self._state.consensus
        automatic = vote.auto and consensus is not None
        self.delta.set_value(consensus.delta if automatic and consensus else vote.delta)
        with QSignalBlocker(self.auto):
            self.auto.setChecked(vote.auto)
