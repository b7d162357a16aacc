"""A long session on a photograph of full resolution: many moves, no answer lost, the last value shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.maps import Maps
from diffseg_gui.features.settings import Settings
from diffseg_gui.look.numbers import count
from engine.host import resources
from engine.networks.weights import load_model
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.pipeline import Pipeline
from engine.progress import drain
from tests.gui.conftest import wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.recipe import Recipe

WIDTH, HEIGHT = 3024, 2016
RIGHT, LEFT = Qt.Key.Key_Right, Qt.Key.Key_Left


@pytest.fixture
def large_path(tmp_path: Path) -> Path:
    """A photograph of 6 megapixels."""
    path = tmp_path / "large.jpg"
    Image.fromarray(resize_rgb(read_image(resources.samples()[-1]).pixels, WIDTH, HEIGHT)).save(path, quality=85)
    return path


@pytest.mark.slow
def test_two_hundred_delta_moves_and_fifty_crf_moves(
    bench: Workbench, large_path: Path, model_path: Path, qtbot: QtBot
) -> None:
    bench.series.begin([large_path])
    wait_until_current(bench, qtbot)
    finished: list[Recipe] = []
    bench.analyst.finished.connect(lambda found: finished.append(found.recipe))
    sections = bench.feature(Settings).sections
    delta, weight = sections["threshold"].delta, sections["crf"].rows["w1"]
    for number in range(200):
        qtbot.keyClick(delta.slider, RIGHT if number % 50 < 24 else LEFT)
        if number % 40 == 39:
            qtbot.wait(120)  # the hand rests, the worker begins, and is overtaken
    for number in range(50):
        qtbot.keyClick(weight.slider, LEFT if number % 5 == 4 else RIGHT)
    default = bench.document.defaults
    expected = replace(
        default,
        vote=replace(default.vote, delta=round(default.vote.delta - 0.005 * 8, 4)),
        crf=replace(default.crf, w1=round(default.crf.w1 + 0.1 * 30, 2)),
    )
    wait_until_current(bench, qtbot)
    assert bench.document.recipe == expected
    assert finished[-1] == expected
    assert (delta.value(), weight.value()) == pytest.approx((expected.vote.delta, expected.crf.w1))
    alone = drain(Pipeline(load_model(model_path), "cpu").run(read_image(large_path), expected))
    assert np.array_equal(bench.document.shown.segmentation.mask, alone.mask)
    assert 0.1 < alone.mask.mean() < 0.9
    area = bench.feature(Disagreement).card.values["Model's area"].text()
    assert area.startswith(f"{count(alone.refined.area_px)} px²")
    assert not bench.feature(Maps).card.panels["refined"].canvas.scene.stale
