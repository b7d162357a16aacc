"""The maps as 16-bit TIFF pictures on the working grid, for programs that read no NumPy arrays."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from engine.records.render import AMBIGUITY_RANGE, CONSISTENCY_RANGE
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.arrays import Floats
    from engine.records.record import Record

HIGHEST = 65_535
SHARE = (0.0, 1.0)  # the range of probabilities


class Tiff(Writer):
    """One grey picture a map; its description says, as JSON, which values 0 and 65,535 stand for."""

    name, title = "tiff", "Maps as pictures (16-bit TIFF)"
    about = "Consistency, ambiguity and probability, for ImageJ or MATLAB."
    leftovers = tuple(f"maps/{name}.tif" for name in ("consistency", "ambiguity", "probability", "refined"))

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        found = record.found
        maps: dict[str, tuple[Floats | None, tuple[float, float]]] = {
            "consistency": (found.consensus.consistency, CONSISTENCY_RANGE),
            "ambiguity": (found.consensus.ambiguity, AMBIGUITY_RANGE),
            "probability": (found.probability, SHARE),
            "refined": (None if found.refined is None else found.refined.probability, SHARE),
        }
        for name, (values, limits) in maps.items():
            if values is not None:
                about = {"map": name, "range": limits, "photograph": [found.image.width, found.image.height]}
                yield f"maps/{name}.tif", tiff(values, limits, {**about, **record.provenance})


def tiff(values: Floats, limits: tuple[float, float], about: dict[str, Any]) -> bytes:
    """A map (H, W) as a 16-bit grey TIFF file, compressed without loss; what lies outside of the limits is clipped."""
    low, high = limits
    scaled = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    buffer = io.BytesIO()
    picture = Image.fromarray(np.rint(scaled * HIGHEST).astype(np.uint16))
    picture.save(buffer, "TIFF", compression="tiff_adobe_deflate", description=json.dumps(about))
    return buffer.getvalue()


WRITER = Tiff()
