"""Snapshots of a correction: what it was at a moment, under a name, to go back to.

They are held as the pictures that they are kept as, some ten kilobytes each, and not as layers of millions of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import ReadingError
from engine.reading.layer_png import layer_from_png, layer_to_png

if TYPE_CHECKING:
    from engine.reading.correction import Layer

MOST = 24  # of one photograph
LONGEST = 60  # characters of a name
HEADER = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"  # with which a PNG begins; its width and height follow


@dataclass(frozen=True)
class Snapshot:
    """A correction at a moment. png: :func:`engine.reading.layer_png.layer_to_png`'s picture of its layer.

    Raises :class:`ReadingError` where it has no name, a long one, or the picture is none.
    """

    name: str
    png: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if sentence := wrong_name(self.name):
            raise ReadingError(sentence)
        if len(self.png) < len(HEADER) + 8 or not self.png.startswith(HEADER):
            raise ReadingError(f"The snapshot {self.name!r} is no picture that can be read.")

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of its layer, in pixels."""
        width, height = (int.from_bytes(self.png[at : at + 4], "big") for at in (len(HEADER), len(HEADER) + 4))
        return height, width

    def layer(self) -> Layer:
        """The layer, read-only int8 (height, width). Raises :class:`ReadingError` where the picture is damaged."""
        return layer_from_png(self.png)


Snapshots = tuple[Snapshot, ...]


def wrong_name(name: str, taken: Snapshots = ()) -> str:
    """Why a snapshot cannot have this name beside others, in a sentence; empty where it can."""
    if not name.strip():
        return "Give the snapshot a name."
    if len(name) > LONGEST:
        return f"This name has {len(name)} characters; {LONGEST} are the most."
    if any(other.name == name for other in taken):
        return f"There is a snapshot {name} already; choose another name."
    return ""


def added(taken: Snapshots, name: str, layer: Layer) -> Snapshots:
    """The snapshots with one more, the newest last. Raises :class:`ReadingError` if there is no room or no name."""
    if len(taken) >= MOST:
        raise ReadingError(f"There are {MOST} snapshots of this photograph, which is the most; delete one first.")
    if sentence := wrong_name(name, taken):
        raise ReadingError(sentence)
    return (*taken, Snapshot(name, layer_to_png(layer)))


def without(taken: Snapshots, name: str) -> Snapshots:
    """The snapshots but the one of that name."""
    return tuple(snapshot for snapshot in taken if snapshot.name != name)
