"""Readings kept between sittings, and through a crash: one file an image, by the SHA-256 of the photograph's file.

A file is written whole or not at all. One that cannot be understood, or that somebody else wrote, is set aside, never
written over.
"""

from __future__ import annotations

import base64
import json
import os
from itertools import count
from typing import TYPE_CHECKING

from engine.errors import MemoryShortageError, ReadingError
from engine.reading.reading import Reading, layer_from_png, layer_to_png
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from engine.reading.correction import Layer


def save(folder: Path, sha256: str, reading: Reading) -> None:
    """Keep an image's reading in place of an earlier one; an empty reading leaves no file.

    Raises :class:`ExportError` if the folder cannot be written or the disk is full; the earlier file then remains.
    """
    path = _path(folder, sha256)
    if reading.is_empty:
        _remove(path)
        return
    outline = reading.blind.layer if reading.blind else None
    pictures = {"layer_png": _picture(reading.layer), "outline_png": _picture(outline)}
    kept = {"image": sha256, **reading.to_json(), **pictures}  # one file, so that all are of one moment
    write_whole(path, json.dumps(kept).encode())


def load(folder: Path, sha256: str) -> Reading | None:
    """An image's reading, or None where none is kept.

    Raises :class:`ReadingError` if the file cannot be opened, or is damaged; a damaged one is renamed first, so that
    the next :func:`save` cannot write over it, and the next :func:`load` finds none. :class:`MemoryShortageError` where
    memory does not suffice; the file then stays.
    """
    path = _path(folder, sha256)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"Your corrections in {path} cannot be opened ({reason}); check its permissions.") from None
    try:
        return _parse(data, sha256)
    except MemoryError:
        raise MemoryShortageError(f"The memory does not suffice for {path}; close other programs first.") from None
    except (ReadingError, KeyError, TypeError, ValueError, RecursionError):
        raise ReadingError(_set_aside(path)) from None


def set_aside(folder: Path, sha256: str) -> Path:
    """Rename an image's file, so that the next :func:`save` cannot write over it; returns its new path.

    Raises :class:`ReadingError` if it cannot be renamed; it then remains.
    """
    path = _path(folder, sha256)
    aside = _free(path, ".other-{}.json")
    try:
        os.replace(path, aside)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"The corrections in {path} cannot be set aside ({reason}); move them yourself.") from None
    return aside


def _parse(data: bytes, sha256: str) -> Reading:
    kept = json.loads(data)
    if kept["image"] != sha256:
        raise ReadingError("This is another image's reading.")
    return Reading.from_json(kept, _layer(kept["layer_png"]), _layer(kept.get("outline_png")))  # old files have none


def _picture(layer: Layer | None) -> str | None:
    return None if layer is None else base64.b64encode(layer_to_png(layer)).decode()


def _layer(png: str | None) -> Layer | None:
    return None if png is None else layer_from_png(base64.b64decode(png, validate=True))


def _set_aside(path: Path) -> str:
    """Rename a damaged file to a free name, and say so in a sentence."""
    aside = _free(path, ".damaged{}")
    try:
        os.replace(path, aside)
    except OSError as error:
        return (
            f"Your corrections in {path} are damaged and cannot be moved away ({error.strerror}); move them yourself."
        )
    return f"Your corrections in {path} are damaged; they were set aside as {aside.name}, and the image starts anew."


def _free(path: Path, suffix: str) -> Path:
    """The first name that nothing has, with a number in the suffix."""
    names = (path.with_suffix(suffix.format(number)) for number in count(1))
    return next(name for name in names if not name.exists())


def _path(folder: Path, sha256: str) -> Path:
    return folder / f"{sha256}.json"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"Corrections that were taken back remain in {path} ({reason}); delete it.") from None
