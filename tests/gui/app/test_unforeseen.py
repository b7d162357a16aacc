"""An error that no slot caught is logged, told in the window, and told once; Ctrl+C still ends the program."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.unforeseen import INTERRUPTED, Unforeseen
from diffseg_gui.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Button(QObject):
    """Something with a slot that fails."""

    pressed = Signal()

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error
        self.pressed.connect(self.fail)

    def press(self) -> None:
        """Have the slot called as Qt does."""
        self.pressed.emit()

    def fail(self) -> None:
        """Raise."""
        raise self.error


@pytest.fixture
def messages(qapp: QApplication) -> Messages:
    """What failures are told through."""
    return Messages()


@pytest.fixture
def told(messages: Messages, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sentences that the person reads, as the program runs, with what Python would print left out."""
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)  # in place of the tests' own
    sentences: list[str] = []
    messages.failed.connect(lambda sentence, _: sentences.append(sentence))
    with Unforeseen(messages):
        yield sentences


def test_an_error_in_a_slot_is_logged_and_told(told: list[str], qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    Button(LookupError("nothing there")).press()
    assert told == [], "not before what failed is over"
    qtbot.waitUntil(lambda: bool(told))
    (sentence,) = told
    assert "unforeseen error (LookupError: nothing there)" in sentence
    (record,) = caplog.records
    assert record.exc_info
    assert "raise self.error" in caplog.text


def test_one_that_comes_again_and_again_is_logged_once(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    button = Button(ValueError("again"))
    for _ in range(20):
        button.press()
        QApplication.processEvents()
    assert len(caplog.records) == 1
    assert set(told) == {told[0]}
    button.error = ValueError("another")
    button.press()
    QApplication.processEvents()
    assert "another" in told[-1]
    assert len(caplog.records) == 2


def test_one_that_cannot_be_told_ends_there(
    messages: Messages, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    banner = Button(RuntimeError("no banner"))
    messages.failed.connect(lambda *_: banner.fail())
    Button(ValueError("first")).press()
    for _ in range(5):
        QApplication.processEvents()
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
    assert "no banner" in caplog.text
    assert len(told) == 1


def test_ctrl_c_ends_the_program(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    QTimer.singleShot(0, Button(KeyboardInterrupt()).fail)
    assert QCoreApplication.exec() == INTERRUPTED
    assert told == []
    assert caplog.records == []


def test_what_was_there_before_is_put_back(messages: Messages) -> None:
    before = sys.excepthook
    with Unforeseen(messages):
        assert sys.excepthook is not before
    assert sys.excepthook is before
