"""The log: a file that keeps what a sentence in the window cannot say, without the names of photographs."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from diffseg_gui.private import PrivateFormatter

LARGEST, OLDER = 1_000_000, 2  # bytes of a file, and how many older ones are kept beside it
OWN = ("diffseg_gui", "engine")  # whose records are written; other libraries' may hold entries of a photograph's header
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
UNFORESEEN = "on an unforeseen error ("


def start() -> None:
    """Write warnings and errors to the user's log folder, or to the terminal where that cannot be written."""
    handler: logging.Handler
    folder = Path(platformdirs.user_log_dir("DiffSeg", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "diffseg.log", "a", LARGEST, OLDER, encoding="utf-8")
        handler.addFilter(lambda record: record.name.split(".")[0] in OWN)
    except OSError:  # a full or read-only home must not keep the window from opening
        handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def file() -> Path | None:
    """The file that is written to; None where it is the terminal."""
    found = [h.baseFilename for h in logging.getLogger().handlers if isinstance(h, RotatingFileHandler)]
    return Path(found[0]) if found else None


def unforeseen(what: str, error: Exception) -> str:
    """One sentence on an error that nobody thought of: what it stopped, what it was, where its details are."""
    where = file() or "the terminal that the program was started from"
    return f"{what} {UNFORESEEN}{type(error).__name__}: {error}); details are in {where}."


def is_unforeseen(sentence: str) -> bool:
    """Whether a sentence is one of :func:`unforeseen`, so that the log is worth a look."""
    return UNFORESEEN in sentence
