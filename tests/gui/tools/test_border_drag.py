"""Dragging the border, by mouse and by keys. Through real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.correction import Correction
from engine.reading.correction import LESION, SKIN
from tests.gui.strokes import CTRL, LEFT, at, colour_at, drag

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.tools.border_drag import BorderDrag
    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


@pytest.fixture
def tool(opened: Desk, qtbot: QtBot) -> BorderDrag:
    """The tool, in hand; the mask is a disc of radius 18 or so about (48, 37)."""
    made = opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    qtbot.keyClick(opened, Qt.Key.Key_V)
    assert opened.canvas.tool is made.tools["drag_border"]
    return made.tools["drag_border"]


def test_where_there_is_no_border_the_tool_says_so(
    desk: Desk, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    desk.add(Correction(desk.document, desk.editing, desk.canvas, desk.messages))
    desk.open(photo)
    qtbot.keyClick(desk, Qt.Key.Key_V)
    assert desk.notices[-1].startswith("There is no border to hold yet; draw one")
    desk.land(evidence)
    for _ in range(2):
        qtbot.keyClick(desk, Qt.Key.Key_V)
    assert desk.notices[-1].startswith("Drag border: Pull the border")


def right_end(mask: Bools) -> tuple[float, float]:
    """Where the border is farthest to the right."""
    x = int(np.flatnonzero(mask.any(axis=0))[-1]) + 1
    return float(x), float(np.flatnonzero(mask[:, x - 1]).mean()) + 0.5


@pytest.mark.parametrize(("by", "value"), [(12, LESION), (-10, SKIN)])
def test_a_drag_moves_the_border_softly_and_is_one_step(
    opened: Desk, tool: BorderDrag, qtbot: QtBot, by: int, value: int
) -> None:
    editing, before = opened.editing, opened.editing.mask
    x, y = right_end(before)
    drag(opened.canvas, qtbot, [(x, y), (x + by / 2, y), (x + by, y)])
    after = editing.mask
    assert (
        right_end(after)[0] - x == pytest.approx(by, abs=1.5)
        if by > 0
        else not after[int(y), int(x) - 8 : int(x)].any()
    )
    assert set(np.unique(editing.layer)) <= {0, value}
    assert np.array_equal(after[:, :40], before[:, :40]), "the far side stays"
    assert editing.stack.count() == 1
    assert editing.stack.undoText() == "drag border"
    assert opened.document.reading.edits == 1
    qtbot.keyClick(opened, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(editing.mask, before)


def test_what_would_follow_is_seen_before_and_where_it_goes_meanwhile(
    opened: Desk, tool: BorderDrag, qtbot: QtBot
) -> None:
    canvas = opened.canvas
    x, y = right_end(opened.editing.mask)
    opened.display.set_overlay("off")
    bare = colour_at(canvas, x + 6, y + 2)
    tool.at = None
    qtbot.mouseMove(canvas, at(canvas, x, y))
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, x, y))
    qtbot.mouseMove(canvas, at(canvas, x + 12, y))
    assert colour_at(canvas, x + 6, y + 2) != bare, "what is added is tinted"
    assert opened.editing.stack.count() == 0, "nothing is changed before the button is let go"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert colour_at(canvas, x + 6, y + 2) == bare
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, x + 12, y))
    assert opened.editing.stack.count() == 0
    assert opened.canvas.tool is tool


def test_brackets_change_how_much_follows_and_the_strip_tells(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    canvas, correction = opened.canvas, opened._features[-1]
    before, areas = opened.editing.mask, []
    strip = correction.strip
    assert strip.slider.accessibleName() == "How much of the border follows"
    assert not any(button.isVisible() for button in strip.choices.values())
    x, y = right_end(before)
    for _ in range(2):
        assert strip.size_label.text() == f"{2 * tool.radius:.0f} px"
        drag(canvas, qtbot, [(x, y), (x + 10, y)])
        areas.append(np.count_nonzero(opened.editing.mask & ~before))
        opened.editing.stack.undo()
        for _ in range(4):
            qtbot.keyClick(opened, Qt.Key.Key_BracketRight)
    assert areas[1] > 1.5 * areas[0] > 0
    brush = correction.tools["brush"].radius
    qtbot.keyClick(opened, Qt.Key.Key_D)
    assert brush == correction.tools["brush"].radius == pytest.approx(96 / 80), "the brush has a size of its own"
    assert strip.choices[LESION].isVisible()


def test_brackets_count_while_it_is_held(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    canvas, before, areas = opened.canvas, opened.editing.mask, []
    x, y = right_end(before)
    for presses in (0, 4):
        qtbot.mouseMove(canvas, at(canvas, x, y))
        qtbot.mousePress(canvas, LEFT, pos=at(canvas, x, y))
        qtbot.mouseMove(canvas, at(canvas, x + 10, y))
        for _ in range(presses):
            qtbot.keyClick(opened, Qt.Key.Key_BracketRight)
        qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, x + 10, y))
        areas.append(np.count_nonzero(opened.editing.mask & ~before))
        opened.editing.stack.undo()
    assert areas[1] > 1.5 * areas[0] > 0


def test_a_press_far_from_the_border_holds_nothing(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    drag(opened.canvas, qtbot, [(48, 37), (60, 37)])
    drag(opened.canvas, qtbot, [right_end(opened.editing.mask)])
    assert opened.editing.stack.count() == 0, "nor does a click change anything"


def test_by_keys_the_nearest_border_is_held_and_pulled(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    canvas, before = opened.canvas, opened.editing.mask
    for _ in range(14):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    x = tool.at.x()
    assert x == pytest.approx(right_end(before)[0], abs=1.5)
    for _ in range(8):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    wanted = tool.at.x() - x
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert right_end(opened.editing.mask)[0] - right_end(before)[0] == pytest.approx(wanted, abs=1.5)


def test_an_undo_while_it_is_held_lets_go_of_what_is_not_there_any_more(
    opened: Desk, tool: BorderDrag, qtbot: QtBot
) -> None:
    canvas = opened.canvas
    x, y = right_end(opened.editing.mask)
    drag(canvas, qtbot, [(x, y), (x + 10, y)])
    x, y = right_end(opened.editing.mask)
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, x, y))
    qtbot.mouseMove(canvas, at(canvas, x + 5, y))
    qtbot.keyClick(opened, Qt.Key.Key_Z, CTRL)
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, x + 5, y))
    assert not opened.editing.is_corrected


def test_while_read_blind_it_is_the_outline_that_is_dragged(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    opened.document.begin_blind()
    drag(opened.canvas, qtbot, [(66, 37), (80, 37)])
    assert not opened.editing.is_corrected, "the model's border is not there to be held"
    qtbot.keyClick(opened, Qt.Key.Key_L)
    drag(opened.canvas, qtbot, [(10, 10), (40, 10), (40, 40), (10, 40)])
    qtbot.keyClick(opened, Qt.Key.Key_V)
    drag(opened.canvas, qtbot, [(40, 25), (52, 25)])
    assert opened.editing.mask[25, 48]


def test_what_was_held_is_not_shown_where_the_border_is_no_more(opened: Desk, tool: BorderDrag, qtbot: QtBot) -> None:
    canvas = opened.canvas
    opened.display.set_overlay("off")
    for _ in range(14):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    for _ in range(8):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    place = tool._held.at
    shown = colour_at(canvas, *place)
    qtbot.keyClick(opened, Qt.Key.Key_Z, CTRL)
    assert colour_at(canvas, *place) != shown
