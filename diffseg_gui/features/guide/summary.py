"""What is exported, and what has been done of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton

from diffseg_gui.arrangement import EXPORT
from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.look.card import Card
from diffseg_gui.look.mirror import mirror
from diffseg_gui.look.named import named
from diffseg_gui.look.sign import Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QAction

    from diffseg_gui.features.guide.moves import State

WHAT = (
    "The mask, the maps, the border on the photograph and all settings go to a folder of the photograph's name. Export"
    " as… adds reports, tables and other programs' formats."
)
ICON = 14  # pixels


class Summary(Feature):
    """A line for each thing that may be done before an export; none of them must."""

    def __init__(self, state: Callable[[], State], changed: SignalInstance) -> None:
        """state: what has been done; changed: it may be other now."""
        super().__init__()
        self._state = state
        self.card = Card("Export")
        rows = QGridLayout()
        rows.setHorizontalSpacing(8)
        rows.setColumnStretch(1, 1)
        self.lines = [(Sign(ICON), QLabel(wordWrap=True)) for _ in range(4)]
        for row, (sign, words) in enumerate(self.lines):
            rows.addWidget(sign, row, 0)
            rows.addWidget(words, row, 1)
        self.card.body.addLayout(rows)
        self.card.body.addWidget(named(QLabel(WHAT, wordWrap=True), "muted"))
        self.where = named(QLabel("", wordWrap=True), "muted")
        self.card.body.addWidget(self.where)
        self.report = QPushButton("Report…")
        self.card.body.addWidget(self.report)
        self.panel = Panel("summary", "This photograph", "What has been done, and what is exported", self.card,
                           Place.COLUMN, step=EXPORT)  # fmt: skip
        changed.connect(self._show)
        self._show()

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """The button stands for another feature's command."""
        if "report" in actions:
            mirror(self.report, actions["report"])

    def show_exported(self, folder: Path) -> None:
        """Tell where the files are."""
        self.where.setText(f"Last export: {folder}")

    def _show(self) -> None:
        for row, (done, text) in enumerate(lines(self._state())):
            sign, words = self.lines[row]
            sign.show_icon("accept" if done else "undecided")
            words.setText(text)


def lines(state: State) -> tuple[tuple[bool, str], ...]:
    """Whether each thing is done, and a sentence on it."""
    if not state.current:
        reviewed = "Not checked yet"
    elif not state.lesion:
        reviewed = "No lesion was found"
    elif not state.places:
        reviewed = "No place is in doubt"
    else:
        reviewed = f"{state.reviewed} of {state.places} doubtful places reviewed"
    own = "The border is the model's" if state.lesion else "There is no border"
    return (
        (state.current and state.lesion and not state.left, reviewed),
        (state.corrected, "Corrected by hand" if state.corrected else own),
        (
            state.calibrated,
            "Lengths are in mm" if state.calibrated else "Lengths are in pixels: not calibrated",
        ),
        (state.exported, "Exported as it is now" if state.exported else "Not exported as it is now"),
    )
