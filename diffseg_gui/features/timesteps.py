"""Which timesteps, how many draws at each, and the seed of the noise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QWidget

from diffseg_gui.look.card import Card
from diffseg_gui.look.named import checkable, named
from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.look.slider import let_wheel_pass
from engine.errors import RecipeError
from engine.recipe import parse_timesteps

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from engine.recipe import NoiseSettings

COLUMNS = 5
TIP = "The timesteps that are offered above: first:last:step, or a list such as 60,100,150, from 1 to 1000"


class Timesteps(Card):
    """Edits the recipe's noise node: a button for each timestep on offer, and the range that is offered."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Timesteps", parent, reset=True, foldable=True)
        self._document = document
        self._offered: tuple[int, ...] = ()
        self._shown: NoiseSettings | None = None
        self._wrong = ""  # what is wrong with the range that was typed
        self.pills: dict[int, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self.body.addLayout(self._grid)
        self.range = QLineEdit("")
        self.range.setToolTip(TIP)
        self.range.setAccessibleName("Timesteps on offer")
        self.draws = _spin("Draws", 1, 64, "How many noises are drawn at each timestep; their differences are averaged")
        self.seed = _spin("Seed", 0, 2**31 - 1, "The seed of the noise; the same seed gives the same result")
        self.body.addLayout(_row("Range", self.range))
        self.wrong = named(QLabel("", wordWrap=True), "warning")
        self.wrong.setMinimumWidth(20)  # a long sentence must not widen its column
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        both = _row("Draws", self.draws)
        self.draws.setMaximumWidth(50)
        both.addSpacing(8)
        both.addWidget(named(QLabel("Seed"), "muted"))
        both.addWidget(self.seed, 1)
        self.body.addLayout(both)
        self.resetClicked.connect(self._reset)
        self.range.editingFinished.connect(self._offer)
        self.draws.valueChanged.connect(lambda n: self._set(replace(self._document.recipe.noise, draws=int(n))))
        self.seed.valueChanged.connect(lambda n: self._set(replace(self._document.recipe.noise, seed=int(n))))
        document.recipeChanged.connect(self._show)
        self._show()

    def _set(self, noise: NoiseSettings) -> None:
        self._document.set_recipe(replace(self._document.recipe, noise=noise))

    def _reset(self) -> None:
        self._offered = ()
        self._set(self._document.defaults.noise)
        self._show()

    def _toggled(self) -> None:
        chosen = tuple(t for t, pill in self.pills.items() if pill.isChecked())
        if chosen:
            self._set(replace(self._document.recipe.noise, timesteps=chosen))
        else:
            self._show()  # at least one stays

    def _offer(self) -> None:
        """Offer, and choose, the timesteps that were typed."""
        try:
            timesteps = parse_timesteps(self.range.text())
        except RecipeError as error:
            self._mark_wrong(str(error))
            return
        self._mark_wrong("")
        if timesteps != self._offered:
            self._offered = timesteps
            self._set(replace(self._document.recipe.noise, timesteps=timesteps))
            self._show()

    def _mark_wrong(self, sentence: str) -> None:
        """Say under the field what is wrong, and what is in force instead; empty: nothing is."""
        self._wrong = sentence
        if self.range.property("wrong") != bool(sentence):
            self.range.setProperty("wrong", bool(sentence))
            self.range.style().polish(self.range)
        self.range.setToolTip(sentence or TIP)
        self.range.setAccessibleDescription(sentence)
        self.wrong.setText(f"{sentence} Still in use: {_as_text(self._document.recipe.noise.timesteps)}.")
        self.wrong.setVisible(bool(sentence))

    def _count(self) -> str:
        return f"{len(self._document.recipe.noise.timesteps)} of {len(self._offered)}"

    def _show(self) -> None:
        noise = self._document.recipe.noise
        # A range that is being mended outlives changes elsewhere.
        default = noise == self._document.defaults.noise and noise != self._shown
        self._shown = noise
        if not self._offered or not set(noise.timesteps) <= set(self._offered) or default:
            self._offered = noise.timesteps
            self.range.setText(_as_text(noise.timesteps))
            self._wrong = ""
        self._mark_wrong(self._wrong)
        if tuple(self.pills) != self._offered:
            self._rebuild()
        for t, pill in self.pills.items():
            with QSignalBlocker(pill):
                pill.setChecked(t in noise.timesteps)
        for box, value in ((self.draws, noise.draws), (self.seed, noise.seed)):
            if box.value() != value:
                with QSignalBlocker(box):
                    box.setValue(value)
        self.note.setText(self._count())

    def _rebuild(self) -> None:
        for pill in self.pills.values():
            self._grid.removeWidget(pill)
            pill.deleteLater()
        self.pills = {}
        for number, t in enumerate(self._offered):
            pill = named(checkable(QPushButton(str(t))), "pill")
            pill.setToolTip(f"Use timestep {t}")
            pill.toggled.connect(self._toggled)
            self._grid.addWidget(pill, number // COLUMNS, number % COLUMNS)
            self.pills[t] = pill


def _spin(name: str, low: int, high: int, tip: str) -> NumberBox:
    box = NumberBox(0, low, high)
    box.setAccessibleName(name)
    let_wheel_pass(box)
    box.setToolTip(tip)
    box.lineEdit().setTextMargins(4, 0, 0, 0)
    box.setMinimumWidth(44)  # the widest value would otherwise set the column's width
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box


def _row(name: str, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(named(QLabel(name), "muted"))
    row.addWidget(widget, 1)
    return row


def _as_text(timesteps: tuple[int, ...]) -> str:
    if len(timesteps) > 1:
        step = timesteps[1] - timesteps[0]
        if timesteps == tuple(range(timesteps[0], timesteps[-1] + 1, step)):
            return f"{timesteps[0]}:{timesteps[-1]}:{step}"
    return ",".join(map(str, timesteps))
