"""The final mask as polygons that labelme (5) opens and edits."""

from __future__ import annotations

import glob
import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.reading.polygons import keyhole
from engine.records.folders import folder_name
from engine.records.text import base_name
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record

VERSION = "5.5.0"  # of labelme, whose file this is


class Labelme(Writer):
    """One polygon for each piece of lesion, in one group; holes are cut open, since labelme knows none.

    The file is called like the photograph and names it, but does not hold it: beside the photograph it opens.
    """

    name, title = "labelme", "Polygons for labelme (JSON)"
    about = "Opens in labelme beside the photograph, to be edited there."

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        image = record.found.image
        found = record.pieces
        shapes = [
            {
                "label": "lesion",
                "points": keyhole(piece).tolist(),
                "group_id": 1 if len(found) > 1 else None,
                "description": "",
                "shape_type": "polygon",
                "flags": {},
                "mask": None,
            }
            for piece in found
        ]
        said = {
            "version": VERSION,
            "flags": {},
            "shapes": shapes,
            "imagePath": base_name(image.path.name),
            "imageData": None,
            "imageHeight": image.height,
            "imageWidth": image.width,
            "diffseg": record.provenance,
        }
        yield _name(image.path.name), (json.dumps(said, indent=2) + "\n").encode()

    def leftovers_of(self, file: str) -> tuple[str, ...]:
        """See :class:`Writer`."""
        return (glob.escape(_name(file)),)


def _name(file: str) -> str:
    return f"labelme/{folder_name(Path(file))}.json"


WRITER = Labelme()
