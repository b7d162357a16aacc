"""Says what the system lacks before an install fails halfway, and the one line that installs it.

Run by the Makefile: ``check_system.py python`` with the Python that the virtual environment will have, before it
exists; ``check_system.py qt`` with the environment's Python, after the packages are in.
Only the standard library is used, for nothing else is there yet.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # nothing is installed before this runs

from diffseg_gui.system import platforms, qt_folder, report, why_no_window, why_not_loaded

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


def check_python() -> str | None:
    """A virtual environment needs venv and ensurepip. Below Python 3.13 pydensecrf is compiled, as it has no wheels."""
    compiled = sys.version_info < (3, 13)
    # /usr/bin/c++ is there on every Mac, as a stub that asks for the tools; xcode-select tells.
    if compiled and sys.platform == "darwin" and subprocess.run(["xcode-select", "-p"], capture_output=True).returncode:
        return "Missing: a C++ compiler. This installs it:\n    xcode-select --install"
    wanted = list(_compilers()) if compiled else []
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        wanted.append(("Python's venv module", f"{PYTHON}-venv"))
    return report([what for what, _ in wanted], [package for _, package in wanted]) if wanted else None


def _compilers() -> Iterator[tuple[str, str]]:
    """What is missing to compile against Python's headers, each with Debian's package of it."""
    if sys.platform != "darwin":
        # setuptools calls the very compilers that Python was built with, unless CC and CXX name others.
        for variable, usual in (("CC", "gcc"), ("CXX", "g++")):
            command = os.environ.get(variable) or sysconfig.get_config_var(variable) or usual
            program = shlex.split(command)[0]
            if not shutil.which(program):
                yield f"the compiler {program}", "clang" if "clang" in program else "g++"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        yield "Python's headers (Python.h)", f"{PYTHON}-dev"


def check_qt() -> str | None:
    """PySide6's wheel leaves the libraries of the graphics stack to the system."""
    if qt_folder() is None:
        return "PySide6 is not installed in this environment."
    if sentence := why_not_loaded() or (platforms() and why_no_window()):
        return sentence
    imported = subprocess.run(
        [sys.executable, "-c", "from PySide6 import QtGui, QtWidgets"], capture_output=True, text=True
    )
    if imported.returncode:
        reason = imported.stderr.strip().splitlines() or [f"it ended with code {imported.returncode}"]
        return f"PySide6 cannot be loaded: {reason[-1]}"
    return None


CHECKS = {"python": check_python, "qt": check_qt}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKS:
        sys.exit(f"usage: check_system.py {{{','.join(CHECKS)}}}")
    # sys.exit prints a complaint and ends with 1; None ends with 0.
    sys.exit(CHECKS[sys.argv[1]]())


if __name__ == "__main__":
    main()
