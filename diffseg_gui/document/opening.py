"""What a photograph begins with when it is opened: what was kept of it, and whether it is read blind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diffseg_gui.document.blindness import BlindSession, may_be_blind, start

if TYPE_CHECKING:
    from diffseg_gui.document.kept import Kept
    from engine.reading.reading import Chosen, Reading


@dataclass(frozen=True, eq=False)
class Beginning:
    """The reading to begin with, blind or not, the settings that were kept with it, and sentences for the person.

    gained: a ruler that waited without an outline has become the reading's own.
    """

    reading: Reading
    session: BlindSession | None = None
    chosen: Chosen | None = None
    sentences: tuple[str, ...] = ()
    gained: bool = False


def begin(
    reading: Reading, kept: Kept, outline: Kept, again: bool, series: bool, now: float, seen: float = 0.0
) -> Beginning:
    """Go on with what was kept.

    reading: what this window knows of the photograph. kept, outline: its reading, and its blind outline that waits.
    again: it was open before. series: photographs are to be read blind. now, seen: as in :func:`blindness.start`.
    """
    sentences: list[str] = []
    chosen = None
    going_on = again and not reading.is_empty
    if kept.reading is not None and not kept.reading.is_empty and (kept.news or not going_on):
        kept.taken()
        reading, chosen = kept.reading, kept.reading.chosen
        sentences.append(kept.greeting())
    if chosen is not None:
        reading = replace(reading, chosen=None)  # they are the document's from now on
    if again and not series:
        return Beginning(reading, None, chosen, tuple(sentences))
    if may_be_blind(reading) and outline.reading is not None:
        outline.taken()
    begun = start(reading, outline.reading, series, now, seen)
    gained = begun.session is None and begun.reading is not reading
    if begun.sentence:
        sentences.append(begun.sentence)
    return Beginning(begun.reading, begun.session, chosen, tuple(sentences), gained)
