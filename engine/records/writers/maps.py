"""The maps as float32 arrays on the working grid."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reading.reading import Reading
    from engine.results import Segmentation


class Maps(Writer):
    """The maps as float32 arrays on the working grid."""

    name, title, standard = "maps", "Maps as arrays (NPZ)", True
    leftovers = ("maps.npz",)

    def files(self, found: Segmentation, reading: Reading) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        maps: dict[str, Any] = {
            "difference": found.evidence.difference,
            "consistency": found.consensus.consistency,
            "ambiguity": found.consensus.ambiguity,
        }
        if found.probability is not None:
            maps["probability"] = found.probability
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **maps)
        yield "maps.npz", buffer.getvalue()


WRITER = Maps()
