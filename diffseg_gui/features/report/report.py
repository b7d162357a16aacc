"""The report of the open photograph: its pages are made beside the main thread, shown, printed and saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFileDialog

from diffseg_gui.feature import Command, Feature
from diffseg_gui.look.system_style import system_style
from diffseg_gui.worker.background import Background
from engine.records.atomic import write_whole
from engine.records.folders import folder_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.document import Document
    from diffseg_gui.features.report.dialog import ReportDialog
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from engine.reading.reading import Reading
    from engine.records.report import Report
    from engine.records.style import Style
    from engine.results import Segmentation

FOLDER = "reports"  # in the preferences: where one was saved last; and what its failures are about


class ReportFeature(Feature):
    """Shows what ``--also pdf`` writes. The language, the numbers and the paper are the system's."""

    def __init__(
        self, document: Document, preferences: Preferences, messages: Messages, parent: QWidget,
        style: Callable[[], Style] = system_style,
    ) -> None:  # fmt: skip
        """parent: in whose window the dialog stands."""
        super().__init__()
        self._document, self._preferences, self._messages = document, preferences, messages
        self._parent_widget, self._style = parent, style
        self._dialog: ReportDialog | None = None
        self._pages: Report | None = None
        self._name = ""
        self._making, self._saving = Background(self), Background(self, may_stall=True)
        self._making.answered.connect(self._show_pages)
        self._saving.answered.connect(self._tell_saved)
        for work in (self._making, self._saving):
            work.failed.connect(self._tell_failure)
        for signal in (document.opened, document.blindChanged):
            signal.connect(self.dismiss)
        self.commands = (
            Command("report", "File", "Repor&t…", "Ctrl+P", "Look at the report, print it, or save it as a PDF file",
                    self.show, lambda: document.shown.current),
        )  # fmt: skip

    def show(self) -> None:
        """Open the dialog, and have its pages made."""
        from diffseg_gui.features.report.dialog import ReportDialog  # here: the start of the window needs no report

        found = self._document.shown.segmentation
        if found is None or not self._document.shown.current:
            return
        self.dismiss()
        self._name, self._pages = folder_name(found.image.path), None
        self._dialog = ReportDialog(self._parent_widget.window())
        self._dialog.printClicked.connect(self._ask_printer)
        self._dialog.saveClicked.connect(self._ask_file)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()
        reading, style = self._document.reading, self._style()
        self._making.ask(partial(_pages, found, reading, style))

    def dismiss(self) -> None:
        """Close the dialog: it is of a photograph that is not open, or may not be seen."""
        if self._dialog is not None:
            self._dialog.reject()

    def close(self) -> None:
        """Make no more pages; what is to be saved is written first, unless its drive does not answer."""
        self.dismiss()
        self._making.close()
        self._saving.wait()

    # Within

    def _forget(self) -> None:
        self._dialog = self._pages = None
        self._making.forget()

    def _show_pages(self, pages: Report) -> None:
        if self._dialog is not None:
            self._pages = pages
            self._dialog.show_pages(pages)

    def _ask_file(self) -> None:
        folder = self._preferences.text(FOLDER) or self._preferences.text("export")
        proposed = str(Path(folder) / f"{self._name} report.pdf")
        name, _ = QFileDialog.getSaveFileName(self._dialog, "Save the report", proposed, "PDF files (*.pdf)")
        if name and self._pages is not None:
            path = Path(name) if name.lower().endswith(".pdf") else Path(f"{name}.pdf")
            self._preferences.set(FOLDER, str(path.parent))
            self._saving.add(partial(_save, self._pages, path))

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # here: the start of the window needs no printer

        from diffseg_gui.features.report.painting import paper

        if self._pages is None or self._dialog is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(paper(self._pages))
        printer.setDocName(self._pages.title)
        asking = QPrintDialog(printer, self._dialog)
        asking.accepted.connect(lambda: self._print(printer))
        QDialog.open(asking)  # its own wants a slot to be named

    def _print(self, printer: QPrinter) -> None:
        from diffseg_gui.features.report.painting import print_on

        if self._pages is None or self._dialog is None:
            return
        if print_on(printer, self._pages):
            self._dialog.say("The pages are with the printer.")
        else:
            self._dialog.say("The printer did not take the pages; see that it is on, or save them as a PDF file.", True)

    def _tell_saved(self, path: Path) -> None:
        self._messages.worked(FOLDER)
        if self._dialog is not None:
            self._dialog.say(f"Saved as {path}")

    def _tell_failure(self, sentence: str) -> None:
        if self._dialog is not None:
            self._dialog.say(sentence, True)
        else:
            self._messages.failure(sentence, FOLDER)


def _pages(found: Segmentation, reading: Reading, style: Style) -> Report:
    from engine.records.record import Record
    from engine.records.report import report

    return report(Record.of(found, reading, style=style))


def _save(pages: Report, path: Path) -> Path:
    from engine.records.writers.pdf import pdf

    write_whole(path, pdf(pages))
    return path
