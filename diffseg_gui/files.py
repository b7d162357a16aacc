"""Files: what is opened, the recent ones, and where results are exported to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from engine.errors import ExportError
from engine.host.resources import samples
from engine.photograph.read import SUFFIXES
from engine.records.folders import folder_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from diffseg_gui.window import MainWindow


class Files(QObject):
    """Asks for files and folders, and says so when results are written."""

    exportWished = Signal(object)  # a folder

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def choose(self) -> None:
        """Ask for files and open the first; the others follow as a series."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        folder = self._window.preferences.text("folder")
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open photographs", folder, f"Photographs ({kinds})")
        if names:
            self._window.series.begin([Path(name) for name in names])

    def choose_export(self) -> None:
        """Ask for a folder and export into it, in a folder of the image's name."""
        preferences = self._window.preferences
        folder = QFileDialog.getExistingDirectory(self._window, "Export into", preferences.text("export"))
        if folder:
            preferences.set("export", folder)
            self.export_into(Path(folder))

    def export_into(self, folder: Path) -> None:
        """Write the result's files into FOLDER/<image's name>/, as ``diffseg segment`` does."""
        state = self._window.state
        if state.current and state.image is not None:
            try:
                within = folder_for(state.image, folder)
            except ExportError as error:
                self._window.show_failure(str(error))
                return
            self._window.statusBar().showMessage("Exporting…")
            self.exportWished.emit(within)

    def show_exported(self, folder: Path) -> None:
        """Tell that the files are there."""
        self._window.statusBar().showMessage(f"Exported to {folder}", 10_000)

    def fill(self, menu: QMenu) -> None:
        """Put recent files and samples into a menu, above its last action."""
        *former, last = menu.actions()
        for action in former:
            menu.removeAction(action)
            action.deleteLater()
        recent = [self._opening(menu, path, path.name) for path in self._window.preferences.recent()]
        bundled = [self._opening(menu, path, f"Sample: {path.stem}") for path in samples()]
        for action in (*recent, *bundled):
            menu.insertAction(last, action)
        if recent:
            menu.insertSeparator(bundled[0])
        menu.insertSeparator(last)
        last.setEnabled(bool(recent))

    def _opening(self, menu: QMenu, path: Path, text: str) -> QAction:
        action = QAction(text.replace("&", "&&"), menu, toolTip=str(path))
        action.triggered.connect(lambda: self._window.open_image(path))
        return action
