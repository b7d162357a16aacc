"""One file a format. Each module here has a ``WRITER``; a new one is found without being named anywhere else."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.records.writer import Writer


@cache
def writers() -> dict[str, Writer]:
    """Every writer by its name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.WRITER.name: module.WRITER for module in modules}
