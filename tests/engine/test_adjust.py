"""A photograph's display, adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.photograph.adjust import Adjustment, adjusted, find_hair

if TYPE_CHECKING:
    from engine.arrays import Bytes

GREYS = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
SKIN, DARK = (205, 160, 140), (70, 45, 35)


def picture() -> Bytes:
    """Skin, 300 x 400, with a hair across, a globule, and a large lesion."""
    rows, columns = np.mgrid[:300, :400]
    pixels = np.full((300, 400, 3), SKIN, np.uint8)
    pixels[np.abs(rows - 40 - 0.3 * columns) < 1.5] = DARK
    pixels[np.hypot(rows - 60, columns - 300) < 3] = DARK
    pixels[np.hypot(rows - 220, columns - 150) < 50] = DARK
    return pixels


def test_as_photographed_is_as_photographed() -> None:
    assert Adjustment().is_neutral
    assert not Adjustment(hair=0.1).is_neutral
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    assert np.array_equal(adjusted(pixels, Adjustment()), pixels)


@pytest.mark.parametrize("value", [-1.0, -0.4, 0.4, 1.0])
def test_brightness_moves_every_grey_value_one_way(value: float) -> None:
    moved = adjusted(GREYS, Adjustment(brightness=value)).astype(int) - GREYS
    assert (np.sign(value) * moved >= 0).all()
    assert moved[0, 128, 0] == round(96 * value)
    assert (np.diff(adjusted(GREYS, Adjustment(brightness=value))[0, :, 0].astype(int)) >= 0).all()


@pytest.mark.parametrize(("value", "gain"), [(-1.0, 0.5), (1.0, 2.0)])
def test_contrast_parts_grey_values_about_the_middle(value: float, gain: float) -> None:
    made = adjusted(GREYS, Adjustment(contrast=value))[0, :, 0].astype(int)
    assert made[128] == 128
    assert made[148] - made[108] == pytest.approx(40 * gain, abs=1)


def test_hair_is_found_and_globules_and_lesions_are_not() -> None:
    pixels = picture()
    found = find_hair(pixels)
    rows, columns = np.mgrid[:300, :400]
    hair = (np.abs(rows - 40 - 0.3 * columns) < 1.5) & (columns > 10) & (columns < 390)
    assert np.mean(found[hair] > 60) > 0.95
    assert (found[(np.hypot(rows - 60, columns - 300) < 3)] == 0).all()
    assert (found[(np.hypot(rows - 220, columns - 150) < 45)] == 0).all()
    softened = adjusted(pixels, Adjustment(hair=1.0), found)
    assert np.abs(softened[hair].astype(int) - SKIN).mean() < 25
    half = adjusted(pixels, Adjustment(hair=0.5), found)
    assert (half[hair] <= softened[hair]).all()
    assert (half[hair] >= pixels[hair]).all()
    assert np.array_equal(softened[found == 0], pixels[found == 0])


def test_the_photograph_itself_stays_as_it_is() -> None:
    pixels = picture()
    before = pixels.copy()
    pixels.flags.writeable = False
    adjusted(pixels, Adjustment(0.3, 0.3, 1.0), find_hair(pixels))
    assert np.array_equal(pixels, before)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 5)])
def test_tiny_photographs_are_no_trouble(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    assert find_hair(pixels).shape == size


def test_a_picture_without_lines_is_left_alone() -> None:
    assert not find_hair(np.full((200, 300, 3), 120, np.uint8)).any()
