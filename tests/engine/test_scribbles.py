"""Scribbles: which pixels they touch, on any grid, and that the border follows them as the equation says."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ReadingError
from engine.method.refine import Refiner
from engine.progress import drain
from engine.results import working_size
from engine.scribbles import LESION, SKIN, Scribble, labels, mark, path
from tests.engine.pictures import PIGMENT, disc, with_lesion
from tests.engine.pictures import SKIN as SKIN_COLOUR
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats
    from engine.photograph.image import SkinImage
    from engine.results import Evidence, Refined
    from engine.scribbles import Scribbles

DELTA = 0.15
SETTINGS = replace(RECIPE.crf, combine="soft", smooth=0.65, cut=0.4, drop=0.03)
spots = st.tuples(st.floats(-5, 25), st.floats(-5, 20))
lines = st.lists(spots, min_size=1, max_size=4).map(tuple)


def at(label: int, x: float, y: float, radius: float = 3.0, everywhere: bool = True) -> Scribble:
    """A click."""
    return Scribble(label, ((x, y),), radius, everywhere)


def refine(photo: SkinImage, evidence: Evidence, *scribbles: Scribble, refiner: Refiner | None = None) -> Refined:
    """Refine to the end."""
    return drain((refiner or Refiner()).run(photo, evidence, DELTA, SETTINGS, scribbles))


def touched(scribbles: Scribbles, mask: Bools) -> np.ndarray:
    """What the scribbles say of a mask's pixels, at the photograph's own size."""
    return labels(scribbles, mask.shape, (mask.shape[0], mask.shape[1]))


@given(lines, st.floats(0.3, 8))
def test_a_scribble_touches_what_lies_within_its_radius(line: tuple[tuple[float, float], ...], radius: float) -> None:
    found = labels([Scribble(SKIN, line, radius)], (15, 20), (15, 20))
    shares = np.linspace(0, 1, 400)[:, None]
    along = np.concatenate([a + shares * np.subtract(b, a) for a, b in pairwise((line[0], *line))])
    rows, columns = np.mgrid[:15, :20] + 0.5
    gap = np.hypot(along[:, 0, None, None] - columns, along[:, 1, None, None] - rows).min(axis=0)
    sure = np.abs(gap - radius) > 0.01
    assert np.array_equal((found == SKIN)[sure], (gap < radius)[sure])


def test_a_scribble_covers_the_same_skin_on_every_grid() -> None:
    one = Scribble(LESION, ((100.0, 90.0), (300.0, 200.0)), 30.0)
    shares = [np.count_nonzero(labels([one], grid, (300, 400))) / math.prod(grid) for grid in ((300, 400), (150, 200))]
    assert shares[0] == pytest.approx(shares[1], rel=0.02)
    rows, columns = path(one, (30, 40), (300, 400))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 30, 9, 20)
    assert [len(places) for places in path(at(SKIN, -50, -50), (30, 40), (300, 400))] == [0, 0]


def test_the_later_scribble_lies_over_the_earlier_one() -> None:
    both = (at(LESION, 10, 10, 6), at(SKIN, 10, 10, 3))
    found = labels(both, (20, 20), (20, 20))
    assert found[10, 10] == SKIN
    assert found[10, 14] == LESION
    assert np.array_equal(mark(np.full((20, 20), 0.3, np.float32), both, (20, 20)) > 0.5, found == LESION)


@pytest.mark.parametrize(
    "wrong", [{"label": 0}, {"points": ()}, {"points": ((1.0, math.nan),)}, {"radius": 0.0}, {"radius": math.inf}]
)
def test_an_impossible_scribble_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ReadingError, match="draw it again"):
        replace(at(LESION, 1, 1), **wrong)  # type: ignore[arg-type]


def test_without_scribbles_nothing_changes(photo: SkinImage, evidence: Evidence) -> None:
    refiner = Refiner()
    before = refine(photo, evidence, refiner=refiner)
    refine(photo, evidence, at(LESION, 10, 10), refiner=refiner)
    after = refine(photo, evidence, refiner=refiner)
    assert np.array_equal(before.probability, after.probability)
    assert np.array_equal(before.mask, after.mask)


@pytest.mark.parametrize("everywhere", [True, False])
def test_what_was_touched_is_as_it_was_said_whatever_its_size(
    photo: SkinImage, evidence: Evidence, everywhere: bool
) -> None:
    """An island of lesion and a hole of skin, each too small to stay by itself."""
    scribbles = (at(LESION, 8, 8, 1.2, everywhere), at(SKIN, photo.width / 2, photo.height / 2, 1.2, everywhere))
    for times in (1, 9):  # the second one larger than its working grid
        large = replace(photo, pixels=photo.pixels.repeat(times, 0).repeat(times, 1))
        scaled = tuple(at(s.label, s.points[0][0] * times, s.points[0][1] * times, 1.2 * times) for s in scribbles)
        found = refine(large, enlarged(large, evidence), *scaled)
        said = touched(scaled, found.mask)
        assert np.count_nonzero(said) > 0
        assert found.mask[said == LESION].all()
        assert not found.mask[said == SKIN].any()


def enlarged(photo: SkinImage, evidence: Evidence) -> Evidence:
    """Evidence on a larger photograph's working grid."""
    from engine.photograph.resize import resize

    return replace(evidence, difference=resize(evidence.difference, *working_size(photo.width, photo.height)))


def growth(photo: SkinImage, evidence: Evidence, *scribbles: Scribble) -> Bools:
    """The pixels that scribbles change, beyond those that they touch."""
    before, after = refine(photo, evidence), refine(photo, evidence, *scribbles)
    return np.asarray((before.mask != after.mask) & (touched(scribbles, after.mask) == 0))


@pytest.fixture
def wide(photo: SkinImage, evidence: Evidence) -> tuple[SkinImage, Evidence, Bools]:
    """A photograph whose lesion is wider than what is found, with a difference that fades outwards; and that lesion."""
    height, width = photo.height, photo.width
    true = disc(height, width, (height / 2, width / 2), 30)
    plain = np.broadcast_to(SKIN_COLOUR, (height, width, 3))
    rows, columns = np.mgrid[:height, :width]
    fading = np.float32(0.3 * np.exp(-np.hypot(rows - height / 2, columns - width / 2) / 30))
    stack = np.stack([fading] * len(evidence.timesteps))
    return replace(photo, pixels=with_lesion(plain, true)), replace(evidence, difference=stack), true


def test_the_border_follows_a_click_all_around_or_near_by(wide: tuple[SkinImage, Evidence, Bools]) -> None:
    photo, evidence, true = wide
    before = refine(photo, evidence).mask
    missed = true & ~before
    x = np.flatnonzero(missed[photo.height // 2, photo.width // 2 :]).mean() + photo.width // 2  # in the middle of it
    click = (at(LESION, x, photo.height / 2, 1.5, everywhere) for everywhere in (True, False))
    all_around, near = (growth(photo, evidence, one) for one in click)
    left = np.arange(photo.width)[None] < photo.width / 2
    assert np.count_nonzero(missed) > 500
    assert np.count_nonzero(all_around & missed) > 0.3 * np.count_nonzero(missed)
    assert all_around[photo.height // 2, int(x) + 2]  # beyond the middle
    assert np.count_nonzero(all_around & ~true) < 0.05 * np.count_nonzero(missed)
    assert np.count_nonzero(near & left) < 0.1 * np.count_nonzero(all_around & left)
    assert np.count_nonzero(near) > 0


def test_skin_takes_away_as_lesion_adds(wide: tuple[SkinImage, Evidence, Bools]) -> None:
    photo, evidence, _ = wide
    small = disc(photo.height, photo.width, (photo.height / 2, photo.width / 2), 8)
    photo = replace(photo, pixels=with_lesion(np.broadcast_to(SKIN_COLOUR, photo.pixels.shape), small))
    before = refine(photo, evidence).mask
    excess = before & ~small
    x = np.flatnonzero(excess[photo.height // 2, photo.width // 2 :]).mean() + photo.width // 2
    after = refine(photo, evidence, at(SKIN, x, photo.height / 2, 1.5)).mask
    assert not (after & ~before).any()
    assert np.count_nonzero(excess & ~after) > 0.5 * np.count_nonzero(excess)


def test_a_scribble_that_confirms_moves_nothing(photo: SkinImage, evidence: Evidence) -> None:
    assert not growth(photo, evidence, at(LESION, photo.width / 2, photo.height / 2)).any()
    assert not growth(photo, evidence, at(SKIN, 5, 5)).any()
    assert not growth(photo, evidence, at(LESION, -50, -50)).any()


def test_a_scribble_outlives_another_delta(photo: SkinImage, evidence: Evidence) -> None:
    refiner = Refiner()
    one = at(SKIN, photo.width / 2 + 15, photo.height / 2)
    for delta in (0.1, 0.15, 0.2):
        found = drain(refiner.run(photo, evidence, delta, SETTINGS, (one,)))
        assert not found.mask[touched((one,), found.mask) == SKIN].any()
        alone = drain(Refiner().run(photo, evidence, delta, SETTINGS, (one,)))
        assert np.array_equal(found.probability, alone.probability)


def test_one_by_one_or_all_at_once_is_the_same(photo: SkinImage, evidence: Evidence) -> None:
    """Also after some were taken back and others drawn."""
    a, b, c = at(LESION, 20, 36), at(SKIN, 60, 30), at(LESION, 48, 60)
    refiner = Refiner()
    for scribbles in ((a,), (a, b), (a, b, c), (a,), (a, c), (b, c), ()):
        stepwise = refine(photo, evidence, *scribbles, refiner=refiner)
        assert np.array_equal(stepwise.probability, refine(photo, evidence, *scribbles).probability)
        assert np.array_equal(stepwise.mask, refine(photo, evidence, *scribbles).mask)


def test_earlier_scribbles_stay_where_later_ones_pull(wide: tuple[SkinImage, Evidence, Bools]) -> None:
    photo, evidence, _ = wide
    skin = at(SKIN, photo.width / 2, photo.height / 2 - 27, 2)
    found = refine(photo, evidence, skin, at(LESION, photo.width / 2 + 27, photo.height / 2, 2)).mask
    assert not found[touched((skin,), found) == SKIN].any()


def test_where_nothing_was_found_a_click_finds_what_looks_alike(photo: SkinImage, evidence: Evidence) -> None:
    nothing: Floats = np.full_like(evidence.difference, 0.01)
    true = disc(photo.height, photo.width, (36, 48), 9)
    pixels = with_lesion(np.broadcast_to(SKIN_COLOUR, photo.pixels.shape), true)
    assert np.abs(PIGMENT - SKIN_COLOUR).max() > 50
    photo, evidence = replace(photo, pixels=pixels), replace(evidence, difference=nothing)
    found = refine(photo, evidence, at(LESION, 48, 36, 2)).mask
    assert np.count_nonzero(found & true) > 0.8 * np.count_nonzero(true)
    assert np.count_nonzero(found & ~true) < 0.3 * np.count_nonzero(true)


def test_no_thin_rim_is_left_outside_of_what_was_taken_away(
    wide: tuple[SkinImage, Evidence, Bools],
) -> None:
    """A bright rim is unlike the skin and unlike what was touched, but it hangs on nothing any more."""
    photo, evidence, _ = wide
    height, width = photo.height, photo.width
    before = refine(photo, evidence).mask
    radius = np.count_nonzero(before[height // 2]) / 2
    rows, columns = np.mgrid[:height, :width] + 0.5
    away = np.hypot(rows - height / 2, columns - width / 2)
    pixels = with_lesion(np.broadcast_to(SKIN_COLOUR, photo.pixels.shape), away < radius - 10).copy()
    pixels[np.abs(away - radius + 1) < 1.5] = (250, 60, 250)
    click = at(SKIN, width / 2 + radius - 8, height / 2, 1.5)
    after = refine(replace(photo, pixels=pixels), evidence, click).mask
    assert np.count_nonzero(after & (away > radius - 3) & before) < 0.1 * np.count_nonzero(before & (away > radius - 3))
