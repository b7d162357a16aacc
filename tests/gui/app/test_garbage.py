"""Cyclic garbage is collected in the main thread, whichever thread makes it due."""

from __future__ import annotations

import gc
from threading import Thread, get_ident
from typing import TYPE_CHECKING

from diffseg_gui.app.garbage import Garbage
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Cycle:
    """What only the collector can end."""

    def __init__(self, ended: list[int]) -> None:
        self.itself, self.ended = self, ended

    def __del__(self) -> None:
        self.ended.append(get_ident())


def make_much(ended: list[int]) -> None:
    """Many times as many as Python waits for before it collects."""
    for _ in range(20 * gc.get_threshold()[0]):
        Cycle(ended)


def test_another_thread_makes_it_due_and_this_one_collects_it(qtbot: QtBot) -> None:
    ended: list[int] = []
    with Garbage():
        other = Thread(target=make_much, args=(ended,))
        other.start()
        other.join()
        assert ended == []
        qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
    assert set(ended) == {get_ident()}


def test_afterwards_python_collects_as_before(qtbot: QtBot) -> None:
    ended: list[int] = []
    gc.enable()
    with Garbage():
        assert not gc.isenabled()
    assert gc.isenabled()
    make_much(ended)
    assert ended
