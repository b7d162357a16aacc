"""The stages in order, each remembering its last result by the inputs that made it.

"Is this still valid" is an equality of tuples: settings compare by value, images and results by identity. A stage's
inputs are recorded only once it has its value, so neither a failure nor a half-done stage is ever remembered. Of the
first stage's whole runs each timestep is kept by itself, so that one that is deselected and selected again is free.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from engine.method.consensus import vote
from engine.method.evidence import Kept, gather
from engine.method.features import features
from engine.method.refine import Refiner
from engine.method.stability import trace
from engine.progress import Progress, Run
from engine.results import Consensus, Evidence, ModelName, Refined, Segmentation, Stability

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.method.familiarity import Familiarity, Known
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.recipe import NoiseSettings, Recipe
    from engine.scribbles import Scribbles

T = TypeVar("T")


class Pipeline:
    """Segments images with one model on one device ("auto", "cpu", "cuda", "mps")."""

    def __init__(self, model: Model, device: str = "auto") -> None:
        self.model = model
        self.device = device
        self._evidence: _Stage[Evidence] = _Stage()
        self._kept = Kept()  # timesteps of ``_kept_of``: a model, a device and an image
        self._kept_of: tuple[object, ...] = ()
        self._consensus: _Stage[Consensus] = _Stage()
        self._refined: _Stage[Refined] = _Stage()
        self._stability: _Stage[Stability] = _Stage()
        self._familiarity: _Stage[Familiarity] = _Stage()
        self._refiner = Refiner()

    def run(self, image: SkinImage, recipe: Recipe, scribbles: Scribbles = ()) -> Run[Segmentation]:
        """Segment an image, recomputing only what changed since the last run; yields :class:`Progress` often.

        scribbles: what the refined border follows; the consensus, and so a run without refinement, knows none.
        """
        model = self.model
        evidence = yield from self._evidence.run(
            (model, self.device, image, recipe.noise), lambda: self._gather(image, recipe.noise)
        )
        consensus = yield from self._consensus.run((evidence, recipe.vote), lambda: _vote(evidence, recipe))
        refined = None
        if recipe.refine:
            refined = yield from self._refined.run(
                (image, evidence, consensus.delta, recipe.crf, scribbles),
                lambda: self._refiner.run(image, evidence, consensus.delta, recipe.crf, scribbles),
            )
        curves = yield from self._stability.run((evidence,), lambda: trace(evidence))
        familiarity, known = None, model.familiar
        if known is not None:
            familiarity = yield from self._familiarity.run((model, image), lambda: _look(model, known, image))
        name = ModelName(model.name, model.sha256, model.licence)
        seconds, made = self._seconds(recipe.refine), self._made(recipe.refine)
        return Segmentation(
            image,
            recipe,
            name,
            evidence,
            consensus,
            refined,
            curves,
            seconds,
            model.softening,
            scribbles,
            made,
            model.readers,
            familiarity,
        )

    def _gather(self, image: SkinImage, noise: NoiseSettings) -> Run[Evidence]:
        """Stage 1; what an earlier run on the same photograph has found is not asked of the network again."""
        model, of = self.model, (self.model, self.device, image)
        if of != self._kept_of:
            self._kept, self._kept_of = Kept(), of
        return (yield from gather(image, noise, model.on, model.size, self.device, self._kept))

    def _seconds(self, refine: bool) -> dict[str, float]:
        """What each stage took when it last ran, and their total."""
        seconds = {"network": self._evidence.seconds, "votes": self._consensus.seconds}
        if refine:
            seconds["refine"] = self._refined.seconds
        seconds["stability"] = self._stability.seconds
        if self.model.familiar is not None:
            seconds["familiarity"] = self._familiarity.seconds
        return {name: round(value, 4) for name, value in {**seconds, "total": sum(seconds.values())}.items()}

    def _made(self, refine: bool) -> str:
        """When the last of the stages that a result is of had its value; what is remembered is not made again."""
        made = [self._evidence.made, self._consensus.made, self._stability.made]
        return max([*made, self._refined.made] if refine else made)


def _vote(evidence: Evidence, recipe: Recipe) -> Run[Consensus]:
    yield Progress("votes", 0, 1, evidence)
    return vote(evidence, recipe.vote)


def _look(model: Model, known: Known, image: SkinImage) -> Run[Familiarity]:
    """Whether the photograph is like those that the model was trained on."""
    yield Progress("familiarity", 0, 1)
    return known.of(features(model, image))


class _Stage(Generic[T]):
    """One stage's newest value, what it was made from, when, and the seconds that took."""

    def __init__(self) -> None:
        self._inputs: tuple[object, ...] | None = None
        self._value: T
        self.seconds, self.made = 0.0, ""

    def run(self, inputs: tuple[object, ...], make: Callable[[], Run[T]]) -> Run[T]:
        """Return the remembered value if it was made from equal inputs, else make it."""
        if inputs != self._inputs:
            started = time.perf_counter()
            value = yield from make()
            self._value, self._inputs = value, inputs
            self.seconds = time.perf_counter() - started
            self.made = datetime.now().isoformat(timespec="seconds")
        return self._value
