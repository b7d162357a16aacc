"""What the program says to the person in a sentence: notices that pass, and failures that stay until they are read."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

SHORT, LONG = 6000, 15_000  # ms that a notice stands


class Messages(QObject):
    """Anyone may say something; the window shows it."""

    noticed = Signal(str, int)  # ms that it stands; 0: until another
    cleared = Signal()
    failed = Signal(str, bool)  # whether it can be tried again
    failureOver = Signal()

    def notice(self, sentence: str, ms: int = SHORT) -> None:
        """Say something in passing."""
        self.noticed.emit(sentence, ms)

    def clear(self) -> None:
        """Take the notice away."""
        self.cleared.emit()

    def failure(self, sentence: str) -> None:
        """Say what went wrong; all that is open stays open."""
        self.failed.emit(sentence, False)

    def failed_analysis(self, sentence: str) -> None:
        """The same of opening or analysing, which can be tried again."""
        self.failed.emit(sentence, True)

    def forget_failure(self) -> None:
        """What failed before is being tried again, or is of no interest any more."""
        self.failureOver.emit()
