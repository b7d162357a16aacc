"""Which photographs folders hold, looked up beside the main thread: a drive may take its time, or never answer."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from diffseg_gui.worker.background import Background
from engine.errors import ImageError
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ANNOTATION = "_segmentation"  # the end of a mask's name, as ISIC has it


class Listing(QObject):
    """One question at a time; the newest counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Path, ...] = ()
        self._then: Callable[[list[Path]], None] | None = None
        self._work = Background(self, may_stall=True)
        self._work.answered.connect(self._answer)
        self._work.failed.connect(lambda _: self._answer([]))

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is to come."""
        return self._then is not None

    def ask(self, paths: Sequence[Path], then: Callable[[list[Path]], None]) -> None:
        """Call ``then`` with the files, a folder's photographs in its place. The same question is not begun anew."""
        if not (self.is_under_way and self._asked == tuple(paths)):
            self._asked = tuple(paths)
            self._work.ask(partial(_files, self._asked))
        self._then = then

    def forget(self) -> None:
        """Want no answer any more."""
        self._then = None
        self._work.forget()

    def close(self) -> None:
        """Look no further."""
        self._then = None
        self._work.close()

    @Slot(object)
    def _answer(self, files: list[Path]) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(files)


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (_images(path) if os.path.isdir(path) else [path])]


def _images(folder: Path) -> list[Path]:
    """The photographs of a folder, without the masks that lie beside them; none where it cannot be read."""
    try:
        found = photographs_in(folder)
    except ImageError:
        return []
    stems = {path.stem for path in found}
    return [path for path in found if path.stem.removesuffix(ANNOTATION) not in stems - {path.stem}]
