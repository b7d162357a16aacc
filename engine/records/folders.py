"""Which folder an image's results go into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.photograph.files import stem_of
from engine.records.sidecar import read_sidecar
from engine.records.text import file_name

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage


def folder_name(path: Path) -> str:
    """A photograph's name without its format's ending, as every system can have it; never ``.`` or ``..``."""
    return file_name(stem_of(path), "photograph")


def folder_for(image: SkinImage, parent: Path) -> Path:
    """The folder in ``parent`` for an image's results: its name, with a part of its digest where another has that.

    Raises :class:`ExportError` where results of a newer format are in the way.
    """
    folder = parent / folder_name(image.path)
    other = read_sidecar(folder)
    if other is None or (other["image"]["sha256"], other["image"].get("frame")) == (image.sha256, image.frame):
        return folder
    frame = "" if image.frame is None else f"-{image.frame}"
    return folder.with_name(f"{folder.name}-{image.sha256[:8]}{frame}")
