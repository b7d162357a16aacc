"""What is known of a photograph at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_not
from typing import TYPE_CHECKING

from engine.method.consensus import vote

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Consensus, Evidence, Segmentation, Stability
    from engine.scribbles import Scribbles


@dataclass(frozen=True, eq=False)
class Results:
    """The newest of each kind of result, and whether it belongs to the present settings.

    votes_current: the votes belong to this photograph and these noise settings, and are all there or still coming.
    partial: they belong to these settings, but the analysis ended before all of them were there.
    current: the segmentation belongs to this photograph, recipe and scribbles, and so may be exported. holds: it is
    current, or will be once the worker has followed the newest scribbles, and is shown as it is until then.
    """

    evidence: Evidence | None = None
    consensus: Consensus | None = None
    segmentation: Segmentation | None = None
    votes_current: bool = False
    partial: bool = False
    current: bool = False
    holds: bool = False

    @property
    def stability(self) -> Stability | None:
        """How the area changes with delta, where it is of the evidence that is shown."""
        found = self.segmentation
        return found.stability if found and self.votes_current and found.evidence is self.evidence else None


NOTHING = Results()


class Findings:
    """The newest of each kind of result as it comes in, and what it was made of."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.evidence: Evidence | None = None
        self._consensus: Consensus | None = None
        self._segmentation: Segmentation | None = None
        self._made_of: tuple[object, ...] = ()  # the evidence: a photograph and noise settings
        self._told: tuple[tuple[object, ...], Results] = ((), NOTHING)  # for what, and what

    def forget(self) -> None:
        """Another photograph is open."""
        self.evidence = self._consensus = self._segmentation = None
        self._told = (), NOTHING

    def add_evidence(self, evidence: Evidence, photograph: SkinImage | None, recipe: Recipe) -> None:
        """Evidence has come, perhaps not of all timesteps; the votes on it are made here and now."""
        self.evidence, self._made_of = evidence, (photograph, recipe.noise)
        self._consensus = vote(evidence, recipe.vote)

    def add(self, found: Segmentation) -> None:
        """The worker is done."""
        self._segmentation = found
        self.evidence, self._consensus = found.evidence, found.consensus
        self._made_of = (found.image, found.recipe.noise)

    def vote_again(self, photograph: SkinImage | None, recipe: Recipe, busy: bool) -> None:
        """Delta has changed: the votes follow where their evidence belongs to the present settings."""
        if self.evidence is not None and self._votes_are_current(photograph, recipe, busy):
            self._consensus = vote(self.evidence, recipe.vote)

    def results(self, photograph: SkinImage | None, recipe: Recipe, scribbles: Scribbles, busy: bool) -> Results:
        """What is known, and whether it belongs to this photograph and all these. busy: more is on its way.

        One move of a slider asks some hundred times, so the answer is kept while all that it depends on is the same.
        """
        known = (self.evidence, self._consensus, self._segmentation, self._made_of)
        inputs = (*known, photograph, recipe, scribbles, busy)
        if len(self._told[0]) != len(inputs) or any(map(is_not, self._told[0], inputs)):
            self._told = inputs, self._results(photograph, recipe, scribbles, busy)
        return self._told[1]

    def _results(self, photograph: SkinImage | None, recipe: Recipe, scribbles: Scribbles, busy: bool) -> Results:
        found, votes = self._segmentation, self._votes_are_current(photograph, recipe, busy)
        partial = not votes and self._is_of(photograph, recipe)
        of_recipe = found is not None and found.image is photograph and found.recipe == recipe
        current = of_recipe and found is not None and found.scribbles == scribbles
        return Results(self.evidence, self._consensus, found, votes, partial, current, current or (of_recipe and busy))

    def _is_of(self, photograph: SkinImage | None, recipe: Recipe) -> bool:
        return self.evidence is not None and self._made_of == (photograph, recipe.noise)

    def _votes_are_current(self, photograph: SkinImage | None, recipe: Recipe, busy: bool) -> bool:
        if self.evidence is None or not self._is_of(photograph, recipe):
            return False
        complete = recipe.noise.draws == 1 and self.evidence.timesteps == recipe.noise.timesteps
        found = self._segmentation
        return busy or complete or (found is not None and found.evidence is self.evidence)
