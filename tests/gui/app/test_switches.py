"""How each kind of command is called, what its action shows when nothing came of it, and icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from diffseg_gui.app.actions import Actions
from diffseg_gui.feature import Command
from diffseg_gui.look import icons

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Lamp:
    """Something to switch, which may be broken. It notes how it is asked."""

    def __init__(self) -> None:
        self.on = self.broken = False
        self.calls: list[tuple[object, ...]] = []

    def ask(self, *how: object) -> None:
        """Switch it, unless it is broken."""
        self.calls.append(how)
        if not self.broken:
            self.on = how == (True,)

    def commands(self) -> tuple[Command, ...]:
        """A plain command, a switch, and the only one of which one is always on."""
        return (
            Command("dark", "View", "&Dark", "D", "Switch it off", self.ask),
            Command("light", "View", "&Light", "L", "Light", self.ask, checked=lambda: self.on),
            Command("red", "View", "&Red", "R", "Red light", self.ask, checked=lambda: True, one_of="colour"),
        )


@pytest.fixture
def lamp() -> Lamp:
    """The lamp, out."""
    return Lamp()


@pytest.fixture
def window(lamp: Lamp, qtbot: QtBot) -> QWidget:
    """A window in front, with the lamp's actions."""
    made = QWidget()
    qtbot.addWidget(made)
    made.addActions(list(Actions(lamp.commands(), made).by_name.values()))
    with qtbot.waitActive(made):
        made.show()
    return made


def test_only_a_switch_is_told_its_new_state(lamp: Lamp, window: QWidget, qtbot: QtBot) -> None:
    for key, asked in ((Qt.Key.Key_D, ()), (Qt.Key.Key_L, (True,)), (Qt.Key.Key_L, (False,)), (Qt.Key.Key_R, ())):
        qtbot.keyClick(window, key)
        assert lamp.calls.pop() == asked
    assert [action.isCheckable() for action in window.actions()] == [False, True, True]
    assert window.actions()[2].isChecked(), "chosen again, it stays on"


def test_what_did_not_come_about_is_not_shown(lamp: Lamp, window: QWidget, qtbot: QtBot) -> None:
    _, light, _ = window.actions()
    lamp.broken = True
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert lamp.calls == [(True,)]
    assert not light.isChecked()
    lamp.broken = False
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert lamp.calls.pop() == (True,)
    assert light.isChecked()


def test_icons_are_found_by_name_and_leave_menus_to_check_marks(window: QWidget) -> None:
    rows = [("open", ""), ("back", "reset"), ("nothing of that name", "")]
    commands = [Command(name, "View", name, "", name, lambda: None, icon=icon) for name, icon in rows]
    made = Actions(commands, window).by_name
    pictures = [action.icon().pixmap(24, 24).toImage() for action in made.values()]
    assert pictures[:2] == [icons.icon(name).pixmap(24, 24).toImage() for name in ("open", "reset")]
    assert made["nothing of that name"].icon().isNull()
    assert not made["open"].isIconVisibleInMenu()
