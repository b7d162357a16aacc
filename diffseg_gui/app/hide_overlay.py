"""Holding H: the skin alone, wherever the keys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from diffseg_gui.look.theme import application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffseg_gui.view.viewport import Viewport

TYPED_INTO = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
OTHERWISE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
AWAY = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class HideOverlay(QObject):
    """Hides what lies over the large views while H is held, except where text is typed.

    It stands before whatever has the focus, which may want the key for itself: a list searches by it. Before the whole
    application it would be asked about every event, and each time wait for Python, which the worker may be holding.
    """

    def __init__(self, viewport: Viewport, windows: Iterable[QWidget], parent: QObject | None = None) -> None:
        """windows: the main one, and the panels, which may float; where nothing has the focus, the keys are theirs."""
        super().__init__(parent)
        self._viewport, self._windows = viewport, tuple(windows)
        for part in self._windows:
            part.installEventFilter(self)
        application().focusChanged.connect(self._follow)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """H goes down or up; or its going up will not be heard, for the keys go elsewhere."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_H:
            if kind == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._viewport.hide_overlay(False)
            elif kind == QEvent.Type.KeyPress and not event.modifiers() & OTHERWISE:
                hides = not isinstance(QApplication.focusWidget(), TYPED_INTO)
                self._viewport.hide_overlay(hides)
                return hides
        elif kind == QEvent.Type.WindowDeactivate or (isinstance(event, QFocusEvent) and _leads_away(event)):
            self._viewport.hide_overlay(False)
        return False

    def _follow(self, former: QWidget | None, to: QWidget | None) -> None:
        if former is not None and former not in self._windows:
            former.removeEventFilter(self)
        if to is not None and to.window() in self._windows:
            to.installEventFilter(self)


def _leads_away(event: QFocusEvent) -> bool:
    return event.lostFocus() and event.reason() in AWAY
