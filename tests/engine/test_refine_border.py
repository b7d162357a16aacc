"""What refinement makes of its rounds: as before where a recipe says so, or one tidy border and the mask within it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import ndimage

from engine.evaluation.borders import distances
from engine.method.consensus import vote
from engine.method.crf import LatticeKernels, build_kernels
from engine.method.refine import Refiner, combine, draw_subsets
from engine.method.stability import stability
from engine.photograph.resize import resize, resize_rgb
from engine.progress import Run, drain
from engine.reading.measures import irregularity, measures
from engine.reading.outline import border, outline
from engine.reading.overrides import refinement_changes
from engine.recipe import CrfSettings, Recipe, VoteSettings
from engine.results import DeviceUse, Evidence, ModelName, Refined, Segmentation, working_size
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.arrays import Floats
    from engine.photograph.image import SkinImage

DELTA = 0.15
SOFT = replace(RECIPE.crf, combine="soft", smooth=0.65, cut=0.4, drop=0.03)


def refine(photo: SkinImage, evidence: Evidence, settings: CrfSettings, delta: float = DELTA) -> Refined:
    """Refine to the end."""
    return drain(Refiner().run(photo, evidence, delta, settings))


def with_maps(evidence: Evidence, difference: np.ndarray) -> Evidence:
    """The same evidence with other maps, ten of them."""
    return Evidence(evidence.timesteps, np.float32(difference), evidence.counterfactual, evidence.device)


def enlarged(photo: SkinImage, evidence: Evidence, times: int) -> tuple[SkinImage, Evidence]:
    """A photograph with more pixels, and the evidence on its working grid."""
    width, height = photo.width * times, photo.height * times
    large = replace(photo, pixels=resize_rgb(photo.pixels, width, height).copy())
    grid = working_size(width, height)
    counterfactual = resize_rgb(evidence.counterfactual, *grid).copy()
    maps = resize(evidence.difference, *grid)
    return large, Evidence(evidence.timesteps, maps, counterfactual, DeviceUse("cpu", "test", "float32"))


def refined_rounds(photo: SkinImage, evidence: Evidence, settings: CrfSettings) -> list[Floats]:
    """Each round's averaged members, on the CRF's grid, by hand."""
    grid = working_size(photo.width, photo.height, settings.side)
    kernels = build_kernels(resize_rgb(photo.pixels, *grid), settings)
    drawn = sorted({t for subset in draw_subsets(evidence.timesteps, settings) for t in subset})
    maps = np.stack([resize(evidence.difference[evidence.timesteps.index(t)], *grid) for t in drawn])
    logits = np.clip((maps - DELTA) / settings.tau, -12, 12).astype(np.float32)
    members = dict(zip(drawn, drain(kernels.infer(logits, settings)), strict=True))
    subsets = draw_subsets(evidence.timesteps, settings)
    return [np.mean([members[t] for t in subset], axis=0) for subset in subsets]


def test_equation_12_is_what_it_was_to_the_bit(photo: SkinImage, evidence: Evidence) -> None:
    """So the recipe of an earlier sidecar, which reads as these settings, gives the mask that it describes."""
    large, maps = enlarged(photo, evidence, 8)
    found = refine(large, maps, RECIPE.crf)
    probability = resize(combine(refined_rounds(large, maps, RECIPE.crf)), 512, 384)
    assert np.array_equal(found.probability, probability)
    assert np.array_equal(found.mask, resize(probability, 768, 576) > 0.5)
    assert found.dropped == ()


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_softly_combined_is_the_mean_of_the_rounds(photo: SkinImage, evidence: Evidence, rounds: int) -> None:
    settings = replace(RECIPE.crf, combine="soft", rounds=rounds)
    found = refine(photo, evidence, settings)
    expected = np.mean(refined_rounds(photo, evidence, settings), axis=0)
    np.testing.assert_allclose(found.probability, expected, atol=1e-6)
    assert np.array_equal(found.mask, found.probability > 0.5)


@pytest.mark.parametrize("change", [{"combine": "equation 12"}, {"smooth": 2.0}, {"cut": 0.5}, {"drop": 0.0}])
def test_another_end_refines_nothing_anew(
    photo: SkinImage, evidence: Evidence, change: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    infer = LatticeKernels.infer

    def counted(kernels: LatticeKernels, logits: Floats, settings: CrfSettings) -> Run[Floats]:
        asked.append(len(logits))
        return (yield from infer(kernels, logits, settings))

    monkeypatch.setattr(LatticeKernels, "infer", counted)
    refiner = Refiner()
    first = drain(refiner.run(photo, evidence, DELTA, SOFT))
    again = drain(refiner.run(photo, evidence, DELTA, replace(SOFT, **change)))
    assert len(asked) == 1
    assert not np.array_equal(again.probability, first.probability) or change == {"drop": 0.0}
    assert np.array_equal(again.probability, refine(photo, evidence, replace(SOFT, **change)).probability)


def test_without_dropping_the_area_never_grows_with_delta(photo: SkinImage, evidence: Evidence) -> None:
    settings = replace(SOFT, drop=0.0)
    found = [refine(photo, evidence, settings, float(delta)) for delta in np.linspace(0.02, 0.28, 8)]
    assert all((b.probability <= a.probability + 1e-4).all() for a, b in pairwise(found))
    areas = [one.area_px for one in found]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > areas[-1] > 0


def test_a_lower_cut_gives_more_lesion_and_loses_none(photo: SkinImage, evidence: Evidence) -> None:
    found = [refine(photo, evidence, replace(SOFT, cut=cut, drop=0.0)).mask for cut in (0.2, 0.4, 0.5, 0.8)]
    assert all((b <= a).all() for a, b in pairwise(found))
    assert found[0].sum() > found[-1].sum()


def spotted(evidence: Evidence, radius: float) -> Evidence:
    """The discs, and in all maps a second one of this radius at (84, 12)."""
    rows, columns = np.mgrid[:72, :96] + 0.5
    spot = 0.3 / (1 + np.exp(2 * (np.hypot(rows - 12, columns - 84) - radius)))
    return with_maps(evidence, np.maximum(evidence.difference, spot))


@pytest.mark.parametrize(("radius", "stays"), [(2.2, False), (6, True)])
def test_a_second_lesion_above_the_bound_stays_and_a_speck_goes(
    photo: SkinImage, evidence: Evidence, radius: float, stays: bool
) -> None:
    weak = replace(SOFT, w1=0.0, w2=0.0)  # all else being equal, so that the spot is there to be dropped
    large, maps = enlarged(photo, spotted(evidence, radius), 10)
    kept, found = (refine(large, maps, replace(weak, drop=drop)) for drop in (0.0, 0.03))
    assert ndimage.label(kept.mask)[1] == 2
    assert ndimage.label(found.mask)[1] == 1 + stays
    assert (found.mask != kept.mask)[:, :700].mean() < 1e-3  # the lesion itself, interpolated another way
    assert len(found.dropped) == 1 - stays
    for one in found.dropped:
        assert not one.hole
        assert one.area_px == pytest.approx(kept.mask[:240, 720:].sum(), rel=0.1)
        x0, y0, x1, y1 = one.box
        assert x0 < 840 < x1
        assert y0 < 120 < y1


def whole(photo: SkinImage, evidence: Evidence, crf: CrfSettings) -> Segmentation:
    """A whole result."""
    recipe = Recipe(RECIPE.noise, VoteSettings(DELTA), crf)
    consensus = vote(evidence, recipe.vote)
    refined = refine(photo, evidence, crf)
    return Segmentation(photo, recipe, ModelName("m", "0"), evidence, consensus, refined, stability(evidence))


@pytest.mark.parametrize("times", [1, 7])
def test_the_border_that_is_drawn_encloses_the_mask(photo: SkinImage, evidence: Evidence, times: int) -> None:
    found = whole(*enlarged(photo, spotted(evidence, 7), times), SOFT)
    curves = border(found)
    assert len(curves) == ndimage.label(found.mask)[1]
    enclosed = sum(abs((c[:-1, 0] * c[1:, 1] - c[1:, 0] * c[:-1, 1]).sum()) / 2 for c in curves)
    assert enclosed == pytest.approx(np.count_nonzero(found.mask), rel=0.01)
    assert found.refined is not None
    drawn = np.zeros_like(found.mask)
    x, y = np.clip(np.concatenate(curves).astype(int).T, 0, np.array([[found.image.width], [found.image.height]]) - 1)
    drawn[y, x] = True
    diagonal = np.hypot(*found.mask.shape)
    off = distances(drawn, found.mask).hd95 * diagonal / 100
    assert off <= 1.5, "pixels"


def test_irregularity_is_measured_on_the_border_that_is_drawn(photo: SkinImage, evidence: Evidence) -> None:
    found = whole(*enlarged(photo, evidence, 6), SOFT)
    by_name = {measure.name: measure for measure in measures(found)}
    assert by_name["compactness"].value == pytest.approx(irregularity(border(found)))
    assert by_name["area"].value == np.count_nonzero(found.mask)
    assert measures(found, found.mask.copy()) == measures(found)  # a mask that corrects nothing
    other = found.mask.copy()
    other[:30, :30] = True
    stairs = {measure.name: measure for measure in measures(found, other)}
    assert stairs["compactness"].value > by_name["compactness"].value
    assert len(outline(other)) == 2


def test_the_changes_tell_what_was_dropped(photo: SkinImage, evidence: Evidence) -> None:
    found = whole(*enlarged(photo, spotted(evidence, 2.2), 10), replace(SOFT, w1=0.0, w2=0.0))
    changes = refinement_changes(found)
    assert changes is not None
    assert found.refined is not None
    assert changes.dropped == found.refined.dropped != ()
    (speck,) = changes.dropped
    assert changes.removed_px >= 0.8 * speck.area_px
