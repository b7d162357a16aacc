"""Derived values made beside the main thread: once their inputs rest, while somebody looks, and the newest alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from diffseg_gui.worker.later import Later
from engine.errors import DiffSegError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


class Squares(QObject):
    """Squares of a number, made later. It can be held up, and what it was asked for is known."""

    def __init__(self) -> None:
        super().__init__()
        self.number, self.wanted = 2, True
        self.asked: list[int] = []
        self.ended: list[int] = []
        self.told: list[int | None] = []
        self.failures: list[str] = []
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.later: Later[int] = Later(lambda: (self.number,), self._square, lambda: self.wanted, rest=20, parent=self)
        self.later.made.connect(lambda: self.told.append(self.later.last))
        self.later.failed.connect(self.failures.append)

    def _square(self, number: int) -> int:
        self.asked.append(number)
        assert self.goes_on.wait(60)
        self.ended.append(number)
        if number < 0:
            raise DiffSegError("A negative number: take another.")
        if number == 0:
            raise ArithmeticError("that nobody foresaw")
        return number * number

    def become(self, number: int) -> None:
        """Change the number, and tell of it."""
        self.number = number
        self.later.follow()


@pytest.fixture
def squares(qapp: QApplication) -> Iterator[Squares]:
    """Nothing is made yet."""
    made = Squares()
    yield made
    made.goes_on.set()
    made.later.close()


def test_it_is_made_beside_and_told(squares: Squares, qtbot: QtBot) -> None:
    assert (squares.later.last, squares.later.is_current) == (None, False)
    squares.later.follow()
    assert squares.asked == [], "not at once"
    qtbot.waitUntil(lambda: squares.told == [4])
    assert (squares.later.last, squares.later.is_current) == (4, True)


def test_of_many_changes_the_last_alone_is_made(squares: Squares, qtbot: QtBot) -> None:
    for number in (3, 4, 5):
        squares.become(number)
    qtbot.waitUntil(lambda: squares.told == [25])
    assert squares.asked == [5]


def test_what_is_current_is_not_made_again(squares: Squares, qtbot: QtBot) -> None:
    squares.later.follow()
    qtbot.waitUntil(lambda: squares.told == [4])
    squares.become(3)
    assert not squares.later.is_current
    assert squares.later.last == 4, "the last one stays until there is another"
    squares.become(2)
    assert squares.later.is_current
    qtbot.wait(60)
    assert squares.asked == [2]


def test_nothing_is_made_while_nobody_looks(squares: Squares, qtbot: QtBot) -> None:
    squares.wanted = False
    squares.later.follow()
    qtbot.wait(60)
    assert squares.asked == []
    squares.wanted = True
    squares.later.follow()
    squares.wanted = False  # before its inputs have rested
    qtbot.wait(60)
    assert squares.asked == []


def test_a_value_made_here_and_now_takes_the_place_of_one_under_way(squares: Squares, qtbot: QtBot) -> None:
    squares.goes_on.clear()
    squares.become(3)
    qtbot.waitUntil(lambda: squares.asked == [3])
    squares.number = 5
    squares.later.take((5,), 25)
    assert squares.told == [25]
    assert squares.later.is_current
    squares.goes_on.set()
    qtbot.wait(60)
    assert squares.told == [25]


def test_a_newer_request_wins(squares: Squares, qtbot: QtBot) -> None:
    squares.goes_on.clear()
    squares.become(3)
    qtbot.waitUntil(lambda: squares.asked == [3])
    squares.become(4)
    qtbot.wait(60)  # it rests, and waits for its turn
    squares.goes_on.set()
    qtbot.waitUntil(lambda: squares.told == [16])
    assert squares.asked == [3, 4]


def test_what_was_made_from_former_inputs_is_not_current(squares: Squares, qtbot: QtBot) -> None:
    squares.goes_on.clear()
    squares.become(3)
    qtbot.waitUntil(lambda: squares.asked == [3])
    squares.number = 4  # and nobody has told yet
    squares.goes_on.set()
    qtbot.waitUntil(lambda: squares.told == [9])
    assert (squares.later.last, squares.later.is_current) == (9, False)


def test_forgetting_takes_the_value_and_the_one_under_way(squares: Squares, qtbot: QtBot) -> None:
    squares.later.follow()
    qtbot.waitUntil(lambda: squares.told == [4])
    squares.goes_on.clear()
    squares.become(3)
    qtbot.waitUntil(lambda: squares.asked == [2, 3])
    squares.later.forget()
    assert squares.later.last is None
    squares.goes_on.set()
    squares.become(4)
    squares.later.forget()  # one that rests is not made either
    qtbot.wait(60)
    assert (squares.told, squares.asked, squares.later.last) == ([4], [2, 3], None)


def test_a_failure_is_told_and_tried_anew_with_the_next_change(squares: Squares, qtbot: QtBot) -> None:
    squares.later.follow()
    qtbot.waitUntil(lambda: squares.told == [4])
    squares.become(-1)
    qtbot.waitUntil(lambda: squares.failures == ["A negative number: take another."])
    assert (squares.later.last, squares.later.is_current) == (4, False)
    squares.later.follow()
    qtbot.waitUntil(lambda: len(squares.failures) == 2)
    squares.become(3)
    qtbot.waitUntil(lambda: squares.told == [4, 9])


def test_a_failure_that_nobody_foresaw_is_told_too(squares: Squares, qtbot: QtBot) -> None:
    squares.become(0)
    qtbot.waitUntil(lambda: len(squares.failures) == 1)
    assert squares.failures[0].startswith("The work stopped")


def test_closing_waits_for_what_is_under_way(squares: Squares, qtbot: QtBot) -> None:
    squares.goes_on.clear()
    squares.later.follow()
    qtbot.waitUntil(lambda: squares.asked == [2])
    assert squares.ended == []
    threading.Timer(0.05, squares.goes_on.set).start()
    squares.later.close()
    assert squares.ended == [2]
    qtbot.wait(60)
    assert squares.told == [], "nobody hears its answer"
