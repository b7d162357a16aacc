"""From refined masks to one border: against brute force, and what must stay, go, and be told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from engine.method.tidy import bound, cleaned, recut, smoothed, without_specks
from engine.photograph.resize import resize
from engine.reading.contours import contours

if TYPE_CHECKING:
    from engine.arrays import Bools, Floats

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
shares = st.floats(0, 1, width=32)
maps = hnp.arrays(np.float32, shapes, elements=shares)
drops = st.sampled_from([0.02, 0.1, 0.25, 0.5])
SIDES, CORNERS = 1.1, 1.5  # how far apart pixels may be that are joined


def parts(mask: Bools, reach: float) -> list[set[tuple[int, int]]]:
    """The pixels (row, column) of each part of a mask, found by going from pixel to pixel."""
    left, found = {(int(y), int(x)) for y, x in np.argwhere(mask)}, []
    while left:
        front = [left.pop()]
        part = set(front)
        while front:
            here = front.pop()
            near = {p for p in left if math.dist(p, here) <= reach}
            left -= near
            part |= near
            front += near
        found.append(part)
    return found


def holes(lesion: Bools) -> list[set[tuple[int, int]]]:
    """Parts of the skin from which no way leads out of the map, in its pixels."""
    out = np.pad(~lesion, 1, constant_values=True)
    return [{(y - 1, x - 1) for y, x in part} for part in parts(out, SIDES) if (0, 0) not in part]


def tidied(lesion: Bools, drop: float) -> Bools:
    """What :func:`without_specks` is to leave of a mask, by the book."""
    found = lesion.copy()
    pieces = parts(lesion, CORNERS)
    least = drop * max(map(len, pieces), default=0)
    for part in pieces:
        if len(part) < least:
            found[tuple(zip(*part, strict=True))] = False
    for hole in holes(found):
        if len(hole) < least:
            found[tuple(zip(*hole, strict=True))] = True
    return found


def wave(seed: int, size: int = 64) -> Floats:
    """A map of smooth hills, in [0, 1]."""
    noise = np.random.default_rng(seed).normal(size=(size, size))
    hills = ndimage.gaussian_filter(noise, 3)
    return np.asarray(1 / (1 + np.exp(-4 * hills / hills.std())), np.float32)


def disc(height: int, width: int, x: float, y: float, radius: float) -> Floats:
    """A map that falls from 1 to 0 across the circle, over some pixels."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.asarray(1 / (1 + np.exp(np.hypot(rows - y, columns - x) - radius)), np.float32)


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=shares), st.floats(0.2, 0.7))
def test_smoothing_is_a_gaussian_mean_of_the_map_as_it_goes_on(values: Floats, width: float) -> None:
    reach = 8
    far = np.pad(values, reach, mode="edge").astype(np.float64)
    found = smoothed(values, width)
    for (y, x), value in np.ndenumerate(found):
        rows, columns = np.mgrid[: far.shape[0], : far.shape[1]] - np.array([y, x])[:, None, None] - reach
        weight = np.exp(-(rows**2 + columns**2) / (2 * width**2))
        assert value == pytest.approx((weight * far).sum() / weight.sum(), abs=2e-3)


@given(maps)
def test_no_smoothing_and_the_even_cut_leave_the_map_to_the_bit(values: Floats) -> None:
    assert smoothed(values, 0) is values
    assert recut(values, 0.5) is values
    assert bound(values, 0) == 0
    assert without_specks(values, 0, (10, 10)) == (values, ())
    lesion = values > 0.5
    assert cleaned(lesion, 0) is lesion


@given(maps, maps, st.floats(0.1, 3))
def test_smoothing_keeps_order(values: Floats, other: Floats, width: float) -> None:
    if values.shape == other.shape:
        low, high = np.minimum(values, other), np.maximum(values, other)
        assert (smoothed(low, width) <= smoothed(high, width) + 1e-6).all()


@given(maps, st.floats(0.05, 0.95))
def test_a_cut_is_where_the_new_map_exceeds_one_half(values: Floats, cut: float) -> None:
    found = recut(values, cut)
    assert found.dtype == np.float32
    clear = np.abs(values - cut) > 1e-5
    assert np.array_equal((found > 0.5)[clear], (values > cut)[clear])
    order = np.argsort(values, axis=None)
    assert (np.diff(found.ravel()[order]) >= -1e-6).all()
    assert recut(np.float32([0, 1]), cut).tolist() == [0, 1]


@given(maps, drops)
def test_what_stays_is_what_is_large_enough(values: Floats, drop: float) -> None:
    least = bound(values, drop)
    found, dropped = without_specks(values, least, values.shape)
    assert np.array_equal(found > 0.5, tidied(values > 0.5, drop))
    changed = (found > 0.5) != (values > 0.5)
    assert (found != values)[~changed].sum() == 0
    if not any(one.hole for one in dropped):  # an island in a hole goes, and then the hole, so both are told
        assert sum(one.area_px for one in dropped) == np.count_nonzero(changed)
    assert (found > 0.5).any() == (values > 0.5).any()  # the largest piece always stays
    assert found.dtype == np.float32
    assert without_specks(found, least, values.shape)[1] == ()


@given(maps, drops, st.integers(1, 5), st.integers(1, 5))
def test_each_dropped_part_is_told_in_the_photographs_pixels(values: Floats, drop: float, tall: int, wide: int) -> None:
    h, w = values.shape
    _, dropped = without_specks(values, bound(values, drop), (h * tall, w * wide))
    lesion = values > 0.5
    pieces = parts(lesion, CORNERS)
    least = drop * max(map(len, pieces), default=0)
    small = [part for part in pieces if len(part) < least]
    told = [one for one in dropped if not one.hole]
    assert sorted(one.area_px for one in told) == sorted(len(part) * tall * wide for part in small)
    boxes = [
        (min(x for _, x in p) * wide, min(y for y, _ in p) * tall, (max(x for _, x in p) + 1) * wide,
         (max(y for y, _ in p) + 1) * tall)
        for p in small
    ]  # fmt: skip
    assert sorted(one.box for one in told) == sorted(boxes)
    assert [one.area_px for one in dropped] == sorted((one.area_px for one in dropped), reverse=True)


def test_an_island_and_a_pinhole_of_one_pixel_go() -> None:
    values = disc(60, 80, 40, 30, 18)
    values[5, 5] = 1
    values[30, 40] = 0
    found, dropped = without_specks(values, bound(values, 0.02), (600, 800))
    assert [(one.hole, one.area_px, one.box) for one in dropped] == [
        (False, 100, (50, 50, 60, 60)),
        (True, 100, (400, 300, 410, 310)),
    ]
    assert np.array_equal(found > 0.5, disc(60, 80, 40, 30, 18) > 0.5)


@pytest.mark.parametrize(("radius", "stays"), [(2, False), (4, True), (6, True)])
def test_a_second_lesion_above_the_bound_stays(radius: float, stays: bool) -> None:
    values = np.maximum(disc(80, 120, 40, 40, 20), disc(80, 120, 100, 40, radius))
    found, dropped = without_specks(values, bound(values, 0.03), (80, 120))
    assert ndimage.label(found > 0.5)[1] == 1 + stays
    assert len(dropped) == 1 - stays
    assert stays == (np.array_equal(found, values))


@given(hnp.arrays(np.bool_, shapes), drops, st.integers(0, 3))
def test_a_mask_is_cleaned_as_a_map_is(lesion: Bools, drop: float, margin: int) -> None:
    least = drop * max(map(len, parts(lesion, CORNERS)), default=0)
    assert np.array_equal(cleaned(np.pad(lesion, margin), least), np.pad(tidied(lesion, drop), margin))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("factor", [1, 1.7, 6])
def test_the_mask_at_the_photographs_size_is_what_the_border_encloses(seed: int, factor: float) -> None:
    size, values = round(64 * factor), wave(seed)
    least = bound(values, 0.1)
    found, dropped = without_specks(values, least, (size, size))
    assert dropped
    raw = resize(found, size, size, linear=True) > 0.5
    mask = cleaned(raw, least / 2 * factor**2)
    assert np.count_nonzero(mask != raw) < least / 2 * factor**2  # what hung on by less than a pixel, if anything
    sizes = np.bincount(ndimage.label(mask, np.ones((3, 3)))[0].ravel())[1:]
    assert sizes.min() >= least / 2 * factor**2
    curves = contours(found, 0.5, size, size)
    enclosed = sum((c[:-1, 0] * c[1:, 1] - c[1:, 0] * c[:-1, 1]).sum() for c in curves) / 2
    assert abs(enclosed) == pytest.approx(np.count_nonzero(raw), rel=0.02 if factor == 1 else 0.01)
