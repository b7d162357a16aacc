"""What commands on many items do where one fails: a line on stderr, and on with the next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.study.batch import Done, Failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.study.batch import Item, Outcome, Value


class Failures:
    """count: how many have failed so far."""

    def __init__(self) -> None:
        self.count = 0

    def done(self, found: Iterable[Outcome[Item, Value]]) -> Iterator[Done[Item, Value]]:
        """Those of the outcomes that are no failures; each failure is printed and counted."""
        for outcome in found:
            if isinstance(outcome, Failed):
                print(f"diffseg: {outcome.error}", file=sys.stderr)
                self.count += 1
            else:
                yield outcome
