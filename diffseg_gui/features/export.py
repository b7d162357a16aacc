"""Export: where a result's files go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.feature import Command, Feature
from engine.errors import ExportError
from engine.records.folders import folder_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences

EXPORT = "export"  # what its failures are about


class Export(Feature):
    """Asks for a folder, and has the result's files written into it."""

    requested = Signal(object)  # the folder of the photograph's results

    def __init__(self, document: Document, preferences: Preferences, messages: Messages, parent: QWidget) -> None:
        """parent: in whose window the dialog stands."""
        super().__init__()
        self._document, self._preferences, self._messages, self._parent_widget = document, preferences, messages, parent
        self.commands = (
            Command("export", "File", "&Export…", "Ctrl+E", "Write masks, maps and sidecar to a folder", self.choose,
                    lambda: document.shown.current, line=True, bar=11, named=True),
        )  # fmt: skip

    def choose(self) -> None:
        """Ask for a folder and export into it, in a folder of the photograph's name."""
        folder = QFileDialog.getExistingDirectory(self._parent_widget, "Export into", self._preferences.text("export"))
        if folder:
            self._preferences.set("export", folder)
            self.into(Path(folder))

    def into(self, folder: Path) -> None:
        """Write the result's files into FOLDER/<photograph's name>/, as ``diffseg segment`` does."""
        if self._document.shown.current and self._document.photograph is not None:
            try:
                within = folder_for(self._document.photograph, folder)
            except ExportError as error:
                self._messages.failure(str(error), EXPORT)
                return
            self._messages.notice("Exporting…", 0)
            self.requested.emit(within)

    def show_exported(self, folder: Path) -> None:
        """Tell that the files are there."""
        self._messages.notice(f"Exported to {folder}", 10_000)
