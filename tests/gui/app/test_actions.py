"""Commands made into actions and menus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMenuBar, QWidget

from diffseg_gui.app.actions import Actions
from diffseg_gui.document.signals import DocumentSignals, as_one
from diffseg_gui.feature import Command

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

THEN = "Open a photograph first"


class Lamp(QObject):
    """Something to switch: on or off, in one of two colours, and it may be broken."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.on, self.colour, self.broken = False, "red", False

    def switch(self, on: bool) -> None:
        """On or off."""
        self.on = on

    def paint(self, colour: str) -> None:
        """Red or green."""
        self.colour = colour

    def commands(self) -> tuple[Command, ...]:
        """In no order of menus."""
        return (
            Command("help", "Help", "&Help", "F1; ?", "What a lamp is", lambda: None),
            Command("switch", "View", "&Switch", "S", "Light", self.switch, lambda: not self.broken,
                    lambda: THEN, lambda: self.on, lambda: "&Put out" if self.on else "&Light"),
            Command("red", "View/&Colour", "&Red", "", "Red light", lambda: self.paint("red"),
                    checked=lambda: self.colour == "red", one_of="colour"),
            Command("green", "View/&Colour", "&Green", "", "Green light", lambda: self.paint("green"),
                    checked=lambda: self.colour == "green", one_of="colour"),
            Command("mend", "View", "&Mend", "", "A new bulb", lambda: setattr(self, "broken", False), line=True),
            Command("buy", "File", "&Buy", "", "Another lamp", lambda: None, line=True),
        )  # fmt: skip


@pytest.fixture
def lamp() -> Lamp:
    """A red lamp that is out."""
    return Lamp()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """Whose actions they are."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def actions(lamp: Lamp, parent: QWidget) -> Actions:
    """The lamp's."""
    return Actions(lamp.commands(), parent)


def test_menus_come_in_their_own_order(actions: Actions, parent: QWidget) -> None:
    bar = QMenuBar(parent)
    menus = actions.fill(bar)
    assert [action.text() for action in bar.actions()] == ["&File", "&View", "&Help"]
    assert list(menus) == ["File", "View", "View/&Colour", "Help"]
    view = ["|" if action.isSeparator() else action.text() for action in menus["View"].actions()]
    assert view == ["&Light", "&Colour", "|", "&Mend"], "submenus stand where their first command does"
    assert [action.text() for action in menus["File"].actions()] == ["&Buy"], "no line above the first one"
    assert all(menu.toolTipsVisible() for menu in menus.values())


def test_a_switch_is_told_its_state_and_shows_it(actions: Actions, lamp: Lamp) -> None:
    switch = actions.by_name["switch"]
    switch.trigger()
    assert (lamp.on, switch.isChecked(), switch.text()) == (True, True, "&Put out")
    switch.trigger()
    assert (lamp.on, switch.isChecked(), switch.text()) == (False, False, "&Light")


def test_one_of_several_is_always_on(actions: Actions, lamp: Lamp) -> None:
    red, green = actions.by_name["red"], actions.by_name["green"]
    for chosen, other in ((green, red), (green, red), (red, green)):
        chosen.trigger()
        assert (chosen.isChecked(), other.isChecked()) == (True, False)
    assert lamp.colour == "red"


def test_what_cannot_be_used_says_why(actions: Actions, lamp: Lamp) -> None:
    switch = actions.by_name["switch"]
    actions.follow(lamp.changed)
    lamp.broken = True
    lamp.changed.emit()
    assert (switch.isEnabled(), switch.toolTip(), switch.statusTip()) == (False, THEN, THEN)
    switch.trigger()
    assert not lamp.on
    actions.by_name["mend"].trigger()
    assert switch.isEnabled(), "each use of a command has all of them show what holds now"
    assert (switch.toolTip(), switch.statusTip()) == ("Light (S)", "Light")


def test_what_nobody_told_of_cannot_be_used_either(actions: Actions, lamp: Lamp) -> None:
    switch = actions.by_name["switch"]
    lamp.broken = True
    assert switch.isEnabled()
    switch.trigger()
    assert (lamp.on, switch.isChecked(), switch.isEnabled()) == (False, False, False)


def test_a_change_told_by_several_signals_is_followed_once(lamp: Lamp, parent: QWidget, qtbot: QtBot) -> None:
    asked: list[bool] = []
    lamp.broken = True

    class Dimmer(DocumentSignals):
        @as_one
        def mend(self) -> None:
            lamp.broken = False
            for signal in (self.recipeChanged, self.resultChanged, lamp.changed):
                signal.emit()

    def can_be_used() -> bool:
        asked.append(lamp.broken)
        return not lamp.broken

    dimmer = Dimmer(parent)
    actions = Actions([replace(lamp.commands()[1], enabled=can_be_used)], parent)
    actions.follow(dimmer.recipeChanged, dimmer.resultChanged, lamp.changed, source=dimmer)
    parent.addActions(list(actions.by_name.values()))
    with qtbot.waitActive(parent):
        parent.show()
    qtbot.keyClick(parent, Qt.Key.Key_S)
    assert not lamp.on
    asked.clear()
    dimmer.mend()
    assert asked == [False]
    qtbot.keyClick(parent, Qt.Key.Key_S)
    assert lamp.on, "the very next key finds it as it is"
    lamp.broken = True
    lamp.changed.emit()
    assert not actions.by_name["switch"].isEnabled(), "what is told alone is followed at once"


def test_what_changes_elsewhere_runs_nothing(actions: Actions, lamp: Lamp) -> None:
    actions.follow(lamp.changed)
    told: list[bool] = []
    actions.by_name["switch"].triggered.connect(told.append)
    lamp.on = True
    lamp.changed.emit()
    assert actions.by_name["switch"].isChecked()
    assert told == []


def test_keys_stand_in_the_tooltip_and_work(actions: Actions, lamp: Lamp, parent: QWidget, qtbot: QtBot) -> None:
    assert actions.by_name["help"].toolTip() == "What a lamp is (F1  or  ?)"
    parent.addActions(list(actions.by_name.values()))
    box = QLineEdit(parent)
    with qtbot.waitActive(parent):
        parent.show()
    parent.setFocus()
    qtbot.keyClick(parent, Qt.Key.Key_S)
    assert lamp.on
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_S)
    assert (box.text(), lamp.on) == ("s", True), "a key that is typed is no shortcut"
