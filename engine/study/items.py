"""Which photographs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import ImageError
from engine.photograph.files import in_order, is_photograph

if TYPE_CHECKING:
    from pathlib import Path


def photographs_in(folder: Path) -> list[Path]:
    """The photographs of a folder, in the order of their names: see :mod:`engine.photograph.files`.

    Raises :class:`ImageError` if the folder cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if is_photograph(path)]
    except OSError as error:
        raise ImageError(
            f"The folder {folder} cannot be read ({error.strerror}); check its name and its permissions."
        ) from None
    return in_order(found)
