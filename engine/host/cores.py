"""How many processor cores this program may use."""

from __future__ import annotations

import os


def cores() -> int:
    """Those that the system lets this process run on, which can be fewer than the computer has; at least 1."""
    if hasattr(os, "sched_getaffinity"):  # not on Windows and macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
