"""Sensitivity: the threshold delta in plain words, and where the lesion's area is stable."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from diffseg_gui.arrangement import CORRECT
from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.features.guide.between import Between
from diffseg_gui.look.numbers import decimal
from engine.method.stability import HIGHEST, STEP

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from engine.recipe import VoteSettings

TIP = (
    "delta (δ), the threshold of equation 2: a pixel is lesion at a timestep where the two predicted noises differ by\n"
    "more than delta. Lower is wider. The area is stable where it changes by less than a tenth."
)


class Sensitivity(Feature):
    """Edits delta, and tells its stable range."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.card = Between("Sensitivity", "tighter", "wider", HIGHEST, STEP, TIP)
        self.middle = QPushButton("To the middle of the stable range")
        self.middle.setToolTip("The middle of the widest range of delta that hardly moves the border")
        self.card.body.addWidget(self.middle)
        self.panel = Panel("sensitivity", "Sensitivity", "How much is taken for lesion", self.card, Place.COLUMN,
                           step=CORRECT)  # fmt: skip
        self.card.chosen.connect(document.set_delta)
        self.card.resetClicked.connect(lambda: self._set(document.defaults.vote))
        self.middle.clicked.connect(self._to_middle)
        for signal in (document.opened, document.recipeChanged, document.resultChanged):
            signal.connect(self._show)
        self._show()

    @property
    def _plateau(self) -> tuple[float, float] | None:
        """Where the area is stable, of the evidence that is shown."""
        stability = self._document.shown.stability
        plateau = stability.plateau if stability is not None else None
        return plateau if plateau is not None and plateau[0] < plateau[1] else None

    def _set(self, vote: VoteSettings) -> None:
        self._document.set_recipe(replace(self._document.recipe, vote=vote))

    def _to_middle(self) -> None:
        if (plateau := self._plateau) is not None:
            self._document.set_delta(sum(plateau) / 2)

    def _show(self) -> None:
        vote, consensus, plateau = self._document.recipe.vote, self._document.shown.consensus, self._plateau
        delta = consensus.delta if vote.auto and consensus is not None else vote.delta
        self.card.show_value(delta)
        self.middle.setEnabled(plateau is not None)
        own = ", the model's own setting" if vote == self._document.defaults.vote else ""
        said = f"Now {decimal(delta, 3)}{own}."
        if plateau is not None:
            low, high = plateau
            said += f" The area hardly changes from {decimal(low, 2)} to {decimal(high, 2)}."
        self.card.words.setText(said)
