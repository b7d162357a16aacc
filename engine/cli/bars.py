"""Progress as bars on stderr. Only the command line draws; the engine reports (:mod:`engine.progress`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tqdm import tqdm

from engine.progress import Progress

if TYPE_CHECKING:
    from types import TracebackType

PERCENT = "{l_bar}{bar}| {elapsed}"  # without "45/100", which would repeat it
NOTHING = Progress("", 0, 0)


class Bars:
    """A bar for each stage that is reported, one after another. It ends when it is full, or with the context.

    quiet: draws nothing if True; None: only where stderr is a terminal.
    """

    def __init__(self, quiet: bool | None = None) -> None:
        self._quiet = quiet
        self._bar: tqdm | None = None
        self._shown = NOTHING

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def report(self, progress: Progress) -> None:
        """Move the present bar, or begin the next one."""
        bar, before = self._bar, self._shown
        if bar is None or before.stage != progress.stage or before.done > progress.done:
            self._end()
            bar = self._bar = _begun(progress, self._quiet)
        else:
            bar.update(progress.done - before.done)
        if progress.note:
            bar.set_postfix_str(progress.note)
        self._shown = progress
        if progress.done >= progress.total:
            self._end()

    def say(self, sentence: str) -> None:
        """Write a line to stderr, above a bar that is not full yet."""
        tqdm.write(sentence, file=sys.stderr)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar, self._shown = None, NOTHING


def _begun(progress: Progress, quiet: bool | None) -> tqdm:
    return tqdm(
        total=progress.total,
        initial=progress.done,
        desc=progress.stage or None,
        unit=progress.unit,
        disable=quiet,
        bar_format=PERCENT if progress.unit == "%" else None,
    )
