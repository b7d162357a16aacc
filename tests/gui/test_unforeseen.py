"""An error that no slot caught is logged, told in the window, and told once; Ctrl+C still ends the program."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from diffseg_gui.unforeseen import INTERRUPTED, Unforeseen
from tests.gui.conftest import read_banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench


class Button(QObject):
    """Something with a slot that fails."""

    pressed = Signal()

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error
        self.pressed.connect(self.fail)

    def fail(self) -> None:
        """Raise."""
        raise self.error


@pytest.fixture
def watched(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """A workbench as the program runs it, with what Python would print left out."""
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)  # in place of the tests' own
    with Unforeseen(bench.window):
        yield bench


def test_an_error_in_a_slot_is_logged_and_told(
    watched: Workbench, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    button = Button(LookupError("nothing there"))
    button.pressed.emit()
    sentence = read_banner(watched, qtbot)
    assert "unforeseen error (LookupError: nothing there)" in sentence
    (record,) = caplog.records
    assert record.exc_info
    assert "raise self.error" in caplog.text


def test_one_that_comes_again_and_again_is_logged_once_and_told_again(
    watched: Workbench, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    button = Button(ValueError("again"))
    for _ in range(20):
        button.pressed.emit()
        QApplication.processEvents()
    assert len(caplog.records) == 1
    read_banner(watched, qtbot)
    button.pressed.emit()
    assert "again" in read_banner(watched, qtbot)
    button.error = ValueError("another")
    button.pressed.emit()
    assert "another" in read_banner(watched, qtbot)
    assert len(caplog.records) == 2


def test_one_that_cannot_be_told_ends_there(
    watched: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("no banner")

    monkeypatch.setattr(watched.window, "show_failure", fail)
    button = Button(ValueError("first"))
    button.pressed.emit()
    for _ in range(5):
        QApplication.processEvents()
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
    assert "no banner" in caplog.text


def test_ctrl_c_ends_the_program(watched: Workbench, caplog: pytest.LogCaptureFixture) -> None:
    button = Button(KeyboardInterrupt())
    QTimer.singleShot(0, button.fail)
    assert QCoreApplication.exec() == INTERRUPTED
    assert not watched.window.stage.banner.isVisible()
    assert caplog.records == []


def test_what_was_there_before_is_put_back(bench: Workbench) -> None:
    before = sys.excepthook
    with Unforeseen(bench.window):
        assert sys.excepthook is not before
    assert sys.excepthook is before
