"""Correcting by hand: the drawing tools with their names and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QPushButton

from diffseg_gui.arrangement import CORRECT
from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.look.card import Card
from diffseg_gui.look.mirror import mirror
from diffseg_gui.look.named import checkable, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

TOOLS = (
    *("scribble_lesion", "scribble_skin", "drag_border", "smooth_border"),
    *("brush", "eraser", "lasso", "edge_lasso", "polygon", "fill_holes", "keep_largest", "undo", "redo"),
    "reset_correction",
)
SHORT = {
    "scribble_lesion": "Is lesion",
    "scribble_skin": "Is skin",
    "drag_border": "Drag border",
    "reset_correction": "Back to the model",
}


class Hand(Feature):
    """A button for each command of TOOLS that there is, two in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.card = Card("By hand")
        self._grid = QGridLayout()
        self._grid.setSpacing(5)
        self.card.body.addLayout(self._grid)
        self.panel = Panel("hand", "Correct by hand", "Tools that draw on the photograph", self.card, Place.COLUMN,
                           step=CORRECT)  # fmt: skip

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Make the buttons."""
        there = [name for name in TOOLS if name in actions]
        for place, name in enumerate(there):
            action = actions[name]
            text = SHORT.get(name) or action.text().replace("&", "").split()[0 : 2 if "_" in name else 1]
            words = text if isinstance(text, str) else " ".join(text)
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            button = named(QPushButton(action.icon(), f"{words}   {key}" if len(key) == 1 else words), "tool")
            if action.isCheckable():
                checkable(button)
            button.setIconSize(QSize(15, 15))
            button.setAccessibleName(action.toolTip())
            wide = place == len(there) - 1 and place % 2 == 0
            self._grid.addWidget(button, place // 2, place % 2, 1, 2 if wide else 1)
            mirror(button, action)
            self.buttons[name] = button
