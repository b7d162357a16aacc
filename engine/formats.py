"""Numbered formats: each JSON file that DiffSeg writes says which form it has, under ``"format"``.

A program reads its own form and all earlier ones. A later one it refuses, since it would silently drop what it does not
know; such a file is neither written over nor set aside as damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.errors import DiffSegError


def format_of(data: object, newest: int, what: str, error: type[DiffSegError]) -> int:
    """The format number of a JSON value; 0 for an object without one, as before numbers were written.

    what: names the file, at the beginning of a sentence. A value that is no object has no number either, and is left
    for its reader to refuse. Raises ``error`` where the number is above ``newest``, or is no format number at all.
    """
    number = data.get("format", 0) if isinstance(data, dict) else 0
    if type(number) is not int or number < 0:
        raise error(f"{what} has the format {number!r}, which DiffSeg never writes; restore it from a copy.")
    if number > newest:
        raise error(f"{what} has format {number}, and this DiffSeg reads up to {newest}; use a newer DiffSeg.")
    return number
