"""Decisions on the correction layer: one takes an earlier one's place and leaves nothing of it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.method.consensus import vote
from engine.method.stability import trace
from engine.progress import drain
from engine.reading import correction
from engine.reading.deciding import lay
from engine.reading.reading import CHOICES, Decision, attach
from engine.reading.regions import Region, regions
from engine.recipe import VoteSettings
from engine.results import Evidence, ModelName, Segmentation
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage

DELTA = 0.14


def analysed(photo: SkinImage, evidence: Evidence, delta: float = DELTA) -> Segmentation:
    """A result without refinement, so that its mask is the consensus."""
    consensus = vote(evidence, VoteSettings(delta))
    name = ModelName("fake", "0")
    return Segmentation(photo, RECIPE, name, evidence, consensus, None, drain(trace(evidence)))


@pytest.fixture
def found(photo: SkinImage, evidence: Evidence) -> Segmentation:
    """Ten discs' result."""
    return analysed(photo, evidence)


@pytest.fixture
def listed(photo: SkinImage, found: Segmentation) -> tuple[Region, ...]:
    """Its regions."""
    return regions(found.consensus, photo.width, photo.height)


def after(layer: correction.Layer, patch: correction.Patch | None) -> correction.Layer:
    """A copy of the layer with the patch."""
    changed = layer.copy()
    if patch is not None:
        correction.put(changed, patch)
    return changed


@pytest.mark.parametrize(("earlier", "choice"), list(product((*CHOICES, None), repeat=2)))
def test_a_new_decision_leaves_nothing_of_the_earlier_one(
    found: Segmentation, listed: tuple[Region, ...], earlier: str | None, choice: str | None
) -> None:
    blank = correction.blank(*found.mask.shape)
    for region in listed:
        once = after(blank, lay(blank, region, None, earlier, found))
        twice = after(once, lay(once, region, earlier, choice, found))
        straight = after(blank, lay(blank, region, None, choice, found))
        assert np.array_equal(twice, straight)


def test_extending_adds_and_retracting_removes_each_near_its_region(
    found: Segmentation, listed: tuple[Region, ...]
) -> None:
    blank, region = correction.blank(*found.mask.shape), listed[0]
    extended = correction.changes(after(blank, lay(blank, region, None, "extend", found)), found.mask)
    retracted = correction.changes(after(blank, lay(blank, region, None, "retract", found)), found.mask)
    assert extended.added > 0
    assert extended.removed == 0
    assert retracted.removed > 0
    assert retracted.added == 0
    assert lay(blank, region, None, "accept", found) is None
    assert lay(blank, region, None, "undecidable", found) is None


def test_what_another_delta_laid_is_taken_back(photo: SkinImage, evidence: Evidence) -> None:
    """The 10 % contour of a low delta lies farther out than that of a higher one."""
    low, high = analysed(photo, evidence, 0.12), analysed(photo, evidence, 0.15)
    before, now = (regions(one.consensus, photo.width, photo.height) for one in (low, high))
    numbers = attach([Decision("extend", region.centre, region.box) for region in before], now)
    blank = correction.blank(photo.height, photo.width)
    followed = 0
    for region, number in zip(before, numbers, strict=True):
        if number is None:
            continue
        same = next(one for one in now if one.number == number)
        extended = after(blank, lay(blank, region, None, "extend", low))
        left = after(extended, lay(extended, same, "extend", None, high))
        assert extended.any()
        (x, y), (rows, columns) = same.corner, same.reach.shape  # the photograph is its own working grid
        there = left[y : y + rows, x : x + columns]
        assert not (there[same.reach] == correction.LESION).any()
        assert np.array_equal(left[left != extended], np.zeros(np.count_nonzero(left != extended))), "and only that"
        followed += 1
    assert followed


def test_other_corrections_and_the_layer_itself_stay(found: Segmentation, listed: tuple[Region, ...]) -> None:
    region, layer = listed[0], correction.blank(*found.mask.shape)
    layer[0, :5] = correction.LESION  # far from every border
    layer[int(region.centre[1]), int(region.centre[0])] = correction.SKIN
    kept = layer.copy()
    laid = after(layer, lay(layer, region, "extend", None, found))
    assert np.array_equal(laid, kept)
    extended = after(layer, lay(layer, region, None, "extend", found))
    back = after(extended, lay(extended, region, "extend", None, found))
    assert (back[0, :5] == correction.LESION).all()
    assert np.array_equal(layer, kept)


def test_a_brush_stroke_outside_the_reach_survives_the_taking_back(
    found: Segmentation, listed: tuple[Region, ...]
) -> None:
    region, blank = listed[0], correction.blank(*found.mask.shape)
    extended = after(blank, lay(blank, region, None, "extend", found))
    extended[-3:, -3:] = correction.LESION
    back = after(extended, lay(extended, region, "extend", "retract", found))
    assert (back[-3:, -3:] == correction.LESION).all()
    back[-3:, -3:] = correction.AS_FOUND
    assert not (back > 0).any(), "retract after extend leaves nothing of it"


def test_taking_a_decision_back_leaves_the_neighbours_whole(found: Segmentation, listed: tuple[Region, ...]) -> None:
    """Where a border comes back to the old one it does so within the reach of the next region.

    A neighbour's own end was laid over what lay there then, and is laid over the model's mask now: to a pixel.
    """
    blank, (first, *rest) = correction.blank(*found.mask.shape), listed
    straight = blank
    for region in rest:
        straight = after(straight, lay(straight, region, None, "extend", found))
    everything = after(straight, lay(straight, first, None, "extend", found))
    others = [(region, "extend") for region in rest]
    back = after(everything, lay(everything, first, "extend", None, found, others))
    changed = np.count_nonzero(everything != straight)
    assert changed > 50
    assert np.count_nonzero(back != straight) <= 1
