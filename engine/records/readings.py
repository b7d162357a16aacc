"""Readings kept between sittings, and through a crash: one file an image, by the photograph's identity.

A file is written whole or not at all. One that cannot be understood, or that somebody else wrote, is set aside, never
written over; one of a newer format stays as it is.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from engine.errors import MemoryShortageError, ReadingError, RecipeError
from engine.formats import format_of
from engine.reading.layer_png import layer_from_png, layer_to_png
from engine.reading.reading import Chosen, Reading, from_format_0
from engine.reading.snapshots import Snapshot
from engine.recipe import Recipe
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from engine.reading.correction import Layer

FORMAT = 2  # 1: without verdict, note and snapshots; 0, without a number: the ruler was called "calibration"


class _OtherFormatError(ReadingError):
    """A file of a format that this program does not know, and so leaves alone."""


@dataclass(frozen=True)
class Glance:
    """A reading in short: whether its mask is corrected, how many regions were decided, and the verdict."""

    corrected: bool = False
    decided: int = 0
    verdict: str | None = None


def in_short(reading: Reading) -> Glance:
    """What a list of photographs tells of a reading."""
    return Glance(reading.layer is not None, len(reading.decisions), reading.verdict)


def glance(folder: Path, identity: str) -> Glance:
    """The same of a reading that is kept. Nothing of one that cannot be understood, which :func:`load` is to say.

    It decodes no layer and moves no file, so it can be asked of many photographs, in any thread.
    """
    try:
        kept = json.loads(_path(folder, identity).read_bytes())
        if _format_of(_path(folder, identity), kept) == 0:
            kept = from_format_0(dict(kept))
        found = in_short(Reading.from_json(kept))
        return replace(found, corrected=kept["layer_png"] is not None)
    except (OSError, ReadingError, KeyError, TypeError, ValueError, RecursionError):
        return Glance()


def save(folder: Path, identity: str, reading: Reading) -> None:
    """Keep a reading in place of an earlier one of that photograph; an empty reading leaves no file.

    identity: :attr:`engine.photograph.image.SkinImage.identity`. Raises :class:`ExportError` if the folder cannot be
    written or the disk is full, :class:`ReadingError` if a file of a newer format is there; it then remains.
    """
    path = _path(folder, identity)
    _spare_other_format(path)
    if reading.is_empty:
        _remove(path)
        return
    outline = reading.blind.layer if reading.blind else None
    pictures = {"layer_png": _picture(reading.layer), "outline_png": _picture(outline)}
    # one file, so that all are of one moment
    rest = {"settings": _settings(reading.chosen), "snapshots": [_kept(one) for one in reading.snapshots]}
    kept = {"format": FORMAT, "image": identity, **reading.to_json(), **rest, **pictures}
    write_whole(path, json.dumps(kept).encode())


def load(folder: Path, identity: str) -> Reading | None:
    """A photograph's reading, or None where none is kept.

    Raises :class:`ReadingError` if the file cannot be opened, is of a newer format, or is damaged; a damaged one is
    renamed first, so that the next :func:`save` cannot write over it, and the next :func:`load` finds none.
    :class:`MemoryShortageError` where there is not enough memory; the file then stays.
    """
    path = _path(folder, identity)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"Your corrections in {path} cannot be opened ({reason}); check its permissions.") from None
    try:
        return _parse(path, data, identity)
    except _OtherFormatError:
        raise
    except MemoryError:
        raise MemoryShortageError(f"There is not enough memory for {path}; close other programs first.") from None
    except (ReadingError, RecipeError, KeyError, TypeError, ValueError, RecursionError):
        raise ReadingError(_set_aside(path)) from None


def set_aside(folder: Path, identity: str) -> Path:
    """Rename a photograph's file, so that the next :func:`save` cannot write over it; returns its new path.

    Raises :class:`ReadingError` if it cannot be renamed; it then remains.
    """
    path = _path(folder, identity)
    aside = _free(path, ".other-{}.json")
    try:
        os.replace(path, aside)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"The corrections in {path} cannot be set aside ({reason}); move them yourself.") from None
    return aside


def _parse(path: Path, data: bytes, identity: str) -> Reading:
    kept = json.loads(data)
    if _format_of(path, kept) == 0:
        kept = from_format_0(dict(kept))
    if kept["image"] != identity:
        raise ReadingError("This is another image's reading.")
    # files of formats 0 and 1 may have neither outline nor settings, and have no snapshots
    reading = Reading.from_json(kept, _layer(kept["layer_png"]), _layer(kept.get("outline_png")))
    snapshots = tuple(_snapshot(one) for one in kept.get("snapshots", ()))
    return replace(reading, chosen=_chosen(kept.get("settings")), snapshots=snapshots)


def _format_of(path: Path, kept: object) -> int:
    return format_of(kept, FORMAT, f"Your reading in {path}", _OtherFormatError)


def _spare_other_format(path: Path) -> None:
    """Raise :class:`ReadingError` where a file is that must not be replaced."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    _format_of(path, kept)


def _settings(chosen: Chosen | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    return {"recipe": chosen.recipe.to_json(), "defaults": chosen.defaults.to_json()}


def _chosen(settings: Any) -> Chosen | None:
    if settings is None:
        return None
    return Chosen(Recipe.from_json(settings["recipe"]), Recipe.from_json(settings["defaults"]))


def _kept(snapshot: Snapshot) -> dict[str, str]:
    return {"name": snapshot.name, "layer_png": base64.b64encode(snapshot.png).decode()}


def _snapshot(kept: Any) -> Snapshot:
    name = kept["name"]
    if type(name) is not str:
        raise TypeError(f"a snapshot's name is {name!r}")
    return Snapshot(name, base64.b64decode(kept["layer_png"], validate=True))


def _picture(layer: Layer | None) -> str | None:
    return None if layer is None else base64.b64encode(layer_to_png(layer)).decode()


def _layer(png: str | None) -> Layer | None:
    return None if png is None else layer_from_png(base64.b64decode(png, validate=True))


def _set_aside(path: Path) -> str:
    """Rename a damaged file to a free name, and say so in a sentence."""
    aside = _free(path, ".damaged{}")
    try:
        os.replace(path, aside)
    except OSError as error:
        return (
            f"Your corrections in {path} are damaged and cannot be moved away ({error.strerror}); move them yourself."
        )
    return f"Your corrections in {path} are damaged; they were set aside as {aside.name}, and the image starts anew."


def _free(path: Path, suffix: str) -> Path:
    """The first name that nothing has, with a number in the suffix."""
    names = (path.with_suffix(suffix.format(number)) for number in count(1))
    return next(name for name in names if not name.exists())


def _path(folder: Path, identity: str) -> Path:
    return folder / f"{identity}.json"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ReadingError(f"Corrections that were taken back remain in {path} ({reason}); delete it.") from None
