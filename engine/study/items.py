"""Which photographs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import ImageError
from engine.photograph.files import in_order, is_photograph, stem_of

if TYPE_CHECKING:
    from pathlib import Path


ANNOTATION = "_segmentation"  # the end of a mask's name, as ISIC has it


def photographs_in(folder: Path) -> list[Path]:
    """The images of a folder, without the masks (``NAME_segmentation``) that lie beside their photographs.

    Raises :class:`ImageError` if the folder cannot be read.
    """
    found = images_in(folder)
    stems = {stem_of(path) for path in found}
    return [path for path in found if stem_of(path).removesuffix(ANNOTATION) not in stems - {stem_of(path)}]


def images_in(folder: Path) -> list[Path]:
    """The images of a folder, masks too, in the order of their names: see :mod:`engine.photograph.files`.

    Raises :class:`ImageError` if the folder cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if is_photograph(path)]
    except OSError as error:
        raise ImageError(
            f"The folder {folder} cannot be read ({error.strerror}); check its name and its permissions."
        ) from None
    return in_order(found)
