"""Readings kept between sittings, and through a crash: one file an image, by the SHA-256 of the photograph's file.

A file is written whole or not at all, and one that cannot be understood is set aside, never written over.
"""

from __future__ import annotations

import base64
import json
import os
from itertools import count
from typing import TYPE_CHECKING

from engine.errors import MemoryShortageError, ReadingError
from engine.export import write_whole
from engine.reading.reading import Reading, layer_from_png, layer_to_png

if TYPE_CHECKING:
    from pathlib import Path


def save(folder: Path, sha256: str, reading: Reading) -> None:
    """Keep an image's reading in place of an earlier one; an empty reading leaves no file.

    Raises :class:`ExportError` if the folder cannot be written or the disk is full; the earlier file then remains.
    """
    path = _path(folder, sha256)
    if reading.is_empty:
        _remove(path)
        return
    layer = None if reading.layer is None else base64.b64encode(layer_to_png(reading.layer)).decode()
    kept = {"image": sha256, **reading.to_json(), "layer_png": layer}  # one file, so that both are of one moment
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


def _parse(data: bytes, sha256: str) -> Reading:
    kept = json.loads(data)
    if kept["image"] != sha256:
        raise ReadingError("This is another image's reading.")
    png = kept["layer_png"]
    return Reading.from_json(kept, None if png is None else layer_from_png(base64.b64decode(png, validate=True)))


def _set_aside(path: Path) -> str:
    """Rename a damaged file to a free name, and say so in a sentence."""
    names = (path.with_suffix(f".damaged{number}") for number in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        os.replace(path, aside)
    except OSError as error:
        return (
            f"Your corrections in {path} are damaged and cannot be moved away ({error.strerror}); move them yourself."
        )
    return f"Your corrections in {path} are damaged; they were set aside as {aside.name}, and the image starts anew."


def _path(folder: Path, sha256: str) -> Path:
    return folder / f"{sha256}.json"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"Corrections that were taken back remain in {path} ({reason}); delete it.") from None
