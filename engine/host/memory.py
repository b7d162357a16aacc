"""What the C library does with freed memory; for the whole process, and only where it is glibc's (Linux)."""

from __future__ import annotations

import ctypes
import sys

# mallopt's parameters, from glibc's malloc.h
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -2, -3, -4, -8


def keep_freed() -> None:
    """Keep freed memory for the next array: for training, whose every step makes the same large ones again.

    By default each goes back to the system when it is freed and comes again filled with zeros, page by page.
    """
    _set(MMAP_MAX, 0)
    _set(TRIM_THRESHOLD, 1 << 30)
    _set(TOP_PAD, 64 << 20)


def give_back_large() -> None:
    """Return large arrays to the system when they are freed, so that a day's images leave no trace.

    By default glibc raises the size from which it does so with every large array, and keeps ever more for itself.
    And it makes up to eight heaps a core, nearly one a thread, each of which keeps what its threads have freed. To be
    called before the first thread begins: a heap that is there stays.
    """
    _set(ARENA_MAX, 2)
    _set(MMAP_THRESHOLD, 8 << 20)  # photographs go back; what a slider moves is kept and reused
    _set(TRIM_THRESHOLD, 64 << 20)


def _set(parameter: int, value: int) -> None:
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(parameter, value)
