"""Pure functions beside the main thread: the newest request wins."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads
from typing import TYPE_CHECKING

import pytest

from diffseg_gui.worker.background import Background
from engine.errors import ReadingError
from tests.gui.conftest import PATIENCE, wait_for_drive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    """A background of this test alone."""
    made = Background()
    yield made
    made.close()


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


def test_what_is_added_drops_nothing(background: Background, qtbot: QtBot) -> None:
    answers: list[object] = []
    background.answered.connect(answers.append)
    for number in range(3):
        background.add(lambda number=number: number)
    qtbot.waitUntil(lambda: answers == [0, 1, 2], timeout=PATIENCE)
    done: list[int] = []
    for number in range(3):
        background.add(lambda number=number: done.append(number))
    background.wait()
    assert done == [0, 1, 2]


def test_what_stalls_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr("diffseg_gui.worker.background.PATIENCE", 100)
    answers, background = Event(), Background(may_stall=True)
    background.add(answers.wait)
    wait_for_drive(qtbot)
    (left,) = [one for one in threads() if one.name == "drive"]
    background.wait()
    answers.set()
    left.join()


def test_a_failure_is_told_in_a_sentence(background: Background, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise ReadingError("There is nothing to compare; open an annotation.")

    with qtbot.waitSignal(background.failed, timeout=PATIENCE) as failed:
        background.ask(refuse)
    assert failed.args == ["There is nothing to compare; open an annotation."]
    with qtbot.waitSignal(background.failed, timeout=PATIENCE) as failed:
        background.ask(lambda: 1 / 0)
    assert failed.args[0].startswith("The work stopped on an unforeseen error (ZeroDivisionError")
