"""Correcting by hand: which tool is in hand, what it paints, how large it is, and the Edit menu."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.analysis import Analysis
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.correction.correction import TOOLS
from engine.reading.correction import AS_FOUND, LESION, SKIN, Patch
from tests.gui.strokes import CTRL, LEFT, click, drag

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

KEYS = {"brush": Qt.Key.Key_D, "eraser": Qt.Key.Key_S, "lasso": Qt.Key.Key_L, "polygon": Qt.Key.Key_G}


@pytest.fixture
def tools(desk: Desk, photo: SkinImage, evidence: Evidence) -> Correction:
    """The tools, with the photograph open and analysed."""
    made = desk.add(Correction(desk.document, desk.editing, desk.canvas, desk.messages))
    desk.open(photo)
    desk.land(evidence)
    return made


def in_hand(desk: Desk) -> list[str]:
    """The tools whose actions are on."""
    return [name for name in TOOLS if desk.action(name).isChecked()]


def enabled(desk: Desk) -> set[str]:
    """The commands that can be used."""
    names = ("undo", "redo", "paint_next", "fill_holes", "keep_largest", "reset_correction", *TOOLS)
    return {name for name in names if desk.action(name).isEnabled()}


def test_one_tool_at_a_time_by_keys(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    for name, key in KEYS.items():
        qtbot.keyClick(desk, key)
        assert desk.canvas.tool is tools.tools[name]
        assert in_hand(desk) == [name]
        assert desk.canvas.hasFocus()
        assert tools.strip.isVisible()
        assert desk.notices[-1] == f"{name.capitalize()}: {TOOLS[name][2]}"
    qtbot.keyClick(desk, KEYS["polygon"])
    assert desk.canvas.tool is None, "a tool is laid down as it was taken up"
    assert in_hand(desk) == []
    assert not tools.strip.isVisible()


def test_escape_lays_the_tool_down(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS["polygon"])
    click(desk.canvas, qtbot, 8, 8)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert in_hand(desk) == ["polygon"], "first it drops what was begun"
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert in_hand(desk) == []
    assert not tools.strip.isVisible()


def test_keys_that_are_shortcuts_are_the_tools_while_it_has_begun_something(
    desk: Desk, tools: Correction, qtbot: QtBot
) -> None:
    """Escape would cancel the analysis."""
    desk.add(Analysis(desk.document, desk.messages, "cpu"))
    desk.document.run_again()
    qtbot.keyClick(desk, KEYS["polygon"])
    click(desk.canvas, qtbot, 8, 8)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert not tools.tool.points
    assert desk.document.is_busy
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert not desk.document.is_busy
    assert in_hand(desk) == ["polygon"]


def test_sizes_by_keys_and_slider_are_shown_and_painted(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS["brush"])
    strip, brush, areas = tools.strip, tools.tools["brush"], []
    assert 2 * brush.radius == pytest.approx(96 / 40)
    for key in (None, Qt.Key.Key_BracketRight, Qt.Key.Key_BracketRight):
        if key is not None:
            qtbot.keyClick(desk, key)
        assert strip.size_label.text() == f"{2 * brush.radius:.0f} px"
        drag(desk.canvas, qtbot, [(20, 20)])
        areas.append(int(desk.editing.layer.sum()))
    assert areas[0] < areas[1] < areas[2]
    for _ in range(30):
        qtbot.keyClick(desk, Qt.Key.Key_BracketLeft)
    assert 2 * brush.radius == 1
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_End)
    assert 2 * brush.radius == 96 / 4
    assert tools.tools["eraser"].radius == brush.radius


def test_sizes_go_with_the_photograph(desk: Desk, tools: Correction, photo: SkinImage) -> None:
    tools.set_size(12.0)
    doubled = np.ascontiguousarray(photo.pixels.repeat(2, axis=0).repeat(2, axis=1))
    desk.open(replace(photo, pixels=doubled, sha256="1" * 64))
    assert 2 * tools.tools["brush"].radius == pytest.approx(24.0)


def test_what_is_painted_can_be_chosen(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS["brush"])
    assert tools.strip.choices[LESION].isChecked()
    qtbot.mouseClick(tools.strip.choices[SKIN], LEFT)
    assert in_hand(desk) == ["eraser"], "a brush that makes skin is the eraser"
    qtbot.keyClick(desk, Qt.Key.Key_X)
    assert (in_hand(desk), tools.tool.value) == (["eraser"], AS_FOUND)
    assert tools.strip.choices[AS_FOUND].isChecked()
    qtbot.keyClick(desk, Qt.Key.Key_X)
    assert (in_hand(desk), tools.tool.value) == (["brush"], LESION)
    qtbot.keyClick(desk, KEYS["lasso"])
    assert not tools.strip.slider.isVisible(), "a lasso has no size"
    qtbot.keyClick(desk, Qt.Key.Key_X)
    drag(desk.canvas, qtbot, [(8, 8), (40, 10), (30, 40)])
    assert (desk.editing.layer == SKIN).any()
    qtbot.keyClick(desk, KEYS["lasso"])
    qtbot.keyClick(desk, KEYS["lasso"])
    assert tools.tool.value == LESION, "taken up again, a tool does what it is named for"


def test_undo_and_redo_tell_what_they_would(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    undo, redo = desk.action("undo"), desk.action("redo")
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo")
    qtbot.keyClick(desk, KEYS["brush"])
    drag(desk.canvas, qtbot, [(10, 10)])
    painted = desk.editing.layer
    assert (undo.text(), redo.text()) == ("&Undo brush", "&Redo")
    qtbot.keyClick(desk, Qt.Key.Key_Z, CTRL)
    assert not desk.editing.layer.any()
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo brush")
    qtbot.keyClick(desk, Qt.Key.Key_Y, CTRL)
    assert np.array_equal(desk.editing.layer, painted)


def test_commands_can_be_used_where_there_is_something_to_do(
    desk: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    desk.add(Correction(desk.document, desk.editing, desk.canvas, desk.messages))
    assert enabled(desk) == set()
    desk.open(photo)
    assert enabled(desk) == set(TOOLS)
    desk.land(evidence)
    assert enabled(desk) == {*TOOLS, "fill_holes", "keep_largest"}
    qtbot.keyClick(desk, KEYS["lasso"])
    assert "paint_next" in enabled(desk)
    drag(desk.canvas, qtbot, [(8, 8), (20, 8), (20, 20)])
    assert enabled(desk) >= {"undo", "reset_correction"}
    qtbot.keyClick(desk, Qt.Key.Key_Z, CTRL)
    assert "redo" in enabled(desk)
    assert "reset_correction" not in enabled(desk)


def test_holes_islands_and_everything_by_keys(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    editing, found = desk.editing, desk.document.shown.segmentation.mask
    editing.put("hole", Patch(46, 34, np.full((4, 4), SKIN, np.int8)))
    editing.put("island", Patch(0, 0, np.full((4, 4), LESION, np.int8)))
    assert not np.array_equal(editing.mask, found)
    qtbot.keyClick(desk, Qt.Key.Key_H, CTRL)
    assert editing.mask[34:38, 46:50].all()
    qtbot.keyClick(desk, Qt.Key.Key_K, CTRL)
    assert not editing.mask[:4, :4].any()
    assert np.array_equal(editing.mask, found)
    qtbot.keyClick(desk, Qt.Key.Key_Backspace, CTRL)
    assert not editing.is_corrected
    assert editing.stack.undoText() == "reset"


def test_the_strip_keeps_to_its_corner(desk: Desk, tools: Correction, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, KEYS["brush"])
    for size in ((1200, 700), (1300, 900)):
        desk.resize(*size)
        qtbot.waitUntil(lambda: tools.strip.geometry().bottom() == desk.canvas.height() - 9)
        assert tools.strip.x() == 8
