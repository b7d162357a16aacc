"""One file a family of formats. Each module here has a ``READER``; a new one is found without being named elsewhere."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from engine.photograph.reader import HEAD

if TYPE_CHECKING:
    from engine.photograph.reader import Reader


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, by the names of their modules; the one that takes what is left comes last."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((module.READER for module in modules), key=lambda reader: reader.is_last))


def reader_of(data: bytes) -> Reader:
    """The reader for a file's content."""
    return next(reader for reader in readers() if reader.knows(data[:HEAD]))


@cache
def suffixes() -> tuple[str, ...]:
    """All endings by which a folder's files are known."""
    return tuple(suffix for reader in readers() for suffix in reader.suffixes)


@cache
def formats() -> str:
    """All formats, as a sentence lists them: what is met most often first."""
    *others, last = [name for reader in reversed(readers()) for name in reader.formats]
    return f"{', '.join(others)} or {last}"
