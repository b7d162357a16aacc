"""Errors that nobody thought of in what the window itself does: logged, and told, where Qt would go on in silence."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from diffseg_gui.log import unforeseen

if TYPE_CHECKING:
    from types import TracebackType

    from diffseg_gui.messages import Messages

INTERRUPTED = 130  # the exit code after Ctrl+C, as shells have it
log = logging.getLogger(__name__)


class Unforeseen(QObject):
    """``with Unforeseen(messages):`` errors that no slot has caught are told as failures. Ctrl+C ends the program."""

    _caught = Signal(str)

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._messages = messages
        self._last: tuple[object, ...] = ()
        self._telling = False
        # Queued: the banner appears once what failed is over, be it painting or another thread's work.
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def __enter__(self) -> Unforeseen:
        self._former, sys.excepthook = sys.excepthook, self.catch
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook = self._former

    def catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """What Python calls for an error that nothing caught; one that comes with every frame is logged once."""
        self._former(kind, error, trace)
        if not isinstance(error, Exception):
            QCoreApplication.exit(INTERRUPTED)
            return
        this = (kind, str(error), _place(trace))
        if this != self._last:
            self._last = this
            log.error("an error that nothing caught", exc_info=(kind, error, trace))
        if not self._telling:  # an error in telling one would come back here for ever
            self._caught.emit(unforeseen("Something in the window failed", error))

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._telling = True
        self._messages.failure(sentence)  # what fails in its slots is caught above before this returns
        self._telling = False


def _place(trace: TracebackType | None) -> tuple[str, int] | None:
    """The line that failed."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
