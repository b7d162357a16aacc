"""Writing a folder of results: the sidecar, and each format by its writer.

The window and the command line export through :func:`export`, so what they write is the same to the byte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.reading.reading import Reading
from engine.records.atomic import write_together
from engine.records.sidecar import SIDECAR, read_sidecar, result_json
from engine.records.writers import writers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.results import Segmentation


def export(found: Segmentation, folder: Path, reading: Reading | None = None, also: Sequence[str] = ()) -> list[Path]:
    """Write one image's result, with what a person made of it, into a folder, and return the files' paths.

    also: names of formats beside the standard ones. ``result.json`` comes last, so where it is all the others are. What
    an earlier export wrote and this one does not is removed. Raises :class:`ExportError`, also where results of a newer
    format are in the folder; :class:`ReadingError` if a correction is of another size.
    """
    read_sidecar(folder)  # refuses to write over a newer DiffSeg's results
    files = _files(found, reading or Reading(), also)
    return write_together(folder, files, [pattern for one in writers().values() for pattern in one.leftovers])


def _files(found: Segmentation, reading: Reading, also: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    chosen = [writer for writer in writers().values() if writer.standard or writer.name in also]
    for writer in chosen:
        yield from writer.files(found, reading)
    yield SIDECAR, (json.dumps(result_json(found, reading), indent=2) + "\n").encode()
