"""Enter and Escape in a small box over the photograph: the box's own, whatever else they mean in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class EntryKeys(QObject):
    """Watches a field, and belongs to it."""

    def __init__(self, field: QWidget, ended: Callable[[bool], None]) -> None:
        """ended: called with True on Enter, with False on Escape."""
        super().__init__(field)
        self._ended = ended
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take both keys, also from the shortcuts that they are in the window."""
        if isinstance(event, QKeyEvent) and event.key() in KEYS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._ended(event.key() != Qt.Key.Key_Escape)
                return True
        return False
