"""Buttons that stand for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from diffseg_gui.look.mirror import mirror
from diffseg_gui.look.named import checkable
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def action(qtbot: QtBot) -> QAction:
    """A switch that cannot be used yet."""
    action = QAction("Switch", None, checkable=True)
    action.setToolTip("Not yet")
    action.setEnabled(False)
    return action


@pytest.fixture
def button(action: QAction, qtbot: QtBot) -> QPushButton:
    """A button that stands for it."""
    button = checkable(QPushButton("Button"))
    qtbot.addWidget(button)
    mirror(button, action)
    button.show()
    return button


def test_a_button_is_as_its_action_is(action: QAction, button: QPushButton) -> None:
    assert (button.isEnabled(), button.toolTip(), button.isChecked()) == (False, "Not yet", False)
    action.setEnabled(True)
    action.setToolTip("Switch it on")
    action.setChecked(True)
    assert (button.isEnabled(), button.toolTip(), button.isChecked()) == (True, "Switch it on", True)
    assert button.text() == "Button"


def test_a_click_does_what_the_action_does(action: QAction, button: QPushButton, qtbot: QtBot) -> None:
    heard: list[bool] = []
    action.triggered.connect(lambda on: heard.append(on))
    qtbot.mouseClick(button, LEFT)
    assert heard == [], "it cannot be used"
    action.setEnabled(True)
    for on in (True, False):
        qtbot.mouseClick(button, LEFT)
        assert heard.pop() == on
        assert (action.isChecked(), button.isChecked()) == (on, on)


def test_what_did_not_come_about_is_not_shown(action: QAction, button: QPushButton, qtbot: QtBot) -> None:
    action.setEnabled(True)
    action.triggered.connect(lambda _: action.setChecked(False))
    qtbot.mouseClick(button, LEFT)
    assert not button.isChecked()


def test_a_plain_button_has_no_state(action: QAction, qtbot: QtBot) -> None:
    plain = QPushButton("Plain")
    qtbot.addWidget(plain)
    action.setChecked(True)
    mirror(plain, action)
    assert not plain.isChecked()
