"""Holding H: the skin alone, wherever the keys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.keys import TYPED_INTO, BeforeFocus, latin_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from diffseg_gui.view.viewport import Viewport

OTHERWISE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
AWAY = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class HideOverlay(BeforeFocus):
    """Hides what lies over the large views while H is held, except where text is typed.

    It stands before whatever has the focus, which may want the key for itself: a list searches by it.
    """

    def __init__(self, viewport: Viewport, windows: Iterable[QWidget], parent: QObject | None = None) -> None:
        """windows: see :class:`BeforeFocus`."""
        super().__init__(windows, parent)
        self._viewport = viewport

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """H goes down or up; or its going up will not be heard, for the keys go elsewhere."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and latin_key(event) == Qt.Key.Key_H:
            if kind == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._viewport.hide_overlay(False)
            elif kind == QEvent.Type.KeyPress and not event.modifiers() & OTHERWISE:
                hides = not isinstance(QApplication.focusWidget(), TYPED_INTO)
                self._viewport.hide_overlay(hides)
                return hides
        elif kind == QEvent.Type.WindowDeactivate or (isinstance(event, QFocusEvent) and _leads_away(event)):
            self._viewport.hide_overlay(False)
        return False


def _leads_away(event: QFocusEvent) -> bool:
    return event.lostFocus() and event.reason() in AWAY
