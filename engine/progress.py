"""How far a run is. A run is a generator that yields :class:`Progress` and returns its value.

The engine knows nothing of threads or cancel flags: to cancel a run is to stop asking it for more.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from engine.results import Evidence

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Progress:
    """``done`` of ``total`` units of a stage are finished; evidence, where given, is what is known so far."""

    stage: str
    done: int
    total: int
    evidence: Evidence | None = None


Run: TypeAlias = Generator[Progress, None, T]


def drain(run: Run[T], report: Callable[[Progress], None] | None = None) -> T:
    """Run a generator to its end and return its value, passing each Progress to ``report``."""
    while True:
        try:
            step = next(run)
        except StopIteration as stop:
            value: T = stop.value
            return value
        if report is not None:
            report(step)
