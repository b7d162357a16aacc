"""Corrections by hand: undo, what they survive, and what follows them. Through real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from engine.reading import correction
from engine.reading.correction import Patch
from engine.reading.reading import Ruler, corrected
from engine.records.export import export
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.strokes import ALT, CTRL, NONE, SHIFT, drag, legend, model_mask

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench


def test_without_an_image_there_is_nothing_to_edit(bench: Workbench) -> None:
    actions = bench.window.actions_by_name
    for name in ("undo", "redo", "brush", "eraser", "lasso", "polygon", "fill_holes", "keep_largest", "smaller"):
        assert not actions[name].isEnabled(), name
    assert bench.state.reading is None
    assert bench.window.edit.mask is None


def test_the_border_follows_and_the_models_stays_in_view(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    before = window.stage.canvas.scene
    assert "model's border" not in legend(analysed)
    qtbot.keyClick(window, Qt.Key.Key_S)
    rows, columns = np.nonzero(model_mask(analysed))
    drag(analysed, qtbot, [(columns[0] + 0.5, rows[0] + 0.5), (columns[-1] + 0.5, rows[-1] + 0.5)])
    assert window.stage.canvas.scene != before
    assert "model's border" in legend(analysed)
    old, new = (next(c for c in s.curves if c.width == 2.2) for s in (before, window.stage.canvas.scene))
    assert old.path != new.path
    # the same curves again while nothing changes, or canvases repaint for nothing
    assert window.scenes.scene("photograph") == window.stage.canvas.scene
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert "model's border" not in legend(analysed)
    assert next(c for c in window.stage.canvas.scene.curves if c.width == 2.2).path == old.path


def test_undo_and_redo_without_end(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    layers = [edit.layer]
    qtbot.keyClick(window, Qt.Key.Key_D)
    for number in range(40):
        drag(analysed, qtbot, [(5 + 2 * number, 10), (5 + 2 * number, 50)], ALT if number % 3 == 2 else NONE)
        layers.append(edit.layer)
    assert edit.stack.count() == 40
    assert window.actions_by_name["undo"].text() == "&Undo brush"
    for layer in layers[-2::-1]:
        qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
        assert np.array_equal(edit.layer, layer)
        assert np.array_equal(edit.mask, correction.apply(layer, model_mask(analysed)))
    assert not window.actions_by_name["undo"].isEnabled()
    assert analysed.state.reading.edits == 0
    for number, layer in enumerate(layers[1:]):
        qtbot.keyClick(window, *((Qt.Key.Key_Y, CTRL) if number % 2 else (Qt.Key.Key_Z, CTRL | SHIFT)))
        assert np.array_equal(edit.layer, layer)


def test_holes_parts_and_reset(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    h, w = model_mask(analysed).shape
    disc = np.hypot(*(np.mgrid[:h, :w] - np.array([h / 2, w / 2]).reshape(2, 1, 1)))
    drawn = np.where((disc > 8) & (disc < 20), 1, -1).astype(np.int8)
    drawn[2:5, 2:5] = 1
    edit.put("drawing", Patch(0, 0, drawn))
    qtbot.keyClick(window, Qt.Key.Key_H, CTRL)
    assert np.array_equal(edit.mask, (disc < 20) | (drawn > 0))
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert np.array_equal(edit.mask, disc < 20)
    qtbot.keyClick(window, Qt.Key.Key_Backspace, CTRL)
    assert np.array_equal(edit.mask, model_mask(analysed))
    assert not window.actions_by_name["reset_correction"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(edit.mask, disc < 20)


def test_a_correction_survives_delta_and_another_run(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    qtbot.keyClick(window, Qt.Key.Key_D)
    drag(analysed, qtbot, [(8, 8), (30, 12)])
    layer, found = edit.layer, analysed.state.segmentation
    told = []
    edit.maskChanged.connect(lambda: told.append(edit.mask))
    qtbot.keyClick(window.threshold.delta.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "corrected to lesion" in legend(analysed), timeout=PATIENCE)
    assert edit.mask is not None, "while the result is stale, too"
    wait_until_current(analysed, qtbot)
    assert analysed.state.segmentation is not found
    assert edit.layer is layer
    assert np.array_equal(edit.mask, correction.apply(layer, model_mask(analysed)))
    assert told[-1] is edit.mask
    qtbot.keyClick(window, Qt.Key.Key_F5)
    wait_until_current(analysed, qtbot)
    assert edit.layer is layer
    assert edit.stack.count() == 1
    assert "corrected border" in legend(analysed)


def test_another_image_has_no_part_of_it(analysed: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    qtbot.keyClick(window, Qt.Key.Key_D)
    drag(analysed, qtbot, [(8, 8), (30, 12)])
    window.open_image(photo_path)
    wait_until_current(analysed, qtbot)
    assert edit.stack.count() == 1, "the same image opened again goes on"
    window.open_image(other_path)
    wait_until_current(analysed, qtbot)
    assert edit.stack.count() == 0
    assert not window.actions_by_name["undo"].isEnabled()
    assert edit.layer.shape == model_mask(analysed).shape
    assert analysed.state.reading.is_empty
    assert window.stage.canvas.tool is None
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not edit.layer.any()


def test_decisions_and_patches_are_one_step(analysed: Workbench, qtbot: QtBot) -> None:
    edit, state = analysed.window.edit, analysed.state
    ruler = Ruler((0, 0), (10, 0), 1.0)
    told = []
    edit.maskChanged.connect(lambda: told.append("mask"))
    edit.change("ruler", type(state.reading)(ruler=ruler))
    assert (state.reading.ruler, told) == (ruler, [])
    edit.change("ruler", state.reading)
    assert edit.stack.count() == 1, "what changes nothing is no step"
    edit.put("nothing", None)
    assert edit.stack.count() == 1
    patch = Patch(1, 2, np.ones((3, 3), np.int8))
    edit.put_and_change("both", patch, type(state.reading)(edits=state.reading.edits))
    assert state.reading.ruler is None
    assert state.reading.layer.sum() == 9
    edit.stack.undo()
    assert state.reading.ruler == ruler
    assert state.reading.layer is None
    assert state.reading.edits == 0


def test_a_blind_outline_lies_over_nothing(analysed: Workbench, qtbot: QtBot) -> None:
    edit = analysed.window.edit
    edit.blind = True
    assert not edit.mask.any()
    qtbot.keyClick(analysed.window, Qt.Key.Key_D)
    drag(analysed, qtbot, [(8, 8), (30, 12)])
    assert np.array_equal(edit.mask, edit.layer > 0)
    edit.blind = False
    assert np.array_equal(edit.mask, model_mask(analysed) | (edit.layer > 0))


def test_an_export_holds_the_correction(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    qtbot.keyClick(analysed.window, Qt.Key.Key_D)
    drag(analysed, qtbot, [(8, 8), (30, 12)])
    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE) as done:
        analysed.window.files.export_into(tmp_path / "window")
    files = export(analysed.state.segmentation, tmp_path / "engine", analysed.state.reading)
    for path in files:
        name = path.relative_to(tmp_path / "engine")
        assert (done.args[0] / name).read_bytes() == path.read_bytes(), name
    mask = np.asarray(Image.open(done.args[0] / "mask.png")) > 0
    assert np.array_equal(mask, corrected(analysed.state.segmentation, analysed.state.reading))
    assert not np.array_equal(mask, model_mask(analysed))
