"""What helps those who look for a fault, as text for a message: versions, system, model, and the last errors.

It holds nothing of any photograph: the log is written without names (:mod:`diffseg_gui.private`).
"""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, qVersion

from diffseg_gui import log
from engine import __version__

if TYPE_CHECKING:
    from engine.results import Segmentation

TAIL = 8000  # characters of the log, from its end
LIBRARIES = ("PySide6-Essentials", "torch", "numpy", "pillow", "pydicom")
NONE_YET = "none used yet"


def diagnostics(found: Segmentation | None) -> str:
    """All of it. found: the result that is shown, which tells of model and device."""
    device, model = (found.evidence.device, found.model) if found else (None, None)
    lines = [
        f"DiffSeg {__version__}",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()}",
        *(f"{name} {_version(name)}" for name in LIBRARIES),
        f"System: {platform.platform()}",
        f"Locale: {QLocale.system().name()}",
        f"Device: {f'{device.kind}, {device.name}, {device.precision} {device.note}'.strip() if device else NONE_YET}",
        f"Model: {f'{model.name}, SHA-256 {model.sha256}' if model else NONE_YET}",
        "",
        "Last errors:",
        _last_errors() or "none",
    ]
    return "\n".join(lines) + "\n"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a frozen program lacks some of these records
        return "(version not known)"


def _last_errors() -> str:
    """The end of the log, from a whole line on."""
    path = log.file()
    if path is None:
        return "They were written to the terminal that the program was started from."
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"The log cannot be read ({error.strerror})."
    return text[-TAIL:].partition("\n")[2].strip() if len(text) > TAIL else text.strip()
