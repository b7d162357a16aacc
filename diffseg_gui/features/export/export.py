"""Export: at once as it was chosen last, or after a dialog; and what is said when the files are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.export.choice import Choice, is_chosen, last, proposed, remember
from diffseg_gui.features.export.dialog import ExportDialog
from diffseg_gui.features.export.done import Done
from diffseg_gui.look.mirror import mirror
from diffseg_gui.worker.background import Background
from engine.errors import ExportError
from engine.records.filing import NOBODY
from engine.records.folders import folder_for, folder_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PySide6.QtGui import QAction

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.view.canvas import Canvas
    from engine.photograph.image import SkinImage
    from engine.records.filing import Filing

EXPORT = "export"  # what its failures are about


class Export(Feature):
    """Has the result's files written into a folder of the photograph's name, as ``diffseg segment --also`` does."""

    requested = Signal(object, object, object)  # in which folder, formats beside the usual ones, a Filing

    def __init__(self, document: Document, preferences: Preferences, messages: Messages, canvas: Canvas) -> None:
        """canvas: over which it is said that the files are there, and in whose window the dialog stands."""
        super().__init__()
        self._document, self._preferences, self._messages, self._canvas = document, preferences, messages, canvas
        self._written: Path | None = None  # the folder of the last export
        self._dialog: ExportDialog | None = None
        self._looking = Background(self, may_stall=True)  # where the files would lie
        self._looking.answered.connect(self._show_place)
        self.done = Done(canvas)
        for signal in (document.opened, document.recipeChanged, document.edited, document.blindChanged):
            signal.connect(self.done.hide)  # what is written is not what is open
        self.commands = (
            Command("export", "File", "&Export", "Ctrl+E", "Write the same formats to the same folder as last time",
                    self.at_once, self._can_export, label=self._text, line=True, bar=11, named=True),
            Command("export_as", "File", "Export &as…", "Ctrl+Shift+E", "Choose formats and folder, then export",
                    self.ask, self._can_export, icon="export"),
            Command("show_export", "File", "Show in &folder", "Ctrl+Shift+F", "Show the files that were exported last",
                    self.show_folder, lambda: self._written is not None, icon="open"),
        )  # fmt: skip

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Have the buttons beside the good news do what the menu does."""
        mirror(self.done.folder, actions["show_export"])
        if "next_photograph" in actions:
            mirror(self.done.next, actions["next_photograph"])

    # What commands do

    def at_once(self) -> None:
        """Export as was chosen last, and without a patient; before anything was chosen, ask."""
        choice = last(self._preferences)
        if choice is None:
            self.ask()
        else:
            self.into(choice.folder, choice.formats)

    def ask(self) -> None:
        """Ask for formats and a folder."""
        if self._document.photograph is None:
            return
        photograph = self._document.photograph
        look = partial(self._look, photograph)
        self._dialog = ExportDialog(proposed(self._preferences), look, photograph.about, self._canvas.window())
        self._dialog.chosen.connect(self._take)
        self._dialog.finished.connect(self._forget)
        for signal in (self._document.opened, self._document.blindChanged):
            signal.connect(self._dialog.reject)
        self._dialog.open()

    def into(self, folder: Path, formats: Sequence[str] = (), filing: Filing = NOBODY) -> None:
        """Have the result's files written into FOLDER/<photograph's name>/."""
        if self._can_export():
            self.done.hide()
            self._messages.notice("Exporting…", 0)
            self.requested.emit(folder, tuple(formats), filing)

    def show_folder(self) -> None:
        """Have the system's file manager show the files that were written last."""
        if self._written is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(self._written)):
            self._messages.failure(f"{self._written} could not be shown here; open it in your file manager.", EXPORT)

    # What others tell

    def show_exported(self, folder: Path, under: str | None) -> None:
        """The files are there. under: see :class:`diffseg_gui.worker.analyst.Analyst`."""
        self._written = folder
        self._messages.notice(f"Exported to {folder}", 10_000)
        self.done.say(folder, under)
        self.changed.emit()

    def escape(self) -> bool:
        """The good news was read."""
        was_there = self.done.isVisible()
        self.done.hide()
        return was_there

    def close(self) -> None:
        """Look no more."""
        self._looking.close()

    # Within

    def _look(self, photograph: SkinImage, folder: Path) -> None:
        """Find out where the files would lie, which a network drive may take long to say."""
        self._looking.ask(partial(_place, photograph, folder))

    def _show_place(self, place: tuple[Path, str]) -> None:
        if self._dialog is not None:
            self._dialog.show_place(*place)

    def _forget(self) -> None:
        self._dialog = None
        self._looking.forget()

    def _can_export(self) -> bool:
        return self._document.shown.current

    def _text(self) -> str:
        return "&Export" if is_chosen(self._preferences) else "&Export…"

    def _take(self, choice: Choice, filing: Filing) -> None:
        remember(choice, self._preferences)  # never whose the files are
        self.changed.emit()
        self.into(choice.folder, choice.formats, filing)


def _place(photograph: SkinImage, folder: Path) -> tuple[Path, str]:
    """The photograph's folder in ``folder``; and where another is looked for, the next folder above that is there."""
    there = next((str(one) for one in (folder, *folder.parents) if one.is_dir()), "")
    try:
        return folder_for(photograph, folder), there
    except ExportError:  # which is said once it is written to
        return folder / folder_name(photograph.path), there
