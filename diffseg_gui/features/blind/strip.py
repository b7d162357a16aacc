"""The line above the photograph that goes with a blind reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from engine.reading.reading import Blind

DRAW = "<b>Reading blind.</b> Outline the lesion with the brush or the lasso; all that the model finds is hidden."
READY, UNDER_WAY, MISSING = "The result is ready.", "The analysis is under way.", "There is no result: F5 runs it."


class Strip(QFrame):
    """One line above the photograph: how to go on while reading blind, and what came of it afterwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.words = QLabel("", wordWrap=True)
        self.reveal = named(QPushButton("Reveal"), "primary")
        self.adopt = QPushButton("Use as the correction")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("End the blind reading and drop the outline (Ctrl+B)")
        self.dismiss = named(QPushButton("Hide"), "link")
        self.dismiss.setToolTip("Hide this line; the blind outline stays with the photograph")
        self.dismiss.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        for button in (self.reveal, self.adopt, self.stop, self.dismiss):
            row.addWidget(button)
        self.hide()

    def show_reading(self, current: bool, busy: bool) -> None:
        """While the outline is drawn. current, busy: whether there is a result, or work on one."""
        self._say(f"{DRAW} {READY if current else UNDER_WAY if busy else MISSING}", True)

    def show_result(self, blind: Blind) -> None:
        """After the reveal."""
        edits = "1 edit" if blind.edits == 1 else f"{blind.edits} edits"
        seen = ""
        if blind.seen_seconds is not None and blind.seen_seconds >= 1:
            seen = f" The result had been on screen for {duration(blind.seen_seconds)} before."
        self._say(
            f"<b>Your blind outline and the result:</b> Dice {blind.agreement.dice:.3f},"
            f" Jaccard {blind.agreement.jaccard:.3f}. Drawn in {duration(blind.seconds)} with {edits}.{seen}",
            False,
        )
        self.adopt.setVisible(blind.layer is not None)

    def _say(self, words: str, reading: bool) -> None:
        self.words.setText(words)
        self.adopt.hide()
        self.reveal.setVisible(reading)
        self.stop.setVisible(reading)
        self.dismiss.setVisible(not reading)
        self.show()


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
