"""What every writer is: one export format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.records.record import Record


class Writer(ABC):
    """Turns a result, and what a person made of it, into named bytes. The same record always gives the same bytes.

    name: as the command line's ``--also`` knows the format. title: for people; about: a sentence for them on what it is
    good for. standard: every export holds it. needs_photograph: it cannot do without the photograph's pixels.
    refers_to: names of formats whose files its own refer to, so that they are written with it.
    filed: its files are filed as :class:`engine.records.filing.Filing` says. styled: they look as
    :class:`engine.records.style.Style` says. leftovers: patterns of all files that it may ever write, see
    :meth:`leftovers_of`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str] = ""
    standard: ClassVar[bool] = False
    needs_photograph: ClassVar[bool] = False
    refers_to: ClassVar[tuple[str, ...]] = ()
    filed: ClassVar[bool] = False
    styled: ClassVar[bool] = False
    leftovers: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """Names, relative to the folder, and contents. Raises :class:`engine.errors.ReadingError` for a misfit."""

    def leftovers_of(self, file: str) -> tuple[str, ...]:
        """Patterns of all files that it may write of a photograph whose file is called so, relative to the folder.

        Those of an earlier export that the present one does not write are removed, so that no file there belongs to
        another result; what a person put there stays.
        """
        return self.leftovers


class Collection(Writer):
    """A format whose one file, ``file``, can hold many photographs: what each contributes, and the whole of it.

    An image's own folder gets the file of that image alone.
    """

    file: ClassVar[str]

    @abstractmethod
    def part(self, record: Record) -> dict[str, Any]:
        """What a photograph contributes: plain values, without arrays, so that thousands fit into memory."""

    @abstractmethod
    def whole(self, parts: Sequence[dict[str, Any]]) -> bytes:
        """The file of these photographs, in this order."""

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        yield self.file, self.whole([self.part(record)])
