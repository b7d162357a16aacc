"""Resident memory of this process, as Linux tells it; None on other systems. 1 MB is 10^6 bytes.

``/proc/self/status`` is read rather than ``getrusage``, whose ``ru_maxrss`` begins at the peak of the process that
started this one.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from pathlib import Path

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
SETTLED = 5  # photographs after which a session's memory should have stopped growing


def resident_mb() -> float | None:
    """Memory resident now."""
    return _field("VmRSS")


def peak_mb() -> float | None:
    """The most that ever was resident, since the start or since :func:`forget_peak`."""
    return _field("VmHWM")


def forget_peak() -> None:
    """Let the peak start anew from what is resident now; where that is forbidden the older peak stays."""
    with suppress(OSError):
        CLEAR.write_text("5")


def held_mb() -> float | None:
    """Memory resident once the C library (glibc) has given back what it keeps for later use; elsewhere None."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return None
    return resident_mb()


def _field(name: str) -> float | None:
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0]) * 1024 / 1e6
    return None
