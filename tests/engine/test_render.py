"""Arrays to colours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import colormaps

from engine.records.colour_maps import HEXADECIMAL
from engine.records.render import (
    AMBIGUITY_MAP,
    AMBIGUITY_RANGE,
    CONSISTENCY_MAP,
    CONTOUR,
    DISTANCE_MAP,
    colour_table,
    heatmap,
    heatmap_picture,
    mask_picture,
    overlay_picture,
    to_index,
)


def test_the_maps_of_results_are_at_hand() -> None:
    assert {CONSISTENCY_MAP, AMBIGUITY_MAP, DISTANCE_MAP} < set(HEXADECIMAL)


@pytest.mark.parametrize("name", HEXADECIMAL)
def test_a_heatmap_is_matplotlibs_at_every_level(name: str) -> None:
    values = np.linspace(0, 0.25, 256, dtype=np.float32)[None]
    expected = np.rint(255 * colormaps[name](np.arange(256)))
    assert np.array_equal(heatmap(values, name, AMBIGUITY_RANGE)[0], expected)


@pytest.mark.parametrize("name", HEXADECIMAL)
def test_brighter_always_means_more(name: str) -> None:
    luminance = colour_table(name)[:, :3] @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(luminance) > -1.0).all()
    assert luminance[-1] - luminance[0] > 150


@given(st.lists(st.floats(-1, 2, width=32), min_size=1))
def test_levels_rise_with_the_value_and_stop_at_both_ends(values: list[float]) -> None:
    ordered = np.sort(np.array(values, np.float32))
    index = to_index(ordered, (0.0, 1.0)).astype(int)
    assert (np.diff(index) >= 0).all()
    assert (index[ordered <= 0] == 0).all()
    assert (index[ordered >= 1] == 255).all()


def test_a_heatmap_file_shows_the_heatmap() -> None:
    values = np.random.default_rng(0).random((20, 30), np.float32)
    picture = heatmap_picture(values, CONSISTENCY_MAP, (0.0, 1.0))
    assert np.array_equal(np.asarray(picture.convert("RGBA")), heatmap(values, CONSISTENCY_MAP, (0.0, 1.0)))


def test_an_overlay_draws_the_border_and_leaves_the_rest_alone() -> None:
    pixels = np.full((200, 300, 3), 180, np.uint8)
    square = np.array([(100, 50), (200, 50), (200, 150), (100, 150), (100, 50)], float)
    drawn = np.asarray(overlay_picture(pixels, [square]))
    for x, y in square.astype(int):
        assert tuple(drawn[y, x]) == CONTOUR
    assert (drawn[60:140, 110:190] == 180).all()
    assert (drawn[:40] == 180).all()
    assert (pixels == 180).all()


def test_a_mask_becomes_black_and_white() -> None:
    mask = np.eye(4, dtype=bool)
    assert np.array_equal(mask_picture(mask), np.where(mask, 255, 0))
    assert mask_picture(mask).dtype == np.uint8
