"""The one loop over images: each in its turn, with one rule for what a failure of one means for the others.

:func:`outcomes` does the others all the same, and tells which one failed and why. :func:`values` ends with the first
failure, for figures that would look like any other if an image were missing. A device that is not there ends both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from engine.errors import DeviceError, DiffSegError, MemoryShortageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Done(Generic[Item, Value]):
    """What came of an item."""

    item: Item
    value: Value


@dataclass(frozen=True, eq=False)
class Failed(Generic[Item]):
    """Why nothing came of an item."""

    item: Item
    error: DiffSegError


Outcome: TypeAlias = Done[Item, Value] | Failed[Item]


def outcomes(
    items: Iterable[Item], work: Callable[[Item], Value], path_of: Callable[[Item], Path]
) -> Iterator[Outcome[Item, Value]]:
    """Do the work for each item in turn and yield what came of it before the next one begins.

    path_of: where an item's photograph lies; a shortage of memory names it. Raises :class:`DeviceError`, and what is no
    :class:`DiffSegError`.
    """
    for item in items:
        outcome: Outcome[Item, Value]
        try:
            outcome = Done(item, work(item))
        except DeviceError:
            raise
        except DiffSegError as error:
            outcome = Failed(item, error)
        except MemoryError:
            outcome = Failed(item, MemoryShortageError.of(path_of(item)))
        yield outcome


def values(items: Iterable[Item], work: Callable[[Item], Value], path_of: Callable[[Item], Path]) -> Iterator[Value]:
    """What came of each item in turn. Arguments: as of :func:`outcomes`. Raises the first failure."""
    for outcome in outcomes(items, work, path_of):
        if isinstance(outcome, Failed):
            raise outcome.error
        yield outcome.value
