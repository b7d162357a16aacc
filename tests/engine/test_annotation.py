"""Annotations: read for one photograph, compared with one result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import ImageError
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement
from engine.reading.annotation import OUTLINE_SIDE, compare, outlines, read_annotation
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.arrays import Bools
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Segmentation


def enclosed(mask: Bools) -> float:
    """Area within a mask's outlines; holes run the other way round."""
    doubled = [float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) for x, y in (line.T for line in outlines(mask))]
    return abs(sum(doubled)) / 2


@pytest.fixture
def found(model: Model, photo: SkinImage) -> Segmentation:
    """The tiny network's result."""
    return drain(Pipeline(model, "cpu").run(photo, RECIPE))


@given(st.integers(5, 60), st.integers(5, 60), st.integers(1, 20))
def test_outlines_enclose_a_rectangle(height: int, width: int, hole: int) -> None:
    mask = np.zeros((height + 30, width + 40), np.bool_)
    mask[10 : 10 + height, 20 : 20 + width] = True
    assert enclosed(mask) == pytest.approx(height * width, abs=2)  # corners are cut
    mask[12 : min(12 + hole, 8 + height), 22 : min(22 + hole, 18 + width)] = False
    assert enclosed(mask) == pytest.approx(np.count_nonzero(mask), abs=4)


@pytest.mark.parametrize("hole", [0, 1], ids=["whole", "all but a pixel"])
def test_the_outline_of_a_mask_that_fills_the_photograph_is_its_side(hole: int) -> None:
    mask = np.ones((90, 120), np.bool_)
    mask[:hole, :hole] = False
    (line,) = outlines(mask)
    assert (line.min(axis=0).tolist(), line.max(axis=0).tolist()) == ([0, 0], [120, 90])
    assert enclosed(mask) == pytest.approx(90 * 120, abs=2)


def test_outlines_of_a_large_mask_are_coarse_but_right() -> None:
    rows, columns = np.mgrid[:2400, :3000]
    disc = np.hypot(rows - 1100, columns - 1700) < 800
    (line,) = outlines(disc)
    assert len(line) < 4 * OUTLINE_SIDE
    assert np.hypot(line[:, 0] - 1700.5, line[:, 1] - 1100.5) == pytest.approx(800, abs=3)


def test_comparison_of_a_result(found: Segmentation) -> None:
    expert = np.roll(found.consensus_mask, 5, axis=1)
    result = compare(found, found.mask, expert)
    assert result.consensus == agreement(found.consensus_mask, expert)
    assert found.refined is not None
    assert result.refined == agreement(found.refined.mask, expert)
    assert result.corrected is None
    assert result.missed + np.count_nonzero(found.mask & expert) == np.count_nonzero(expert)
    assert result.extra + np.count_nonzero(found.mask & expert) == np.count_nonzero(found.mask)
    perfect = compare(found, expert, expert)
    assert perfect.corrected == agreement(expert, expert)
    assert (perfect.missed, perfect.extra, perfect.missed_border, perfect.extra_border) == (0, 0, [], [])
    assert compare(replace(found, refined=None), expert, expert).refined is None


def test_reading_an_annotation(photo: SkinImage, tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    mask = np.zeros((photo.height, photo.width), np.bool_)
    mask[10:40, 20:50] = True
    Image.fromarray(mask).save(path)
    read = read_annotation(path, photo)
    assert np.array_equal(read.mask, mask)
    assert not read.mask.flags.writeable
    assert len(read.border) == 1
    Image.fromarray(mask.T).save(path)
    with pytest.raises(ImageError, match=f"{photo.height} x {photo.width} .* is {photo.width} x {photo.height}"):
        read_annotation(path, photo)
    with pytest.raises(ImageError, match="does not exist"):
        read_annotation(tmp_path / "none.png", photo)
