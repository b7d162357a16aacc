"""Resampling: sizes, ranges, averages, and that nothing moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from engine.photograph.resize import exceeds, halved, resize, resize_rgb
from tests.engine.test_image import PIXELS

maps = hnp.arrays(np.float32, st.tuples(st.integers(2, 20), st.integers(2, 20)), elements=st.floats(-5, 5, width=32))


@given(maps)
def test_resizing_to_the_same_size_changes_nothing(values: np.ndarray) -> None:
    assert np.array_equal(resize(values, *values.shape[::-1]), values)


@given(maps, st.integers(1, 50), st.integers(1, 50))
def test_a_resized_map_has_the_size_asked_for_and_stays_in_range(values: np.ndarray, width: int, height: int) -> None:
    resized = resize(values, width, height)
    assert (resized.shape, resized.dtype) == ((height, width), np.float32)
    assert resized.min() >= values.min()
    assert resized.max() <= values.max()


@given(hnp.arrays(np.float32, (3, 6, 8), elements=st.floats(0, 1, width=32)))
def test_a_stack_is_resized_map_by_map(values: np.ndarray) -> None:
    assert np.array_equal(resize(values, 13, 9), [resize(one, 13, 9) for one in values])


def test_shrinking_averages() -> None:
    checks = np.indices((64, 64)).sum(axis=0) % 2 * 1.0
    np.testing.assert_allclose(resize(checks, 8, 8), 0.5, atol=0.01)
    pixels = np.uint8(255 * checks)[..., None].repeat(3, 2)
    assert np.abs(resize_rgb(pixels, 8, 8).astype(float) - 127.5).max() < 3


def test_a_map_keeps_its_place_when_enlarged() -> None:
    ramp = np.tile(np.arange(16, dtype=np.float32), (16, 1))
    enlarged = resize(ramp, 160, 160)
    expected = (np.arange(160) + 0.5) / 10 - 0.5  # pixel centres
    np.testing.assert_allclose(enlarged[80, 20:140], expected[20:140], atol=0.01)


@given(maps, st.integers(20, 60), st.integers(20, 60))
def test_linearly_enlarged_it_lies_on_the_lines_between_pixels(values: np.ndarray, width: int, height: int) -> None:
    rows, columns = values.shape
    x, y = ((np.arange(new) + 0.5) * old / new - 0.5 for new, old in ((width, columns), (height, rows)))
    across = np.stack([np.interp(x, np.arange(columns), row) for row in values])
    expected = np.stack([np.interp(y, np.arange(rows), column) for column in across.T], axis=1)
    np.testing.assert_allclose(resize(values, width, height, linear=True), expected, atol=1e-3)


def test_photographs_are_resized_to_the_size_asked_for() -> None:
    assert resize_rgb(PIXELS, 17, 23).shape == (23, 17, 3)
    assert np.array_equal(resize_rgb(PIXELS, 56, 40), PIXELS)


@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(0, 1, width=32)),
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from([0.25, 0.5, 0.8]),
)
def test_what_exceeds_a_level_is_what_the_enlarged_map_says_to_the_bit(
    values: np.ndarray, width: int, height: int, level: float
) -> None:
    assert np.array_equal(exceeds(values, level, width, height), resize(values, width, height, linear=True) > level)


@pytest.mark.parametrize("size", [(6000, 4000), (6001, 3999), (1024, 683), (512, 341)])
def test_also_in_a_large_photograph(size: tuple[int, int]) -> None:
    hills = np.random.default_rng(3).random((24, 32)).astype(np.float32)
    values = resize(hills, 512, 341)
    values[40:60, 40:60] = 0.5  # on the level itself
    assert np.array_equal(exceeds(values, 0.5, *size), resize(values, *size, linear=True) > 0.5)


@pytest.mark.parametrize("size", [(37, 25), (512, 341), (256, 256), (900, 40), (2000, 1333)])
def test_photographs_are_shrunk_as_pillow_does_it_at_once(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (1999, 3001, 3), np.uint8)
    whole = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    assert np.array_equal(resize_rgb(pixels, *size), np.asarray(whole))


@pytest.mark.parametrize("shape", [(8, 6, 3), (7, 5, 3), (4, 4), (3, 1500, 3)])
def test_half_the_size_is_the_mean_of_two_by_two(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    half = halved(pixels)
    assert half.dtype == np.uint8
    assert half.shape == (-(-shape[0] // 2), -(-shape[1] // 2), *shape[2:])
    even = pixels[: shape[0] // 2 * 2, : shape[1] // 2 * 2].astype(float)
    mean = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4
    assert np.abs(half[: shape[0] // 2, : shape[1] // 2] - mean).max() <= 0.5
