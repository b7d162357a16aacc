"""Opening photographs: by a dialog, dropped, the recent ones and the samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.feature import Command, Feature
from diffseg_gui.worker.background import Background
from engine.host.resources import samples
from engine.photograph.read import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu, QWidget

    from diffseg_gui.document.document import Document
    from diffseg_gui.preferences import Preferences

RECENT = "File/Open &recent"


class Files(Feature):
    """Asks for photographs, and offers those that are known."""

    recentFound = Signal(object)  # the recent files that are still there, newest first

    def __init__(
        self, document: Document, preferences: Preferences, parent: QWidget,
        open_one: Callable[[Path], None], open_series: Callable[[Sequence[Path]], None],
    ) -> None:  # fmt: skip
        """parent: in whose window dialogs stand. open_series: opens the first of some files; the others follow it."""
        super().__init__()
        self._document, self._preferences, self._parent_widget = document, preferences, parent
        self._open_one, self._open_series = open_one, open_series
        self.menus = {RECENT: self.fill}
        self._entries: list[QAction] = []  # of the menu that changes, above those of commands
        self._looking = Background(self, may_stall=True)
        self._looking.answered.connect(self.recentFound)
        document.opened.connect(self._remember)
        self.commands = (
            Command("open", "File", "&Open…", "Ctrl+O", "Open photographs", self.choose, bar=10, named=True),
            Command("clear_recent", RECENT, "&Clear the list", "", "Forget the files that were opened", self.clear,
                    lambda: bool(preferences.recent())),
            Command("remember_files", RECENT, "&Remember opened files", "",
                    "List the files that you open here and on the start screen", self.remember_files,
                    checked=lambda: preferences.remembers),
        )  # fmt: skip

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Open what was dropped."""
        self._open_series(paths)
        return True

    def choose(self) -> None:
        """Ask for files and open the first; the others follow as a series."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        folder = self._preferences.text("folder")
        names, _ = QFileDialog.getOpenFileNames(
            self._parent_widget, "Open photographs", folder, f"Photographs ({kinds});;All files (*)"
        )
        if names:
            self._open_series([Path(name) for name in names])

    def look(self) -> None:
        """Find out which recent files are still there; a network drive that is gone would hold up the window."""
        recent = self._preferences.recent()
        self._looking.ask(lambda: [path for path in recent if path.is_file()])

    def clear(self) -> None:
        """Forget the files that were opened."""
        self._preferences.forget()
        self.look()
        self.changed.emit()

    def remember_files(self, on: bool) -> None:
        """Remember files from now on; or none, and forget those that were opened."""
        self._preferences.remember_files(on)
        self.look()

    def close(self) -> None:
        """Look no more."""
        self._looking.close()

    def fill(self, menu: QMenu) -> None:
        """Put recent files and samples into a menu, above its commands."""
        for action in self._entries:
            menu.removeAction(action)
            action.deleteLater()
        first = menu.actions()[0]
        recent = [self._opening(menu, path, path.name) for path in self._preferences.recent()]
        bundled = [self._opening(menu, path, f"Sample: {path.stem}") for path in samples()]
        for action in (*recent, *bundled):
            menu.insertAction(first, action)
        lines = [menu.insertSeparator(bundled[0])] if recent else []
        self._entries = [*recent, *bundled, *lines, menu.insertSeparator(first)]
        self.changed.emit()

    def _opening(self, menu: QMenu, path: Path, text: str) -> QAction:
        action = QAction(text.replace("&", "&&"), menu, toolTip=str(path))
        action.triggered.connect(lambda: self._open_one(path))
        return action

    def _remember(self) -> None:
        if self._document.photograph is not None:
            self._preferences.remember(self._document.photograph.path)
