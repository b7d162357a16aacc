"""A setting in plain words: a slider between two of them, with what it means below."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider

from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.look.slider import let_wheel_pass

PAGES = 20  # that PgUp and PgDown make of the whole way


class Between(Card):
    """Emits ``chosen`` with the setting's own number, which grows to the left.

    step: of one arrow key. left, right: what more and less of the setting are.
    """

    chosen = Signal(float)

    def __init__(self, title: str, left: str, right: str, high: float, step: float, tip: str) -> None:
        super().__init__(title, reset=True)
        self._step, self._high = step, high
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round(high / step))
        self.slider.setPageStep(max(1, self.slider.maximum() // PAGES))
        self.slider.setAccessibleName(f"{title}, from {left} to {right}")
        self.words = named(QLabel("", wordWrap=True), "muted")
        for widget in (self.slider, self.words, self.header):
            widget.setToolTip(tip)
        let_wheel_pass(self.slider)
        ends = QHBoxLayout()
        ends.addWidget(named(QLabel(left), "muted"))
        ends.addStretch()
        ends.addWidget(named(QLabel(right), "muted"))
        self.body.addWidget(self.slider)
        self.body.addLayout(ends)
        self.body.addWidget(self.words)
        self.slider.valueChanged.connect(lambda place: self.chosen.emit(self._top - place * self._step))

    @property
    def _top(self) -> float:
        return self.slider.maximum() * self._step

    def show_value(self, value: float) -> None:
        """Put the slider there without telling anyone; a value beyond its range widens that."""
        with QSignalBlocker(self.slider):
            self.slider.setMaximum(round(max(self._high, value) / self._step))
            self.slider.setValue(self.slider.maximum() - round(value / self._step))
