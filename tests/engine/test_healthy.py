"""Healthy counterparts: what is put in a lesion's place, and what is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from engine.training.healthy import FEATHER, MARGIN, non_skin, push_pull, remove_lesion
from tests.engine.pictures import disc, skin, with_lesion

SIDE = 128
REACH = (MARGIN + 4 * FEATHER) * SIDE + 1  # pixels: how far from a lesion the picture may change


def filled(pixels: np.ndarray, mask: np.ndarray, seed: int = 0) -> np.ndarray:
    """The photograph without its lesion."""
    result = remove_lesion(pixels, mask, np.random.default_rng(seed))
    assert result is not None
    return result


@pytest.mark.parametrize("centre", [(64, 64), (30, 90), (10, 64)])
@pytest.mark.parametrize("radius", [8, 25])
def test_the_filling_is_the_skin_that_was_there(centre: tuple[int, int], radius: int) -> None:
    background, mask = skin(1, SIDE, SIDE), disc(SIDE, SIDE, centre, radius)
    pixels = with_lesion(background, mask)
    result = filled(pixels, mask)
    blurred = ndimage.gaussian_filter(result.astype(float) - background, (6, 6, 0))
    assert np.abs(blurred[mask]).max() < 8  # grey levels; the lesion was 90 to 110 darker
    grain = [(x - ndimage.gaussian_filter(x, (3, 3, 0)))[mask].std() for x in (result.astype(float), background)]
    assert 0.5 < grain[0] / grain[1] < 1.5
    away = ndimage.distance_transform_edt(~mask) > REACH
    assert np.array_equal(result[away], pixels[away])


def test_filling_is_repeatable_and_its_texture_random() -> None:
    mask = disc(SIDE, SIDE, (64, 64), 20)
    pixels = with_lesion(skin(2, SIDE, SIDE), mask)
    assert np.array_equal(filled(pixels, mask, seed=1), filled(pixels, mask, seed=1))
    assert not np.array_equal(filled(pixels, mask, seed=1), filled(pixels, mask, seed=2))


def test_without_a_lesion_nothing_changes() -> None:
    pixels = with_lesion(skin(3, SIDE, SIDE), np.zeros((SIDE, SIDE), bool))
    assert np.array_equal(filled(pixels, np.zeros((SIDE, SIDE), bool)), pixels)


@pytest.mark.parametrize("radius", [60, 66])
def test_a_vignette_does_not_leak_into_the_filling(radius: int) -> None:
    background, field = skin(4, SIDE, SIDE), disc(SIDE, SIDE, (64, 64), radius)
    mask = disc(SIDE, SIDE, (64, 85), 28) & field  # its margin reaches the dark surround
    pixels = with_lesion(background, mask)
    pixels[~field] = 8
    result = filled(pixels, mask)
    inside = mask & disc(SIDE, SIDE, (64, 64), radius - 6)
    assert np.abs((result.astype(float) - background)[inside].mean(axis=0)).max() < 8
    assert result[inside].min() > 60
    assert not (non_skin(pixels) & disc(SIDE, SIDE, (64, 64), radius - 8)).any()
    assert non_skin(pixels)[~field].all()


def test_a_dark_lesion_inside_the_picture_is_skin_to_the_vignette_finder() -> None:
    pixels = with_lesion(skin(5, SIDE, SIDE), disc(SIDE, SIDE, (64, 64), 30))
    pixels[60:68, 60:68] = 0
    assert not non_skin(pixels).any()


def test_a_lesion_that_leaves_too_little_skin_has_no_counterpart() -> None:
    everywhere = disc(SIDE, SIDE, (64, 64), 80)
    assert remove_lesion(with_lesion(skin(6, SIDE, SIDE), everywhere), everywhere, np.random.default_rng(0)) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (13, 5), (32, 32), (33, 50)])
def test_push_pull_keeps_what_is_known_and_stays_within_it(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    image, known = rng.random((*shape, 2)).astype(np.float32), rng.random(shape) < 0.3
    known.flat[0] = True
    extended = push_pull(image, known)
    assert np.array_equal(extended[known], image[known])
    assert extended.min() >= image[known].min() - 1e-6
    assert extended.max() <= image[known].max() + 1e-6
