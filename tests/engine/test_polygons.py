"""Borders as polygons: rasterised again they are the mask, holes are holes, and points are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from engine.reading.agreement import agreement
from engine.reading.contours import contours
from engine.reading.outline import outline
from engine.reading.polygons import keyhole, pieces, signed_area
from tests.engine.pictures import disc
from tests.engine.test_export import enclosed

if TYPE_CHECKING:
    from collections.abc import Iterable


def filled(rings: Iterable[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """The pixels whose middles the rings enclose, by the even-odd rule."""
    return enclosed([np.concatenate([ring, ring[:1]]) for ring in rings], shape)


def blobs(seed: int, level: float) -> np.ndarray:
    """A mask of several ragged pieces, some with holes, which may touch the sides: bool (80, 100)."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(80, 100)), 5)
    return np.asarray(noise > level * noise.std())


@given(st.integers(0, 10_000), st.floats(-1, 1))
@settings(max_examples=15)
def test_pieces_and_holes_are_the_mask_again(seed: int, level: float) -> None:
    mask = blobs(seed, level)
    found = pieces(outline(mask))
    assert agreement(filled((ring for piece in found for ring in piece.rings), mask.shape), mask).dice > 0.995
    assert agreement(filled(map(keyhole, found), mask.shape), mask).dice > 0.995


@given(st.integers(0, 10_000), st.floats(-1, 1))
@settings(max_examples=15)
def test_each_piece_is_a_connected_part_with_its_own_holes(seed: int, level: float) -> None:
    mask = ndimage.binary_opening(blobs(seed, level), iterations=2)  # parts that touch at a corner only are two
    parts, count = ndimage.label(mask)
    found = pieces(outline(mask))
    assert len(found) == count
    for piece in found:
        within = filled(piece.rings, mask.shape)
        numbers, sizes = np.unique(parts[within & mask], return_counts=True)
        assert sizes.max() / sizes.sum() > 0.99, numbers
        assert signed_area(piece.outer) > 0
        assert all(signed_area(hole) < 0 for hole in piece.holes)
    areas = [signed_area(piece.outer) for piece in found]
    assert areas == sorted(areas, reverse=True)


def test_an_island_in_a_hole_is_a_piece_of_its_own() -> None:
    at = (100.0, 100.0)
    mask = disc(200, 200, at, 80) & ~disc(200, 200, at, 60) | disc(200, 200, at, 30) & ~disc(200, 200, at, 10)
    for curves in (outline(mask), contours(ndimage.gaussian_filter(np.float32(mask), 1), 0.5, 200, 200)):
        assert [len(piece.holes) for piece in pieces(curves)] == [1, 1]


@pytest.mark.parametrize(("radius", "share"), [(20, 1.0), (200, 0.4), (600, 0.1)])
def test_points_are_few(radius: int, share: float) -> None:
    side = 2 * radius + 20
    mask = disc(side, side, (side / 2, side / 2), radius)
    curves = outline(mask)
    (piece,) = pieces(curves)
    assert len(piece.outer) <= share * len(curves[0])
    assert agreement(filled(piece.rings, mask.shape), mask).dice > 0.995


def test_where_there_is_nothing_there_is_no_piece() -> None:
    assert pieces([]) == []
    assert pieces(outline(np.zeros((9, 9), np.bool_))) == []
    assert len(pieces(outline(np.ones((9, 9), np.bool_)))) == 1
