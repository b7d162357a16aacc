"""Readings on disk: kept a second after the last change, and brought back with their image."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThreadPool, QTimer, Signal, Slot

from diffseg_gui.logfile import unforeseen
from engine.errors import DiffSegError, ReadingError
from engine.reading import store

if TYPE_CHECKING:
    from pathlib import Path

    from engine.image import SkinImage
    from engine.reading.reading import Reading

log = logging.getLogger(__name__)

OUTLINE = "outline-"  # before an image's digest: its outline that was not revealed, a file of its own
OTHER = "The corrections in {} were changed in another window; keep one window, and open the photograph again in it."
REST = 1000  # ms without a change after which a reading is written


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept of an image, and since when; or, in a sentence, why it cannot be had."""

    reading: Reading | None = None
    since: datetime | None = None
    trouble: str = ""


class Keeper(QObject):
    """Writes readings beside the main thread, which a photograph of 24 megapixels would hold up for half a second.

    A reading that could not be written is held in memory and tried again with the next one. Keys are images' digests,
    or those of outlines.
    """

    failed = Signal(str)  # once, until writing succeeds again
    _written = Signal(str, object, str)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        """folder: where to keep them; None: nowhere, they are forgotten when the program ends."""
        super().__init__(parent)
        self._folder = folder
        self._held: dict[str, Reading] = {}  # by key: not on disk yet
        self._untouchable: set[str] = set()  # keys whose file is there, but could not be read
        self._seen: dict[str, int | None] = {}  # by key: when its file was changed, as far as is known here
        self._troubles: dict[str, str] = {}  # by key: why writing it failed, until it succeeds
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # in the order of the changes
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.flush)
        self._written.connect(self._tell)

    def keep(self, key: str, reading: Reading) -> None:
        """A reading has changed."""
        if key not in self._untouchable:
            self._held[key] = reading
        if self._folder is not None:
            self._rest.start()

    def keep_outline(self, sha256: str, outline: Reading) -> None:
        """The outline of an image that is read blind has changed; an empty one is there no more."""
        self.keep(OUTLINE + sha256, outline)

    def load(self, image: SkinImage) -> tuple[Kept, Kept]:
        """What is kept of an image, and its outline. For the worker's thread: it waits for what is being written."""
        self._pool.waitForDone()
        return self._load(image.sha256, image), self._load(OUTLINE + image.sha256, image)

    def _load(self, key: str, image: SkinImage) -> Kept:
        if self._folder is None:
            return Kept()
        path = self._path(key)
        self._seen[key] = _changed(path)  # before it is read: what is written meanwhile is not known here
        try:
            reading = store.load(self._folder, key)
            if reading is None:
                return Kept()
            if reading.layer is not None and reading.layer.shape != (image.height, image.width):
                return Kept(trouble=f"The corrections in {path} are of another size than {image.path}; move them away.")
            return Kept(reading, datetime.fromtimestamp(path.stat().st_mtime))
        except (DiffSegError, OSError) as error:
            del self._seen[key]  # it may have been set aside
            return Kept(trouble=str(error))

    def newest(self, sha256: str, kept: tuple[Kept, Kept]) -> tuple[Kept, Kept]:
        """What was loaded, or what is not on disk yet; a file that is in the way from now on stays as it is."""
        reading, outline = kept
        return self._newest(sha256, reading), self._newest(OUTLINE + sha256, outline)

    def _newest(self, key: str, kept: Kept) -> Kept:
        if (held := self._held.get(key)) is not None:
            return Kept(held, datetime.now())
        if kept.trouble and self._folder is not None and self._path(key).exists():
            self._untouchable.add(key)
            return Kept(trouble=f"{kept.trouble} Until then, what you correct in this photograph is not kept.")
        return kept

    @Slot()
    def flush(self) -> None:
        """Write what has not been written."""
        self._rest.stop()
        if self._folder is not None:
            for key, reading in self._held.items():
                self._pool.start(lambda key=key, reading=reading: self._write(key, reading))

    @Slot()
    def close(self) -> str:
        """Write what has not been written, and wait for it; why something could not be, in a sentence, or nothing."""
        self.flush()
        self._pool.waitForDone()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)  # the answers, which wait for the event loop
        return next(iter(self._troubles.values()), "")

    def _write(self, key: str, reading: Reading) -> None:
        assert self._folder is not None
        sentence, path = "", self._path(key)
        try:
            if self._seen.get(key, _changed(path)) != _changed(path):
                raise ReadingError(OTHER.format(path))
            store.save(self._folder, key, reading)
            self._seen[key] = _changed(path)
        except DiffSegError as error:
            log.warning("a reading could not be kept: %s", error)
            sentence = str(error)
        except Exception as error:
            log.exception("a reading could not be kept")
            sentence = unforeseen("Keeping your corrections failed", error)
        self._written.emit(key, reading, sentence)

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{key}.json"

    @Slot(str, object, str)
    def _tell(self, key: str, reading: Reading, sentence: str) -> None:
        told = bool(self._troubles)
        self._troubles.pop(key, None)
        if sentence:
            self._troubles[key] = sentence
            if not told:
                self.failed.emit(sentence)
        elif self._held.get(key) is reading:
            del self._held[key]


def _changed(path: Path) -> int | None:
    """When a file was written, in ns; None: there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
