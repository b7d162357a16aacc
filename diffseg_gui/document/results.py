"""What is known of a photograph at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.results import Consensus, Evidence, Segmentation


@dataclass(frozen=True, eq=False)
class Results:
    """The newest of each kind of result, and whether it belongs to the present settings.

    votes_current: the votes belong to this photograph and these noise settings, and are all there or still coming.
    partial: they belong to these settings, but the analysis ended before all of them were there.
    current: the segmentation belongs to this photograph and recipe, and so may be exported.
    """

    evidence: Evidence | None = None
    consensus: Consensus | None = None
    segmentation: Segmentation | None = None
    votes_current: bool = False
    partial: bool = False
    current: bool = False


NOTHING = Results()
