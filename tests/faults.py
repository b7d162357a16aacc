"""Disks that take nothing, and processes that are killed while they write."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STEPS = ("fsync", "replace", "unlink", "mkdir", "rmdir")  # of ``os``: what is done to a disk, beside writing bytes


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small disk in memory; skips where that is not allowed. options: of ``mount``: "ro", or a size, "size=128k"."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def killed_at(step: int, write: Callable[[], object]) -> bool:
    """Do ``write`` in a process that kills itself before its step of that number, from 0; whether it came so far."""
    child = os.fork()
    if child == 0:
        left = [step]
        try:
            for name in STEPS:
                setattr(os, name, _counted(getattr(os, name), left))
            write()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def _counted(function: Callable[..., object], left: list[int]) -> Callable[..., object]:
    def counted(*args: object, **named: object) -> object:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return function(*args, **named)

    return counted
