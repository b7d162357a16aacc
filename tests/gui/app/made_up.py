"""A feature that the program does not have, with everything that a feature can offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QLabel, QPushButton

from diffseg_gui.feature import Command, Feature, Panel
from diffseg_gui.look import overlay
from diffseg_gui.look.card import Card
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve
from diffseg_gui.view.views import PHOTOGRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QMenu


class Tally(Feature):
    """Counts what it is asked to count, and frames the photograph's corner."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.locked, self.taken, self.closed = 0, False, [], False
        card = Card("Tally")
        self.button = QPushButton("Count")
        card.body.addWidget(self.button)
        self.buttons = {"tally": self.button}
        self.panel = Panel("tally", "Tally", "What was counted", card)
        path = QPainterPath()
        path.addRect(0, 0, 4, 3)
        self.frame = Curve(path, overlay.BAND, name="frame of the tally")
        self.layers = (Layer(Depth.CHANGES, lambda key: (self.frame,) if key == PHOTOGRAPH else ()),)
        self.head, self.status, self.page = QLabel("Count with 8"), QLabel("0 counted"), QLabel("A page of tallies")
        self.large = ("tallies", self.page)
        self.menus = {"View/&Tallies": self.fill}
        self.commands = (
            Command("tally", "Measure", "C&ount", "8", "Count one more", self.add, lambda: not self.locked,
                    lambda: "Unlock the tally first", label=lambda: f"C&ount the {self.count + 1}.", icon="ruler",
                    bar=11),
            Command("tally_lock", "View/&Tallies", "Loc&k", "Ctrl+8", "Count no more", self.lock,
                    checked=lambda: self.locked, line=True),
        )  # fmt: skip

    def add(self) -> None:
        """Count one more."""
        self.count += 1
        self.status.setText(f"{self.count} counted")

    def lock(self, on: bool) -> None:
        """Count no more, or go on counting."""
        self.locked = on

    def fill(self, menu: QMenu) -> None:
        """Name the count in its menu."""
        menu.setTitle(f"&Tallies ({self.count})")

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Take lists of tallies."""
        mine = all(path.suffix == ".tally" for path in paths)
        self.taken += paths if mine else []
        return mine

    def escape(self) -> bool:
        """Unlock."""
        was, self.locked = self.locked, False
        self.changed.emit()
        return was

    def close(self) -> None:
        """Remember that it was told."""
        self.closed = True
