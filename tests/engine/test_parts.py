"""Connected parts from runs: against scipy's labels, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from engine.method.parts import parts

if TYPE_CHECKING:
    from engine.arrays import Bools

masks = hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


@given(masks, st.booleans(), st.integers(0, 30))
def test_parts_are_those_that_a_labelling_finds(mask: Bools, corners: bool, least: int) -> None:
    number, count = ndimage.label(mask, np.ones((3, 3)) if corners else None)
    found = parts(mask, corners)
    sizes = np.bincount(number.ravel(), minlength=count + 1)[1:]
    assert sorted(found.sizes) == sorted(sizes)
    assert np.array_equal(found.below(least), np.concatenate([[False], sizes < least])[number])
    boxes = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(number)]
    assert sorted(map(tuple, found.boxes().tolist())) == sorted(boxes)


@given(masks, masks, st.booleans())
def test_parts_that_hold_something_count_as_larger_than_anything(mask: Bools, held: Bools, corners: bool) -> None:
    held = np.resize(held, mask.shape)
    number, count = ndimage.label(mask, np.ones((3, 3)) if corners else None)
    stay = np.zeros(count + 1, np.bool_)
    stay[number[held]] = True
    stay[0] = True
    found = parts(mask, corners)
    left = found.larger_than_all(found.holding(held)).below(mask.size + 1)
    assert np.array_equal(left, ~stay[number])


@given(masks)
def test_what_reaches_the_side_is_no_hole(mask: Bools) -> None:
    found = parts(~mask, corners=False)
    holes = found.larger_than_all(found.reaching_the_side()).below(mask.size + 1)
    assert np.array_equal(mask | holes, ndimage.binary_fill_holes(mask))


@pytest.mark.parametrize("corners", [True, False])
def test_a_mask_of_many_parts_and_long_runs(corners: bool) -> None:
    mask = np.random.default_rng(7).random((300, 500)) > 0.55
    mask[100:120] = True
    number, count = ndimage.label(mask, np.ones((3, 3)) if corners else None)
    found = parts(mask, corners)
    assert len(found.sizes) == count
    sizes = np.bincount(number.ravel())[1:]
    assert np.array_equal(found.below(20), np.concatenate([[False], sizes < 20])[number])
