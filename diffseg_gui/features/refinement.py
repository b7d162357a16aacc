"""The ensemble DenseCRF's settings: in front how its masks become one border, folded below it what shapes each mask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QPushButton, QWidget

from diffseg_gui.look.card import Card
from diffseg_gui.look.named import checkable
from diffseg_gui.look.slider import SliderRow
from engine.recipe import EQUATION_12, SOFT

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from engine.recipe import CrfSettings


class Row(NamedTuple):
    """A slider for one field. low, high, step: as they are shown, that is, ``shown`` times the field's own value."""

    field: str
    label: str
    low: float
    high: float
    step: float
    decimals: int
    unit: str
    tip: str
    shown: float = 1.0


COMBINATIONS = {  # of the recipe: what stands there, and what it means
    SOFT: (
        "Softly",
        "The mean of the K rounds' probabilities is smoothed, then cut once:\n"
        "P = (P₁ + … + P_K) / K; a pixel is lesion where P > cut.",
    ),
    EQUATION_12: (
        "Equation 12",
        "A pixel is lesion where more than half of the K rounds exceed the cut.\n"
        "It is equation 12 as printed where smoothing is 0, the cut is 0.5 and nothing is left out.",
    ),
}
BORDER = (
    Row("smooth", "smoothing  σ", 0, 3, 0.05, 2, " px",
        "Width of the Gaussian that smooths the combined probability P, in pixels of a 128 grid:\n"
        "P becomes G(σ) * P. 0 leaves it as it is."),
    Row("cut", "cut at probability", 0.05, 0.95, 0.01, 2, "",
        "A pixel is lesion where the combined probability exceeds the cut: P > cut.\nLower: wider masks."),
    Row("drop", "leave out below", 0, 50, 0.5, 1, " %",
        "Pieces smaller than this share of the largest piece are left out, and holes as small are filled:\n"
        "area < share × largest area. Changes tells which. 0 keeps them all.", 100.0),
)  # fmt: skip
CRF = (
    Row("w1", "appearance weight  w1", 0, 20, 0.1, 1, "",
        "How strongly neighbours of like colour pull each other to one label (w1 of equation 10)"),
    Row("theta_alpha", "appearance width  θα", 1, 80, 0.5, 1, " px",
        "How far apart these neighbours may be, in pixels of a 128 grid (θα of equation 10)"),
    Row("theta_beta", "colour width  θβ", 1, 60, 0.5, 1, "",
        "How unlike in colour they may be, in grey levels of 255 (θβ of equation 10)"),
    Row("w2", "smoothness weight  w2", 0, 20, 0.1, 1, "",
        "How strongly near neighbours of any colour pull each other to one label (w2 of equation 10)"),
    Row("theta_gamma", "smoothness width  θγ", 0.5, 20, 0.1, 1, " px",
        "How far apart these neighbours may be, in pixels of a 128 grid (θγ of equation 10)"),
    Row("iterations", "mean-field iterations", 1, 20, 1, 0, "", "How often equation 11 is applied"),
    Row("rounds", "ensemble rounds  K", 1, 20, 1, 0, "",
        "How many rounds are combined: by their mean, or by equation 12"),
    Row("subset", "masks per round", 1, 10, 1, 0, "",
        "How many timesteps are drawn, without replacement, in each round; the mean of their\n"
        "refined masks is the round's probability"),
)  # fmt: skip
ROWS = (*BORDER, *CRF)


class Refinement(Card):
    """Edits the recipe's crf node; ``more`` holds what is seldom moved, and begins folded."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Refinement", parent, reset=True, foldable=True)
        self.header.setToolTip(
            "Each mask is refined by a DenseCRF (equations 8 to 11); their ensemble is combined to one border"
        )
        self._document = document
        self.combinations: dict[str, QPushButton] = {}
        self.rows: dict[str, SliderRow] = {}
        self.more = Card("More", foldable=True)
        self.more.header.setToolTip("What shapes each refined mask (equations 10 and 11), and how many there are")
        self.more.outer.setContentsMargins(0, 6, 0, 0)
        self.body.addLayout(self._combining())
        for rows, card in ((BORDER, self), (CRF, self.more)):
            for row in rows:
                card.body.addWidget(self._slider(row))
        self.body.addWidget(self.more)
        assert self.more.fold is not None
        self.more.fold.setChecked(True)
        self.resetClicked.connect(lambda: self._set(document.defaults.crf))
        document.recipeChanged.connect(self._show)
        self._show()

    def _combining(self) -> QGridLayout:
        """A button for each way to combine the masks, of which one is on."""
        layout = QGridLayout()
        layout.setVerticalSpacing(3)
        layout.addWidget(QLabel("combine the masks"), 0, 0, 1, 2)
        one_of = QButtonGroup(self)
        for column, (name, (text, tip)) in enumerate(COMBINATIONS.items()):
            button = checkable(QPushButton(text))
            button.setToolTip(tip)
            button.setAccessibleName(f"Combine the masks: {text}")
            button.clicked.connect(lambda _, name=name: self._change(combine=name))
            one_of.addButton(button)
            layout.addWidget(button, 1, column)
            self.combinations[name] = button
        return layout

    def _slider(self, row: Row) -> SliderRow:
        slider = SliderRow(row.label, row.low, row.high, row.step, row.decimals, row.tip, row.unit)
        slider.changed.connect(lambda value: self._moved(row, value))
        self.rows[row.field] = slider
        return slider

    def _set(self, crf: CrfSettings) -> None:
        self._document.set_recipe(replace(self._document.recipe, crf=crf))

    def _change(self, **change: Any) -> None:
        self._set(replace(self._document.recipe.crf, **change))

    def _moved(self, row: Row, value: float) -> None:
        whole = isinstance(getattr(self._document.recipe.crf, row.field), int)
        self._change(**{row.field: int(value) if whole else round(value / row.shown, 4)})

    def _show(self) -> None:
        recipe = self._document.recipe
        self.rows["subset"].set_maximum(len(recipe.noise.timesteps))
        for row in ROWS:
            self.rows[row.field].set_value(getattr(recipe.crf, row.field) * row.shown)
        self.combinations[recipe.crf.combine].setChecked(True)
