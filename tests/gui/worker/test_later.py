"""Work beside the main thread: the newest request wins, and values are made once their inputs rest."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from diffseg_gui.worker.background import Background
from diffseg_gui.worker.later import Later
from engine.errors import ReadingError
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    """A background of this test alone."""
    made = Background()
    yield made
    made.close()


class Sum:
    """Two numbers whose sum is made later."""

    def __init__(self) -> None:
        self.a, self.b, self.wanted = 1, 2, True
        self.made: list[int] = []
        self.later: Later[int] = Later(lambda: (self.a, self.b), self._make, lambda: self.wanted, rest=0)

    def _make(self, a: int, b: int) -> int:
        self.made.append(a + b)
        if a < 0:
            raise ReadingError("A negative number; choose another.")
        return a + b


@pytest.fixture
def total(qtbot: QtBot) -> Iterator[Sum]:
    """1 + 2, not made yet."""
    made = Sum()
    yield made
    made.later.close()


def test_the_newest_answer_is_told(background: Background, qtbot: QtBot) -> None:
    answers: list[object] = []
    begun, go = Event(), Event()
    background.answered.connect(answers.append)

    def slow() -> str:
        begun.set()
        assert go.wait(PATIENCE / 1000)
        return "under way when it was overtaken"

    background.ask(slow)
    assert begun.wait(PATIENCE / 1000)
    background.ask(lambda: "waiting when it was overtaken")
    background.ask(lambda: "newest")
    go.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
    background.close()
    assert answers == ["newest"]


def test_a_failure_is_told_in_a_sentence(background: Background, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise ReadingError("There is nothing to compare; open an annotation.")

    with qtbot.waitSignal(background.failed, timeout=PATIENCE) as failed:
        background.ask(refuse)
    assert failed.args == ["There is nothing to compare; open an annotation."]
    with qtbot.waitSignal(background.failed, timeout=PATIENCE) as failed:
        background.ask(lambda: 1 / 0)
    assert failed.args[0].startswith("The work stopped on an unforeseen error (ZeroDivisionError")


def test_a_value_is_made_once_and_anew_when_its_inputs_change(total: Sum, qtbot: QtBot) -> None:
    assert total.later.last is None
    with qtbot.waitSignal(total.later.made, timeout=PATIENCE):
        total.later.follow()
    assert (total.later.last, total.later.is_current) == (3, True)
    total.later.follow()
    total.b = 5
    assert (total.later.last, total.later.is_current) == (3, False)
    with qtbot.waitSignal(total.later.made, timeout=PATIENCE):
        total.later.follow()
    assert (total.later.last, total.made) == (6, [3, 6])


def test_inputs_that_move_on_are_followed_once_they_rest(total: Sum, qtbot: QtBot) -> None:
    with qtbot.waitSignal(total.later.made, timeout=PATIENCE):
        for total.a in range(10, 20):
            total.later.follow()
    assert total.made == [21]


def test_what_nobody_wants_is_not_made(total: Sum, qtbot: QtBot) -> None:
    total.later.follow()
    total.wanted = False
    qtbot.wait(20)  # it rests meanwhile
    total.later.follow()
    total.later.close()
    assert total.made == []


def test_a_value_made_here_and_now_overtakes_one_on_its_way(total: Sum, qtbot: QtBot) -> None:
    total.later.follow()
    total.later.take((1, 2), 300)
    qtbot.wait(20)
    assert (total.later.last, total.later.is_current) == (300, True)
    total.later.forget()
    assert total.later.last is None


def test_a_value_that_cannot_be_made_leaves_the_last_one(total: Sum, qtbot: QtBot) -> None:
    total.later.take((1, 2), 3)
    total.a = -1
    with qtbot.waitSignal(total.later.failed, timeout=PATIENCE) as failed:
        total.later.follow()
    assert failed.args == ["A negative number; choose another."]
    assert (total.later.last, total.later.is_current) == (3, False)
