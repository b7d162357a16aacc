"""The main thread's side of the worker: it hands out tickets, and owns the thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from diffseg_gui.worker.worker import Request, Setup, Worker
from engine.records.filing import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diffseg_gui.document.kept import Kept
    from engine.photograph.image import SkinImage
    from engine.progress import Progress
    from engine.reading.reading import Reading
    from engine.recipe import Recipe
    from engine.records.filing import Filing
    from engine.records.style import Style
    from engine.results import Segmentation
    from engine.scribbles import Scribbles


FIRST_FRAME = 100  # ms after the start that the window has to itself: loading torch would hold up its first frame


class Analyst(QObject):
    """Passes requests on to the worker, and the answers to the newest one back."""

    opened = Signal(object, object)  # a photograph, with what is kept of it: its reading, and its outline
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    refused = Signal(str)  # after ``failed``: the device is not there, or the model cannot be used
    devices = Signal(object)  # the kinds that this machine has
    exported = Signal(object, object)  # the folder; under whom its DICOM files are filed, None where there are none
    written = Signal(object, object)  # before ``exported``: which result, with which reading
    exportFailed = Signal(str)
    _prepare = Signal(object)
    _work = Signal(object)
    _export = Signal(int, object, object, object, object, object, object)
    _end = Signal()

    def __init__(
        self, setup: Setup, load: Callable[[SkinImage], tuple[Kept, Kept]], parent: QObject | None = None
    ) -> None:
        """load: finds the reading that is kept of an image, and its outline; called in the worker's thread."""
        super().__init__(parent)
        self.setup = setup
        self.frames: dict[Path, int] = {}  # by file: the photograph in it that is to be opened, where it holds several
        self._ticket = 0
        self._exports = self._ended = 0  # numbers of the newest export: asked for, and ended or given up
        self._thread = QThread(self)
        self._thread.setObjectName("analysis")
        self._worker = Worker(load)
        self._worker.moveToThread(self._thread)
        self._prepare.connect(self._worker.prepare)
        self._work.connect(self._worker.work)
        self._export.connect(self._worker.export)
        self._end.connect(self._worker.end)
        self._worker.opened.connect(self._on_opened)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._worker.devices.connect(self.devices)
        self._worker.exported.connect(self._on_exported)
        self._worker.exportFailed.connect(self._on_export_failed)
        self._thread.start()

    def prepare(self) -> None:
        """Warm up."""
        self._worker.wanted = self.setup
        self._prepare.emit(self.setup)

    @Slot(object, object, object)
    def request(self, source: Path | SkinImage, recipe: Recipe, scribbles: Scribbles = ()) -> None:
        """Ask for an analysis; every earlier one is dropped."""
        self._announce(self.setup)
        frame = self.frames.get(source) if isinstance(source, Path) else None
        self._work.emit(Request(self._ticket, source, recipe, self.setup, scribbles, frame))

    @Slot()
    def withdraw(self) -> None:
        """Drop the analysis under way."""
        self._announce(None)

    def export(
        self, found: Segmentation, parent: Path, reading: Reading | None, also: Sequence[str] = (),
        style: Style | None = None, filing: Filing = NOBODY,
    ) -> None:  # fmt: skip
        """Ask for an export into the photograph's own folder in ``parent``; it follows what is under way."""
        self._exports += 1
        self._export.emit(self._exports, found, parent, reading, also, style, filing)

    @property
    def is_exporting(self) -> bool:
        """Whether an export is under way or waits for its turn."""
        return self._exports > self._ended

    def give_up_exports(self) -> None:
        """Want none that is under way or waits: its drive may not answer. Nothing of it is taken for whole."""
        self._worker.given_up = self._ended = self._exports

    def close(self) -> None:
        """Stop: drop the analysis, write the exports that were asked for and not given up, end the thread."""
        self._announce(None)
        self._end.emit()
        self._thread.wait()

    def _announce(self, setup: Setup | None) -> None:
        self._ticket += 1
        self._worker.newest, self._worker.wanted = self._ticket, setup

    @Slot(int, object, object)
    def _on_opened(self, ticket: int, image: SkinImage, kept: tuple[Kept, Kept]) -> None:
        if ticket == self._ticket:
            self.opened.emit(image, kept)

    @Slot(int, object)
    def _on_progressed(self, ticket: int, progress: Progress) -> None:
        """What was overtaken while the main thread was busy is passed over: to show it would hold up the work."""
        if ticket == self._ticket and self._worker.is_last(progress):
            self.progressed.emit(progress)

    @Slot(int, object)
    def _on_finished(self, ticket: int, found: Segmentation) -> None:
        if ticket == self._ticket:
            self.finished.emit(found)

    @Slot(int, str, bool)
    def _on_failed(self, ticket: int, sentence: str, of_setup: bool) -> None:
        if ticket == self._ticket:
            self.failed.emit(sentence)
            if of_setup:
                self.refused.emit(sentence)

    @Slot(int, object, object, object, object)
    def _on_exported(
        self, number: int, folder: Path, under: str | None, found: Segmentation, reading: Reading | None
    ) -> None:
        self._ended = max(self._ended, number)
        self.written.emit(found, reading)
        self.exported.emit(folder, under)

    @Slot(int, str)
    def _on_export_failed(self, number: int, sentence: str) -> None:
        self._ended = max(self._ended, number)
        self.exportFailed.emit(sentence)
