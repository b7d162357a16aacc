"""The strip over the photograph while scribbling: what a stroke says, how far that goes, and its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton

from diffseg_gui.look.named import checkable
from engine.scribbles import LESION, SKIN

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

LABELS = {
    LESION: ("+ Lesion", "This is lesion (J)"),
    SKIN: ("− Skin", "This is skin (K)"),
}
REACHES = {
    True: ("Everywhere", "What looks alike follows, all around the lesion"),
    False: ("Near by", "What looks alike follows, but only near the stroke"),
}
MARGIN = 8
GAP = 12


class ScribbleStrip(QFrame):
    """Emits what the person chooses; shows what it is told. A click leaves the focus to the photograph."""

    labelChosen = Signal(int)
    reachChosen = Signal(bool)  # everywhere

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._canvas = canvas
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 6, 8, 6)
        self.labels = {label: self._button(*LABELS[label]) for label in LABELS}
        self._group(list(self.labels.values()))
        self._row.addSpacing(GAP)
        self.reaches = {everywhere: self._button(*REACHES[everywhere]) for everywhere in REACHES}
        self._group(list(self.reaches.values()))
        for label, button in self.labels.items():
            button.clicked.connect(lambda _=False, label=label: self.labelChosen.emit(label))
        for everywhere, button in self.reaches.items():
            button.clicked.connect(lambda _=False, everywhere=everywhere: self.reachChosen.emit(everywhere))
        self._row.addSpacing(GAP)
        self.size_label = QLabel("")
        self.size_label.setToolTip("The brush's size, in the photograph's pixels; [ and ] change it")
        self._row.addWidget(self.size_label)
        self.hide()

    def show_tool(self, label: int, everywhere: bool, size: float) -> None:
        """Show what a stroke says, how far that goes, and its diameter in the photograph's pixels."""
        self.labels[label].setChecked(True)
        self.reaches[everywhere].setChecked(True)
        self.size_label.setText(f"Size {size:.0f} px")
        self.show()
        self.adjustSize()
        self.place()

    def place(self) -> None:
        """In the photograph's lower left corner."""
        self.move(MARGIN, self._canvas.height() - self.height() - MARGIN)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = checkable(QPushButton(text))
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(button)
        return button

    def _group(self, buttons: list[QPushButton]) -> None:
        group = QButtonGroup(self)
        for button in buttons:
            group.addButton(button)
