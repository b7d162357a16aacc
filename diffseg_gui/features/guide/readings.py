"""How far the model's readings agree, in plain words: the mean Dice of every two timesteps' masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel

from diffseg_gui.arrangement import CHECK
from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.features.guide.range_bar import UnitBar
from diffseg_gui.look import wording
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import decimal
from engine.method.consensus import agreement_in_words, pairwise_dice

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document

EMPTY = "How well the model's readings of the photograph agree is shown here."
ANOTHER_QUESTION = "Whether the model is right is another question."
TIP = (
    "The model reads the photograph once for each timestep. The figure is the mean Dice of every two of their masks:\n"
    "1 where they are equal, 0 where they share nothing. The range is from the two least alike to the two most alike.\n"
    "Readings that agree may be wrong together.\n\n"
    "How well two experts would agree is known from photographs that several people outlined. It is about\n"
    "people, and does not say whether the model is right."
)


class Readings(Feature):
    """Shows it of the votes at the present delta; dimmed while these are out of date."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        card = Card("Readings")
        card.setToolTip(TIP)
        self.words = QLabel("", wordWrap=True)
        self.figure = named(QLabel(""), "large")
        self.range = named(QLabel("", alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), "muted")
        self.bar = UnitBar()
        row = QHBoxLayout()
        row.addWidget(self.figure)
        row.addStretch()
        row.addWidget(self.range)
        card.body.addLayout(row)
        card.body.addWidget(self.bar)
        card.body.addWidget(self.words)
        self.readers = named(QLabel("", wordWrap=True), "muted")
        card.body.addWidget(self.readers)
        self.card = card
        self.panel = Panel("readings", "Do the model's readings agree?", TIP, card, Place.COLUMN, step=CHECK)
        for signal in (document.opened, document.resultChanged, document.progressChanged):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        shown = self._document.shown
        consensus = shown.consensus
        dice = None if consensus is None or not consensus.votes.any() else pairwise_dice(consensus)
        for part in (self.figure, self.range, self.bar):
            part.setVisible(dice is not None)
        if dice is not None:
            self.figure.setText(decimal(float(dice.mean()), 2))
            self.range.setText(f"{decimal(float(dice.min()), 2)} – {decimal(float(dice.max()), 2)}")
            self.bar.show_range(float(dice.min()), float(dice.mean()), float(dice.max()))
        self.words.setText(EMPTY if consensus is None else agreement_in_words(consensus))
        self._show_readers()
        self.words.setObjectName("muted" if consensus is None else "")
        stale = consensus is not None and not shown.votes_current
        self.card.content.setEnabled(not stale)
        self.card.note.setText(wording.not_current(self._document) if stale else "")

    def _show_readers(self) -> None:
        """How well people would agree, where the model knows it."""
        expected = self._document.answers.expected
        self.readers.setVisible(expected is not None)
        if expected is not None:
            figures = wording.in_figures(expected)
            self.readers.setText(f"Two readers would agree with a Dice of {figures}. {ANOTHER_QUESTION}")
