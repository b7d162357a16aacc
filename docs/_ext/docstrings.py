"""Docstrings as they are written here, made ready for reStructuredText.

Equations stand indented between their sentences: they are shown as they are. Bars and stars, as in ``|d|``, are signs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MARKED = re.compile(r"(``.*?``|:\w+:`.*?`)")  # code and references stay as they are


def prepare(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Change a docstring's lines in place."""
    made: list[str] = []
    inside = False
    for line in lines:
        indented = line.startswith("    ")
        if indented and not inside:
            made += ["", "::", ""]
        inside = indented or (inside and not line.strip())
        made.append(line if inside else _plain(line))
    lines[:] = made


def _plain(line: str) -> str:
    parts = MARKED.split(line)
    return "".join(part if MARKED.fullmatch(part) else re.sub(r"([|*`])", r"\\\1", part) for part in parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Have autodoc ask for it."""
    app.connect("autodoc-process-docstring", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
