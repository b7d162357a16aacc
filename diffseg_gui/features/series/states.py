"""How far each photograph of a series has come, from what was kept of it and what was found since the program started.

Nothing is analysed for this. Whether the model's masks differ is noted of what may be seen alone, and is not told while
photographs are read blind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import ref

from engine.method.doubt import is_doubtful
from engine.reading.reading import attach
from engine.records.readings import Glance, in_short

if TYPE_CHECKING:
    from pathlib import Path

    from diffseg_gui.document.document import Document
    from engine.photograph.image import SkinImage
    from engine.reading.reading import Decision, Reading
    from engine.reading.regions import Region
    from engine.results import Segmentation

    Key = tuple[Path, str]  # a file, and the identity of the photograph in it; empty until it was opened


@dataclass(frozen=True)
class State:
    """A state as it is shown: a word, an icon, and whether it calls for a person."""

    word: str
    icon: str
    calls: bool = False


WAITING = State("waiting", "undecided")
ANALYSING = State("analysing…", "run")
READY = State("ready", "contour")
DOUBTFUL = State("doubtful", "undecidable", calls=True)
IN_REVIEW = State("in review", "next")
REVIEWED = State("reviewed", "accept")
CORRECTED = State("corrected", "brush")
EXPORTED = State("exported", "export")
NOT_USABLE = State("not usable", "cancel", calls=True)
BLIND = State("read blind", "blind")
UNREADABLE = State("unreadable", "close", calls=True)


NOTHING = Glance()


@dataclass(frozen=True)
class Facts:
    """What is known of a photograph. complete, analysed, doubtful, exported: since the program started.

    complete: every region of its newest result is decided.
    """

    reading: Glance = NOTHING
    complete: bool = False
    analysed: bool = False
    doubtful: bool = False
    exported: bool = False
    unreadable: bool = False


def state_of(known: Facts, tells: bool = True) -> State:
    """The state of a photograph that nothing is being done with. tells: the model's doubt may be shown."""
    reading = known.reading
    for holds, state in (
        (known.unreadable, UNREADABLE),
        (reading.verdict == "not usable", NOT_USABLE),
        (known.exported, EXPORTED),
        (reading.corrected, CORRECTED),
        (reading.verdict is not None or known.complete, REVIEWED),
        (reading.decided > 0, IN_REVIEW),
        (known.doubtful and tells, DOUBTFUL),
        (known.analysed, READY),
    ):
        if holds:
            return state
    return WAITING


class States:
    """What is known of each photograph, by its path.

    A file may hold several photographs, or another than before: known is that of the one which was opened last.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._met: dict[Path, str] = {}  # the identity of the photograph that was opened last of each file
        self._known: dict[Key, Facts] = {}
        # What each photograph was exported as, unless it was changed since; an export that fails is to keep nothing.
        self._asked: dict[Key, tuple[ref[Segmentation], ref[Reading]]] = {}
        self._opened: set[Path] = set()  # their readings are known from the document, which is newer than a file
        self._seen: Segmentation | None = None  # the last result whose doubt was noted

    def of(self, path: Path) -> State:
        """A photograph's state at present."""
        document, known = self._document, self._known.get(self._key(path), Facts())
        is_open = document.photograph is not None and document.photograph.path == path
        if document.opening == path or (is_open and document.is_busy and not known.analysed and not document.opening):
            return ANALYSING
        if is_open and document.blind is not None:
            return BLIND
        return state_of(known, self.tell_doubt)

    @property
    def tell_doubt(self) -> bool:
        """Whether it may be told that the model's masks differ: not while photographs are read blind."""
        return self._document.blind is None and not self._document.blind_series

    @property
    def exports(self) -> int:
        """How many photographs are exported as they are."""
        return sum(known.exported for known in self._known.values())

    def note_file(self, path: Path, reading: Glance | None) -> None:
        """A photograph's file has been looked at; None: it cannot be read."""
        if reading is None:
            self._note(path, unreadable=True)
        elif path not in self._opened:
            self._note(path, reading=reading)

    def note_unreadable(self, path: Path) -> None:
        """A photograph could not be opened."""
        self._note(path, unreadable=True)

    def expect_export(self, found: Segmentation, reading: Reading) -> None:
        """The open photograph is being exported as it is."""
        self._asked[_key_of(found.image)] = ref(found), ref(reading)

    def note_exported(self, found: Segmentation, reading: Reading) -> None:
        """This has been written; it may have been changed since it was asked for."""
        asked = self._asked.get(key := _key_of(found.image))
        if asked is not None and asked[0]() is found and asked[1]() is reading:
            self._put(key, exported=True)

    def note_changed(self) -> None:
        """The open photograph was changed: what was exported of it is out of date."""
        if (photograph := self._document.photograph) is not None:
            self._meet(photograph)
            self._asked.pop(_key_of(photograph), None)
            self._note(photograph.path, exported=False)

    def follow(self) -> None:
        """Note what holds of the open photograph, unless it is read blind."""
        document = self._document
        if document.photograph is None:
            return
        self._meet(document.photograph)
        if document.blind is not None:
            return
        path, shown = document.photograph.path, document.shown
        self._opened.add(path)
        self._note(path, reading=in_short(document.reading), unreadable=False)
        if not shown.current or shown.segmentation is None:
            return
        if shown.segmentation is not self._seen:
            self._seen = shown.segmentation
            found = shown.segmentation
            self._note(path, analysed=True, doubtful=found.out_of_depth or is_doubtful(found.consensus))
        decisions = document.reading.decisions  # regions are looked for where somebody has decided one
        self._note(path, complete=bool(decisions) and _are_all_decided(decisions, document.answers.regions))

    def _meet(self, photograph: SkinImage) -> None:
        """It is open; of a file that was not opened before, what was found of it is this photograph's."""
        unmet = self._known.get(self._key(photograph.path), Facts()) if photograph.path not in self._met else Facts()
        self._met[photograph.path] = photograph.identity
        self._known.setdefault(_key_of(photograph), unmet)

    def _key(self, path: Path) -> Key:
        return path, self._met.get(path, "")

    def _note(self, path: Path, **what: object) -> None:
        self._put(self._key(path), **what)

    def _put(self, key: Key, **what: object) -> None:
        self._known[key] = replace(self._known.get(key, Facts()), **what)  # type: ignore[arg-type]


def _key_of(photograph: SkinImage) -> Key:
    return photograph.path, photograph.identity


def _are_all_decided(decisions: tuple[Decision, ...], listed: tuple[Region, ...]) -> bool:
    return {region.number for region in listed} <= set(attach(decisions, listed))
