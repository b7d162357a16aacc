"""Who may use which model, from the descriptions that lie beside the weights, and the models' cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.host.resources import models
from engine.networks.description import read_description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.networks.description import Description


def provenance() -> str:
    """A section for each model: licence, digest, size, and the chain of trainings that it came from."""
    return "\n\n".join(_section(path, read_description(path)) for path in models())


def cards() -> Iterator[tuple[str, str]]:
    """Where each card lies in the repository, and its text, two headings lower."""
    for path in models():
        card = path.with_suffix(".md")
        lower = re.sub(r"^(#+ )", r"#\1", card.read_text(encoding="utf-8"), flags=re.MULTILINE)
        yield f"resources/models/{card.name}", _outside_code(lower)


def _outside_code(text: str) -> str:
    """Undo the lowering within fences, where # begins a comment."""
    parts = text.split("```")
    parts[1::2] = [re.sub(r"^##", "#", part, flags=re.MULTILINE) for part in parts[1::2]]
    return "```".join(parts)


def _section(path: Path, description: Description) -> str:
    rows = [
        ("weights", f"`{path.name}`, {path.stat().st_size / 1e6:.1f} MB"),
        ("SHA-256", f"`{description.sha256}`"),
        ("licence", description.licence),
        ("kind of network", f"`{description.kind}`"),
        ("origin", "<br>".join(_chain(description.training, set()))),
    ]
    lines = "\n".join(f"| {name} | {said} |" for name, said in rows)
    return f"## {description.name}\n\n| | |\n| --- | --- |\n{lines}"


def _chain(training: dict[str, object], told: set[str]) -> Iterator[str]:
    """One line for each training, the newest first. told: digests of the models whose own has been told."""
    start, images, steps, parts = (training.get(key) for key in ("start", "images", "step", "mean_of"))
    if isinstance(parts, list):
        yield f"the mean of {len(parts)} models:"
        for part in parts:
            yield from _earlier("– ", part, told)
        return
    yield f"{images:,} images, {steps:,} steps"
    if isinstance(start, dict) and isinstance(model := start.get("model"), dict):
        yield from _earlier("trained further from ", model, told)
    if isinstance(start, dict) and isinstance(teacher := start.get("teacher"), dict):
        yield f"distilled from `{teacher['name']}` (SHA-256 `{teacher['sha256'][:12]}…`)"
    if isinstance(start, dict) and "backbone" in start:
        yield f"the encoder initialised from `{start['backbone']}`"


def _earlier(role: str, model: dict[str, Any], told: set[str]) -> Iterator[str]:
    """A model that another came from, with its own trainings where they have not been told."""
    named = f"{role}`{model['name']}` (SHA-256 `{model['sha256'][:12]}…`)"
    if model["sha256"] in told:
        yield named
    else:
        told.add(model["sha256"])
        yield f"{named}:"
        yield from _chain(model["training"], told)
