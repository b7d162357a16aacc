"""A record: a result, what a person made of it, and the sidecar that says so; all that an export format needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.arrays import Bools, read_only
from engine.reading.outline import border, outline
from engine.reading.polygons import Piece, pieces
from engine.reading.reading import Reading, corrected
from engine.records.filing import NOBODY, Filing
from engine.records.sidecar import result_json
from engine.records.style import PLAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.records.style import Style
    from engine.results import Segmentation


@dataclass(frozen=True, eq=False)
class Record:
    """What the writers write of; the same whether it comes from a run or is read back from a folder.

    said: the sidecar (:func:`engine.records.sidecar.result_json`). Read back, it stays as the program wrote it that
    made the result. has_photograph: whether ``found.image.pixels`` are the photograph; False where it was not found
    again. filing: under whom DICOM files of it are filed. style: of what is written for people.
    """

    found: Segmentation
    reading: Reading
    said: dict[str, Any]
    has_photograph: bool = True
    filing: Filing = NOBODY
    style: Style = PLAIN

    @classmethod
    def of(
        cls,
        found: Segmentation,
        reading: Reading | None = None,
        *,
        filing: Filing = NOBODY,
        style: Style | None = None,
    ) -> Record:
        """That of a run. Raises :class:`ReadingError` for a correction of another size."""
        reading = reading or Reading()
        return cls(found, reading, result_json(found, reading), filing=filing, style=style or PLAIN)

    @cached_property
    def mask(self) -> Bools:
        """The final mask, read-only bool (height, width): the model's with the person's corrections."""
        mask = corrected(self.found, self.reading)
        read_only(mask)
        return mask

    @cached_property
    def is_corrected(self) -> bool:
        """Whether a person changed the mask; who only painted lesion as lesion, or skin as skin, did not."""
        return not np.array_equal(self.mask, self.found.mask)

    @property
    def is_guided(self) -> bool:
        """Whether a person had a hand in the mask: by a correction, or by scribbles that the model's border follows."""
        return self.is_corrected or bool(self.found.scribbles)

    @cached_property
    def border(self) -> list[NDArray[np.float64]]:
        """The final mask's border as closed curves in the photograph's pixels; smooth unless the mask is corrected."""
        return outline(self.mask) if self.is_corrected else border(self.found)

    @cached_property
    def pieces(self) -> list[Piece]:
        """The final mask as polygons, see :func:`engine.reading.polygons.pieces`."""
        return pieces(self.border)

    @property
    def provenance(self) -> dict[str, Any]:
        """What made the mask, in plain values, for formats that have room for more than the mask."""
        said = self.said
        frame = self.found.image.frame  # from 0; the digest is the same for all of a file
        return {
            "program": "DiffSeg",
            "version": said["version"],
            "model": said["model"]["name"],
            "model_sha256": said["model"]["sha256"],
            "photograph_sha256": said["image"]["sha256"],
            **({} if frame is None else {"photograph_frame": frame}),
            "timesteps": list(self.found.recipe.noise.timesteps),
            "delta": said["delta"],
            "corrected": self.is_corrected,
            "scribbles": len(self.found.scribbles),
            "notice": said["notice"],
        }
