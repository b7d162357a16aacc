"""The threshold delta: live while dragged, typed to the digit, or Otsu's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from diffseg_gui.features.threshold.curve import StabilityCurve
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import checkable
from diffseg_gui.look.slider import SliderRow
from engine.method.stability import HIGHEST, STEP
from engine.recipe import VoteSettings

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document


class Threshold(Card):
    """Edits the recipe's vote node."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Threshold", parent, reset=True, foldable=True)
        self._document = document
        self.delta = SliderRow(
            "delta  δ",
            0.0,
            HIGHEST,
            STEP,
            3,
            "At a timestep a pixel is lesion where the two predicted noises differ by more than delta (equation 2).\n"
            "Higher: smaller masks. The left and right arrows move it by 0.005.",
        )
        self.auto = checkable(QPushButton("Auto (Otsu)"))
        self.auto.setToolTip("Let Otsu's method choose delta from the mean difference of this photograph")
        self.middle = QPushButton("Plateau")
        self.middle.setToolTip(
            "Move delta to the middle of the plateau, the widest range over which the area changes by less than a tenth"
        )
        self.curve = StabilityCurve()
        row = QHBoxLayout()
        row.addWidget(self.auto, 1)
        row.addWidget(self.middle, 1)
        self.body.addWidget(self.delta)
        self.body.addWidget(self.curve)
        self.body.addLayout(row)
        self.middle.clicked.connect(self._to_plateau)
        self.delta.changed.connect(document.set_delta)
        self.auto.toggled.connect(self._auto_toggled)
        self.resetClicked.connect(lambda: self._set(document.defaults.vote))
        for signal in (document.opened, document.recipeChanged, document.resultChanged):
            signal.connect(self._show)
        self._show()

    def _set(self, vote: VoteSettings) -> None:
        self._document.set_recipe(replace(self._document.recipe, vote=vote))

    def _auto_toggled(self, on: bool) -> None:
        self._set(VoteSettings(round(self.delta.value(), 4), auto=on))

    def _to_plateau(self) -> None:
        curves = self._document.shown.stability
        if curves is not None and curves.plateau is not None:
            self._document.set_delta(sum(curves.plateau) / 2)

    def _show(self) -> None:
        vote, shown = self._document.recipe.vote, self._document.shown
        consensus, curves = shown.consensus, shown.stability
        self.middle.setEnabled(curves is not None and curves.plateau is not None)
        self.delta.set_value(consensus.delta if vote.auto and consensus is not None else vote.delta)
        with QSignalBlocker(self.auto):
            self.auto.setChecked(vote.auto)
        self.curve.show_curves(curves, self.delta.value())
