"""The ruler as a tool, with a scale and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from diffseg_gui.look.figures import number
from diffseg_gui.tools.ruler import RulerTool
from diffseg_gui.view.qimage import Picture
from diffseg_gui.view.scene import Scene
from tests.gui.strokes import LEFT, apart, at, click, drag

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

START, END = (20, 30), (70, 40)
MIDDLE = (45, 35)
MM_PER_PX = 0.1
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def canvas(desk: Desk, photo: SkinImage) -> Canvas:
    """A canvas with the photograph."""
    desk.open(photo)
    return desk.canvas


@pytest.fixture
def calls() -> list[str]:
    """What the ruler has told, in order."""
    return []


@pytest.fixture
def ruler(canvas: Canvas, calls: list[str]) -> RulerTool:
    """A ruler in hand that has nothing to measure by yet."""
    laid, asked, dropped = ((lambda name=name: calls.append(name)) for name in ("laid", "asked", "dropped"))
    canvas.tool = RulerTool(canvas, laid, asked, dropped)
    return canvas.tool


def ends(ruler: RulerTool) -> tuple[tuple[float, float], ...]:
    """Where it lies."""
    return tuple(point.toTuple() for point in ruler.ends or ())


def test_a_drag_lays_it_and_asks_for_its_length(
    canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot
) -> None:
    drag(canvas, qtbot, [START, END])
    assert calls == ["asked"]
    assert ends(ruler) == tuple(canvas.to_photograph(QPointF(at(canvas, *end))).toTuple() for end in (START, END))
    assert ruler.pixels == pytest.approx(apart(canvas, START, END))
    assert ruler.text == "51 px"
    ruler.length_mm = 7.5
    assert ruler.text == "7.5 mm", "as it was told"


def test_two_clicks_lay_it_too(canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot) -> None:
    click(canvas, qtbot, *START)
    qtbot.mouseMove(canvas, at(canvas, 50, 35))
    assert ruler.pixels == pytest.approx(apart(canvas, START, (50, 35))), "its end follows"
    assert calls == []
    click(canvas, qtbot, *END)
    assert calls == ["asked"]
    assert ruler.pixels == pytest.approx(apart(canvas, START, END))


def test_an_end_can_be_dragged_elsewhere_but_not_onto_the_other(
    canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot
) -> None:
    drag(canvas, qtbot, [START, END])
    start, _ = ends(ruler)
    drag(canvas, qtbot, [END, (60, 60)])
    assert ends(ruler)[0] == start
    assert ruler.pixels == pytest.approx(apart(canvas, START, (60, 60)))
    assert calls == ["asked", "asked"]
    before = ends(ruler)
    drag(canvas, qtbot, [START, (60, 60)])
    assert ends(ruler) == before
    assert calls == ["asked", "asked"]


def test_a_click_on_the_line_asks_again_and_one_beside_it_does_nothing(
    canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot
) -> None:
    drag(canvas, qtbot, [START, END])
    before = ends(ruler)
    click(canvas, qtbot, *MIDDLE)
    assert calls == ["asked", "asked"]
    click(canvas, qtbot, 45, 60)
    assert calls == ["asked", "asked"]
    assert ends(ruler) == before


def test_it_stays_on_the_photograph(canvas: Canvas, ruler: RulerTool, qtbot: QtBot) -> None:
    drag(canvas, qtbot, [START, (canvas.scene.width + 500, -500)])
    assert ends(ruler)[1] == (canvas.scene.width, 0)


def test_escape_gives_back_what_was_there_then_drops_it_then_is_not_its_own(
    canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot
) -> None:
    drag(canvas, qtbot, [START, END])
    before = ends(ruler)
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, *END))
    qtbot.mouseMove(canvas, at(canvas, 80, 60))
    assert ends(ruler) != before
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert ends(ruler) == before
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, 80, 60))
    assert (ends(ruler), calls) == (before, ["asked"]), "it was let go already"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert calls == ["asked", "dropped"]


def test_keys_do_all_of_it(canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    start, end = ends(ruler)
    assert start[1] == end[1]
    assert start[0] < end[0]
    screen = canvas.to_screen().m11()
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert ends(ruler)[0] == pytest.approx((start[0] - 10 / screen, start[1]))
    assert ends(ruler)[1] == pytest.approx((end[0], end[1] + 1 / screen))
    assert calls == [], "the other end may have to move, too"
    qtbot.keyClick(canvas, Qt.Key.Key_Enter)
    assert calls == ["asked"]


def test_keys_do_not_move_an_end_onto_the_other(canvas: Canvas, ruler: RulerTool, qtbot: QtBot) -> None:
    ruler.show((QPointF(40, 30), QPointF(41.01, 30)), None)
    before = ends(ruler)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert ends(ruler) == before
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert ends(ruler)[1][0] > before[1][0]


def test_with_a_scale_it_measures_and_asks_nothing(
    canvas: Canvas, ruler: RulerTool, calls: list[str], qtbot: QtBot
) -> None:
    ruler.scale = MM_PER_PX
    drag(canvas, qtbot, [START, END])
    assert ruler.text == f"{number(apart(canvas, START, END) * MM_PER_PX, 'mm')} mm"
    click(canvas, qtbot, *MIDDLE)
    assert calls == ["laid"]
    drag(canvas, qtbot, [(10, 10), (80, 10)])
    assert ruler.pixels == pytest.approx(apart(canvas, (10, 10), (80, 10))), "the next line takes its place"
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert ruler.pixels == pytest.approx(0.4 * canvas.width() / canvas.to_screen().m11(), rel=1e-6)
    assert calls == ["laid", "laid", "laid"]


def bright(image: QImage, y: int, left: int, right: int) -> int:
    """How many bright strokes a row of a picture crosses between two columns."""
    row = [image.pixelColor(x, y).lightness() > 130 for x in range(left, right)]
    return sum(now and not before for before, now in zip([False, *row], row, strict=False))


def test_its_ticks_stand_at_round_lengths_that_can_be_told_apart(canvas: Canvas, ruler: RulerTool) -> None:
    """100 screen pixels are 10 mm: a tick at each mm, longer ones at the ends and in the middle."""
    dark = np.zeros((canvas.height(), canvas.width(), 3), np.uint8)
    canvas.show_scene(Scene(Picture(dark), canvas.width(), canvas.height(), ()))
    y = canvas.height() // 2
    ruler.show((QPointF(100.5, y + 0.5), QPointF(200.5, y + 0.5)), 10.0)
    image = canvas.grab().toImage()
    assert bright(image, y + 3, 106, 196) == 9
    assert bright(image, y + 6, 90, 211) == 3
    ruler.show((QPointF(100.5, y + 0.5), QPointF(200.5, y + 0.5)), 20.0)
    assert bright(canvas.grab().toImage(), y + 3, 106, 196) == 9, "every 2 mm"
