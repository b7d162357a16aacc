"""One thread for all that takes time. The newest request wins.

Every request carries a ticket. The worker drops a run as soon as a newer ticket is announced, between two steps of its
generator; answers that still arrive with an old ticket are dropped on the main thread. No request drops an export.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from diffseg_gui.log import unforeseen
from diffseg_gui.worker.aside import LeftError, aside
from engine.errors import DeviceError, DiffSegError, MemoryShortageError, ModelError
from engine.host.resources import default_model
from engine.networks.description import default_recipe, read_description
from engine.photograph.read import read_image
from engine.records.filing import NOBODY, filed_under

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diffseg_gui.document.kept import Kept
    from engine.photograph.image import SkinImage
    from engine.pipeline import Pipeline
    from engine.progress import Progress
    from engine.reading.reading import Reading
    from engine.recipe import Recipe
    from engine.records.filing import Filing
    from engine.records.style import Style
    from engine.results import Segmentation
    from engine.scribbles import Scribbles

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setup:
    """With what to analyse: a model's weights (None: the bundled model) and a device ("auto", "cpu", "cuda", "mps")."""

    model: Path | None = None
    device: str = "auto"

    def defaults(self) -> Recipe:
        """The model's own settings; the bundled one's where it cannot be read, which its analysis will say."""
        try:
            return read_description(self.model or default_model()).recipe
        except ModelError:
            return default_recipe()


@dataclass(frozen=True, eq=False)
class Request:
    """Analyse a file, or an image that is open already. frame: of a file, as in ``read_image``."""

    ticket: int
    source: Path | SkinImage
    recipe: Recipe
    setup: Setup
    scribbles: Scribbles = ()
    frame: int | None = None

    @property
    def path(self) -> Path:
        """Where the photograph lies."""
        return self.source if isinstance(self.source, Path) else self.source.path


class Worker(QObject):
    """Lives in the worker's thread."""

    opened = Signal(int, object, object)  # with the reading that is kept of it
    progressed = Signal(int, object)
    finished = Signal(int, object)
    failed = Signal(int, str, bool)  # True: the device is not there, or the model cannot be used
    devices = Signal(object)  # the kinds that this machine has, once torch is loaded
    exported = Signal(int, object, object, object, object)  # as Analyst's, and what was written: a result, a reading
    exportFailed = Signal(int, str)

    def __init__(self, load: Callable[[SkinImage], tuple[Kept, Kept]]) -> None:
        super().__init__()
        self._load = load
        self.newest = 0  # written by the main thread, read between two steps here
        self.wanted: Setup | None = None  # with which the newest request works; None: there is none; the same
        self.given_up = 0  # the number of the last export that nobody wants any more; the same
        self._last: Progress | None = None
        self._last_evidence: Progress | None = None
        self._setup: Setup | None = None
        self._pipeline: Pipeline | None = None

    def is_last(self, progress: Progress) -> bool:
        """Whether no later progress has been told, or none with evidence: else the main thread may pass it over."""
        return progress is self._last or progress is self._last_evidence

    @Slot(object)
    def prepare(self, setup: Setup) -> None:
        """Load torch and the model before they are needed; what fails here is said when it is needed."""
        try:
            self._ready(setup)
        except LeftError:
            log.info("a model was still being read when nobody wanted it any more")
        except DiffSegError:
            log.warning("the model is not ready", exc_info=True)

    @Slot(object)
    def work(self, request: Request) -> None:
        """Carry out a request, unless a newer one is there."""
        try:
            self._work(request)
        except LeftError:
            log.info("a photograph or a model was still being read when nobody wanted it any more")
        except DiffSegError as error:
            self.failed.emit(request.ticket, str(error), isinstance(error, (DeviceError, ModelError)))
        except MemoryError:
            self.failed.emit(request.ticket, str(MemoryShortageError.of(request.path)), False)
        except Exception as error:
            log.exception("analysis failed")
            self.failed.emit(request.ticket, unforeseen("The work stopped", error), False)

    @Slot(int, object, object, object, object, object, object)
    def export(
        self, number: int, found: Segmentation, parent: Path, reading: Reading | None, also: Sequence[str] = (),
        style: Style | None = None, filing: Filing = NOBODY,
    ) -> None:  # fmt: skip
        """Write a result's files, with what a person made of it, into the photograph's own folder in ``parent``."""
        from engine.records.export import export
        from engine.records.folders import folder_for
        from engine.records.writers import writers

        def write() -> Path:
            folder = folder_for(found.image, parent)
            export(found, folder, reading, also, filing, style)
            return folder

        try:
            folder = aside(write, lambda: number > self.given_up)
            filed = any(writers()[name].filed for name in also)
            under = filed_under(found.image.about, filing) if filed else None
        except LeftError:
            log.warning("an export was given up")
        except DiffSegError as error:
            self.exportFailed.emit(number, str(error))
        except MemoryError:
            self.exportFailed.emit(number, str(MemoryShortageError.of(found.image.path)))
        except Exception as error:
            log.exception("export failed")
            self.exportFailed.emit(number, unforeseen("The export stopped", error))
        else:
            self.exported.emit(number, folder, under, found, reading)

    @Slot()
    def end(self) -> None:
        """End the thread, after all that was asked for before."""
        self.thread().quit()

    def _work(self, request: Request) -> None:
        if request.ticket != self.newest:
            return
        image = request.source
        if isinstance(image, Path):
            image = aside(partial(read_image, image, request.frame), lambda: request.ticket == self.newest)
            self.opened.emit(request.ticket, image, self._load(image))
        run = self._ready(request.setup).run(image, request.recipe, request.scribbles)
        while request.ticket == self.newest:
            try:
                step = next(run)
            except StopIteration as stop:
                self.finished.emit(request.ticket, stop.value)
                return
            self._last = step
            self._last_evidence = step if step.evidence is not None else self._last_evidence
            self.progressed.emit(request.ticket, step)
        run.close()

    def _ready(self, setup: Setup) -> Pipeline:
        if self._pipeline is None or setup != self._setup:
            from engine.host.device import available, choose
            from engine.networks.weights import load_model
            from engine.pipeline import Pipeline  # torch is imported here, in the worker's thread

            self.devices.emit(available())
            choose(setup.device)  # a device that is not there must not cost the present pipeline

            model = aside(partial(load_model, setup.model), lambda: setup == self.wanted)
            self._pipeline, self._setup = Pipeline(model, setup.device), setup
        return self._pipeline
