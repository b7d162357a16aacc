"""The final mask's border drawn on the photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.png import png
from engine.records.render import overlay_picture
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class Overlay(Writer):
    """The final mask's border drawn on the photograph."""

    name, title, standard = "overlay", "Border on the photograph", True
    needs_photograph = True
    leftovers = ("overlay.png",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        yield "overlay.png", png(overlay_picture(record.found.image.pixels, record.border))


WRITER = Overlay()
