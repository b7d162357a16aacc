"""A series of photographs, one after the other: files that were opened together, or those of the open one's folder."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from diffseg_gui.feature import Command, Feature
from diffseg_gui.messages import OPENING
from engine.errors import ImageError
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages


class Series(Feature):
    """Opens a series' photographs in order. What a person added to one is kept as with any other that is opened."""

    def __init__(self, document: Document, messages: Messages) -> None:
        super().__init__()
        self._document, self._messages = document, messages
        self._files: list[Path] = []
        self._tried: Path | None = None  # asked for by a step; from one that cannot be opened the next step goes on
        document.opened.connect(self._arrived)
        self.commands = (
            Command("next_photograph", "File", "&Next photograph", "Ctrl+PgDown",
                    "Open the next of the series, or of its folder", partial(self.step, 1), self._can_step, line=True),
            Command("previous_photograph", "File", "&Previous photograph", "Ctrl+PgUp",
                    "Open the one before in the series, or in its folder", partial(self.step, -1), self._can_step),
        )  # fmt: skip

    def open(self, path: Path) -> None:
        """Open one photograph that was chosen by name; a series stays, and goes on from its own photographs."""
        self._messages.forget_failure()
        self._document.open(path)

    def begin(self, paths: Sequence[Path]) -> None:
        """Open the first of some files; a folder stands for its photographs."""
        files = [file for path in paths for file in (_images(path) if os.path.isdir(path) else [path])]
        if not files:
            sentence = f"{paths[0]} holds no photograph; open a folder that does, or a photograph."
            self._messages.failure(sentence, OPENING)
            return
        self._files = files if len(files) > 1 else []
        self._open(files[0], 0, files)

    def step(self, by: int) -> None:
        """Open the next photograph (1), or the one before (-1)."""
        document = self._document
        now = self._tried or document.opening or (document.photograph.path if document.photograph else None)
        if now is None:
            return
        files = self._files if now in self._files else _images(now.parent)
        place = files.index(now) + by if now in files else 0  # it may have been moved away
        if 0 <= place < len(files):
            self._open(files[place], place, files)
        else:
            self._messages.notice(f"{now.name} is the {'last' if by > 0 else 'first'} photograph of the series")

    def _open(self, path: Path, place: int, files: Sequence[Path]) -> None:
        self._tried = path
        self.open(path)
        if len(files) > 1:
            self._messages.notice(f"{path.name}: {place + 1} of {len(files)}, Ctrl+PgDown opens the next")

    def _can_step(self) -> bool:
        return self._document.photograph is not None or bool(self._files)

    def _arrived(self) -> None:
        self._tried = None


def _images(folder: Path) -> list[Path]:
    """The photographs of a folder; none where it cannot be read."""
    try:
        return photographs_in(folder)
    except ImageError:
        return []
