"""Stage 3 on the working grid: ten masks of a photograph of 512 pixels, five mean-field updates.

The seed is chosen so that three rounds of four masks draw all ten. Rebuild: a kernel's width has changed. Reuse: a
weight or delta has changed, so all masks are refined anew with the kernels that are there. Redraw: the seed of the
rounds has changed, which refines nothing. The reference runs the twelve drawn masks one after the other, each with a
pydensecrf of its own, as a program without an ensemble in mind would. Where the reference is not installed, what is
measured against it is None.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from engine.bench.samples import Figures, seconds, summary
from engine.method.crf import LOGIT_LIMIT, build_kernels, pydensecrf_is_here
from engine.method.refine import Refiner, draw_subsets
from engine.networks.description import default_recipe
from engine.photograph.image import SkinImage
from engine.photograph.resize import resize_rgb
from engine.progress import drain
from engine.results import WORKING_SIDE, Evidence, working_size

if TYPE_CHECKING:
    import numpy.typing as npt

    from engine.recipe import CrfSettings


def all_drawn(timesteps: tuple[int, ...]) -> CrfSettings:
    """Three rounds of four and five updates, with the first seed that draws each of ten timesteps at least once."""
    own = replace(default_recipe().crf, rounds=3, subset=4, iterations=5, side=WORKING_SIDE)
    for seed in count():
        settings = replace(own, seed=seed)
        if {t for subset in draw_subsets(timesteps, settings) for t in subset} == set(timesteps):
            break
    return settings


def measure(photo: SkinImage, evidence: Evidence, repeats: int) -> Figures:
    """Seconds with rebuilt and with kept kernels, ratios to the reference, and how far the two differ at most."""
    size = working_size(photo.width, photo.height)
    image = SkinImage(photo.path, photo.sha256, resize_rgb(photo.pixels, *size))
    base, own_delta = all_drawn(evidence.timesteps), default_recipe().vote.delta
    refiner = Refiner()

    def run(settings: CrfSettings, delta: float = own_delta) -> float:
        return seconds(lambda: drain(refiner.run(image, evidence, delta, settings)))

    run(base)
    rebuild = [run(replace(base, theta_alpha=base.theta_alpha + 0.1 * n)) for n in range(1, repeats + 1)]
    run(base)
    steps = [1e-3 * (n // 2 + 1) for n in range(repeats)]
    reuse = [run(replace(base, w1=base.w1 + s)) if n % 2 else run(base, own_delta + s) for n, s in enumerate(steps)]
    run(base)
    redraw = [run(replace(base, seed=base.seed + n)) for n in range(1, repeats + 1)]
    found = {
        **summary("seconds_rebuild", rebuild),
        **summary("seconds_reuse", reuse),
        **summary("seconds_redraw", redraw),
        "samples": repeats,
    }
    if not pydensecrf_is_here():
        return found | dict.fromkeys(("reference_seconds", "speedup", "speedup_rebuild", "max_difference"))
    reference, difference = compare(image.pixels, evidence, base, own_delta)
    return found | {
        "reference_seconds": round(reference, 4),
        "speedup": round(reference / float(np.median(reuse)), 3),
        "speedup_rebuild": round(reference / float(np.median(rebuild)), 3),
        "max_difference": difference,
    }


def compare(
    pixels: npt.NDArray[np.uint8], evidence: Evidence, settings: CrfSettings, delta: float
) -> tuple[float, float]:
    """The reference's seconds for all rounds, and the largest difference of a probability between the backends."""
    logits = np.clip((evidence.difference - delta) / settings.tau, -LOGIT_LIMIT, LOGIT_LIMIT).astype(np.float32)
    ours = drain(build_kernels(pixels, settings).infer(logits, settings))
    theirs = replace(settings, backend="pydensecrf")
    total, difference = 0.0, 0.0
    for t in (t for subset in draw_subsets(evidence.timesteps, settings) for t in subset):
        index = evidence.timesteps.index(t)
        started = time.perf_counter()
        (found,) = drain(build_kernels(pixels, theirs).infer(logits[index : index + 1], theirs))
        total += time.perf_counter() - started
        difference = max(difference, float(np.abs(found - ours[index]).max()))
    return total, difference
