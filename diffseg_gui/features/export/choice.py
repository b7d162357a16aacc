"""What is exported and where to, as it was chosen last; and the formats that there are to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from engine.records.writers import writers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffseg_gui.preferences import Preferences
    from engine.records.writer import Writer

FOLDER, FORMATS = "export", "export_formats"  # in the preferences


@dataclass(frozen=True)
class Choice:
    """folder: in which each photograph's own lies. formats: names of those beside the standard ones."""

    folder: Path
    formats: tuple[str, ...] = ()


def offered() -> list[Writer]:
    """The formats that can be had beside the standard ones, by their titles."""
    return sorted((one for one in writers().values() if not one.standard), key=lambda one: one.title.lower())


def names_patients(formats: Iterable[str]) -> bool:
    """Whether files of one of these formats can be filed under a patient."""
    return any(writers()[name].filed for name in formats)


def is_chosen(preferences: Preferences) -> bool:
    """Whether a folder was chosen before."""
    return Path(preferences.text(FOLDER)).is_absolute()


def last(preferences: Preferences) -> Choice | None:
    """What was chosen last; None before a folder was. A format that is no more is left out."""
    return Choice(Path(preferences.text(FOLDER)), _formats(preferences)) if is_chosen(preferences) else None


def proposed(preferences: Preferences) -> Choice:
    """What was chosen last, or a folder among the person's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return last(preferences) or Choice(Path(documents, "DiffSeg"), _formats(preferences))


def remember(choice: Choice, preferences: Preferences) -> None:
    """Have it at the next export, in this sitting and in later ones."""
    preferences.set(FOLDER, str(choice.folder))
    preferences.set(FORMATS, list(choice.formats))


def _formats(preferences: Preferences) -> tuple[str, ...]:
    kept = preferences.texts(FORMATS)
    return tuple(one.name for one in offered() if one.name in kept)
