"""The final mask and what it was made from: the model's, the correction, the consensus, a blind outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.reading.layer_png import layer_to_png
from engine.reading.reading import corrected
from engine.records.png import mask_png
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reading.reading import Reading
    from engine.results import Segmentation


CORRECTION = "correction.png"


class Masks(Writer):
    """The final mask and what it was made from: the model's, the correction, the consensus, a blind outline."""

    name, title, standard = "masks", "Masks", True
    leftovers = ("mask.png", "model_mask.png", CORRECTION, "blind_outline.png", "consensus.png")

    def files(self, found: Segmentation, reading: Reading) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        yield "mask.png", mask_png(corrected(found, reading))
        if reading.layer is not None:
            yield "model_mask.png", mask_png(found.mask)
            yield CORRECTION, layer_to_png(reading.layer)
        if reading.blind is not None and reading.blind.layer is not None:
            yield "blind_outline.png", mask_png(reading.blind.layer > 0)
        yield "consensus.png", mask_png(found.consensus_mask)


WRITER = Masks()
