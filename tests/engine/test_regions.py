"""Ambiguous regions: rings, bumps and islands among votes that are known, and what an edit makes of them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from scipy import ndimage

from engine.host import resources
from engine.method.consensus import vote
from engine.method.stability import stability
from engine.networks.weights import load_model
from engine.photograph.image import SkinImage
from engine.photograph.read import read_image
from engine.photograph.resize import resize
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.correction import apply, blank
from engine.reading.joining import Joining
from engine.reading.regions import PIECES, SMALLEST, Region, regions, regions_json
from engine.recipe import VoteSettings
from engine.results import Consensus, DeviceUse, Evidence, ModelName, Segmentation
from tests.engine.strategies import evidences
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

W, H = 200, 160
DELTA = 0.5


def disc(x: float, y: float, radius: float) -> np.ndarray:
    """A map whose level set at DELTA is a circle about (x, y); it falls by one a pixel."""
    rows, columns = np.mgrid[:H, :W] + 0.5
    return np.float32(radius - np.hypot(columns - x, rows - y) + DELTA)


def evidence_of(*maps: np.ndarray) -> Evidence:
    """Evidence of one timestep a map."""
    steps = tuple(range(10, 10 * len(maps) + 1, 10))
    grey = np.zeros((*maps[0].shape, 3), np.uint8)
    return Evidence(steps, np.maximum(np.stack(maps), 0), grey, DeviceUse("cpu", "test", "float32"))


def consensus_of(*maps: np.ndarray) -> Consensus:
    """What these maps vote for at DELTA."""
    return vote(evidence_of(*maps), VoteSettings(DELTA))


def segmentation_of(evidence: Evidence, scale: int) -> Segmentation:
    """A result without refinement for a photograph ``scale`` times as large as the grid."""
    h, w = evidence.difference.shape[1:]
    pixels = np.zeros((h * scale, w * scale, 3), np.uint8)
    image = SkinImage(resources.samples()[0], "0", pixels)
    recipe = replace(RECIPE, vote=VoteSettings(DELTA), refine=False)
    consensus = vote(evidence, recipe.vote)
    return Segmentation(image, recipe, ModelName("m", "0"), evidence, consensus, None, stability(evidence))


INNER, OUTER = disc(100, 80, 30), disc(100, 80, 42)
RING = consensus_of(*[INNER] * 5, *[OUTER] * 5)


def on_grid(region: Region, which: str = "pixels") -> np.ndarray:
    """A region's pixels, or its reach, bool (H, W)."""
    full = np.zeros((H, W), bool)
    (x, y), part = region.corner, getattr(region, which)
    full[y : y + part.shape[0], x : x + part.shape[1]] = part
    return full


def same(a: tuple[Region, ...], b: tuple[Region, ...]) -> bool:
    """Whether two lists are equal in all they hold."""
    return regions_json(a) == regions_json(b) and all(
        np.array_equal(one.pixels, other.pixels) and np.array_equal(one.reach, other.reach)
        for one, other in zip(a, b, strict=True)
    )


def test_a_ring_falls_into_pieces_of_similar_length_that_cover_it() -> None:
    found = regions(RING, W, H)
    assert 5 <= len(found) <= PIECES
    assert {region.kind for region in found} == {"border"}
    assert all(ndimage.label(region.pixels, np.ones((3, 3)))[1] == 1 for region in found)
    covered = np.sum([on_grid(region) for region in found], axis=0)
    assert np.array_equal(covered, RING.ambiguity > 0)
    assert np.sum([on_grid(region, "reach") for region in found], axis=0).max() == 1
    turns = [math.degrees(np.ptp(np.unwrap(angles(region)))) for region in found]
    assert min(turns) > 360 / PIECES * 0.85
    assert max(turns) < 2 * 360 / PIECES * 1.15
    assert sum(region.score for region in found) == pytest.approx(float(RING.ambiguity.sum()))


def angles(region: Region) -> np.ndarray:
    """The directions of a region's pixels from the ring's centre, in order."""
    rows, columns = np.nonzero(on_grid(region))
    found = np.sort(np.arctan2(rows + 0.5 - 80, columns + 0.5 - 100))
    gap = np.diff(found, append=found[0] + 2 * np.pi).argmax()  # begin after the widest gap
    return np.roll(found, -gap - 1)


def test_a_ring_is_cut_where_it_is_least_ambiguous() -> None:
    """Two narrow places, left and right: each separates two pieces."""
    rows, columns = np.mgrid[:H, :W] + 0.5
    angle = np.arctan2(rows - 80, columns - 100)
    outer = disc(100, 80, 30) + np.float32(2 + 10 * np.sin(angle) ** 2)
    consensus = consensus_of(*[INNER] * 5, *[outer] * 5)
    owner = np.zeros((H, W), int)
    for region in regions(consensus, W, H):
        owner[on_grid(region)] = region.number
    for x in (68, 132):  # the narrow places lie at y = 80
        above, below = owner[68:78, x - 6 : x + 6], owner[83:93, x - 6 : x + 6]
        assert not set(above[above > 0]) & set(below[below > 0])


def test_regions_are_numbered_by_falling_score() -> None:
    wide = [np.maximum(INNER, disc(108, 80, radius)) for radius in np.linspace(24, 50, 10)]
    found = regions(consensus_of(*wide), W, H)
    assert [region.number for region in found] == list(range(1, len(found) + 1))
    assert [region.score for region in found] == sorted((region.score for region in found), reverse=True)
    assert "right" in found[0].place
    for region in found:
        assert region.score == pytest.approx(region.mean_variance * region.area_px)
        assert 0 < region.mean_variance <= 0.25


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (130, 80, "right border"),
        (100, 50, "upper border"),
        (70, 80, "left border"),
        (122, 102, "lower right border"),
        (78, 58, "upper left border"),
    ],
)
def test_a_bump_in_some_votes_is_one_region(x: float, y: float, words: str) -> None:
    bump = np.maximum(INNER, disc(x, y, 9))
    (region,) = regions(consensus_of(*[INNER] * 6, *[bump] * 4), W, H)
    assert (region.number, region.kind, region.place) == (1, "border", words)
    expected = (bump > DELTA) & (INNER <= DELTA)
    assert np.array_equal(on_grid(region), expected)
    ((rows, columns),) = ndimage.find_objects(expected.astype(int))
    assert region.box == (columns.start, rows.start, columns.stop, rows.stop)
    assert region.mean_variance == pytest.approx(0.24)
    assert region.area_px == expected.sum()
    assert expected[int(region.centre[1]), int(region.centre[0])]


def test_two_bumps_are_two_regions() -> None:
    bumps = np.maximum(np.maximum(INNER, disc(130, 80, 9)), disc(70, 80, 9))
    found = regions(consensus_of(*[INNER] * 6, *[bumps] * 4), W, H)
    assert sorted(region.place for region in found) == ["left border", "right border"]


def test_a_small_lesion_has_one_whole_border() -> None:
    found = regions(consensus_of(*[disc(100, 80, 3)] * 5, *[disc(100, 80, 7)] * 5), W, H)
    assert [(region.kind, region.place) for region in found] == [("border", "whole border")]


def test_an_island_outside_is_a_satellite_and_one_inside_is_not() -> None:
    island = np.maximum(INNER, disc(40, 130, 8))
    hollow = np.minimum(INNER, -disc(105, 75, 5) + 2 * DELTA)
    found = regions(consensus_of(*[INNER] * 8, *[island] * 2), W, H)
    assert [(region.kind, region.place) for region in found] == [("satellite", "satellite, lower left")]
    found = regions(consensus_of(*[INNER] * 5, *[island] * 2, *[hollow] * 3), W, H)
    assert [region.kind for region in found] == ["satellite", "interior"]
    assert found[1].place.startswith("interior, ")


def test_where_no_lesion_is_found_all_that_is_ambiguous_lies_about_the_photographs_centre() -> None:
    nothing = np.zeros((H, W), np.float32)
    (region,) = regions(consensus_of(*[nothing] * 6, *[disc(180, 20, 10)] * 4), W, H)
    assert (region.kind, region.place) == ("satellite", "satellite, upper right")


def test_noise_is_dropped_and_islands_close_to_each_other_are_one() -> None:
    speck = INNER.copy()
    speck[10, 10] = 1
    assert SMALLEST * H * W > 1
    assert regions(consensus_of(*[INNER] * 6, *[speck] * 4), W, H) == ()
    pair = np.maximum(np.maximum(INNER, disc(30, 30, 6)), disc(30, 45, 6))
    (region,) = regions(consensus_of(*[INNER] * 6, *[pair] * 4), W, H)
    assert np.array_equal(on_grid(region), (pair > DELTA) & (INNER <= DELTA))


def test_agreement_leaves_nothing_to_review() -> None:
    assert regions(consensus_of(*[INNER] * 10), W, H) == ()
    assert regions(consensus_of(INNER), W, H) == ()
    assert regions(consensus_of(np.zeros((H, W), np.float32)), W, H) == ()
    assert regions(consensus_of(*[INNER] * 9, OUTER), W, H) == (), "one mask of ten is no disagreement"


def test_a_lesion_that_leaves_the_photograph_has_no_regions_along_its_edge() -> None:
    votes = [disc(100, 0, radius) for radius in (60, 75)]
    found = regions(consensus_of(*votes * 5), W, H)
    assert found
    assert np.array_equal(np.any([on_grid(r) for r in found], axis=0), (votes[1] > DELTA) & (votes[0] <= DELTA))
    assert all(region.box[3] > 10 for region in found)


@given(evidences())
def test_any_votes_give_regions_that_share_out_ambiguous_pixels(evidence: Evidence) -> None:
    consensus = vote(evidence, VoteSettings(DELTA))
    h, w = consensus.ambiguity.shape
    found = regions(consensus, 7 * w, 5 * h)
    assert same(found, regions(consensus, 7 * w, 5 * h))
    seen = np.zeros((h, w), int)
    for region in found:
        x, y = region.corner
        seen[y : y + region.pixels.shape[0], x : x + region.pixels.shape[1]] += region.pixels
        x0, y0, x1, y1 = region.box
        assert 0 <= x0 <= region.centre[0] <= x1 <= 7 * w
        assert 0 <= y0 <= region.centre[1] <= y1 <= 5 * h
        assert not (region.pixels & ~region.reach).any()
    share = consensus.votes.mean(axis=0)
    assert np.array_equal(seen, (share > 0.1 + 1e-6) & (share <= 0.9 + 1e-6))


def test_the_sidecars_form() -> None:
    found = regions(RING, 4 * W, 4 * H)
    listed = json.loads(json.dumps(regions_json(found, {2: "extend"})))
    assert [row["number"] for row in listed] == [region.number for region in found]
    assert [row.get("decision") for row in listed] == [None, "extend"] + [None] * (len(found) - 2)
    names = ("number", "kind", "place", "score", "mean_variance", "area_px", "box", "centre")
    assert tuple(listed[0]) == names
    assert listed[0]["box"] == list(found[0].box)


SCALES = [1, 5]


def edited(found: Segmentation, decision: str, mask: np.ndarray) -> np.ndarray:
    """A mask after the same decision about every region."""
    layer = blank(*mask.shape)
    for region in regions(found.consensus, found.image.width, found.image.height):
        patch = Joining(region, decision, found, apply(layer, mask)).patch()
        if patch is not None:
            assert patch.values[[0, -1]].any(axis=1).all(), "no larger than it must be"
            assert patch.values[:, [0, -1]].any(axis=0).all()
            np.copyto(layer[patch.window], patch.values, where=patch.values != 0)
    return apply(layer, mask)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("decision", "radius"), [("extend", 40.8), ("retract", 31.2)])
def test_all_pieces_extended_or_retracted_give_the_second_disc_from_without_or_within(
    scale: int, decision: str, radius: float
) -> None:
    """Of eleven, more than 10 % are two, and more than 90 % are ten."""
    found = segmentation_of(evidence_of(*[disc(100, 80, radius) for radius in np.linspace(30, 42, 11)]), scale)
    share = {"extend": 0.1, "retract": 0.9}[decision]
    expected = resize(found.evidence.agreement(share), W * scale, H * scale) > DELTA
    result = edited(found, decision, found.mask)
    assert np.array_equal(result, expected)
    rows, columns = np.nonzero(result ^ ndimage.binary_erosion(result))
    within = radius * scale - np.hypot(columns + 0.5 - 100 * scale, rows + 0.5 - 80 * scale)
    assert -0.2 < within.min() <= within.max() < 1.6  # the outermost pixels touch the circle: no stairs of the grid


@pytest.mark.parametrize("scale", SCALES)
def test_one_piece_is_edited_and_the_rest_stays(scale: int) -> None:
    found = segmentation_of(evidence_of(*[INNER] * 5, *[OUTER] * 5), scale)
    region = regions(found.consensus, W * scale, H * scale)[0]
    patch = Joining(region, "extend", found, found.mask).patch()
    assert patch is not None
    result = found.mask.copy()
    result[patch.window] |= patch.values > 0
    assert set(np.unique(patch.values)) == {0, 1}
    gained = result & ~found.mask
    here = on_grid(region, "reach").repeat(scale, 0).repeat(scale, 1)
    assert (gained & here).sum() == pytest.approx(region.area_px, rel=0.1)
    step = 12 * scale  # at each of its two ends the border comes back as a triangle's side does
    assert (gained & ~here).sum() == pytest.approx(step**2, rel=0.15)
    assert not (gained & (ndimage.distance_transform_edt(~here) > step + 1)).any()
    assert Joining(region, "extend", found, result).patch() is None
    assert Joining(region, "retract", found, found.mask).patch() is None  # the consensus of a tie is the inner disc


def radii(mask: np.ndarray, scale: int) -> np.ndarray:
    """How far a mask reaches from the discs' centre, in native pixels, in directions one pixel apart on its border."""
    directions = np.linspace(0, 2 * np.pi, round(2 * np.pi * 42 * scale), endpoint=False)[:, None]
    along = np.arange(0, 60 * scale, 0.25)
    rows, columns = 80 * scale + along * np.sin(directions), 100 * scale + along * np.cos(directions)
    return np.where(mask[rows.astype(int), columns.astype(int)], along, 0).max(axis=1)


@pytest.mark.parametrize(
    ("scale", "decision", "start", "wanted"),
    [(s, *one) for s in SCALES for one in (("extend", 30, 42), ("retract", 42, 30), ("extend", 34, 42))]
    + [pytest.param(15, "extend", 30, 42, marks=pytest.mark.slow)],  # with so many pixels distances are interpolated
)
def test_at_the_ends_of_a_piece_the_border_goes_back_without_a_step(
    scale: int, decision: str, start: int, wanted: int
) -> None:
    """By a pixel a pixel, which are up to 1.4 on the inner circle, and two for the stairs of the grid."""
    found = segmentation_of(evidence_of(*[INNER] * 5, *[OUTER] * 5), scale)
    mask = resize(disc(100, 80, start), W * scale, H * scale) > DELTA
    for region in regions(found.consensus, W * scale, H * scale):
        patch = Joining(region, decision, found, mask).patch()
        assert patch is not None
        layer = blank(*mask.shape)
        layer[patch.window] = patch.values
        found_at = radii(apply(layer, mask), scale)
        steps = np.abs(np.diff(found_at, append=found_at[0]))
        assert steps.max() < 3.5, "without the join it is 8 or 12 times the scale"
        assert np.abs(found_at - wanted * scale).min() < 1
        assert np.abs(found_at - start * scale).min() < 1
        between = (np.abs(found_at - wanted * scale) > 1.5) & (np.abs(found_at - start * scale) > 1.5)
        assert between.sum() < 2 * 1.7 * abs(wanted - start) * scale, "and at once"


def test_a_refined_mask_that_lies_off_the_votes_is_joined_without_a_moat() -> None:
    """Refinement drew the border 4 pixels inside the 90 % contour, or 4 outside the 10 % contour."""
    found = segmentation_of(evidence_of(*[INNER] * 5, *[OUTER] * 5), 1)
    for decision, start, wanted in (("extend", 26, OUTER), ("retract", 46, INNER)):
        mask = disc(100, 80, start) > DELTA
        assert np.array_equal(edited(found, decision, mask), wanted > DELTA)


@pytest.mark.parametrize("path", resources.samples(), ids=lambda path: path.stem)
def test_a_sample_gives_a_list_that_a_person_can_work_through(path: Path) -> None:
    found = drain(Pipeline(load_model(), "cpu").run(read_image(path), RECIPE))
    listed = regions(found.consensus, found.image.width, found.image.height)
    assert 3 <= len(listed) <= 12
    assert np.count_nonzero(edited(found, "extend", found.mask)) > np.count_nonzero(found.mask)
    assert np.count_nonzero(edited(found, "retract", found.mask)) < np.count_nonzero(found.mask)
