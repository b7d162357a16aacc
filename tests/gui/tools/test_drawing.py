"""Brush, eraser, lasso and polygon, by mouse and by keys. Through real events."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from scipy import ndimage

from diffseg_gui.tools.drawing import Drawing, Lasso, Polygon, Stroke
from engine.photograph.image import SkinImage
from engine.reading import correction
from engine.reading.correction import AS_FOUND, LESION, SKIN
from tests.gui.strokes import ALT, CTRL, LEFT, SHIFT, at, click, drag

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk

CORNERS = [(8.0, 8.0), (40.0, 10.0), (30.0, 40.0)]
WIDTH, HEIGHT = 3024, 2016


def take(desk: Desk, kind: type[Drawing], value: int = LESION) -> Drawing:
    """Take a tool of a kind, as Correction does."""
    tool = kind(kind.__name__.lower(), value, desk.canvas, desk.editing)
    desk.canvas.tool = tool
    return tool


@pytest.mark.parametrize("between", [[], [(60.0, 20.0)]])
def test_a_stroke_of_few_events_far_apart_is_unbroken(
    opened: Desk, qtbot: QtBot, between: list[tuple[float, float]]
) -> None:
    """A quick pen, and a busy computer."""
    tool = take(opened, Stroke)
    tool.radius = 2.5
    ends = [(5.0, 60.0), *between, (90.0, 65.0)]
    drag(opened.canvas, qtbot, ends)
    painted = opened.editing.layer == LESION
    _, parts = ndimage.label(painted)
    assert parts == 1
    for (x0, y0), (x1, y1) in pairwise(ends):
        steps = np.linspace(0, 1, 200)
        assert painted[(y0 + steps * (y1 - y0)).astype(int), (x0 + steps * (x1 - x0)).astype(int)].all()


@pytest.mark.parametrize("zoom", [1.0, 4.0])
def test_a_stroke_paints_where_the_mouse_was_at_any_zoom(opened: Desk, qtbot: QtBot, zoom: float) -> None:
    editing, canvas = opened.editing, opened.canvas
    opened.viewport.set(zoom, QPointF(0.25, 0.25))
    tool = take(opened, Stroke)
    tool.radius = 2.5
    line = [(20.0, 18.0), (28.0, 20.0)]
    seen = [canvas.to_photograph(QPointF(at(canvas, *point))) for point in line]
    expected = correction.blank(72, 96)
    correction.put(expected, correction.stroke(expected, [(p.x(), p.y()) for p in seen], 2.5, LESION))
    assert expected[18, 20] == LESION
    drag(canvas, qtbot, line)
    assert np.array_equal(editing.layer, expected)
    assert np.array_equal(editing.mask, opened.document.shown.segmentation.mask | (expected > 0))
    assert np.array_equal(opened.document.reading.layer, expected)
    assert opened.document.reading.edits == 1


def test_modifiers_give_the_opposite_and_the_models_result(opened: Desk, qtbot: QtBot) -> None:
    for value in (LESION, SKIN):
        take(opened, Stroke, value)
        drag(opened.canvas, qtbot, [(10, 10)])
        assert opened.editing.layer[10, 10] == value
        drag(opened.canvas, qtbot, [(10, 10)], ALT)
        assert opened.editing.layer[10, 10] == -value
        drag(opened.canvas, qtbot, [(10, 10)], SHIFT)
        assert not opened.editing.layer.any()
    assert opened.document.reading.is_empty
    assert opened.document.reading.edits == 6


def test_lasso_and_polygon_enclose_the_same(opened: Desk, qtbot: QtBot) -> None:
    editing, canvas = opened.editing, opened.canvas
    take(opened, Lasso)
    drag(canvas, qtbot, CORNERS)
    lassoed = editing.layer
    assert lassoed.sum() > 200
    assert editing.stack.undoText() == "lasso"
    editing.stack.undo()
    take(opened, Polygon)
    for corner in (*CORNERS, (60.0, 60.0)):
        click(canvas, qtbot, *corner)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    assert not editing.layer.any(), "nothing happens before it is closed"
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert np.array_equal(editing.layer, lassoed)
    assert editing.stack.undoText() == "polygon"


def test_a_polygon_is_closed_by_a_double_click_or_at_its_first_corner(opened: Desk, qtbot: QtBot) -> None:
    editing, canvas = opened.editing, opened.canvas
    take(opened, Polygon)
    for corner in CORNERS:
        click(canvas, qtbot, *corner)
    qtbot.mouseDClick(canvas, LEFT, pos=at(canvas, *CORNERS[-1]))
    closed = editing.layer
    assert closed.any()
    editing.stack.undo()
    for corner in (*CORNERS, CORNERS[0]):
        click(canvas, qtbot, *corner)
    assert np.array_equal(editing.layer, closed)


def test_escape_drops_what_was_begun_and_then_leaves_the_tool(opened: Desk, qtbot: QtBot) -> None:
    tool = take(opened, Polygon)
    click(opened.canvas, qtbot, 8, 8)
    assert tool.points
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert opened.canvas.tool is tool
    assert not tool.points
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert opened.canvas.tool is None
    assert not opened.editing.layer.any()


def test_another_tool_drops_what_was_begun(opened: Desk, qtbot: QtBot) -> None:
    tool = take(opened, Polygon)
    click(opened.canvas, qtbot, 8, 8)
    take(opened, Lasso)
    assert not tool.points


def test_all_tools_work_by_keys_alone(opened: Desk, qtbot: QtBot) -> None:
    editing, canvas, found = opened.editing, opened.canvas, {}
    walk = (Qt.Key.Key_Right,) * 9, (Qt.Key.Key_Down,) * 9, (Qt.Key.Key_Left,) * 9
    for kind in (Stroke, Lasso, Polygon):
        take(opened, kind, SKIN)
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        for leg in walk:
            for step in leg:
                qtbot.keyClick(canvas, step)
            if kind is Polygon:
                qtbot.keyClick(canvas, Qt.Key.Key_Return)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        found[kind] = editing.layer
        assert (editing.layer == SKIN).sum() > 10, kind
        assert not (editing.layer == LESION).any()
        editing.stack.undo()
    assert np.array_equal(found[Lasso], found[Polygon])


def test_the_view_follows_a_point_that_keys_move_out_of_it(opened: Desk, qtbot: QtBot) -> None:
    opened.viewport.set(8.0, QPointF(0.5, 0.5))
    tool, centre = take(opened, Stroke), opened.viewport.centre
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Right, CTRL)
    assert opened.viewport.centre != centre, "with Ctrl, arrows pan as without a tool"
    assert tool.at is None
    for _ in range(120):
        qtbot.keyClick(opened.canvas, Qt.Key.Key_Down)
    assert opened.viewport.centre.y() > 0.5
    assert opened.canvas.rect().contains(opened.canvas.to_screen().map(tool.at).toPoint())


@pytest.mark.parametrize("value", [LESION, SKIN, AS_FOUND])
def test_what_is_being_painted_is_seen_before_it_ends(opened: Desk, qtbot: QtBot, value: int) -> None:
    canvas = opened.canvas
    tool = take(opened, Stroke, value)
    tool.radius = 8.0
    before = canvas.grab().toImage()
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, 48, 36))
    during = canvas.grab().toImage()
    box = [at(canvas, 48 + x, 36 + y) for x in range(-5, 6) for y in range(-5, 6)]
    changed = [during.pixelColor(point) != before.pixelColor(point) for point in box]
    assert sum(changed) > 100, "tinted all over, hatched or not"
    assert not opened.editing.is_corrected
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, 48, 36))
    assert not tool.points


def test_a_stroke_on_six_megapixels_touches_only_its_own_box(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.open(SkinImage(tmp_path / "large.png", "2" * 64, np.full((HEIGHT, WIDTH, 3), 180, np.uint8)))
    tool = take(desk, Stroke)
    tool.radius = 30.0
    line = [(300.0 + 20 * step, 200.0 + step) for step in range(50)]
    patch = tool.patch(desk.editing.layer, line, LESION)
    height, width = patch.values.shape
    assert width <= 980 + 2 * 30 + 10
    assert height <= 49 + 2 * 30 + 10
    changes: list[object] = []
    desk.document.readingChanged.connect(lambda: changes.append(desk.document.reading))
    drag(desk.canvas, qtbot, line)
    assert len(changes) == 1, "moves change nothing, only the end does"
    assert changes[0].layer is desk.editing.layer, "one copy serves all"
    assert changes[0].layer[200, 300] == LESION
