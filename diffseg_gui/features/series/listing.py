"""Which photographs folders hold, looked up beside the main thread: a drive may take its time, or never answer."""

from __future__ import annotations

from functools import partial
from os.path import isdir as is_folder
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from diffseg_gui.worker.background import Background
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Listing(QObject):
    """One question at a time; the newest counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Path, ...] = ()
        self._then: Callable[[list[Path]], None] | None = None
        self._otherwise: Callable[[str], None] | None = None
        self._work = Background(self, may_stall=True)
        self._work.answered.connect(self._answer)
        self._work.failed.connect(self._refuse)

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is to come."""
        return self._then is not None

    def ask(self, paths: Sequence[Path], then: Callable[[list[Path]], None], otherwise: Callable[[str], None]) -> None:
        """Call ``then`` with the files, a folder's photographs in its place; the same question is not begun anew.

        otherwise: called with the reason why a folder cannot be read.
        """
        if not (self.is_under_way and self._asked == tuple(paths)):
            self._asked = tuple(paths)
            self._work.ask(partial(_files, self._asked))
        self._then, self._otherwise = then, otherwise

    def forget(self) -> None:
        """Want no answer any more."""
        self._then = self._otherwise = None
        self._work.forget()

    def close(self) -> None:
        """Look no further."""
        self._then = self._otherwise = None
        self._work.close()

    @Slot(object)
    def _answer(self, files: list[Path]) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(files)

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._then = None
        if self._otherwise is not None:
            self._otherwise(sentence)


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (photographs_in(path) if is_folder(path) else [path])]
