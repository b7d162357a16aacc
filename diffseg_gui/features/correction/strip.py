"""The strip over the photograph while a drawing tool is in hand: what it paints, and its size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from diffseg_gui.look.named import checkable
from engine.reading.correction import AS_FOUND, LESION, SKIN

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

CHOICES = {
    LESION: ("+ Lesion", "What is painted becomes lesion"),
    SKIN: ("− Skin", "What is painted becomes skin"),
    AS_FOUND: ("= Model", "What is painted is as the model says again; Shift held does the same"),
}
SIZE, REACH = ("Size", "Size of brush and eraser"), ("Follows", "How much of the border follows")
MARGIN = 8
NOTCHES = 100  # of the size's slider, each by the same factor


class ToolStrip(QFrame):
    """Emits what the person chooses; shows what it is told. A click leaves the focus to the photograph."""

    valueChosen = Signal(int)
    sizeChosen = Signal(float)  # a diameter in the photograph's pixels

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("card")
        self._largest = 100.0
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        group = QButtonGroup(self)
        self.choices: dict[int, QPushButton] = {}
        for value, (text, tip) in CHOICES.items():
            button = checkable(QPushButton(text))
            button.setToolTip(f"{tip} (X)")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, value=value: self.valueChosen.emit(value))
            group.addButton(button)
            row.addWidget(button)
            self.choices[value] = button
        self._sizes = QWidget()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, NOTCHES)
        self.slider.setFixedWidth(110)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.valueChanged.connect(lambda notch: self.sizeChosen.emit(self._largest ** (notch / NOTCHES)))
        self.size_label = QLabel("")
        self.size_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000 px"))
        sizes = QHBoxLayout(self._sizes)
        sizes.setContentsMargins(6, 0, 0, 0)
        self._caption = QLabel("")
        for widget in (self._caption, self.slider, self.size_label):
            sizes.addWidget(widget)
        row.addWidget(self._sizes)
        self._canvas = canvas
        self.hide()

    def show_tool(self, value: int | None, size: float | None, largest: float) -> None:
        """Show what a tool paints, None: it drags; and its diameter, None: it has none. largest: the slider's end."""
        for button in self.choices.values():
            button.setVisible(value is not None)
        if value is not None:
            self.choices[value].setChecked(True)
        caption, name = SIZE if value is not None else REACH
        self._caption.setText(caption)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(f"{name}, in the photograph's pixels ([ and ])")
        self._sizes.setVisible(size is not None)
        if size is not None:
            self._largest = largest
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(NOTCHES * math.log(size) / math.log(largest)))
            self.size_label.setText(f"{size:.0f} px")
        self.show()
        self.adjustSize()
        self.place()

    def place(self) -> None:
        """In the photograph's lower left corner."""
        self.move(MARGIN, self._canvas.height() - self.height() - MARGIN)
