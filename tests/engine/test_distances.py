"""Distances to a border: brute force at every pixel, and what interpolation between places leaves of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis.extra import numpy as hnp

from engine.reading.distances import FAR, PLACES, distances_to, sides, signed

H, W = 9, 12


def brute(mask: np.ndarray) -> np.ndarray:
    """From the middle of each pixel to the nearest middle of a side, positive inside, one pair after the other."""
    found = []
    for y, x in np.ndindex(mask.shape):
        for ny, nx in ((y + 1, x), (y, x + 1)):
            if ny < mask.shape[0] and nx < mask.shape[1] and mask[y, x] != mask[ny, nx]:
                found.append(((x + nx + 1) / 2, (y + ny + 1) / 2))
    away = np.full(mask.shape, FAR)
    for y, x in np.ndindex(mask.shape):
        away[y, x] = min((np.hypot(x + 0.5 - sx, y + 0.5 - sy) for sx, sy in found), default=FAR)
    return np.where(mask, away, -away)


@given(hnp.arrays(np.bool_, (H, W)), hnp.arrays(np.bool_, (H, W)))
def test_few_pixels_have_their_very_distance(mask: np.ndarray, pixels: np.ndarray) -> None:
    assert np.allclose(signed(mask, pixels), brute(mask)[pixels])


def test_a_box_has_the_sides_within_it_at_their_place_in_the_photograph() -> None:
    mask = np.zeros((H, W), np.bool_)
    mask[3:5, 4] = True
    assert sorted(map(tuple, sides(mask, (4, 0, W, 4)))) == [(4.5, 3.0), (5.0, 3.5)]
    assert distances_to(sides(mask, (0, 0, 3, 3)), np.array([[1.0, 1.0]])).tolist() == [FAR]


def test_many_pixels_are_interpolated_to_a_fraction_of_one() -> None:
    """About a disc, whose distance is known; nearly straight borders are smoother still."""
    rows, columns = np.mgrid[:700, :900] + 0.5
    inside = 200 - np.hypot(columns - 460, rows - 340)
    pixels = np.abs(inside) < 120
    assert np.count_nonzero(pixels) > 16 * PLACES, "or every pixel is looked up"
    found = signed(inside > 0, pixels)
    assert np.abs(found - inside[pixels]).max() < 1.5, "the stairs of the disc's own pixels are most of it"
    near = np.abs(inside[pixels]) < 1
    assert np.abs(found - inside[pixels])[near].max() < 1
