"""What refinement changed, on discs whose pixels are counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from engine.host import resources
from engine.method.consensus import vote
from engine.method.stability import stability
from engine.photograph.image import SkinImage
from engine.photograph.resize import resize
from engine.reading.contours import contours
from engine.reading.overrides import DEPTH, Override, refinement_changes
from engine.reading.regions import SMALLEST
from engine.recipe import VoteSettings
from engine.results import DeviceUse, Evidence, ModelName, Refined, Segmentation
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.arrays import Floats

W, H, DELTA = 120, 80, 0.5


def disc(x: float, y: float, radius: float) -> Floats:
    """A map that is one half on a circle about (x, y), more inside; it falls by 0.1 a pixel."""
    rows, columns = np.mgrid[:H, :W] + 0.5
    return np.float32(np.clip(0.5 + (radius - np.hypot(columns - x, rows - y)) / 10, 0, 1))


def result(differences: list[Floats], probability: Floats | None, scale: int = 2) -> Segmentation:
    """A result for a photograph ``scale`` times as large as its grid; probability: the refined one."""
    h, w = differences[0].shape
    image = SkinImage(resources.samples()[0], "0", np.zeros((h * scale, w * scale, 3), np.uint8))
    steps = tuple(range(10, 10 * len(differences) + 1, 10))
    counterfactual = np.zeros((h, w, 3), np.uint8)
    evidence = Evidence(steps, np.stack(differences), counterfactual, DeviceUse("cpu", "test", "float32"))
    consensus = vote(evidence, VoteSettings(DELTA))
    refined = None
    if probability is not None:
        mask = resize(probability, image.width, image.height) > 0.5
        refined = Refined(probability.copy(), mask, ((steps[0],),))
    recipe = replace(RECIPE, vote=VoteSettings(DELTA))
    return Segmentation(image, recipe, ModelName("m", "0"), evidence, consensus, refined, stability(evidence))


LESION = disc(40, 40, 20)


def test_without_refinement_there_is_nothing_to_tell() -> None:
    assert refinement_changes(result([LESION] * 10, None)) is None


def test_a_refinement_that_keeps_the_consensus_changes_nothing() -> None:
    changes = refinement_changes(result([LESION] * 10, LESION))
    assert changes is not None
    assert (changes.added_px, changes.removed_px, changes.overridden) == (0, 0, ())
    assert not (changes.added > 0).any()
    assert not (changes.removed > 0).any()


@given(st.integers(0, 10), st.integers(8, 28), st.integers(1, 3))
def test_counts_are_those_of_the_masks_and_curves_enclose_them(shift: int, radius: int, scale: int) -> None:
    """The order statistic of equal maps is that map, so here the consensus is known to the pixel."""
    found = result([LESION] * 10, disc(40 + shift, 40, radius), scale)
    changes = refinement_changes(found)
    assert changes is not None
    assert changes.added_px == np.count_nonzero(found.mask & ~found.consensus_mask)
    assert changes.removed_px == np.count_nonzero(found.consensus_mask & ~found.mask)
    for values, count in ((changes.added, changes.added_px), (changes.removed, changes.removed_px)):
        curves = contours(values, 0.0, found.image.width, found.image.height)
        enclosed = abs(sum(np.sum(c[:-1, 0] * c[1:, 1] - c[1:, 0] * c[:-1, 1]) / 2 for c in curves))
        length = sum(np.hypot(*np.diff(c, axis=0).T).sum() for c in curves)
        assert abs(enclosed - count) <= 0.5 * length + 4 * scale**2  # a pixel is in or out: half of one along the curve


def test_lesion_made_of_agreed_skin_is_an_override_with_its_place() -> None:
    island = disc(95, 40, 8)
    changes = refinement_changes(result([LESION] * 10, np.maximum(LESION, island)))
    assert changes is not None
    (place,) = changes.overridden
    assert place.added
    assert place.area_px == pytest.approx(np.pi * 16**2, rel=0.05)
    assert place.box == pytest.approx((190 - 16, 80 - 16, 190 + 16, 80 + 16), abs=2)


def test_skin_made_of_agreed_lesion_is_an_override_and_the_largest_comes_first() -> None:
    bitten = np.minimum(LESION, 1 - disc(40, 40, 7))
    changes = refinement_changes(result([LESION] * 10, np.maximum(bitten, disc(95, 40, 12))))
    assert changes is not None
    assert [place.added for place in changes.overridden] == [True, False]
    assert changes.overridden[0].area_px > changes.overridden[1].area_px


@pytest.mark.parametrize(("dissent", "overridden"), [(0, True), (1, True), (2, False)])
def test_one_of_ten_may_disagree(dissent: int, overridden: bool) -> None:
    without, within = LESION, np.maximum(LESION, disc(95, 40, 8))
    for said, refined in ((without, within), (within, without)):
        changes = refinement_changes(result([refined] * dissent + [said] * (10 - dissent), refined))
        assert changes is not None
        assert bool(changes.overridden) is overridden


def test_one_timestep_agrees_with_nobody() -> None:
    changes = refinement_changes(result([LESION], disc(95, 40, 20)))
    assert changes is not None
    assert changes.added_px > 0
    assert changes.overridden == ()


@pytest.mark.parametrize(("thickness", "places"), [(2 * DEPTH, 0), (2 * DEPTH + 1, 1)])
def test_a_line_along_the_border_is_no_override(thickness: int, places: int) -> None:
    refined = np.zeros((H, W), np.float32)
    refined[10 : 10 + thickness, 10:110] = 1
    changes = refinement_changes(result([np.zeros_like(LESION)] * 10, refined))
    assert changes is not None
    assert changes.added_px > 0
    assert len(changes.overridden) == places


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 108), st.integers(0, 68))
def test_every_place_is_wide_and_large_enough_and_none_is_missed(w: int, h: int, x: int, y: int) -> None:
    refined = np.zeros((H, W), np.float32)
    refined[y : y + h, x : x + w] = 1
    changes = refinement_changes(result([np.zeros_like(LESION)] * 10, refined, 1))
    assert changes is not None
    padded = np.pad(refined > 0.5, DEPTH, mode="edge")  # at the photograph's side nothing is known to be thin
    deep = ndimage.binary_erosion(padded, np.ones((2 * DEPTH + 1, 2 * DEPTH + 1)))[DEPTH:-DEPTH, DEPTH:-DEPTH].any()
    counts = deep and w * h >= SMALLEST * W * H
    assert changes.overridden == ((Override(True, w * h, (x, y, x + w, y + h)),) if counts else ())
