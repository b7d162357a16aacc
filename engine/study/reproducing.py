"""Running results again: is the mask the same to the bit, and if not, what is different from then?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import __version__
from engine.errors import RecipeError
from engine.photograph.read import read_mask
from engine.progress import drain
from engine.reading.reading import corrected
from engine.recipe import Recipe
from engine.records.reading_back import damage_said, model_mask, reading_in, sidecar_in
from engine.records.sidecar import SIDECAR, scribbles_in
from engine.records.text import plain
from engine.records.writers.masks import MASK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.arrays import Bools
    from engine.networks.weights import Model
    from engine.pipeline import Pipeline
    from engine.results import Segmentation
    from engine.study.finding import Photographs


@dataclass(frozen=True)
class Repeat:
    """What came of running a result again: whether the mask is the same to the bit, and that in words."""

    same: bool
    words: str


def repeat(
    folder: Path, where: Photographs, model_of: Callable[[str], Model], pipeline_on: Callable[[Model, str], Pipeline]
) -> Repeat:
    """Run the sidecar in a folder of results again and compare the masks.

    model_of: the model to take for weights with a digest. pipeline_on: a model on the device of a kind, or on another
    where that is not there. Nothing is run where the outcome could not be the same. Raises :class:`DiffSegError` for
    what is no result, or cannot be read.
    """
    said = sidecar_in(folder)
    with damage_said(folder):
        before, final = model_mask(folder, said), read_mask(folder / MASK)
        if np.count_nonzero(final) != said["lesion_area_px"]:
            return Repeat(False, f"not run again: {MASK} is not the mask that {SIDECAR} describes")
        model = model_of(said["model"]["sha256"])
        if said["model"]["sha256"] != model.sha256:
            of = said["model"]
            theirs, ours = f"{of['name']} ({of['sha256'][:8]})", f"{model.name} ({model.sha256[:8]})"
            return Repeat(
                False, f"not run again: other model, made with {plain(theirs)}, not {ours}; name it with --model"
            )
        photograph = where.find(folder, said)
        if photograph is None:
            return Repeat(False, _without_photograph(folder, said, where))
        try:
            recipe = Recipe.from_json(said["recipe"])
        except RecipeError as error:
            return Repeat(False, f"not run again: other settings, {error}")
        kind, scribbles = str(said["device"]), scribbles_in(said)
    found = drain(pipeline_on(model, kind).run(photograph, recipe, scribbles))
    with damage_said(folder):
        return _compared(folder, said, found, before, final)


def _compared(folder: Path, said: dict[str, Any], found: Segmentation, before: Bools, final: Bools) -> Repeat:
    """What was found again beside what was then. before: the model's mask. final: with a person's correction."""
    if found.mask.shape != before.shape:
        return Repeat(False, "not the same: other photograph, for the mask is of another size")
    differing = int(np.count_nonzero(found.mask != before))
    if differing:
        return Repeat(False, f"not the same: {differing} of {before.size} pixels differ; {_differences(said, found)}")
    if not np.array_equal(corrected(found, reading_in(folder, said)), final):
        return Repeat(False, f"not the same: the model's mask is, but with its correction it does not make {MASK}")
    return Repeat(True, "same")


def _without_photograph(folder: Path, said: dict[str, Any], where: Photographs) -> str:
    other = where.namesake(folder, said)
    if other is not None:
        return f"not run again: other photograph, {other} has other bytes"
    name = plain(said["image"]["file"])
    return f"not run again: no photograph, {name} was not found; name its folder with --photographs"


def _differences(said: dict[str, Any], found: Segmentation) -> str:
    """What the sidecar tells of then that is not so now."""
    now, detail = found.evidence.device, said["device_detail"]
    device = f"{said['device']} {detail['name']} {detail['precision']}"
    pairs = (
        ("delta", f"{said['delta']:g}", f"{found.consensus.delta:g}"),
        ("version", said["version"], __version__),
        ("device", device, f"{now.kind} {now.name} {now.precision}"),
    )
    other = [f"other {what} ({plain(then)} then, {is_now} now)" for what, then, is_now in pairs if then != is_now]
    return (
        ", ".join(other)
        or "settings, version and device are the same; libraries, threads or the result's files may not be"
    )
