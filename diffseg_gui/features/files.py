"""Opening photographs: by a dialog, dropped, the recent ones and the samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.feature import Command, Feature
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

    def __init__(
        self, document: Document, preferences: Preferences, parent: QWidget,
        open_one: Callable[[Path], None], open_series: Callable[[Sequence[Path]], None],
    ) -> None:  # fmt: skip
        """parent: in whose window dialogs stand. open_series: opens the first of some files; the others follow it."""
        super().__init__()
        self._document, self._preferences, self._parent_widget = document, preferences, parent
        self._open_one, self._open_series = open_one, open_series
        self.menus = {RECENT: self.fill}
        document.opened.connect(self._remember)
        self.commands = (
            Command("open", "File", "&Open…", "Ctrl+O", "Open a photograph", self.choose, bar=10, named=True),
            Command("clear_recent", RECENT, "&Clear the list", "", "Forget the files opened", preferences.forget,
                    lambda: bool(preferences.recent())),
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
            self._parent_widget, "Open photographs", folder, f"Photographs ({kinds})"
        )
        if names:
            self._open_series([Path(name) for name in names])

    def fill(self, menu: QMenu) -> None:
        """Put recent files and samples into a menu, above its last action."""
        *former, last = menu.actions()
        for action in former:
            menu.removeAction(action)
            action.deleteLater()
        recent = [self._opening(menu, path, path.name) for path in self._preferences.recent()]
        bundled = [self._opening(menu, path, f"Sample: {path.stem}") for path in samples()]
        for action in (*recent, *bundled):
            menu.insertAction(last, action)
        if recent:
            menu.insertSeparator(bundled[0])
        menu.insertSeparator(last)
        self.changed.emit()

    def _opening(self, menu: QMenu, path: Path, text: str) -> QAction:
        action = QAction(text.replace("&", "&&"), menu, toolTip=str(path))
        action.triggered.connect(lambda: self._open_one(path))
        return action

    def _remember(self) -> None:
        if self._document.photograph is not None:
            self._preferences.remember(self._document.photograph.path)
