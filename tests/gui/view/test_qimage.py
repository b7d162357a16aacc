"""Pictures at several sizes."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from diffseg_gui.view.qimage import SMALLEST, Picture, to_pixels


@pytest.mark.parametrize("shape", [(1000, 3000, 3), (1001, 1999, 3), (2000, 900)])
def test_a_large_picture_has_smaller_copies_of_the_same_thing(shape: tuple[int, ...]) -> None:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    grey = (64 + 64 * (rows > shape[0] / 2) + 64 * (columns > shape[1] / 2)).astype(np.uint8)
    picture = Picture(grey if len(shape) == 2 else np.repeat(grey[..., None], 3, axis=2))
    gc.collect()
    sizes = [(level.height(), level.width()) for level in picture.levels]
    assert sizes[0] == shape[:2]
    assert SMALLEST < max(sizes[-1]) <= 2 * SMALLEST
    for (height, width), (h, w), level in zip(sizes, sizes[1:], picture.levels[1:], strict=False):
        assert (h, w) == (-(-height // 2), -(-width // 2))
        pixels = to_pixels(level)[..., 0]
        assert (pixels[1, 1], pixels[1, -2], pixels[-2, 1], pixels[-2, -2]) == (64, 128, 128, 192)


def test_the_smallest_copy_that_is_sharp_is_taken() -> None:
    picture = Picture(np.zeros((2000, 3200, 3), np.uint8))
    assert [level.width() for level in picture.levels] == [3200, 1600, 800]
    asked = {0.1: 800, 0.25: 800, 0.26: 1600, 0.5: 1600, 0.9: 3200, 4.0: 3200}
    assert {scale: picture.at(scale).width() for scale in asked} == asked


def test_a_small_picture_is_alone() -> None:
    assert len(Picture(np.zeros((300, 2 * SMALLEST, 3), np.uint8)).levels) == 1
