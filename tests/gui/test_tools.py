"""Brush, eraser, lasso and polygon, by mouse and by keys. Through real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt

from engine.host import resources
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.reading import correction
from tests.gui.conftest import wait_until_current
from tests.gui.strokes import ALT, CTRL, LEFT, SHIFT, at, click, drag, model_mask

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

WIDTH, HEIGHT = 3024, 2016


@pytest.fixture
def large_path(tmp_path: Path) -> Path:
    """A photograph of 6 megapixels."""
    path = tmp_path / "large.jpg"
    Image.fromarray(resize_rgb(read_image(resources.samples()[-1]).pixels, WIDTH, HEIGHT)).save(path, quality=85)
    return path


@pytest.mark.parametrize("zoom", [1.0, 4.0])
def test_a_stroke_paints_where_the_mouse_was_at_any_zoom(analysed: Workbench, qtbot: QtBot, zoom: float) -> None:
    window, edit = analysed.window, analysed.window.edit
    window.viewport.set(zoom, QPointF(0.25, 0.25))
    qtbot.keyClick(window, Qt.Key.Key_D)
    tool = window.toolbox.tools["brush"]
    line = [(20.0, 18.0), (28.0, 20.0)]
    expected = correction.blank(*model_mask(analysed).shape)
    to_photograph = window.stage.canvas.to_photograph
    seen = [to_photograph(QPointF(at(analysed, *point))) for point in line]
    correction.put(expected, correction.stroke(expected, [(p.x(), p.y()) for p in seen], tool.radius, 1))
    drag(analysed, qtbot, line)
    assert np.array_equal(edit.layer, expected)
    assert expected[18, 20] == 1
    assert np.array_equal(edit.mask, model_mask(analysed) | (expected > 0))
    assert np.array_equal(analysed.state.reading.layer, expected)
    assert analysed.state.reading.edits == 1


def test_modifiers_give_the_opposite_and_the_models_result(analysed: Workbench, qtbot: QtBot) -> None:
    edit = analysed.window.edit
    qtbot.keyClick(analysed.window, Qt.Key.Key_D)
    drag(analysed, qtbot, [(10, 10)])
    assert edit.layer[10, 10] == 1
    drag(analysed, qtbot, [(10, 10)], ALT)
    assert edit.layer[10, 10] == -1
    drag(analysed, qtbot, [(10, 10)], SHIFT)
    assert not edit.layer.any()
    assert analysed.state.reading.is_empty
    assert analysed.state.reading.edits == 3


def test_lasso_and_polygon_enclose_the_same(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    corners = [(8.0, 8.0), (40.0, 10.0), (30.0, 40.0)]
    qtbot.keyClick(window, Qt.Key.Key_L)
    drag(analysed, qtbot, corners)
    lassoed = edit.layer
    assert lassoed.sum() > 200
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_G)
    for corner in (*corners, (60.0, 60.0)):
        click(analysed, qtbot, *corner)
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Backspace)
    assert not edit.layer.any(), "nothing happens before it is closed"
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Return)
    assert np.array_equal(edit.layer, lassoed)
    assert edit.stack.undoText() == "polygon"


def test_a_polygon_is_closed_by_a_double_click_or_at_its_first_corner(analysed: Workbench, qtbot: QtBot) -> None:
    edit, canvas = analysed.window.edit, analysed.window.stage.canvas
    corners = [(8.0, 8.0), (40.0, 10.0), (30.0, 40.0)]
    qtbot.keyClick(analysed.window, Qt.Key.Key_G)
    for corner in corners:
        click(analysed, qtbot, *corner)
    qtbot.mouseDClick(canvas, LEFT, pos=at(analysed, *corners[-1]))
    closed = edit.layer
    assert closed.any()
    qtbot.keyClick(analysed.window, Qt.Key.Key_Z, CTRL)
    for corner in (*corners, corners[0]):
        click(analysed, qtbot, *corner)
    assert np.array_equal(edit.layer, closed)


def test_escape_drops_what_was_begun_and_then_leaves_the_tool(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    qtbot.keyClick(window, Qt.Key.Key_G)
    click(analysed, qtbot, 8, 8)
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Escape)
    assert window.toolbox.tool is not None
    assert not window.toolbox.tool.points
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Escape)
    assert window.stage.canvas.tool is None
    assert not window.toolbox.strip.isVisible()
    assert not analysed.window.edit.layer.any()


def test_all_tools_work_by_keys_alone(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit, canvas = analysed.window, analysed.window.edit, analysed.window.stage.canvas
    walk = (Qt.Key.Key_Right,) * 9, (Qt.Key.Key_Down,) * 9, (Qt.Key.Key_Left,) * 9
    found = {}
    for name, key in (("brush", Qt.Key.Key_D), ("lasso", Qt.Key.Key_L), ("polygon", Qt.Key.Key_G)):
        qtbot.keyClick(window, key)
        window.toolbox.tool.value = -1
        window.toolbox.tool.at = canvas.to_photograph(QPointF(canvas.rect().center()))
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        for leg in walk:
            for step in leg:
                qtbot.keyClick(canvas, step)
            if name == "polygon":
                qtbot.keyClick(canvas, Qt.Key.Key_Return)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        found[name] = edit.layer
        assert (edit.layer < 0).sum() > 10, name
        qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(found["lasso"], found["polygon"])


def test_sizes_by_keys_and_slider_are_shown_and_painted(analysed: Workbench, qtbot: QtBot) -> None:
    window, edit = analysed.window, analysed.window.edit
    qtbot.keyClick(window, Qt.Key.Key_D)
    strip, tool = window.toolbox.strip, window.toolbox.tools["brush"]
    areas = []
    for key in (None, Qt.Key.Key_BracketRight, Qt.Key.Key_BracketRight):
        if key is not None:
            qtbot.keyClick(window, key)
        assert strip.size_label.text() == f"{2 * tool.radius:.0f} px"
        drag(analysed, qtbot, [(20, 20)])
        areas.append(int(edit.layer.sum()))
    assert areas[0] < areas[1] < areas[2]
    for _ in range(30):
        qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    assert 2 * tool.radius == 1
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_End)
    assert 2 * tool.radius == analysed.state.image.width / 4
    assert window.toolbox.tools["eraser"].radius == tool.radius


def test_what_is_painted_can_be_chosen(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.mouseClick(window.toolbox.strip.choices[-1], LEFT)
    assert window.actions_by_name["eraser"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_X)
    assert window.toolbox.tool.value == 0
    assert window.toolbox.strip.choices[0].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_X)
    assert window.actions_by_name["brush"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.keyClick(window, Qt.Key.Key_X)
    drag(analysed, qtbot, [(8, 8), (40, 10), (30, 40)])
    assert (analysed.window.edit.layer < 0).any()


def test_a_stroke_on_six_megapixels_touches_only_its_own_box(bench: Workbench, large_path: Path, qtbot: QtBot) -> None:
    bench.window.open_image(large_path)
    wait_until_current(bench, qtbot)
    edit, patches, changes = bench.window.edit, [], []
    put = edit.put
    edit.put = lambda text, patch: (patches.append(patch), put(text, patch))
    bench.state.readingChanged.connect(lambda: changes.append(bench.state.reading))
    qtbot.keyClick(bench.window, Qt.Key.Key_D)
    radius = bench.window.toolbox.tools["brush"].radius
    drag(bench, qtbot, [(300 + 20 * step, 200 + step) for step in range(50)])
    assert len(patches) == len(changes) == 1, "moves change nothing, only the end does"
    height, width = patches[0].values.shape
    assert width <= 980 + 2 * radius + 10
    assert height <= 49 + 2 * radius + 10
    assert changes[0].layer is edit.layer, "one copy serves all"
