"""Readings on disk: kept a second after the last change, and brought back with their image."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from engine.errors import DiffSegError
from engine.reading import store

if TYPE_CHECKING:
    from pathlib import Path

    from engine.image import SkinImage
    from engine.reading.reading import Reading

log = logging.getLogger(__name__)

REST = 1000  # ms without a change after which a reading is written


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept of an image, and since when; or, in a sentence, why it cannot be had."""

    reading: Reading | None = None
    since: datetime | None = None
    trouble: str = ""


class Keeper(QObject):
    """Writes readings beside the main thread, which a photograph of 24 megapixels would hold up for half a second.

    A reading that could not be written is held in memory and tried again with the next one.
    """

    failed = Signal(str)  # once, until writing succeeds again
    _written = Signal(str, object, str)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        """folder: where to keep them; None: nowhere, they are forgotten when the program ends."""
        super().__init__(parent)
        self._folder = folder
        self._held: dict[str, Reading] = {}  # by the image's digest: not on disk yet
        self._untouchable: set[str] = set()  # images whose file is there, but could not be read
        self._told = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # in the order of the changes
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.flush)
        self._written.connect(self._tell)

    def keep(self, sha256: str, reading: Reading) -> None:
        """An image's reading has changed."""
        if sha256 not in self._untouchable:
            self._held[sha256] = reading
        if self._folder is not None:
            self._rest.start()

    def load(self, image: SkinImage) -> Kept:
        """What is kept of an image. For the worker's thread: it waits for what is being written."""
        if self._folder is None:
            return Kept()
        self._pool.waitForDone()
        path = self._folder / f"{image.sha256}.json"
        try:
            reading = store.load(self._folder, image.sha256)
            if reading is None:
                return Kept()
            if reading.layer is not None and reading.layer.shape != (image.height, image.width):
                return Kept(trouble=f"The corrections in {path} are of another size than {image.path}; move them away.")
            return Kept(reading, datetime.fromtimestamp(path.stat().st_mtime))
        except (DiffSegError, OSError) as error:
            return Kept(trouble=str(error))

    def newest(self, sha256: str, kept: Kept) -> Kept:
        """What was loaded, or what is not on disk yet; a file that is in the way from now on stays as it is."""
        if (held := self._held.get(sha256)) is not None:
            return Kept(held, datetime.now())
        if kept.trouble and self._folder is not None and (self._folder / f"{sha256}.json").exists():
            self._untouchable.add(sha256)
            return Kept(trouble=f"{kept.trouble} Until then, what you correct in this image is not kept.")
        return kept

    @Slot()
    def flush(self) -> None:
        """Write what has not been written."""
        self._rest.stop()
        if self._folder is not None:
            for sha256, reading in self._held.items():
                self._pool.start(lambda sha256=sha256, reading=reading: self._write(sha256, reading))

    @Slot()
    def close(self) -> None:
        """Write what has not been written, and wait for it."""
        self.flush()
        self._pool.waitForDone()

    def _write(self, sha256: str, reading: Reading) -> None:
        assert self._folder is not None
        sentence = ""
        try:
            store.save(self._folder, sha256, reading)
        except DiffSegError as error:
            log.warning("a reading could not be kept: %s", error)  # the window may be gone, with nobody to tell
            sentence = str(error)
        except Exception as error:
            log.exception("a reading could not be kept")
            sentence = f"Your corrections could not be kept ({type(error).__name__}: {error}); details are in the log."
        self._written.emit(sha256, reading, sentence)

    @Slot(str, object, str)
    def _tell(self, sha256: str, reading: Reading, sentence: str) -> None:
        if not sentence and self._held.get(sha256) is reading:
            del self._held[sha256]
        if sentence and not self._told:
            self.failed.emit(sentence)
        self._told = bool(sentence)
