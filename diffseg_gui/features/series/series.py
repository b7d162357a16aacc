"""A series of photographs, one after the other: files that were opened together, or those of the open one's folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.series.listing import Listing
from diffseg_gui.features.series.states import States
from diffseg_gui.features.series.strip import Strip
from diffseg_gui.features.series.thumbnails import Thumbnails
from diffseg_gui.look.named import named
from diffseg_gui.messages import OPENING
from engine.photograph.readers import suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from engine.reading.reading import Reading
    from engine.records.readings import Glance
    from engine.results import Segmentation

OFF = "off"  # the strip, in the preferences
PATIENCE = 300  # milliseconds until a person is told what is waited for


class Series(Feature):
    """Opens a series' photographs in order, and shows them in a strip below the photograph.

    What a person added to one is kept as with any other that is opened.
    """

    def __init__(
        self, document: Document, messages: Messages, preferences: Preferences, glance: Callable[[str], Glance]
    ) -> None:
        """glance: finds the reading that is kept of a photograph's identity, in short; called in other threads."""
        super().__init__()
        self._document, self._messages, self._preferences = document, messages, preferences
        self._files: list[Path] = []
        self._tried: Path | None = None  # asked for by a step
        self._failed: Path | None = None  # the same, and it could not be opened; from there the next step goes on
        self._asked: Path | None = None  # the file that was asked for last
        self._listed: tuple[Path, ...] = ()  # in the strip
        self._drawn: tuple[object, ...] = ()  # what the strip was drawn from
        self.states = States(document)
        self._folder = Listing(self)  # for the strip
        self._wanted = Listing(self)  # for what a person asked to be opened
        self._first = Path()  # of that
        self._slow = QTimer(self, singleShot=True, interval=PATIENCE)
        self._slow.timeout.connect(lambda: self._messages.notice(f"Looking for photographs in {self._first} …", 0))
        self._thumbnails = Thumbnails(glance, self)
        self.strip = self.foot = Strip(self.states.of, self._thumbnails.picture)
        self.place = self.top = named(QLabel(""), "chip", "Place in the series; Ctrl+PgDown goes on")
        self.place.hide()
        self.buttons = dict(self.strip.buttons)
        self.strip.chosen.connect(self._go_to)
        self.strip.wanted.connect(self._thumbnails.want)
        self._thumbnails.looked.connect(self._note_file)
        self._follow_document()
        self.commands = self._commands()

    def _follow_document(self) -> None:
        document = self._document
        document.opened.connect(self._arrived)
        document.failed.connect(self._refused)
        document.edited.connect(self._note_changed)
        document.requested.connect(self._note_request)
        for signal in (
            document.resultChanged,
            document.progressChanged,
            document.readingChanged,
            document.blindChanged,
        ):
            signal.connect(self._follow)

    def _commands(self) -> tuple[Command, ...]:
        return (
            Command("next_photograph", "File", "&Next photograph", "Ctrl+PgDown",
                    "Open the next of the series, or of its folder", partial(self.step, 1), self._can_step, line=True),
            Command("previous_photograph", "File", "&Previous photograph", "Ctrl+PgUp",
                    "Open the one before in the series, or in its folder", partial(self.step, -1), self._can_step),
            Command("series_strip", "View", "St&rip of the series", "Shift+F9",
                    "Show the photographs of the series below the open one", self.show_strip, checked=self._is_shown,
                    line=True),
        )  # fmt: skip

    # What commands do

    def open(self, path: Path) -> None:
        """Open one photograph that was chosen by name; a series stays, and goes on from its own photographs."""
        self._wanted.forget()
        self._slow.stop()
        self._failed = None
        self._messages.forget_failure()
        self._document.open(path)

    def begin(self, paths: Sequence[Path]) -> None:
        """Open the first of some files; a folder stands for its photographs.

        What is called like a photograph is taken for a file: whether it is a folder, a drive may take long to say.
        """
        self._first = paths[0]
        if all(path.suffix.lower() in suffixes() for path in paths):
            self._begin_with(paths)
        else:
            self._slow.start()
            self._wanted.ask(paths, self._begin_with, self._say_why_not)

    def step(self, by: int) -> None:
        """Open the next photograph (1), or the one before (-1)."""
        now = self._failed or self._present()
        if now is None:
            return
        known = self._files if now in self._files else self._listed
        if now in self._files or (now in known and 0 <= known.index(now) + by < len(known)):
            self._step_in(now, by, known)
        else:  # the folder may hold others by now
            self._wanted.ask([now.parent], partial(self._step_in, now, by), self._say_why_not)

    def show_strip(self, on: bool) -> None:
        """Show the strip wherever there is more than one photograph, or do not."""
        self._preferences.set("strip", "on" if on else OFF)
        self._show()

    # What others tell

    def expect_export(self, found: Segmentation, reading: Reading) -> None:
        """The open photograph is being exported as it is."""
        self.states.expect_export(found, reading)

    def note_exported(self, found: Segmentation, reading: Reading) -> None:
        """This has been written."""
        self.states.note_exported(found, reading)
        self._show()

    def close(self) -> None:
        """Make no more pictures."""
        self._wanted.close()
        self._folder.close()
        self._thumbnails.close()

    # Within

    def _begin_with(self, files: Sequence[Path]) -> None:
        """What :meth:`begin` opens is known."""
        if not files:
            self._say_why_not(f"{self._first} holds no photograph; open a folder that does, or a photograph.")
            return
        self._know()
        if self._files or len(files) > 1:
            self._listed = ()
        self._files = list(files) if len(files) > 1 else []
        self._open(files[0], 0, files)

    def _say_why_not(self, sentence: str) -> None:
        """What was to be opened could not be looked through."""
        self._know()
        self._messages.failure(sentence, OPENING)

    def _know(self) -> None:
        """Nothing is looked for any more."""
        self._slow.stop()
        self._messages.clear()

    def _step_in(self, now: Path, by: int, files: Sequence[Path]) -> None:
        """Open another of these files than the one that is open, or say that there is none."""
        place = files.index(now) + by if now in files else 0  # it may have been moved away
        if 0 <= place < len(files):
            self._open(files[place], place, files)
        else:
            self._messages.notice(f"{now.name} is the {'last' if by > 0 else 'first'} photograph of the series")

    def _present(self) -> Path | None:
        """The photograph that is open, or the one that is about to be."""
        document = self._document
        return document.opening or (document.photograph.path if document.photograph else None)

    def _go_to(self, path: Path) -> None:
        """A photograph of the strip was chosen."""
        if path != self._present():
            self._open(path, self._listed.index(path), self._listed)

    def _open(self, path: Path, place: int, files: Sequence[Path]) -> None:
        self._tried = path
        self.open(path)
        if len(files) > 1:
            self._messages.notice(f"{path.name}: {place + 1} of {len(files)}, Ctrl+PgDown opens the next")

    def _can_step(self) -> bool:
        return self._document.photograph is not None or bool(self._files)

    def _is_shown(self) -> bool:
        return self._preferences.text("strip") != OFF

    def _arrived(self) -> None:
        """Another photograph is open; its folder may hold others than before."""
        self._tried = self._failed = None
        if self._document.photograph is not None:
            self._thumbnails.look_again(self._document.photograph.path)
        self._list(anew=True)

    def _note_request(self, source: object) -> None:
        if isinstance(source, Path):
            self._asked = source
            self._list()

    def _refused(self, _: str, opening: bool) -> None:
        if opening and self._asked is not None:
            self._failed = self._asked if self._asked == self._tried else None
            self.states.note_unreadable(self._asked)
        self._show()

    def _note_changed(self) -> None:
        self.states.note_changed()
        self._show()

    def _note_file(self, path: Path, reading: Glance | None) -> None:
        self.states.note_file(path, reading)
        self.strip.cells.draw_anew()

    def _list(self, anew: bool = False) -> None:
        """Look which photographs are the series of the present one."""
        present = self._present()
        if present is not None and (anew or present not in self._listed):
            if present in self._files:
                self._listed = tuple(self._files)
            else:
                take = partial(self._take, present.parent)
                self._folder.ask([present.parent], take, lambda _: take([]))
        self._follow()

    def _take(self, folder: Path, files: list[Path]) -> None:
        """A folder's photographs are known, which another photograph's series may be by now."""
        present = self._present()
        if present is not None and present.parent == folder and present not in self._files:
            self._listed = tuple(files)
            self._show()

    def _follow(self) -> None:
        self.states.follow()
        self._show()

    def _show(self) -> None:
        """Draw the strip, unless it would be the same: this is asked with every step of a slider."""
        present = self._present()
        state = None if present is None else self.states.of(present)
        drawn = (self._listed, present, self._is_shown(), state, self.states.tell_doubt, self.states.exports)
        if drawn != self._drawn:
            self._drawn = drawn
            self.strip.show_files(self._listed, present, self._is_shown())
            self.place.setText(self.strip.position.text())
            self.place.setVisible(len(self._listed) > 1 and bool(self.place.text()))
