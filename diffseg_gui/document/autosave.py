"""Readings on disk: written a second after the last change, and brought back with their photograph.

Other windows may keep readings of the same images, and a file may not be readable for a while. So a file that this
window has not gone on with is never written over: it is set aside under another name first.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThreadPool, QTimer, Signal, Slot

from diffseg_gui.document.kept import Kept
from diffseg_gui.log import unforeseen
from engine.errors import DiffSegError
from engine.records import readings as store

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.reading.reading import Reading
    from engine.records.readings import Glance

    Mark = tuple[int, int, int]

log = logging.getLogger(__name__)

OUTLINE = "outline-"  # before a photograph's identity: its outline that was not revealed, a file of its own
OTHER = "{} was corrected in another window, too; its work was set aside as {} in {}, and this window's is kept."
UNREAD = "What was kept of {} could not be read before; it was set aside as {} in {}, and your new work is kept."
UNTIL = "Then open the photograph again; until then, what you correct in it is not kept."
REST = 1000  # ms without a change after which a reading is written


class Autosave(QObject):
    """Writes readings beside the main thread, which a photograph of 24 megapixels would hold up for half a second.

    A reading that could not be written is held in memory and tried again with the next one; so is one whose file
    cannot be read, until that succeeds. Keys are photographs' identities, or those of outlines.
    """

    failed = Signal(str)  # once, until writing succeeds again
    recovered = Signal()  # what had failed is written now, all of it
    setAside = Signal(str)  # a file that another window has written, and why this one's fails if it does
    _written = Signal(str, object, str, str)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        """folder: where to keep them; None: nowhere, they are forgotten when the program ends."""
        super().__init__(parent)
        self._folder = folder
        self._held: dict[str, Reading] = {}  # by key: not on disk yet
        self._unread: dict[str, str] = {}  # by key: why its file, which is there, could not be read
        self._seen: dict[str, Mark | None] = {}  # by key: of the file that this window went on with
        self._names: dict[str, str] = {}  # by key: its photograph's
        self._troubles: dict[str, str] = {}  # by key: why writing it failed, until it succeeds
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # in the order of the changes
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.flush)
        self._written.connect(self._tell)

    def keep(self, key: str, reading: Reading) -> None:
        """A reading has changed."""
        self._held.pop(key, None)  # so that they are written in the order of the changes
        if key not in self._unread or not reading.is_empty:  # a file does not have to give way to nothing
            self._held[key] = reading
        if self._folder is not None:
            self._rest.start()

    def keep_outline(self, identity: str, outline: Reading) -> None:
        """The outline of an image that is read blind has changed; an empty one is there no more."""
        self.keep(OUTLINE + identity, outline)

    def load(self, photograph: SkinImage) -> tuple[Kept, Kept]:
        """What is kept of a photograph, and its outline. For the worker's thread: it waits for pending writes."""
        self._pool.waitForDone()
        return self._load(photograph.identity, photograph), self._load(OUTLINE + photograph.identity, photograph)

    def glance(self, identity: str) -> Glance:
        """What is kept of a photograph, in short. For any thread: it moves no file and waits for nothing."""
        if (held := self._held.get(identity)) is not None:
            return store.in_short(held)
        return store.Glance() if self._folder is None else store.glance(self._folder, identity)

    def _load(self, key: str, image: SkinImage) -> Kept:
        if self._folder is None:
            return Kept()
        path = self._path(key)
        self._names[key] = image.path.name
        changed = _changed(path)  # before it is read: what is written meanwhile is not known here
        try:
            reading = store.load(self._folder, key)
            if reading is None:
                self._seen[key] = None
                return Kept()
            if reading.sizes - {(image.height, image.width)}:
                return Kept(trouble=f"The corrections in {path} are of another size than {image.path}; move them away.")
            since, news = datetime.fromtimestamp(path.stat().st_mtime), changed != self._seen.get(key)
            return Kept(reading, since, news=news, taken=partial(self._seen.__setitem__, key, changed))
        except (DiffSegError, OSError) as error:
            self._seen.pop(key, None)
            return Kept(trouble=str(error))

    def newest(self, identity: str, kept: tuple[Kept, Kept]) -> tuple[Kept, Kept]:
        """What was loaded, or what is not on disk yet; a file that could not be read stays as it is until it can."""
        reading, outline = kept
        return self._newest(identity, reading), self._newest(OUTLINE + identity, outline)

    def _newest(self, key: str, kept: Kept) -> Kept:
        trouble = ""
        if kept.trouble and self._folder is not None and self._path(key).exists():
            self._unread[key] = kept.trouble
            trouble = f"{kept.trouble} {UNTIL}"
        elif self._unread.pop(key, None) is not None and key in self._held:
            self._rest.start()
        if (held := self._held.get(key)) is not None:
            return Kept(held, datetime.now(), trouble)
        return Kept(trouble=trouble) if trouble else kept

    @Slot()
    def flush(self) -> None:
        """Write what has not been written."""
        self._rest.stop()
        if self._folder is not None:
            for key, reading in self._held.items():
                if key not in self._unread:
                    self._pool.start(lambda key=key, reading=reading: self._write(key, reading))

    @Slot()
    def close(self) -> str:
        """Write what has not been written, and wait for it; why something could not be, in a sentence, or nothing."""
        self.flush()
        self._pool.waitForDone()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)  # the answers, which wait for the event loop
        unkept = (trouble for key, trouble in self._unread.items() if key in self._held)
        return next(iter((*self._troubles.values(), *unkept)), "")

    def _write(self, key: str, reading: Reading) -> None:
        assert self._folder is not None
        trouble = aside = ""
        try:
            aside = self._make_way(key)
            store.save(self._folder, key, reading)
            self._seen[key] = _changed(self._path(key))
        except DiffSegError as error:
            log.warning("a reading could not be kept: %s", error)
            trouble = str(error)
        except Exception as error:
            log.exception("a reading could not be kept")
            trouble = unforeseen("Keeping your corrections failed", error)
        self._written.emit(key, reading, trouble, aside)

    def _make_way(self, key: str) -> str:
        """Set a file aside that this window has not gone on with, and say so; an empty sentence where there is none."""
        assert self._folder is not None
        changed = _changed(self._path(key))
        if changed is None or changed == self._seen.get(key):
            return ""
        aside = store.set_aside(self._folder, key)
        log.warning("what this window has not read was set aside: %s", aside)
        digest = key.removeprefix(OUTLINE)
        short = aside.name.replace(digest, f"{digest[:8]}…")  # enough to find it
        sentence = OTHER if key in self._seen else UNREAD
        return sentence.format(self._names.get(key, "The photograph"), short, self._folder)

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{key}.json"

    @Slot(str, object, str, str)
    def _tell(self, key: str, reading: Reading, trouble: str, aside: str) -> None:
        told = bool(self._troubles)
        self._troubles.pop(key, None)
        if trouble:
            self._troubles[key] = trouble
        elif self._held.get(key) is reading:
            del self._held[key]
        if told and not self._troubles:
            self.recovered.emit()
        if said := " ".join(part for part in (aside, "" if told else trouble) if part):
            (self.setAside if aside else self.failed).emit(said)


def _changed(path: Path) -> Mark | None:
    """What tells a file from one written later, also where a clock is set back or coarse; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
