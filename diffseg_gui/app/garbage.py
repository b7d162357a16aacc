"""Python's cyclic garbage, collected in the main thread alone.

By default whichever thread makes an object too many collects all garbage there is. Widgets that were put away, a dialog
say, may be among it, and Qt crashes where a widget ends in another thread than its own.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from types import TracebackType

REST = 1000  # ms between two looks


class Garbage(QObject):
    """``with Garbage() as garbage:`` it is collected by a timer here, when Python itself would have done so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=REST)
        self._timer.timeout.connect(self.look)

    def __enter__(self) -> Garbage:
        gc.disable()
        self.keep_all()
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._timer.stop()
        gc.enable()

    @Slot()
    def keep_all(self) -> None:
        """Look no more at what is there now, as half a million objects of imported modules: it would be felt."""
        gc.freeze()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due, and with it those younger."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [age for age, (count, most) in enumerate(zip(counts, thresholds, strict=True)) if 0 < most < count]
        if due:
            gc.collect(due[-1])
