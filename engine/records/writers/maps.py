"""The maps as float32 arrays on the working grid."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.arrays import Floats
    from engine.records.record import Record

MAPS = "maps.npz"
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive can state
UNIX = 3  # as which system's the archive's entries are marked, on every system


class Maps(Writer):
    """The maps as float32 arrays on the working grid."""

    name, title, standard = "maps", "Maps as arrays (NPZ)", True
    leftovers = (MAPS,)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        found = record.found
        maps = {
            "difference": found.evidence.difference,
            "consistency": found.consensus.consistency,
            "ambiguity": found.consensus.ambiguity,
        }
        if found.refined is not None:
            maps["refined"] = found.refined.probability
        if found.probability is not None:
            maps["probability"] = found.probability
        yield MAPS, npz(maps)


def npz(arrays: dict[str, Floats]) -> bytes:
    """Arrays by name, compressed, as :func:`numpy.load` reads them.

    Unlike NumPy's own writer this one does not state when it wrote, so the same arrays give the same bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
            with archive.open(entry, "w", force_zip64=True) as file:  # an entry's size is not known before it ends
                np.lib.format.write_array(file, array, allow_pickle=False)
    return buffer.getvalue()


WRITER = Maps()
