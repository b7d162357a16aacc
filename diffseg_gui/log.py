"""The log: a file that keeps what a sentence in the window cannot say."""

from __future__ import annotations

import logging
from pathlib import Path

import platformdirs


def start() -> None:
    """Write warnings and errors to the user's log folder, or to the terminal where that cannot be written."""
    folder = Path(platformdirs.user_log_dir("DiffSeg", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=folder / "diffseg.log", level=logging.WARNING, encoding="utf-8")
    except OSError:  # a full or read-only home must not keep the window from opening
        logging.basicConfig(level=logging.WARNING)


def unforeseen(what: str, error: Exception) -> str:
    """One sentence on an error that nobody thought of: what it stopped, what it was, where its details are."""
    files = [h.baseFilename for h in logging.getLogger().handlers if type(h) is logging.FileHandler]
    where = files[0] if files else "the terminal that the program was started from"
    return f"{what} on an unforeseen error ({type(error).__name__}: {error}); details are in {where}."
