"""A small icon among words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel

from diffseg_gui.look import theme
from diffseg_gui.look.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap


class Sign(QLabel):
    """A label that shows one icon or another, in the theme's colours.

    Each is drawn once: Qt keeps a copy of every new picture that a label paints, up to ten megabytes of them.
    """

    def __init__(self, side: int) -> None:
        """side: of the icon, in pixels of the window."""
        super().__init__()
        self._size = QSize(side, side)
        self._shows: tuple[object, ...] = ()
        self._drawn: dict[tuple[object, ...], QPixmap] = {}
        self.setFixedSize(self._size)

    def show_icon(self, name: str, enabled: bool = True) -> None:
        """Show the icon of that name, faint where it is not enabled."""
        shows = (name, enabled, theme.colours().text.name())  # the last tells the theme
        if shows == self._shows:
            return
        if shows not in self._drawn:
            mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
            self._drawn[shows] = icon(name).pixmap(self._size, mode)
        self._shows = shows
        self.setPixmap(self._drawn[shows])
