"""Mean and variance of the votes (equations 3 and 4) in colour, at the photograph's own size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.method.consensus import mean_of_votes
from engine.records.png import png
from engine.records.render import AMBIGUITY_MAP, AMBIGUITY_RANGE, CONSISTENCY_MAP, CONSISTENCY_RANGE, heatmap_picture
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class Heatmaps(Writer):
    """Mean and variance of the votes (equations 3 and 4) in colour, at the photograph's own size."""

    name, title, standard = "heatmaps", "Consistency and ambiguity in colour", True
    leftovers = ("consistency.png", "ambiguity.png")

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        consistency = mean_of_votes(record.found.votes_native)
        yield "consistency.png", png(heatmap_picture(consistency, CONSISTENCY_MAP, CONSISTENCY_RANGE))
        ambiguity = consistency * (1 - consistency)
        yield "ambiguity.png", png(heatmap_picture(ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE))


WRITER = Heatmaps()
