"""Which photographs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import ImageError
from engine.photograph.read import SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path


def photographs_in(folder: Path) -> list[Path]:
    """The photographs of a folder, in the order of their names, whatever the case of their letters.

    Raises :class:`ImageError` if the folder cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise ImageError(
            f"The folder {folder} cannot be read ({error.strerror}); check its name and its permissions."
        ) from None
    return sorted(found, key=lambda path: (path.name.casefold(), path.name))
