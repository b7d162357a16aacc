"""Reading blind: an outline drawn before the result is seen, and how it begins and ends, as pure functions.

While a photograph is read blind its reading's layer is the outline. The outline waits under a name of its own until it
is revealed, and what is kept of it tells nothing of the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.reading.agreement import Agreement
from engine.reading.reading import Blind, Reading

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage

WITH_ITSELF = Agreement(1.0, 1.0, 1.0, 1.0)  # stands in an outline's record before there is a result to see
SEEN_BEFORE = "You have read this photograph before, so it is not read blind"
OUTLINE_BACK = "Your blind outline is back; go on, or reveal the result"


class Exposure:
    """For how long each photograph's result has been on screen, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        """Nothing has been yet."""
        self._before: dict[str, float] = {}  # by the photograph's identity
        self._now: tuple[str, float] | None = None  # what is on screen, and since when

    def show(self, photograph: SkinImage | None, now: float) -> None:
        """This photograph's result is on screen from now on; None: no result is."""
        identity = None if photograph is None else photograph.identity
        if self._now is not None and self._now[0] != identity:
            former, since = self._now
            self._before[former] = self._before.get(former, 0.0) + now - since
            self._now = None
        if self._now is None and identity is not None:
            self._now = (identity, now)

    def seconds(self, photograph: SkinImage, now: float) -> float:
        """Seconds so far."""
        identity = photograph.identity
        here = now - self._now[1] if self._now is not None and self._now[0] == identity else 0.0
        return self._before.get(identity, 0.0) + here


@dataclass(frozen=True, eq=False)
class BlindSession:
    """A blind reading under way.

    before: the reading as it was when it began. since: when it began, in seconds of the monotonic clock. spent, edits:
    seconds and edits that the outline took in earlier sittings. seen: for how many seconds the result had been on
    screen before.
    """

    before: Reading
    since: float
    spent: float = 0.0
    edits: int = 0
    seen: float = 0.0

    def seconds(self, now: float) -> float:
        """Seconds that the outline has taken so far."""
        return self.spent + now - self.since

    def edits_of(self, reading: Reading) -> int:
        """Edits that the outline has taken so far."""
        return max(reading.edits - self.before.edits, 0) + self.edits

    def waiting(self, reading: Reading, now: float) -> Reading:
        """What is kept while it waits: the outline, what it took, and the ruler; empty where there is neither."""
        kept = Reading(ruler=reading.ruler)
        if reading.layer is None:
            return kept
        record = Blind(0, "", WITH_ITSELF, self.seconds(now), self.edits_of(reading), self.seen)
        return replace(kept, layer=reading.layer, blind=record)

    def ended(self, reading: Reading, record: Blind | None) -> Reading:
        """The reading afterwards: nothing is corrected; a record, where there is one, is kept."""
        return replace(reading, layer=None, edits=self.before.edits, blind=record or reading.blind)


@dataclass(frozen=True, eq=False)
class Start:
    """How a photograph is to be read: the reading to begin with, blind or not, and a sentence on it for the person."""

    reading: Reading
    session: BlindSession | None = None
    sentence: str = ""


def may_be_blind(reading: Reading) -> bool:
    """Whether a photograph can be read blind: nobody has corrected it, scribbled or read it so before."""
    return reading.layer is None and not reading.scribbles and reading.blind is None


def start(reading: Reading, waiting: Reading | None, asked: bool, now: float, seen: float = 0.0) -> Start:
    """Decide how a photograph is read that is opened.

    reading: what is known of it. waiting: an outline of it that was not revealed, or a ruler laid meanwhile. asked:
    whether photographs are to be read blind. now: seconds of the monotonic clock. seen: for how many seconds its result
    has been on screen since the program started.
    """
    if not may_be_blind(reading):
        return Start(reading, sentence=SEEN_BEFORE if asked else "")
    if waiting is None or waiting.is_empty:
        return Start(reading, BlindSession(reading, now, seen=seen) if asked else None)
    with_ruler = replace(reading, ruler=waiting.ruler)
    if waiting.layer is not None:
        spent, edits = (waiting.blind.seconds, waiting.blind.edits) if waiting.blind is not None else (0.0, 0)
        before = (waiting.blind.seen_seconds or 0.0) if waiting.blind is not None else 0.0
        session = BlindSession(reading, now, spent, edits, max(before, seen))
        return Start(replace(with_ruler, layer=waiting.layer), session, OUTLINE_BACK)
    return Start(with_ruler, BlindSession(reading, now, seen=seen) if asked else None)
