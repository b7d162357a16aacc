"""What every writer is: one export format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reading.reading import Reading
    from engine.results import Segmentation


class Writer(ABC):
    """Turns a result, and what a person made of it, into named bytes.

    name: as the command line's ``--also`` knows the format. title: for people. standard: every export holds it.
    leftovers: patterns of all files that it may ever write, relative to the folder; those of an earlier export that the
    present one does not write are removed, so that no file there belongs to another result.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    standard: ClassVar[bool] = False
    leftovers: ClassVar[tuple[str, ...]]

    @abstractmethod
    def files(self, found: Segmentation, reading: Reading) -> Iterator[tuple[str, bytes]]:
        """Names, relative to the folder, and contents. Raises :class:`engine.errors.ReadingError` for a misfit."""
