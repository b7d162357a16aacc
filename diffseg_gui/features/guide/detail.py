"""Border detail: how much the refined border is smoothed, in plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diffseg_gui.arrangement import CORRECT
from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.features.guide.between import Between
from diffseg_gui.look.numbers import decimal

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document

MOST, STEP = 4.0, 0.1  # pixels of the 128-pixel grid
TIP = (
    "smooth, of the refinement: the standard deviation of the Gaussian that smooths the refined map before it is cut,\n"
    "in pixels of a grid of 128. All settings of the refinement are in the research view."
)


class Detail(Feature):
    """Edits the CRF's smoothing."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.card = Between("Border detail", "smoother", "finer", MOST, STEP, TIP)
        self.panel = Panel("detail", "Border detail", "How closely the border follows small irregularities", self.card,
                           Place.COLUMN, step=CORRECT)  # fmt: skip
        self.card.chosen.connect(lambda value: self._set(round(value, 2)))
        self.card.resetClicked.connect(lambda: self._set(document.defaults.crf.smooth))
        document.recipeChanged.connect(self._show)
        self._show()

    def _set(self, smooth: float) -> None:
        recipe = self._document.recipe
        self._document.set_recipe(replace(recipe, crf=replace(recipe.crf, smooth=smooth)))

    def _show(self) -> None:
        smooth, usual = self._document.recipe.crf.smooth, self._document.defaults.crf.smooth
        self.card.show_value(smooth)
        own = f"Now {decimal(smooth, 1)}; the model has {decimal(usual, 1)}."
        self.card.words.setText("As the model has it." if smooth == usual else own)
