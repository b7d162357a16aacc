"""What the program says to the person in a sentence: notices that pass, and failures that stay until they are read.

A failure goes by itself once the same thing has worked, so it says what it is about: :meth:`Messages.watch` joins the
two signals of any work, and :meth:`Messages.worked` tells of a success where there is no signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

SHORT, LONG = 6000, 15_000  # ms that a notice stands
OPENING, ANALYSIS = "opening", "analysis"


class Messages(QObject):
    """Anyone may say something; the window shows it."""

    noticed = Signal(str, int)  # ms that it stands; 0: until another
    cleared = Signal()
    failed = Signal(str, bool)  # whether it can be tried again
    failureOver = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._about = ""  # what the newest failure is about

    def notice(self, sentence: str, ms: int = SHORT) -> None:
        """Say something in passing."""
        self.noticed.emit(sentence, ms)

    def clear(self) -> None:
        """Take the notice away."""
        self.cleared.emit()

    def failure(self, sentence: str, about: str = "") -> None:
        """Say what went wrong; all that is open stays open. about: what has to work for it to go; empty: nothing."""
        self._about = about
        self.failed.emit(sentence, False)

    def failed_analysis(self, sentence: str, opening: bool = False) -> None:
        """The same of opening (True) or analysing, which can be tried again."""
        self._about = OPENING if opening else ANALYSIS
        self.failed.emit(sentence, True)

    def worked(self, about: str) -> None:
        """This has worked: a failure of the same is over, one of anything else stays."""
        if about == self._about:
            self.forget_failure()

    def watch(self, about: str, failed: SignalInstance, worked: SignalInstance) -> None:
        """Tell the sentence that ``failed`` comes with, until ``worked`` comes."""
        failed.connect(lambda sentence: self.failure(sentence, about))
        worked.connect(lambda *_: self.worked(about))

    def forget_failure(self) -> None:
        """What failed before is being tried again, or is of no interest any more."""
        self._about = ""
        self.failureOver.emit()
