"""The final mask and what it was made from: model's mask, scribbles, correction, consensus, blind outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.reading.layer_png import layer_to_png
from engine.records.png import mask_png
from engine.records.writer import Writer
from engine.scribbles import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record

MASK, MODEL_MASK, CORRECTION, OUTLINE = "mask.png", "model_mask.png", "correction.png", "blind_outline.png"
SCRIBBLES = "scribbles.png"


class Masks(Writer):
    """The final mask and what it was made from: model's mask, scribbles, correction, consensus, blind outline."""

    name, title, standard = "masks", "Masks", True
    leftovers = (MASK, MODEL_MASK, CORRECTION, SCRIBBLES, OUTLINE, "consensus.png")

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        reading = record.reading
        yield MASK, mask_png(record.mask)
        if reading.layer is not None:
            yield MODEL_MASK, mask_png(record.found.mask)
            yield CORRECTION, layer_to_png(reading.layer)
        if record.found.scribbles:
            native = record.mask.shape
            yield SCRIBBLES, layer_to_png(labels(record.found.scribbles, native, native))
        if reading.blind is not None and reading.blind.layer is not None:
            yield OUTLINE, mask_png(reading.blind.layer > 0)
        yield "consensus.png", mask_png(record.found.consensus_mask)


WRITER = Masks()
