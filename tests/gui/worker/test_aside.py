"""Work that may never end is left behind once nobody wants it."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads

import pytest

from diffseg_gui.worker.aside import LeftError, aside


def test_what_is_returned_or_raised_comes_back() -> None:
    assert aside(lambda: 7, lambda: True) == 7
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 // 0, lambda: True)


def test_what_is_not_wanted_any_more_is_left() -> None:
    begun, answers = Event(), Event()

    def stalls() -> None:
        begun.set()
        answers.wait()

    with pytest.raises(LeftError):
        aside(stalls, lambda: not begun.is_set())
    (left,) = [one for one in threads() if one.name == "drive"]
    assert left.daemon, "it does not keep the program from ending"
    answers.set()
    left.join()
