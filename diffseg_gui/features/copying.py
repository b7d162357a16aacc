"""Copying: the large view as it is on the screen, for a letter or a slide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from diffseg_gui.feature import Command, Feature

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas


class Copying(Feature):
    """Puts a picture of the large view on the clipboard, with what lies over it."""

    def __init__(self, document: Document, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._canvas, self._messages = canvas, messages
        self.commands = (
            Command("copy_view", "Edit", "&Copy the view", "Ctrl+C",
                    "Put the large view, with what lies over it, on the clipboard", self.copy,
                    lambda: document.photograph is not None, line=True),
        )  # fmt: skip

    def copy(self) -> None:
        """Copy it, at the screen's resolution."""
        QGuiApplication.clipboard().setPixmap(self._canvas.grab())
        self._messages.notice("The view is on the clipboard")
