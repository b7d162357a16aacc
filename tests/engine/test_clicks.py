"""The simulated user: where it clicks, and as what."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.clicks import WIDTH, click
from engine.scribbles import LESION, SKIN


@pytest.mark.parametrize("label", [LESION, SKIN])
def test_the_user_clicks_the_middle_of_the_largest_wrong_region(label: int) -> None:
    mask, annotation = np.zeros((60, 80), bool), np.zeros((60, 80), bool)
    annotation[5:9, 5:9] = True  # a smaller region
    annotation[20:41, 30:61] = True
    annotation[20:41, 61:70] = mask[20:41, 61:70] = True  # right already
    if label == SKIN:
        mask, annotation = annotation, mask
    one = click(mask, annotation)
    assert one is not None
    [(x, y)] = one.points
    assert (one.label, one.radius) == (label, WIDTH / 2 * 80)
    assert y == 30.5
    assert 40 <= x <= 51


def test_the_user_does_not_click_what_is_right() -> None:
    mask = np.eye(9, dtype=bool)
    assert click(mask, mask) is None


def test_a_click_lies_in_the_photograph_where_it_was_seen_on_the_working_grid() -> None:
    mask, annotation = np.zeros((600, 2048), bool), np.zeros((600, 2048), bool)
    annotation[100:200, 1000:1100] = True
    one = click(mask, annotation)
    assert one is not None
    assert one.points[0] == pytest.approx((1050, 150), abs=4)
