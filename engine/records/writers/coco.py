"""The final masks as a COCO data set of one category, as object detectors are trained on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import NOTICE
from engine.reading.contours import extent
from engine.records.text import base_name
from engine.records.writer import Collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.arrays import Bools
    from engine.records.record import Record


class Coco(Collection):
    """One annotation a photograph: polygons, or, where there is a hole, run lengths, since polygons cannot have one."""

    name, title = "coco", "COCO data set (JSON)"
    about = "For training and scoring detectors; holes are kept as run lengths."
    file = "coco.json"
    leftovers = (file,)

    def part(self, record: Record) -> dict[str, Any]:
        """See :class:`Collection`."""
        image, mask = record.found.image, record.mask
        about = {"file_name": base_name(image.path.name), "width": image.width, "height": image.height}
        return {"image": {**about, "diffseg": record.provenance}, "annotation": _annotation(record, mask)}

    def whole(self, parts: Sequence[dict[str, Any]]) -> bytes:
        """See :class:`Collection`. Numbers of images begin with 1."""
        numbered = list(enumerate(parts, 1))
        data = {
            "info": {"description": f"Lesions by DiffSeg. {NOTICE}"},
            "licenses": [],
            "images": [{"id": number, **part["image"]} for number, part in numbered],
            "annotations": [
                {"id": number, "image_id": number, "category_id": 1, **part["annotation"]}
                for number, part in numbered
                if part["annotation"] is not None
            ],
            "categories": [{"id": 1, "name": "lesion", "supercategory": "skin"}],
        }
        return (json.dumps(data) + "\n").encode()


def _annotation(record: Record, mask: Bools) -> dict[str, Any] | None:
    """The lesion; None where there is none."""
    found = record.pieces
    if not mask.any() or not found:
        return None
    rows, columns = extent(mask)
    whole = not any(piece.holes for piece in found)
    return {
        "segmentation": [piece.outer.ravel().tolist() for piece in found] if whole else run_lengths(mask),
        "area": int(np.count_nonzero(mask)),
        "bbox": [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start],
        "iscrowd": 0,
    }


def run_lengths(mask: Bools) -> dict[str, Any]:
    """COCO's uncompressed run lengths of a mask (H, W): down the columns, skin and lesion in turn, skin first."""
    down = mask.ravel(order="F")
    ends = np.concatenate([np.flatnonzero(down[1:] != down[:-1]) + 1, [down.size]])
    counts = np.diff(ends, prepend=0).tolist()
    return {"size": list(mask.shape), "counts": [0, *counts] if down[0] else counts}


WRITER = Coco()
