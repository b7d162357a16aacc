"""What is known of one pixel of the photograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing


@dataclass(frozen=True)
class Votes:
    """What the timesteps say of a pixel of the working grid. differences: in clean-image units, one a timestep."""

    timesteps: tuple[int, ...]
    differences: tuple[float, ...]
    votes: tuple[bool, ...]
    delta: float
    mean: float
    variance: float

    @property
    def difference(self) -> float:
        """Their mean."""
        return sum(self.differences) / len(self.differences)


@dataclass(frozen=True)
class Spot:
    """A pixel of the photograph: x, y, from its upper left corner in mm, RGB, and what was found there.

    votes: None before the network was there. before, after, corrected: lesion before the CRF, after it, and in the
    final mask; None where that is not known, or out of date. blind: nothing that was found may be told.
    """

    x: int
    y: int
    mm: tuple[float, float] | None
    colour: tuple[int, int, int]
    votes: Votes | None = None
    before: bool | None = None
    after: bool | None = None
    corrected: bool | None = None
    blind: bool = False


def look(document: Document, editing: Editing, point: QPointF | None) -> Spot | None:
    """What is known of a point, in the photograph's pixels; None outside the photograph."""
    image, shown = document.photograph, document.shown
    if image is None or point is None or not (0 <= point.x() < image.width and 0 <= point.y() < image.height):
        return None
    x, y = int(point.x()), int(point.y())
    scale = mm_per_px(image, document.reading)
    mm = None if scale is None else (point.x() * scale, point.y() * scale)
    red, green, blue = image.pixels[y, x].tolist()
    here = Spot(x, y, mm, (red, green, blue), blind=document.blind is not None)
    consensus, evidence, found = shown.consensus, shown.evidence, shown.segmentation
    if consensus is None or evidence is None or not shown.votes_current:
        return here
    h, w = consensus.consistency.shape
    at = y * h // image.height, x * w // image.width
    votes = Votes(
        evidence.timesteps,
        tuple(evidence.difference[:, *at].tolist()),
        tuple(consensus.votes[:, *at].tolist()),
        consensus.delta,
        float(consensus.consistency[at]),
        float(consensus.ambiguity[at]),
    )
    after = corrected = None
    if shown.current and found is not None:
        after = None if found.refined is None else bool(found.refined.mask[y, x])
        corrected = None if editing.mask is None else bool(editing.mask[y, x])
    return Spot(x, y, mm, here.colour, votes, votes.mean > 0.5, after, corrected)
