"""The edge lasso, through real events: it follows the border of a dark disc on light skin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.correction import Correction
from engine.reading.correction import LESION, SKIN
from tests.gui.strokes import ALT, LEFT, at, click

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.tools.edge_lasso import EdgeLasso
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

MIDDLE, RADIUS = np.array((48.0, 36.0)), 25.0


def on_circle(*angles: float) -> list[tuple[float, float]]:
    """Points of the disc's border, angles in degrees."""
    return [tuple(MIDDLE + RADIUS * np.array((np.cos(a), np.sin(a)))) for a in np.radians(angles)]


def inside() -> np.ndarray:
    """The disc's pixels."""
    rows, columns = np.mgrid[:72, :96] + 0.5
    return np.hypot(columns - MIDDLE[0], rows - MIDDLE[1]) < RADIUS


@pytest.fixture
def tool(desk: Desk, photo: SkinImage, qtbot: QtBot) -> EdgeLasso:
    """The tool, in hand over a photograph of a disc that nobody has analysed."""
    made = desk.add(Correction(desk.document, desk.editing, desk.canvas, desk.messages))
    pixels = np.where(inside()[..., None], np.uint8([120, 80, 70]), np.uint8([220, 180, 160]))
    desk.open(replace(photo, pixels=np.ascontiguousarray(pixels), sha256="2" * 64))
    qtbot.keyClick(desk, Qt.Key.Key_W)
    assert desk.canvas.tool is made.tools["edge_lasso"]
    return made.tools["edge_lasso"]


def test_three_clicks_and_a_key_enclose_the_disc(desk: Desk, tool: EdgeLasso, qtbot: QtBot) -> None:
    for point in on_circle(0, 120, 240):
        click(desk.canvas, qtbot, *point)
    assert desk.editing.stack.count() == 0
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert np.count_nonzero((desk.editing.layer == LESION) ^ inside()) < 0.06 * inside().sum(), (
        "a triangle has 41 % of it"
    )
    assert desk.editing.stack.undoText() == "edge lasso"


@pytest.mark.parametrize("end", ["double click", "first corner"])
def test_it_ends_as_a_polygon_does(desk: Desk, tool: EdgeLasso, qtbot: QtBot, end: str) -> None:
    for point in on_circle(0, 120, 240):
        click(desk.canvas, qtbot, *point)
    if end == "double click":
        qtbot.mouseDClick(desk.canvas, LEFT, pos=at(desk.canvas, *on_circle(240)[0]))
    else:
        click(desk.canvas, qtbot, *on_circle(0)[0])
    assert np.count_nonzero((desk.editing.layer == LESION) ^ inside()) < 0.06 * inside().sum()
    assert not tool.points


def test_backspace_takes_the_last_point_back_with_its_way_and_escape_all(
    desk: Desk, tool: EdgeLasso, qtbot: QtBot
) -> None:
    first, second, third = on_circle(0, 120, 240)
    for point in (first, second, (90.0, 5.0)):
        click(desk.canvas, qtbot, *point)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Backspace)
    click(desk.canvas, qtbot, *third)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert np.count_nonzero((desk.editing.layer == LESION) ^ inside()) < 0.06 * inside().sum()
    click(desk.canvas, qtbot, *first)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Backspace)
    assert not tool.points
    click(desk.canvas, qtbot, *first)
    click(desk.canvas, qtbot, *second)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert not tool.points
    assert desk.canvas.tool is tool
    assert desk.editing.stack.count() == 1


def test_it_removes_with_alt_as_the_lasso_does(desk: Desk, tool: EdgeLasso, qtbot: QtBot) -> None:
    first, *others = on_circle(0, 120, 240)
    qtbot.mouseClick(desk.canvas, LEFT, ALT, at(desk.canvas, *first))
    for point in others:
        click(desk.canvas, qtbot, *point)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert desk.editing.layer[36, 48] == SKIN


def test_by_keys(desk: Desk, tool: EdgeLasso, qtbot: QtBot) -> None:
    canvas, legs = desk.canvas, (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    for leg in legs:
        for _ in range(9):
            qtbot.keyClick(canvas, leg)
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert (desk.editing.layer == LESION).sum() > 10


def test_the_way_to_the_cursor_is_seen(desk: Desk, tool: EdgeLasso, qtbot: QtBot) -> None:
    first, second = on_circle(0, 120)
    click(desk.canvas, qtbot, *first)
    qtbot.mouseMove(desk.canvas, at(desk.canvas, *second))
    drawn = np.array([(point.x(), point.y()) for point in tool._corners()])
    assert np.abs(np.hypot(*(drawn - MIDDLE).T) - RADIUS).max() < 3
    assert len(drawn) > 20
