"""Which files of a folder are photographs, and in what order a person expects them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from engine.photograph.dicom.kinds import class_of, is_refused
from engine.photograph.reader import HEAD
from engine.photograph.readers import readers, suffixes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DICOM = (".dcm", ".dicom")
INDEXES = ("dicomdir",)  # they open as the photographs beside them do, but hold none
NUMBER = re.compile(r"(\d+)")


def is_photograph(path: Path) -> bool:
    """Whether a file of a folder is a photograph, by its ending, or by its content where the ending says nothing.

    What systems leave beside photographs is none: hidden files, companions such as ``._lesion.jpg``, indexes. Nor are
    DICOM's segmentations and reports, which may well be our own.
    """
    name = path.name.casefold()
    if name.startswith(".") or name in INDEXES:
        return False
    suffix = path.suffix.lower()
    if suffix in suffixes() and suffix not in DICOM:
        return True
    head = _head(path)
    by_name_or_content = suffix in DICOM or any(reader.knows(head) for reader in readers() if not reader.is_last)
    return by_name_or_content and not is_refused(class_of(head))


def stem_of(path: Path) -> str:
    """A photograph's name without the ending of its format.

    DICOM files often have no ending; of one that is called by its identifier, ``1.2.840.7``, all belongs to the name.
    """
    return path.stem if path.suffix.lower() in suffixes() else path.name


def in_order(paths: Iterable[Path]) -> list[Path]:
    """By name as people count: ``mole 9`` before ``mole 10``, whatever the case of letters and the accents."""
    return sorted(paths, key=lambda path: (_words(stem_of(path)), path.suffix.casefold(), path.name))


def _words(name: str) -> list[str | int]:
    """Text and numbers in turn, so that numbers are compared with numbers."""
    parts = NUMBER.split(unicodedata.normalize("NFD", name.casefold()))
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _head(path: Path) -> bytes:
    """A file's beginning; nothing of a folder, or of a file that is not for us."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""
