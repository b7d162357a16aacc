"""Scribbles through the whole program: the border follows them, under other settings too; they are kept, exported."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from engine.networks.weights import load_model
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.records.export import export
from engine.records.sidecar import read_scribbles
from engine.scribbles import SKIN, labels
from tests.gui.conftest import wait_until_current
from tests.gui.strokes import CTRL, drag

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def test_the_border_follows_and_goes_on_following(
    make_bench: Callable[..., Workbench], model_path: Path, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bench = make_bench(model_path, tmp_path / "readings")
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    document = bench.document
    before = document.shown.segmentation
    y, x = np.argwhere(before.mask)[np.count_nonzero(before.mask) // 2]
    qtbot.keyClick(bench.window, Qt.Key.Key_K)
    drag(bench.stage.canvas, qtbot, [(float(x), float(y)), (float(x) + 4, float(y))])
    wait_until_current(bench, qtbot)
    found = document.shown.segmentation
    said = labels(found.scribbles, found.mask.shape, found.mask.shape)
    assert found.evidence is before.evidence, "the network was not asked again"
    assert before.mask[said == SKIN].any()
    assert not found.mask[said == SKIN].any()

    document.set_recipe(replace(document.recipe, crf=replace(document.recipe.crf, w1=2.0)))
    wait_until_current(bench, qtbot)
    other = document.shown.segmentation
    assert other.scribbles == found.scribbles
    assert not other.mask[said == SKIN].any()

    export(other, tmp_path / "out", document.reading)
    made = json.loads((tmp_path / "out" / "result.json").read_text())
    assert len(made["scribbles"]) == 1
    read = read_scribbles(tmp_path / "out" / "result.json", document.photograph)
    again = drain(Pipeline(load_model(model_path), "cpu").run(document.photograph, document.recipe, read))
    assert np.array_equal(again.mask, np.asarray(Image.open(tmp_path / "out" / "mask.png")) > 0)

    bench.window.close()
    second = make_bench(model_path, tmp_path / "readings")
    second.series.begin([photo_path])
    wait_until_current(second, qtbot)
    back = second.document.shown.segmentation
    assert back.scribbles == found.scribbles
    assert np.array_equal(back.mask, other.mask)
    qtbot.keyClick(second.window, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    wait_until_current(second, qtbot)
    assert second.document.shown.segmentation.mask[said == SKIN].any()
    qtbot.keyClick(second.window, Qt.Key.Key_Z, CTRL)
    wait_until_current(second, qtbot)
    assert second.document.shown.segmentation.scribbles == found.scribbles
