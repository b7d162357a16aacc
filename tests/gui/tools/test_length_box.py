"""The box that asks for the ruler's length. Through real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, QRect, Qt

from diffseg_gui.tools.length_box import LengthBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk


@pytest.fixture
def canvas(desk: Desk, photo: SkinImage) -> Canvas:
    """A canvas with the photograph."""
    desk.open(photo)
    return desk.canvas


@pytest.fixture
def box(canvas: Canvas) -> LengthBox:
    """The box on the photograph."""
    return LengthBox(canvas, lambda length: "That is far too long." if length > 500 else "")


def test_enter_accepts_a_length_and_escape_drops_it(canvas: Canvas, box: LengthBox, qtbot: QtBot) -> None:
    answers: list[float | None] = []
    box.accepted.connect(answers.append)
    box.dropped.connect(lambda: answers.append(None))
    for key, length in ((Qt.Key.Key_Return, "12.5"), (Qt.Key.Key_Enter, "7"), (Qt.Key.Key_Escape, "3")):
        box.ask(None, QPointF(100, 100))
        assert box.isVisible()
        qtbot.keyClicks(box.box, length)
        qtbot.keyClick(box.box, key)
        assert not box.isVisible()
        assert canvas.hasFocus()
    assert answers == [12.5, 7.0, None]


def test_no_length_is_guessed_and_nothing_is_none(box: LengthBox, qtbot: QtBot) -> None:
    answers: list[float] = []
    box.accepted.connect(answers.append)
    box.ask(None, QPointF(100, 100))
    assert box.box.text().strip() == "mm"
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    box.parentWidget().setFocus()  # as a click elsewhere has it
    assert box.box.text() == "? mm"
    box.box.setFocus()
    qtbot.keyClick(box.box, Qt.Key.Key_Backspace)
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    qtbot.keyClicks(box.box, "0")
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert box.isVisible()
    assert "outside 0.01 to 1000" in box.wrong.text()
    assert answers == []


def test_point_and_comma_are_one_and_what_is_doubtful_is_refused_in_a_sentence(box: LengthBox, qtbot: QtBot) -> None:
    answers: list[float] = []
    box.accepted.connect(answers.append)
    for typed, said in (("1.234,5", "cannot be read"), ("600", "far too long"), ("1 000", "cannot be read")):
        box.ask(None, QPointF(100, 100))
        qtbot.keyClicks(box.box, typed)
        qtbot.keyClick(box.box, Qt.Key.Key_Return)
        assert box.isVisible(), typed
        assert said in box.wrong.text()
    assert answers == []
    for typed in ("2,5", "2.5"):
        box.ask(None, QPointF(100, 100))
        assert not box.wrong.isVisible()
        qtbot.keyClicks(box.box, typed)
        qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert answers == [2.5, 2.5]


def test_typing_replaces_the_length_that_was_told_before(box: LengthBox, qtbot: QtBot) -> None:
    answers: list[float] = []
    box.accepted.connect(answers.append)
    box.ask(10.0, QPointF(100, 100))
    assert box.box.value() == 10
    qtbot.keyClicks(box.box, "5")
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert answers == [5.0]


@pytest.mark.parametrize("corner", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_it_stands_on_the_canvas_and_below_the_line_where_there_is_room(
    canvas: Canvas, box: LengthBox, corner: tuple[int, int]
) -> None:
    box.ask(None, QPointF(canvas.width() * corner[0], canvas.height() * corner[1]))
    assert canvas.rect().contains(box.geometry())
    middle = QPointF(canvas.rect().center())
    box.place(middle)
    assert box.geometry().top() > middle.y()
    assert QRect(box.geometry().left(), 0, box.width(), canvas.height()).contains(middle.toPoint())
