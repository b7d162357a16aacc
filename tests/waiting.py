"""Waiting while the window goes on.

QTest.qWait holds Python's lock: other threads, the engine's above all, stand nearly still meanwhile.
"""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer


def pause(ms: int) -> None:
    """Let the event loop run for so many milliseconds, and other threads with it."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
