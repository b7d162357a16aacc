"""Stage 3: the ensemble DenseCRF of section 3.3.

K rounds; each draws a subset of the timesteps without replacement and averages their CRF-refined probabilities. As
equation 12 has it, each average is binarised, and the result is the rounds' mean, binarised at one half. The soft way
keeps the averages as they are, takes their mean, smooths it and cuts once (:mod:`engine.method.tidy`). A timestep that
several rounds draw is refined once.

P(lesion) = sigmoid((difference - delta) / tau) is one half exactly where the difference equals delta, so delta moves
the refined border too.

The CRF works on a grid of its own, by default half as fine as the working grid: the settings were chosen on
photographs of that size, and on a finer grid the colour kernel follows hair and grain.

The border then follows the scribbles of a person (:mod:`engine.method.following`), one cheap step each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.method.crf import LOGIT_LIMIT, PAPER_SIDE, Kernels, build_kernels
from engine.method.following import Follower
from engine.method.tidy import bound, cleaned, recut, smoothed, without_specks
from engine.photograph.resize import exceeds, resize, resize_rgb
from engine.progress import Progress, Run
from engine.recipe import SOFT
from engine.results import Evidence, Refined, descending, working_size
from engine.scribbles import LESION, SKIN, labels, mark

if TYPE_CHECKING:
    from engine.arrays import Bytes, Floats
    from engine.photograph.image import SkinImage
    from engine.recipe import CrfSettings
    from engine.scribbles import Scribbles


def draw_subsets(timesteps: tuple[int, ...], settings: CrfSettings) -> tuple[tuple[int, ...], ...]:
    """The timesteps of each of the K rounds; a subset larger than their number takes them all."""
    rng = np.random.default_rng(settings.seed)
    size = min(settings.subset, len(timesteps))
    draws = (rng.choice(len(timesteps), size, replace=False) for _ in range(settings.rounds))
    return tuple(tuple(timesteps[i] for i in sorted(draw)) for draw in draws)


class Refiner:
    """Refines evidence, keeping what a change leaves valid: kernels, timesteps already refined, scribbles followed."""

    def __init__(self) -> None:
        self._pixels_for: tuple[object, ...] = ()
        self._pixels: Bytes
        self._kernels_for: tuple[object, ...] = ()
        self._kernels: Kernels | None = None
        self._members_for: tuple[object, ...] = ()
        self._members: dict[int, Floats] = {}
        self._follower_for: tuple[object, ...] = ()
        self._follower: Follower | None = None

    def run(
        self, image: SkinImage, evidence: Evidence, delta: float, settings: CrfSettings, scribbles: Scribbles = ()
    ) -> Run[Refined]:
        """Refine; yields often. delta: clean-image units, as in the votes. scribbles: what the border then follows."""
        inputs = (image, evidence, delta, settings)
        subsets = draw_subsets(evidence.timesteps, settings)
        if self._follower is None or inputs != self._follower_for:
            self._follower = yield from self._ready_follower(image, evidence, delta, settings, subsets)
            self._follower_for = inputs
        return _refined(image, self._follower.follow(scribbles), settings, subsets, scribbles)

    def _ready_follower(
        self,
        image: SkinImage,
        evidence: Evidence,
        delta: float,
        settings: CrfSettings,
        subsets: tuple[tuple[int, ...], ...],
    ) -> Run[Follower]:
        """The combined map of the refined masks, which no scribble has touched yet."""
        grid = working_size(image.width, image.height, settings.side)
        if (image, grid) != self._pixels_for:
            self._pixels, self._pixels_for = resize_rgb(image.pixels, *grid), (image, grid)
        kernels = yield from self._ready_kernels(image, settings)
        inputs = (image, evidence, delta, _of_members(settings))
        if inputs != self._members_for:
            self._members, self._members_for = {}, inputs
        drawn = sorted({t for subset in subsets for t in subset} - set(self._members))
        if drawn:
            index = [evidence.timesteps.index(t) for t in drawn]
            difference = np.stack([resize(one, *grid) for one in evidence.difference[index]])
            logits = np.clip((difference - delta) / settings.tau, -LOGIT_LIMIT, LOGIT_LIMIT)
            refined = yield from kernels.infer(logits.astype(np.float32), settings)
            self._members.update(zip(drawn, refined, strict=True))
        rounds = [np.mean([self._members[t] for t in subset], axis=0) for subset in subsets]
        probability = np.mean(rounds, axis=0) if settings.combine == SOFT else combine(rounds)
        width = settings.smooth * max(probability.shape) / PAPER_SIDE
        cut = recut(smoothed(probability, width), settings.cut)
        difference = resize(evidence.difference.mean(axis=0), *grid)
        return Follower(cut, self._pixels, difference, (image.height, image.width), width)

    def _ready_kernels(self, image: SkinImage, settings: CrfSettings) -> Run[Kernels]:
        inputs = (
            image,
            settings.side,
            settings.backend,
            settings.theta_alpha,
            settings.theta_beta,
            settings.theta_gamma,
        )
        if self._kernels is None or inputs != self._kernels_for:
            yield Progress("refine", 0, settings.iterations)
            self._kernels = build_kernels(self._pixels, settings)
            self._kernels_for = inputs
        return self._kernels


def _of_members(settings: CrfSettings) -> CrfSettings:
    """What decides a member's refinement, the rest at fixed values."""
    return replace(settings, rounds=1, subset=1, seed=0, combine=SOFT, smooth=0.0, cut=0.5, drop=0.0)


def _refined(
    image: SkinImage,
    probability: Floats,
    settings: CrfSettings,
    subsets: tuple[tuple[int, ...], ...],
    scribbles: Scribbles,
) -> Refined:
    """The result, from the smoothed and cut probability on the CRF's grid."""
    native = (image.height, image.width)
    marked = mark(resize(probability, *working_size(image.width, image.height)), scribbles, native)
    least = bound(marked, settings.drop)
    tidy, dropped = without_specks(marked, least, native, labels(scribbles, marked.shape, native))
    size = (image.width, image.height)
    mask = exceeds(tidy, 0.5, *size) if least > 0 else resize(tidy, *size) > 0.5  # bicubic could bring specks back
    # Half the bound, so that no piece that is drawn goes for the pixels that its border gains or loses at this size.
    fixed = labels(scribbles, native, native) if scribbles else None
    if fixed is not None:
        mask = (mask | (fixed == LESION)) & (fixed != SKIN)
    mask = cleaned(mask, least / 2 * mask.size / tidy.size, fixed)
    return Refined(tidy, mask, subsets, dropped)


def combine(rounds: list[Floats]) -> Floats:
    """One map above one half exactly where the mean of the rounds, each binarised at one half, is (equation 12).

    "More than half of K rounds exceed 0.5" is the same as "the (K // 2 + 1)-th largest exceeds 0.5"; unlike a mean of
    binary maps, that one can be interpolated to the photograph's resolution without stairs.
    """
    return np.asarray(descending(np.stack(rounds))[len(rounds) // 2])
