"""The final mask as a GeoJSON annotation, as QuPath reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.records.render import CONTOUR
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reading.polygons import Piece
    from engine.records.record import Record


class GeoJson(Writer):
    """One feature with all pieces and holes, in the photograph's pixels, with the measures that QuPath shows beside it.

    Rings are closed, and run as RFC 7946 wants it: the outer one against the clock, if y pointed up. Its coordinates
    are degrees; those of microscopy programs are pixels.
    """

    name, title = "geojson", "Polygons for QuPath (GeoJSON)"
    about = "Opens in QuPath as an annotation, with its measures."
    leftovers = ("border.geojson",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        found = record.pieces
        features = [_feature(found, record)] if found else []
        data = {"type": "FeatureCollection", "features": features, "diffseg": record.provenance}
        yield "border.geojson", (json.dumps(data) + "\n").encode()


def _feature(found: list[Piece], record: Record) -> dict[str, Any]:
    polygons = [[[*ring.tolist(), ring[0].tolist()] for ring in piece.rings] for piece in found]
    several = len(polygons) > 1
    return {
        "type": "Feature",
        "geometry": {
            "type": "MultiPolygon" if several else "Polygon",
            "coordinates": polygons if several else polygons[0],
        },
        "properties": {
            "objectType": "annotation",
            "name": "Lesion",
            "classification": {"name": "Lesion", "color": list(CONTOUR)},
            "measurements": _measurements(record.said["measures"]),
        },
    }


def _measurements(measures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Each measure with its range across the timesteps, under names with units."""
    named = {}
    for name, measure in measures.items():
        unit = f" ({measure['unit']})" if measure["unit"] else ""
        for key, what in (("value", ""), ("low", ", least"), ("high", ", greatest")):
            named[f"{name.replace('_', ' ').capitalize()}{what}{unit}"] = measure[key]
    return named


WRITER = GeoJson()
