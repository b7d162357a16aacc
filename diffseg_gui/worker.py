"""One thread for all that takes time. The newest wish wins.

Every wish carries a ticket. The worker drops a run as soon as a newer ticket is announced, between two steps of its
generator; answers that still arrive with an old ticket are dropped on the main thread. Exports are never dropped.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from diffseg_gui.logfile import unforeseen
from engine.errors import DeviceError, DiffSegError
from engine.photograph.read import read_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.keeper import Kept
    from engine.photograph.image import SkinImage
    from engine.pipeline import Pipeline
    from engine.reading.reading import Reading
    from engine.recipe import Recipe
    from engine.results import Segmentation

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setup:
    """With what to analyse: a model's weights (None: the bundled model) and a device ("auto", "cpu", "cuda", "mps")."""

    model: Path | None = None
    device: str = "auto"


@dataclass(frozen=True, eq=False)
class Wish:
    """Analyse a file, or an image that is open already."""

    ticket: int
    source: Path | SkinImage
    recipe: Recipe
    setup: Setup


class Worker(QObject):
    """Lives in the worker's thread."""

    opened = Signal(int, object, object)  # with the reading that is kept of it
    progressed = Signal(int, object)
    finished = Signal(int, object)
    failed = Signal(int, str)
    refused = Signal()
    exported = Signal(object)
    exportFailed = Signal(str)

    def __init__(self, load: Callable[[SkinImage], tuple[Kept, Kept]]) -> None:
        super().__init__()
        self._load = load
        self.newest = 0  # written by the main thread, read between two steps here
        self._setup: Setup | None = None
        self._pipeline: Pipeline | None = None

    @Slot(object)
    def prepare(self, setup: Setup) -> None:
        """Load torch and the model before they are needed; what fails here is said when it is needed."""
        try:
            self._ready(setup)
        except DiffSegError:
            log.warning("the model is not ready", exc_info=True)

    @Slot(object)
    def work(self, wish: Wish) -> None:
        """Carry out a wish, unless a newer one is there."""
        try:
            self._work(wish)
        except DiffSegError as error:
            if isinstance(error, DeviceError):
                self.refused.emit()
            self.failed.emit(wish.ticket, str(error))
        except Exception as error:
            log.exception("analysis failed")
            self.failed.emit(wish.ticket, unforeseen("The work stopped", error))

    @Slot(object, object, object)
    def export(self, found: Segmentation, folder: Path, reading: Reading | None) -> None:
        """Write a result's files, with what a person made of it, into a folder."""
        from engine.records.export import export

        try:
            export(found, folder, reading)
        except DiffSegError as error:
            self.exportFailed.emit(str(error))
        except Exception as error:
            log.exception("export failed")
            self.exportFailed.emit(unforeseen("The export stopped", error))
        else:
            self.exported.emit(folder)

    def _work(self, wish: Wish) -> None:
        if wish.ticket != self.newest:
            return
        image = wish.source
        if isinstance(image, Path):
            image = read_image(image)
            self.opened.emit(wish.ticket, image, self._load(image))
        run = self._ready(wish.setup).run(image, wish.recipe)
        while wish.ticket == self.newest:
            try:
                step = next(run)
            except StopIteration as stop:
                self.finished.emit(wish.ticket, stop.value)
                return
            self.progressed.emit(wish.ticket, step)
        run.close()

    def _ready(self, setup: Setup) -> Pipeline:
        if self._pipeline is None or setup != self._setup:
            from engine.host.device import choose
            from engine.networks.weights import load_model
            from engine.pipeline import Pipeline  # torch is imported here, in the worker's thread

            choose(setup.device)  # a device that is not there must not cost the present pipeline

            self._pipeline, self._setup = Pipeline(load_model(setup.model), setup.device), setup
        return self._pipeline


class Analyst(QObject):
    """The main thread's side: hands out tickets, passes on the newest one's answers, owns the thread."""

    opened = Signal(object)
    kept = Signal(object)  # the reading of the image just opened, and its outline
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    refused = Signal()
    exported = Signal(object)
    exportFailed = Signal(str)
    _prepare = Signal(object)
    _work = Signal(object)
    _export = Signal(object, object, object)

    def __init__(
        self, setup: Setup, load: Callable[[SkinImage], tuple[Kept, Kept]], parent: QObject | None = None
    ) -> None:
        """load: finds the reading that is kept of an image, and its outline; called in the worker's thread."""
        super().__init__(parent)
        self.setup = setup
        self._ticket = 0
        self._exports = 0  # asked for and not ended
        self._thread = QThread(self)
        self._thread.setObjectName("analysis")
        self._worker = Worker(load)
        self._worker.moveToThread(self._thread)
        self._prepare.connect(self._worker.prepare)
        self._work.connect(self._worker.work)
        self._export.connect(self._worker.export)
        self._worker.opened.connect(self._on_opened)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._worker.refused.connect(self.refused)
        self._worker.exported.connect(self._on_exported)
        self._worker.exportFailed.connect(self._on_export_failed)
        self._thread.start()

    def prepare(self) -> None:
        """Warm up."""
        self._prepare.emit(self.setup)

    @Slot(object, object)
    def wish(self, source: Path | SkinImage, recipe: Recipe) -> None:
        """Ask for an analysis; every earlier one is dropped."""
        self._announce()
        self._work.emit(Wish(self._ticket, source, recipe, self.setup))

    @Slot()
    def withdraw(self) -> None:
        """Drop the analysis under way."""
        self._announce()

    def export(self, found: Segmentation, folder: Path, reading: Reading | None) -> None:
        """Ask for an export; it follows what is under way."""
        self._exports += 1
        self._export.emit(found, folder, reading)

    @property
    def exporting(self) -> bool:
        """Whether an export is under way or waits for its turn."""
        return self._exports > 0

    def close(self) -> None:
        """Stop: drop the analysis, finish an export, end the thread."""
        self._announce()
        self._thread.quit()
        self._thread.wait()

    def _announce(self) -> None:
        self._ticket += 1
        self._worker.newest = self._ticket

    @Slot(int, object, object)
    def _on_opened(self, ticket: int, image: SkinImage, kept: tuple[Kept, Kept]) -> None:
        if ticket == self._ticket:
            self.opened.emit(image)
            self.kept.emit(kept)

    @Slot(int, object)
    def _on_progressed(self, ticket: int, progress: object) -> None:
        if ticket == self._ticket:
            self.progressed.emit(progress)

    @Slot(int, object)
    def _on_finished(self, ticket: int, found: Segmentation) -> None:
        if ticket == self._ticket:
            self.finished.emit(found)

    @Slot(int, str)
    def _on_failed(self, ticket: int, sentence: str) -> None:
        if ticket == self._ticket:
            self.failed.emit(sentence)

    @Slot(object)
    def _on_exported(self, folder: Path) -> None:
        self._exports -= 1
        self.exported.emit(folder)

    @Slot(str)
    def _on_export_failed(self, sentence: str) -> None:
        self._exports -= 1
        self.exportFailed.emit(sentence)
