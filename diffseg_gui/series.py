"""A series of photographs, one after the other: files that were opened together, or those of the open one's folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from diffseg_gui.actions import Command
from engine.errors import ImageError
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from diffseg_gui.window import MainWindow

SAID = 6000  # ms that a message stands
STEPS = ("previous_photograph", "next_photograph")
COMMANDS = (
    Command("next_photograph", "File", "&Next photograph", "Ctrl+PgDown",
            "Open the next of the series, or of its folder", "series.step", argument=1, line=True),
    Command("previous_photograph", "File", "&Previous photograph", "Ctrl+PgUp",
            "Open the one before in the series, or in its folder", "series.step", argument=-1),
)  # fmt: skip


class Series(QObject):
    """Opens a series' photographs in order. What a person added to one is kept as with any other that is opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._files: list[Path] = []
        self._tried: Path | None = None  # asked for by a step; from one that cannot be opened the next step goes on
        window.state.imageChanged.connect(self._arrived)
        window.refreshed.connect(self._follow)

    def begin(self, paths: Sequence[Path]) -> None:
        """Open the first of some files; a folder stands for its images."""
        files = [file for path in paths for file in (_images(path) if os.path.isdir(path) else [path])]
        if not files:
            self._window.show_failure(f"{paths[0]} holds no photograph; open a folder that does, or a photograph.")
            return
        self._files = files if len(files) > 1 else []
        self._open(files[0], 0, files)

    def step(self, by: int) -> None:
        """Open the next photograph (1), or the one before (-1)."""
        state = self._window.state
        now = self._tried or state.opening or (state.image.path if state.image else None)
        if now is None:
            return
        files = self._files if now in self._files else _images(now.parent)
        place = files.index(now) + by if now in files else 0  # it may have been moved away
        if 0 <= place < len(files):
            self._open(files[place], place, files)
        else:
            self._say(f"{now.name} is the {'last' if by > 0 else 'first'} photograph of the series")

    def _open(self, path: Path, place: int, files: Sequence[Path]) -> None:
        self._tried = path
        self._window.open_image(path)
        if len(files) > 1:
            self._say(f"{path.name}: {place + 1} of {len(files)}, Ctrl+PgDown opens the next")

    def _say(self, sentence: str) -> None:
        self._window.statusBar().showMessage(sentence, SAID)

    def _arrived(self) -> None:
        self._tried = None

    def _follow(self) -> None:
        for name in STEPS:
            self._window.actions_by_name[name].setEnabled(self._window.state.image is not None or bool(self._files))


def _images(folder: Path) -> list[Path]:
    """The photographs of a folder; none where it cannot be read."""
    try:
        return photographs_in(folder)
    except ImageError:
        return []
