"""Each timestep's mask at the photograph's own size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.png import mask_png
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class Votes(Writer):
    """Each timestep's mask at the photograph's own size."""

    name, title, standard = "votes", "Masks of the timesteps", True
    leftovers = ("votes/t[0-9][0-9][0-9].png", "votes/t[0-9][0-9][0-9][0-9].png")

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        for t, vote in zip(record.found.evidence.timesteps, record.found.votes_native, strict=True):
            yield f"votes/t{t:03d}.png", mask_png(vote)


WRITER = Votes()
