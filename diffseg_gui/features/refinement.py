"""The ensemble DenseCRF's settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from diffseg_gui.look.card import Card
from diffseg_gui.look.slider import SliderRow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.document import Document
    from engine.recipe import CrfSettings

# field, label, low, high, step, decimals, unit, explanation
ROWS = (
    ("w1", "appearance weight  w1", 0, 20, 0.1, 1, "", "How strongly like-coloured neighbours share a label"),
    ("theta_alpha", "appearance width  θα", 1, 80, 0.5, 1, " px", "How far apart they may be (pixels of a 128 grid)"),
    ("theta_beta", "colour width  θβ", 1, 60, 0.5, 1, "", "How unlike in colour they may be (grey levels of 255)"),
    ("w2", "smoothness weight  w2", 0, 20, 0.1, 1, "", "How strongly near neighbours share a label"),
    ("theta_gamma", "smoothness width  θγ", 0.5, 20, 0.1, 1, " px", "How near these are (pixels of a 128 grid)"),
    ("iterations", "mean-field iterations", 1, 20, 1, 0, "", "Updates of equation 11"),
    ("rounds", "ensemble rounds  K", 1, 20, 1, 0, "", "Rounds that are averaged in equation 12"),
    ("subset", "masks per round", 1, 10, 1, 0, "", "Timesteps drawn, without replacement, in each round"),
)


class Refinement(Card):
    """Edits the recipe's crf node."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Refinement", parent, reset=True, foldable=True)
        self.header.setToolTip("The ensemble DenseCRF, equations 8 to 12")
        self._document = document
        self.rows: dict[str, SliderRow] = {}
        for field, label, low, high, step, decimals, unit, tip in ROWS:
            row = SliderRow(label, low, high, step, decimals, tip, unit)
            row.changed.connect(lambda value, field=field: self._changed(field, value))
            self.rows[field] = row
            self.body.addWidget(row)
        self.resetClicked.connect(lambda: self._set(document.defaults.crf))
        document.recipeChanged.connect(self._show)
        self._show()

    def _set(self, crf: CrfSettings) -> None:
        self._document.set_recipe(replace(self._document.recipe, crf=crf))

    def _changed(self, field: str, value: float) -> None:
        whole = isinstance(getattr(self._document.recipe.crf, field), int)
        change: dict[str, Any] = {field: int(value) if whole else round(value, 2)}
        self._set(replace(self._document.recipe.crf, **change))

    def _show(self) -> None:
        recipe = self._document.recipe
        self.rows["subset"].set_maximum(len(recipe.noise.timesteps))
        for field, row in self.rows.items():
            row.set_value(getattr(recipe.crf, field))
