"""What was kept of a photograph when it is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.reading.reading import Reading


@dataclass(frozen=True, eq=False)
class Kept:
    """A kept reading, and since when; or, in a sentence, why it cannot be had.

    news: this window does not know it yet. taken: to be called by who goes on with it, and may thus write over it.
    """

    reading: Reading | None = None
    since: datetime | None = None
    trouble: str = ""
    news: bool = False
    taken: Callable[[], None] = lambda: None

    def greeting(self) -> str:
        """One sentence that it is back."""
        what = "reading of {} is"
        if self.reading is not None and self.reading.layer is not None:
            what = "corrections of {} are"
        elif self.reading is not None and replace(self.reading, chosen=None).is_empty:
            what = "settings of {} are"
        when = f"{self.since.day} {self.since:%B %Y, %H:%M}" if self.since is not None else "before"
        return f"Your {what.format(when)} back"


NOTHING_KEPT = Kept()
