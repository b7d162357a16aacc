"""Timing repeats, and summing them up as median and 95th percentile."""

from __future__ import annotations

import math
import statistics
import time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Figures: TypeAlias = dict[str, float | int | str | None]


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least ``share`` of all samples do not exceed (nearest rank)."""
    return sorted(samples)[max(0, math.ceil(share * len(samples)) - 1)]


def summary(name: str, samples: Sequence[float]) -> Figures:
    """The samples' median under ``name``, their 95th percentile under ``p95_name``."""
    return {name: round(statistics.median(samples), 6), f"p95_{name}": round(percentile(samples, 0.95), 6)}
