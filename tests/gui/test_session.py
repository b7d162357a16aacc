"""A long session on a photograph of full resolution: many moves, no answer lost, the last value shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from diffseg_gui.panels.readout import NO_LESION
from PIL import Image
from PySide6.QtCore import Qt

from engine.host import resources
from engine.networks.weights import load_model
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.pipeline import Pipeline
from engine.progress import drain
from tests.gui.conftest import wait_until_current
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.recipe import Recipe

WIDTH, HEIGHT = 3024, 2016
RIGHT, LEFT = Qt.Key.Key_Right, Qt.Key.Key_Left


@pytest.fixture
def large_path(tmp_path: Path) -> Path:
    """A photograph of 6 megapixels."""
    path = tmp_path / "large.jpg"
    Image.fromarray(resize_rgb(read_image(resources.samples()[-1]).pixels, WIDTH, HEIGHT)).save(path, quality=85)
    return path


def test_two_hundred_delta_moves_and_fifty_crf_moves(
    bench: Workbench, large_path: Path, model_path: Path, qtbot: QtBot
) -> None:
    bench.window.open_image(large_path)
    wait_until_current(bench, qtbot)
    finished: list[Recipe] = []
    bench.analyst.finished.connect(lambda found: finished.append(found.recipe))
    delta, weight = bench.window.threshold.delta, bench.window.crf.rows["w1"]
    for number in range(200):
        qtbot.keyClick(delta.slider, RIGHT if number % 50 < 30 else LEFT)
        if number % 40 == 39:
            qtbot.wait(120)  # the hand rests, the worker begins, and is overtaken
    for number in range(50):
        qtbot.keyClick(weight.slider, LEFT if number % 5 == 4 else RIGHT)
    default = RECIPE
    expected = replace(
        default,
        vote=replace(default.vote, delta=round(default.vote.delta + 0.005 * 40, 4)),
        crf=replace(default.crf, w1=round(default.crf.w1 + 0.1 * 30, 2)),
    )
    wait_until_current(bench, qtbot)
    assert bench.state.recipe == expected
    assert finished[-1] == expected
    assert (delta.value(), weight.value()) == pytest.approx((expected.vote.delta, expected.crf.w1))
    alone = drain(Pipeline(load_model(model_path), "cpu").run(read_image(large_path), expected))
    assert np.array_equal(bench.state.segmentation.mask, alone.mask)
    area = f"{alone.refined.area_px:,} px²" if alone.refined.area_px else NO_LESION
    assert bench.window.readout.values["Model's area"].text().startswith(area)
    assert not bench.window.maps.panels["refined"].canvas.scene.stale
