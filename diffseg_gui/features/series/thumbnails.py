"""Small pictures of photographs, made beside the main thread: those in view alone, a few at a time."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from diffseg_gui.view.qimage import to_qimage
from diffseg_gui.worker.aside import LeftError, aside
from engine.errors import DiffSegError
from engine.photograph.thumbnail import thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from engine.records.readings import Glance

log = logging.getLogger(__name__)

AT_ONCE = 2  # files that are read at the same time
KEPT = 400  # pictures of 100 kB at most, which is more than any screen shows
SIDE = 176  # pixels, twice what is shown, for screens that have them


@dataclass(frozen=True, eq=False)
class Look:
    """A file as it was found: its picture, and its reading in short; both None where it cannot be read."""

    picture: QImage | None = None
    reading: Glance | None = None


class Thumbnails(QObject):
    """Pictures by path. What is wanted now comes first; what was wanted before and is not there yet is given up."""

    looked = Signal(object, object)  # a path, and the reading in short, or None where it cannot be read
    _done = Signal(object, object)

    def __init__(self, glance: Callable[[str], Glance], parent: QObject | None = None) -> None:
        """glance: finds the reading that is kept of an identity, in short; called in other threads."""
        super().__init__(parent)
        self._glance = glance
        self._closed = False
        self._queue: list[Path] = []
        self._under_way: set[Path] = set()
        self._pictures: OrderedDict[Path, QPixmap] = OrderedDict()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(AT_ONCE)
        self._pool.setThreadPriority(QThread.Priority.LowPriority)  # the analysis is what a person waits for
        self._done.connect(self._take)

    def picture(self, path: Path) -> QPixmap | None:
        """The picture, where it is there; a null one where the file cannot be read."""
        return self._pictures.get(path)

    def want(self, paths: Iterable[Path]) -> None:
        """Have these made, in this order, and no others."""
        self._queue = []
        for path in paths:
            if path in self._pictures:
                self._pictures.move_to_end(path)
            elif path not in self._under_way:
                self._queue.append(path)
        self._go_on()

    def look_again(self, path: Path) -> None:
        """A file that could not be read may be one that can by now."""
        if (picture := self._pictures.get(path)) is not None and picture.isNull():
            del self._pictures[path]

    def close(self) -> None:
        """Make no more, and wait for those under way, but not for a drive that does not answer."""
        self._closed, self._queue = True, []
        self._pool.clear()
        self._pool.waitForDone()

    def _go_on(self) -> None:
        while self._queue and len(self._under_way) < AT_ONCE:
            path = self._queue.pop(0)
            self._under_way.add(path)
            self._pool.start(lambda path=path: self._done.emit(path, self._look(path)))

    def _look(self, path: Path) -> Look:
        """Read a file; in a thread of the pool."""
        try:
            image = aside(lambda: thumbnail(path, SIDE), lambda: not self._closed)
            return Look(to_qimage(image.pixels), self._glance(image.identity))
        except (DiffSegError, LeftError):  # it will be said in full to who opens it
            return Look()
        except Exception:
            log.exception("no picture could be made of %s", path)
            return Look()

    @Slot(object, object)
    def _take(self, path: Path, look: Look) -> None:
        self._under_way.discard(path)
        self._pictures[path] = QPixmap() if look.picture is None else QPixmap.fromImage(look.picture)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        self._go_on()
        self.looked.emit(path, look.reading)
