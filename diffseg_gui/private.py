"""What may be written down of an error: nothing that could say whose photograph it was.

A file's name is often a patient's. Of paths only the ending stays, and of what an error quotes nothing, as that may be
an entry of a photograph's header. Where it is not plain how far a name goes, rather too much is taken out.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from traceback import TracebackException
from typing import TYPE_CHECKING

from engine.photograph.readers import suffixes

if TYPE_CHECKING:
    from types import TracebackType

    Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

OURS = Path(__file__).parents[1]
KEPT = (*suffixes(), ".json", ".safetensors", ".npz", ".csv", ".xlsx", ".svg", ".pdf", ".md", ".ini", ".log", ".py")
ENDING = re.compile(rf"({'|'.join(map(re.escape, KEPT))})(?!\w)", re.IGNORECASE)
QUOTED = re.compile(r"""(?<!\w)['"“](?:.*['"”](?!\w)|.*)""")
PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:[\\/]|\\\\|~?/(?=\S)|file:).*")
NAME = re.compile(rf"^(?P<kind>[\w.]+: )?.*[^…](?:{'|'.join(map(re.escape, suffixes()))})(?!\w).*", re.IGNORECASE)
LONGEST = 2000  # characters of a line that are written
FRAME = re.compile(r'^  File "(?P<path>[^"]*)"')


def without_names(line: str) -> str:
    """A line without paths, photographs' names and quotations: ``…`` stands for them, with the ending of a path."""
    line = line[:LONGEST]
    for pattern in (QUOTED, PATH):
        line = pattern.sub(lambda found: _stand_in(found[0]), line)
    return NAME.sub(lambda found: f"{found['kind'] or ''}{_stand_in(found[0])}", line)


def _stand_in(text: str) -> str:
    """An ellipsis with the first ending that is known: any other could be part of a name."""
    ending = ENDING.search(text)
    return f"…{ending[1] if ending else ''}"


class PrivateFormatter(logging.Formatter):
    """Writes a record without names. Where an error happened stays: files and lines of the program itself."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole record; a traceback that another formatter has left in it is of no use here, nor is ours to it."""
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return text

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line itself."""
        record.message = "\n".join(map(without_names, record.message.splitlines()))
        return super().formatMessage(record)

    def formatException(self, ei: Caught) -> str:
        """The traceback: places in the code as they are, what the errors say without names."""
        if ei[0] is None:
            return ""
        return "\n".join(_told(part.rstrip("\n")) for part in TracebackException(*ei).format())


def _told(part: str) -> str:
    if not FRAME.match(part):
        return "\n".join(map(without_names, part.splitlines()))
    return FRAME.sub(lambda found: f"  File {_within(Path(found['path']))}", part)


def _within(path: Path) -> str:
    """A source file's path without where it is installed, which may name the person."""
    if path.is_relative_to(OURS) and "site-packages" not in path.parts:
        return path.relative_to(OURS).as_posix()
    return "/".join(path.parts[-2:])
