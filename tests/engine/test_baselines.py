"""Trivial masks: right where the task is trivial, and never broken."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab

from engine.evaluation.baselines import DISC_SHARE, baselines, dark_side, disc, unlike_the_border
from tests.engine.pictures import disc as disc_at
from tests.engine.pictures import skin, with_lesion


def test_a_dark_disc_on_skin_is_found_by_both_thresholds() -> None:
    mask = disc_at(96, 128, (48, 64), 28)
    pixels = with_lesion(skin(0, 96, 128), mask)
    found = baselines(pixels, rgb2lab(pixels), mask)
    assert found["otsu"].dice > 0.97
    assert found["border_colour"].dice > 0.97
    assert 0 < found["disc"].dice < 1


def test_a_pale_lesion_only_the_borders_colour_finds() -> None:
    mask = disc_at(96, 96, (48, 48), 25)
    pale = np.where(mask[..., None], [235, 225, 215], [205, 160, 140]).astype(np.uint8)
    lab = rgb2lab(pale)
    assert not (dark_side(pale) & mask).any()
    assert (unlike_the_border(lab) == mask).all()


@pytest.mark.parametrize(("height", "width"), [(256, 256), (192, 256), (301, 200)])
def test_the_disc_has_its_share_of_the_image_and_its_middle(height: int, width: int) -> None:
    mask = disc(height, width)
    assert mask.mean() == pytest.approx(DISC_SHARE, rel=0.02)
    assert (mask == mask[::-1, ::-1]).all()
    assert mask[height // 2, width // 2]


def test_a_plain_image_has_no_lesion() -> None:
    pixels = np.full((40, 50, 3), 180, np.uint8)
    found = baselines(pixels, rgb2lab(pixels), np.zeros((40, 50), bool))
    assert found["border_colour"].dice == 1  # two empty masks agree
    assert not unlike_the_border(rgb2lab(pixels)).any()
