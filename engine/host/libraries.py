"""The libraries that this program runs with, by the statements that they are installed with."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator


def libraries() -> list[metadata.Distribution]:
    """All that are needed and installed here, those needed by others too, by name; none if we are not installed."""
    found: dict[str, metadata.Distribution] = {}
    waiting = ["diffseg"]
    while waiting:
        name = waiting.pop()
        try:
            one = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # a frozen program lacks what is not imported
        found[canonicalize_name(name)] = one
        waiting += [other for other in _needed(one) if canonicalize_name(other) not in found]
    found.pop("diffseg", None)
    return [found[name] for name in sorted(found)]


def licence(library: metadata.Distribution) -> str:
    """What a library says of its licence, in a few words."""
    facts = library.metadata
    classes = [line.split(" :: ")[-1] for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    expression, plain = (
        (facts.get_all(key) or [""])[0].strip().split("\n")[0] for key in ("License-Expression", "License")
    )
    return expression or ", ".join(classes) or plain or "not stated"


def _needed(one: metadata.Distribution) -> Iterator[str]:
    """Names of what a library needs on this system, without its extras."""
    for line in one.requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name
