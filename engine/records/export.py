"""Writing a result's files: a folder of results with its sidecar, or chosen formats alone.

The window and the command line export through these functions, so what they write is the same to the byte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.errors import ExportError
from engine.records.atomic import write_together
from engine.records.dicom import header
from engine.records.dicom.files import filed_elsewhere
from engine.records.filing import NOBODY
from engine.records.folders import folder_for
from engine.records.record import Record
from engine.records.sidecar import SIDECAR, read_sidecar
from engine.records.writers import writers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.reading.reading import Reading
    from engine.records.filing import Filing
    from engine.records.style import Style
    from engine.records.writer import Writer
    from engine.results import Segmentation


def export(
    found: Segmentation,
    folder: Path,
    reading: Reading | None = None,
    also: Sequence[str] = (),
    filing: Filing = NOBODY,
    style: Style | None = None,
) -> list[Path]:
    """Write one image's result, with what a person made of it, into a folder, and return the files' paths.

    also: names of formats beside the standard ones. filing, style: see :class:`Record`. ``result.json`` comes last, so
    where it is all the others are. What an earlier export wrote and this one does not is removed. Raises
    :class:`ExportError`, also where results of a newer format are in the folder; :class:`ReadingError` if a correction
    is of another size.
    """
    earlier = read_sidecar(folder)  # refuses to write over a newer DiffSeg's results
    chosen = [writer for writer in writers().values() if writer.standard or writer.name in also]
    record = Record.of(found, reading, filing=filing, style=style)
    called = str((earlier or record.said)["image"].get("file", ""))
    leftovers = [pattern for one in writers().values() for pattern in one.leftovers_of(called)]
    return write_together(folder, _with_sidecar(_files(record, chosen), record), leftovers)


def export_formats(record: Record, parent: Path, formats: Iterable[str], read_from: Path | None = None) -> Path:
    """Write chosen formats and the sidecar into the photograph's folder in ``parent``, and return that folder.

    read_from: the folder that the record comes from; one that lies in ``parent`` is the photograph's, whatever it is
    called. Where it holds this very result, they are written beside what is there; DICOM files that an earlier export
    filed under another patient or study give way to those that are written now. Raises :class:`ExportError` where it
    holds another result of this photograph, or a format needs the photograph and the record has none.
    """
    if read_from is not None and read_from.resolve().parent == parent.resolve():
        folder = read_from
    else:
        folder = folder_for(record.found.image, parent)
    there = read_sidecar(folder)
    chosen = [writers()[name] for name in dict.fromkeys(formats)]
    files = _files(record, chosen)
    elsewhere = filed_elsewhere(folder, header.study(record)) if any(writer.filed for writer in chosen) else []
    if there is None:
        write_together(folder, _with_sidecar(files, record), elsewhere)
        return folder
    if there != json.loads(json.dumps(record.said)):
        name = record.found.image.path.name
        raise ExportError(f"{folder} holds another result of {name}; choose another folder to export into.")
    write_together(folder, files, elsewhere)
    return folder


def _files(record: Record, chosen: Iterable[Writer]) -> Iterator[tuple[str, bytes]]:
    """Names and contents; what cannot be written at all is refused before the first of them, and before any folder."""
    names = dict.fromkeys(name for writer in chosen for name in (*writer.refers_to, writer.name))
    wanted = [writers()[name] for name in names]
    lacking = [writer.name for writer in wanted if writer.needs_photograph and not record.has_photograph]
    if lacking:
        need = f"{' and '.join(lacking)} need{'s' if len(lacking) == 1 else ''} it"
        name = record.found.image.path.name
        raise ExportError(f"The photograph {name} was not found, and {need}; name its folder with --photographs.")
    return (file for writer in wanted for file in writer.files(record))


def _with_sidecar(files: Iterable[tuple[str, bytes]], record: Record) -> Iterator[tuple[str, bytes]]:
    yield from files
    yield SIDECAR, (json.dumps(record.said, indent=2) + "\n").encode()
