"""Running a module of this installation in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from engine.errors import DiffSegError


class BenchError(DiffSegError):
    """Something that could not be measured."""


def run_module(module: str, *arguments: str) -> str:
    """Run ``python -m module arguments`` to its end and return what it printed.

    Qt draws to no screen there, so that figures do not depend on a display. Raises :class:`BenchError` if it fails.
    """
    if getattr(sys, "frozen", False):
        raise BenchError("The stand-alone program cannot measure itself; run bench from an installed source tree.")
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
        raise BenchError(f"{module} {arguments[0] if arguments else ''} could not be measured: {reason}")
    return done.stdout


def ask(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module whose last printed line is a JSON object, and return that."""
    answer: dict[str, Any] = json.loads(run_module(module, *arguments).splitlines()[-1])
    return answer
