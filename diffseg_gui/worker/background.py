"""Work that would be felt in the main thread, done beside it; the newest request wins."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from diffseg_gui.log import unforeseen
from diffseg_gui.worker.aside import LeftError, aside
from engine.errors import DiffSegError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)
PATIENCE = 10_000  # ms that :meth:`Background.wait` waits for what may stall


class Background(QObject):
    """One thread at a time for pure functions of the engine. Signals come in the main thread, for the newest request.

    What runs cannot be stopped, so keep it to a few seconds; :meth:`close` waits for it. What reads or writes files may
    never end where a drive does not answer: with ``may_stall`` it is left behind once it is not wanted.
    """

    answered = Signal(object)
    failed = Signal(str)
    _ended = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None, may_stall: bool = False) -> None:
        super().__init__(parent)
        self._may_stall = may_stall
        self._ticket = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended.connect(self._tell)

    def ask(self, function: Callable[[], object]) -> None:
        """Call it soon; every earlier request is dropped. It must not touch Qt's widgets."""
        self.forget()
        self.add(function)

    def add(self, function: Callable[[], object]) -> None:
        """Call it after what was asked for before, none of which is dropped."""
        ticket = self._ticket
        self._pool.start(lambda: self._work(ticket, function))

    def forget(self) -> None:
        """Want no answer any more."""
        self._ticket += 1
        self._pool.clear()

    def close(self) -> None:
        """Stop, and wait for what is under way."""
        self.forget()
        self._pool.waitForDone()

    def wait(self) -> None:
        """Wait for all that was asked for; what it answers is wanted no more. What stalls is left after a while."""
        if not self._pool.waitForDone(PATIENCE if self._may_stall else -1):
            log.warning("work in the background was given up: a drive does not answer")
        self.close()

    def _work(self, ticket: int, function: Callable[[], object]) -> None:
        try:
            answer = aside(function, lambda: ticket == self._ticket) if self._may_stall else function()
            self._ended.emit(ticket, answer, None)
        except LeftError:
            return
        except DiffSegError as error:
            self._ended.emit(ticket, None, str(error))
        except Exception as error:
            log.exception("work in the background failed")
            self._ended.emit(ticket, None, unforeseen("The work stopped", error))

    @Slot(int, object, object)
    def _tell(self, ticket: int, answer: object, sentence: str | None) -> None:
        if ticket != self._ticket:
            return
        if sentence is not None:
            self.failed.emit(sentence)
        else:
            self.answered.emit(answer)
