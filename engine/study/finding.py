"""Finding a result's photograph again by its bytes, whatever it is called by now."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.photograph.files import is_photograph
from engine.photograph.read import read_image
from engine.records.text import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.photograph.image import SkinImage


class Photographs:
    """Where results' photographs are looked for: beside each result, and below some folders.

    Files of the name that the sidecar has come first. No file is read twice.
    """

    def __init__(self, *below: Path) -> None:
        """below: folders that are searched with all of theirs; none: only beside each result."""
        self._below = below
        self._digest = cache(_digest)
        self._files = cache(_files)

    def find(self, folder: Path, said: dict[str, Any]) -> SkinImage | None:
        """The photograph of the result in a folder, by its sidecar, or None where it is not there.

        Raises :class:`ImageError` where a file with its digest cannot be read.
        """
        wanted = said["image"]
        for path in self._candidates(folder, base_name(wanted["file"])):
            if self._digest(path) == wanted["sha256"]:
                image = read_image(path, wanted.get("frame"))
                if image.frame == wanted.get("frame"):
                    return image
        return None

    def namesake(self, folder: Path, said: dict[str, Any]) -> Path | None:
        """A photograph of the same name, whatever its bytes; None where there is none."""
        return next(self._called(folder, base_name(said["image"]["file"])), None)

    def _candidates(self, folder: Path, name: str) -> Iterator[Path]:
        yield from self._called(folder, name)
        for place in self._places(folder):
            yield from (path for path in place if is_photograph(path))

    def _called(self, folder: Path, name: str) -> Iterator[Path]:
        for place in self._places(folder):
            yield from (path for path in place if path.name == name)

    def _places(self, folder: Path) -> Iterator[tuple[Path, ...]]:
        yield self._files(folder, False)
        for folder_above in self._below:
            yield self._files(folder_above, True)


def _files(folder: Path, deep: bool) -> tuple[Path, ...]:
    """A folder's files, with those of its folders where ``deep``, in the order of their names."""
    return tuple(sorted(path for path in folder.glob("**/*" if deep else "*") if path.is_file()))


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None for a file that cannot be read, which may be anybody's."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
