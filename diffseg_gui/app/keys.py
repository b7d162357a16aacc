"""Keys wherever the focus is, and single keys on keyboards that write no Latin letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from diffseg_gui.look.theme import application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QAction

TYPED_INTO = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
LATIN_1, NAMED_KEYS = 0x100, 0x01000000  # between them lie the keys of all other letters

# Where the keys of an American keyboard lie. Linux counts them along the rows, from the first code of each; a Mac has
# codes of its own; Windows gives a key's Latin letter itself, and codes for the other signs.
LINUX = {
    first + number: sign
    for first, row in ((10, "1234567890-="), (24, "QWERTYUIOP[]"), (38, "ASDFGHJKL;'"), (52, "ZXCVBNM,./"))
    for number, sign in enumerate(row)
}
MAC = dict(enumerate("ASDFHGZXCV BQWERYT123465=97-80]OU[IP LJ'K;\\,/NM."))
WINDOWS = {ord(sign): sign for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {
    0xBA: ";", 0xBB: "=", 0xBC: ",", 0xBD: "-", 0xBE: ".", 0xBF: "/", 0xDB: "[", 0xDC: "\\", 0xDD: "]", 0xDE: "'",
}  # fmt: skip


def latin_key(event: QKeyEvent, platform: str = "") -> int:
    """The key of an event; where it bears a letter that is not Latin, what stands there on an American keyboard.

    platform: Qt's name of it; by default the one that runs. A place that is not known leaves the key as it is.
    """
    key, platform = event.key(), platform or QGuiApplication.platformName()
    if not LATIN_1 <= key < NAMED_KEYS:
        return key
    if platform == "windows":
        sign = WINDOWS.get(event.nativeVirtualKey())
    elif platform == "cocoa":
        sign = MAC.get(event.nativeVirtualKey())
    else:
        sign = LINUX.get(event.nativeScanCode())
    return key if sign is None else ord(sign)  # Qt's keys of signs are their codes


class BeforeFocus(QObject):
    """Filters the events of whatever has the focus in some windows, and of these themselves.

    Before the whole application it would be asked about every event, and each time wait for Python, which the worker
    may be holding.
    """

    def __init__(self, windows: Iterable[QWidget], parent: QObject | None = None) -> None:
        """windows: the main one, and the panels, which may float; where nothing has the focus, the keys are theirs."""
        super().__init__(parent)
        self._windows = tuple(windows)
        for part in self._windows:
            part.installEventFilter(self)
        application().focusChanged.connect(self._follow)

    def _follow(self, former: QWidget | None, to: QWidget | None) -> None:
        if former is not None and former not in self._windows:
            former.removeEventFilter(self)
        if to is not None and to.window() in self._windows:
            to.installEventFilter(self)


class LatinShortcuts(BeforeFocus):
    """Has shortcuts work on keyboards that write no Latin letters, except where text is typed.

    Qt finds them by itself in some systems, and only with Ctrl in others. A key that comes here was none of those.
    """

    def __init__(self, actions: Iterable[QAction], windows: Iterable[QWidget], parent: QObject | None = None) -> None:
        """actions: those whose shortcuts count. windows: see :class:`BeforeFocus`."""
        super().__init__(windows, parent)
        self._actions = tuple(actions)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """A key goes down that bears another letter than the shortcut's."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = latin_key(event)
        if key == event.key() or isinstance(QApplication.focusWidget(), TYPED_INTO):
            return False
        pressed = QKeySequence(QKeyCombination(event.modifiers(), Qt.Key(key)))
        for action in self._actions:
            if action.isEnabled() and pressed in action.shortcuts():
                action.trigger()
                return True
        return False
