"""What pages take from the program at each build: a line ``<!-- made: NAME ARGUMENT -->`` becomes what is made here.

It becomes Markdown before the page is read, so that its headings, links and tables are checked like those of all pages.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from commands import commands
from keys import keys
from models import cards, provenance

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^<!-- made: (\w+) ?(\S*) -->$", re.MULTILINE)
LINK = re.compile(r"(?<=\]\()(?!\w+:|#|/)([^)#\s]+)")  # the target of a link to a file, without its heading
PLACES = {  # the pages of files that lie outside docs/
    "README.md": "index.md",
    "CONTEXT.md": "glossary.md",
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "docs/adr": "decisions.md",
}


def file(argument: str) -> str:
    """A file of the repository, brought here as it is, without its title."""
    text = (ROOT / argument).read_text(encoding="utf-8")
    return relinked(re.sub(r"\A# .*\n", "", text), argument)


def decisions(_: str) -> str:
    """A list of the records, by number."""
    titles = (
        (path, path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "))
        for path in sorted((ROOT / "docs" / "adr").glob("*.md"))
    )
    return "\n".join(f"- [{title}](adr/{path.name})" for path, title in titles)


MAKERS: dict[str, Callable[[str], str]] = {
    "file": file,
    "decisions": decisions,
    "commands": lambda _: commands(),
    "keys": lambda _: keys(),
    "models": lambda _: provenance(),
    "cards": lambda _: "\n\n".join(relinked(text, source) for source, text in cards()),
}


def relinked(text: str, source: str, page: str = "docs/index.md") -> str:
    """Links of a file as they must be on a page: both are paths from the repository's root.

    What is a page here is linked as one; any other file of the repository stays a file, copied beside the pages.
    """

    def target(match: re.Match[str]) -> str:
        path = posixpath.normpath(f"{posixpath.dirname(source)}/{match[1]}".lstrip("/"))
        if path.startswith("resources/models/") and path.endswith(".md"):
            path = "docs/models.md"
        path = f"docs/{PLACES[path]}" if path in PLACES else path
        return posixpath.relpath(path, posixpath.dirname(page))

    return LINK.sub(target, text)


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Change a page's text in place."""
    text = relinked(source[0], f"docs/{name}.md", f"docs/{name}.md")
    source[0] = LINE.sub(lambda match: MAKERS[match[1]](match[2]), text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Have Sphinx ask for each page."""
    app.connect("source-read", read)
    app.connect("env-before-read-docs", lambda app, env, names: names.extend(env.found_docs))  # never an old one
    return {"parallel_read_safe": False, "parallel_write_safe": True}
