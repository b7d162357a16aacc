"""Waiting while the window goes on.

QTest.qWait holds Python's lock: other threads, the engine's above all, stand nearly still meanwhile.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEventLoop, QTimer


def pause(ms: int) -> None:
    """Let the event loop run for so many milliseconds, and other threads with it."""
    loop, timer = _clock()
    timer.start(ms)
    loop.exec()


@cache
def _clock() -> tuple[QEventLoop, QTimer]:
    """The same each time: what PySide connects to a slot of Qt's own it keeps for good, some hundred bytes."""
    loop, timer = QEventLoop(), QTimer(singleShot=True)
    timer.timeout.connect(loop.quit)
    return loop, timer
