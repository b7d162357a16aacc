"""How far work is. A run is a generator that yields :class:`Progress` and returns its value.

The engine knows nothing of threads or cancel flags: to cancel a run is to stop asking it for more. Work that nobody
cancels half way, such as training, passes its progress to a :data:`Report` instead. Neither draws anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from engine.results import Evidence

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Progress:
    """``done`` of ``total`` units of a stage are finished.

    stage: its name; empty for work that has one stage only. evidence: what is known so far. unit: what is counted, in
    the singular. note: figures that are worth showing beside the count.
    """

    stage: str
    done: int
    total: int
    evidence: Evidence | None = None
    unit: str = ""
    note: str = ""


Run: TypeAlias = Generator[Progress, None, T]
Report: TypeAlias = Callable[[Progress], None]
Say: TypeAlias = Callable[[str], None]
"""Hears a sentence that a person should read while the work goes on."""


def unheard(progress: Progress) -> None:
    """The report of work that nobody watches."""


def to_stderr(sentence: str) -> None:
    """What says a sentence where no bar stands in the way."""
    print(sentence, file=sys.stderr)


def counted(images: Collection[T], stage: str, report: Report) -> Iterator[T]:
    """Images one by one; ``report`` hears the count at the start and each time that one is done with."""
    report(Progress(stage, 0, len(images), unit="image"))
    for done, image in enumerate(images, 1):
        yield image
        report(Progress(stage, done, len(images), unit="image"))


def drain(run: Run[T], report: Report = unheard) -> T:
    """Run a generator to its end and return its value, passing each Progress to ``report``."""
    while True:
        try:
            step = next(run)
        except StopIteration as stop:
            value: T = stop.value
            return value
        report(step)
