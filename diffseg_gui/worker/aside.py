"""Reading from a drive, or writing to one, that may not answer, as a network's that is gone: it can only be left."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
TICK = 0.05  # seconds between two looks at whether it is still wanted
GRACE = 1.0  # seconds in which what is under way may end when it is not: most drives do answer


class LeftError(Exception):
    """Nobody wants the answer any more."""


def aside(work: Callable[[], T], is_wanted: Callable[[], bool]) -> T:
    """Return what ``work`` returns, or raise what it raises; it runs in a thread of its own.

    Raises :class:`LeftError` once it is not wanted. Where it does not end soon the thread is left behind: it ends when
    the drive answers, and does not keep the program from ending.
    """
    answers: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()

    def answer() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:
            answers.put((None, error))

    thread = Thread(target=answer, name="drive", daemon=True)
    thread.start()
    while is_wanted():
        try:
            value, error = answers.get(timeout=TICK)
        except Empty:
            continue
        thread.join()
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # there is one where there is no error
    thread.join(GRACE)
    raise LeftError
