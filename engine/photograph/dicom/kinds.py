"""Kinds of DICOM objects (SOP classes): those that are photographs, and what to say of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import ImageError

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = "1.2.840.10008.5.1.4.1.1."
VISIBLE_LIGHT, SLIDE, CAPTURED = f"{CLASSES}77.1.", f"{CLASSES}77.1.6", f"{CLASSES}7"
FILMS = "1.2.840.10008.1.2.4.10"  # the beginning of MPEG's and HEVC's transfer syntaxes
REFUSED = {  # beginnings of classes: what such a file is
    "1.2.840.10008.1.3.10": "is the index of a DICOM disc; open the photographs beside it.",
    f"{CLASSES}66.": "is a segmentation, not a photograph; open the photograph that it was made of.",
    f"{CLASSES}88.": "is a report, not a photograph; open the photograph that it is about.",
    f"{CLASSES}11.": "says how to show a photograph, and holds none; open the photograph itself.",
    f"{CLASSES}104.": "holds a document, not a photograph; open it with a DICOM viewer.",
}
CLASS_ENTRY = b"\2\0\2\0UI"  # Media Storage SOP Class UID, of a file's first group
OTHER = "its kind is “{}”, which is not one of photographs"


def refuse_others(path: Path, kind: str, syntax: str, has_pixels: bool) -> None:
    """Refuse what is no photograph. kind, syntax: UIDs. Raises :class:`ImageError`, one sentence for each kind."""
    for beginning, what in REFUSED.items():
        if kind.startswith(beginning):
            raise ImageError(f"{path} {what}")
    if kind == SLIDE:
        raise ImageError(f"{path} is a slide whose frames are tiles; export the place that you need as a PNG or TIFF.")
    if syntax.startswith(FILMS):
        raise ImageError(f"{path} is a film; save the picture that you need as a file of its own.")
    if not has_pixels:
        raise ImageError(f"{path} is a DICOM file without pixels; choose one that holds a photograph.")


def is_refused(kind: str) -> bool:
    """Whether a class holds no picture by its nature."""
    return kind.startswith(tuple(REFUSED))


def class_of(head: bytes) -> str:
    """The class that a file's first bytes name, by its UID; empty where they do not."""
    _, entry, rest = head.partition(CLASS_ENTRY)
    length = int.from_bytes(rest[:2], "little") if entry else 0
    return rest[2 : 2 + length].rstrip(b"\0 ").decode("ascii", "replace")


def is_photograph(kind: str) -> bool:
    """Whether a class is one of photographs, or says nothing of what was captured."""
    return not kind or kind == CAPTURED or kind.startswith((VISIBLE_LIGHT, f"{CAPTURED}."))
