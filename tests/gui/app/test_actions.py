"""Commands as actions: how each kind is called, what it shows of what holds now, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QToolButton

from diffseg_gui.app.actions import Actions
from diffseg_gui.app.toolbar import NARROW, ToolBar
from diffseg_gui.document.document import Document
from diffseg_gui.feature import Command
from diffseg_gui.look import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from engine.recipe import Recipe


class Lamp(QObject):
    """Something to switch. It may be broken, and comes in colours of which one is always chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.on = self.broken = False
        self.colour = "red"
        self.calls: list[tuple[object, ...]] = []

    def switch(self, *on: bool) -> None:
        """Switch it, unless it is broken."""
        self.calls.append(on)
        if not self.broken:
            self.on = bool(on and on[0])

    def paint(self, colour: str, *more: object) -> None:
        """Choose a colour."""
        self.calls.append((colour, *more))
        self.colour = colour

    def commands(self) -> tuple[Command, ...]:
        """A plain command, a switch, two of which one is on, and one that says why it cannot be used."""
        return (
            Command("dark", "View", "&Dark", "D", "Switch it off", self.switch),
            Command("lamp", "View", "&Lamp", "L", "Light", self.switch, checked=lambda: self.on,
                    label=lambda: "&Lamp off" if self.on else "&Lamp on"),
            *(
                Command(name, "View/&Colour", name.capitalize(), "", name, lambda name=name: self.paint(name),
                        checked=lambda name=name: self.colour == name, one_of="colour")
                for name in ("red", "blue")
            ),
            Command("repair", "Edit", "&Repair", "R", "Make it work", lambda: setattr(self, "broken", False),
                    enabled=lambda: self.broken, why_not=lambda: f"The {self.colour} lamp is not broken"),
        )  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """A window without anything, on the screen."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def lamp() -> Lamp:
    """The lamp."""
    return Lamp()


@pytest.fixture
def action(window: QMainWindow, lamp: Lamp) -> Callable[[str], QAction]:
    """The lamp's actions, by name."""
    actions = Actions(lamp.commands(), window)
    actions.follow(lamp.changed)
    window.addActions(list(actions.by_name.values()))
    return actions.by_name.__getitem__


def test_a_plain_command_is_called_plainly(
    window: QMainWindow, lamp: Lamp, action: Callable[[str], QAction], qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D)
    action("dark").trigger()
    assert lamp.calls == [(), ()]
    assert not action("dark").isCheckable()


def test_a_switch_is_told_its_new_state_and_shows_what_holds(
    window: QMainWindow, lamp: Lamp, action: Callable[[str], QAction], qtbot: QtBot
) -> None:
    for on in (True, False, True):
        qtbot.keyClick(window, Qt.Key.Key_L)
        assert lamp.calls.pop() == (on,)
        assert action("lamp").isChecked() == on
    lamp.broken = True
    action("lamp").trigger()
    assert lamp.calls.pop() == (False,)
    assert action("lamp").isChecked(), "what did not come about is not shown"


def test_showing_what_holds_runs_nothing(lamp: Lamp, action: Callable[[str], QAction]) -> None:
    lamp.on = True
    assert not action("lamp").isChecked()
    lamp.changed.emit()
    assert action("lamp").isChecked()
    assert lamp.calls == []


def test_of_those_one_of_which_is_on_one_is_always_on(lamp: Lamp, action: Callable[[str], QAction]) -> None:
    for name, other in (("blue", "red"), ("blue", "red"), ("red", "blue")):
        action(name).trigger()
        assert lamp.calls.pop() == (name,), "chosen, not switched"
        assert action(name).isChecked()
        assert not action(other).isChecked()


def test_a_text_says_what_the_command_would_do(lamp: Lamp, action: Callable[[str], QAction]) -> None:
    assert action("lamp").text() == "&Lamp on"
    action("lamp").trigger()
    assert action("lamp").text() == "&Lamp off"
    assert action("dark").text() == "&Dark"


def test_what_cannot_be_used_says_why(
    window: QMainWindow, lamp: Lamp, action: Callable[[str], QAction], qtbot: QtBot
) -> None:
    repair, why = action("repair"), "The red lamp is not broken"
    assert (repair.isEnabled(), repair.toolTip(), repair.statusTip()) == (False, why, why)
    action("blue").trigger()
    assert repair.toolTip() == "The blue lamp is not broken", "each use of a command may change the others"
    lamp.broken = True
    lamp.changed.emit()
    assert (repair.isEnabled(), repair.toolTip(), repair.statusTip()) == (True, "Make it work (R)", "Make it work")
    qtbot.keyClick(window, Qt.Key.Key_R)
    assert (lamp.broken, repair.isEnabled()) == (False, False)


def test_menus_stand_in_their_order_and_commands_in_theirs(window: QMainWindow) -> None:
    def command(name: str, menu: str, line: bool = False) -> Command:
        return Command(name, menu, name, "", name, lambda: None, line=line)

    rows = (
        command("late", "Help", line=True), command("a", "View"), command("b", "View/&Sub", line=True),
        command("first", "File"), command("c", "View", line=True), command("d", "View/&Sub", line=True),
    )  # fmt: skip
    menus = Actions(rows, window).fill(window.menuBar())
    assert [one.text() for one in window.menuBar().actions()] == ["&File", "&View", "&Help"]
    shown = {path: [one.text() or "–" for one in menu.actions()] for path, menu in menus.items()}
    assert shown == {
        "File": ["first"],
        "View": ["a", "&Sub", "–", "c"],
        "View/&Sub": ["b", "–", "d"],
        "Help": ["late"],
    }
    assert all(menu.toolTipsVisible() for menu in menus.values())


def test_icons_are_found_by_name_and_leave_menus_to_check_marks(window: QMainWindow) -> None:
    def command(name: str, icon: str = "") -> Command:
        return Command(name, "View", name, "", name, lambda: None, icon=icon)

    by_name = Actions((command("open"), command("back", "reset"), command("nothing of that name")), window).by_name
    pictures = [action.icon().pixmap(24, 24).toImage() for action in by_name.values()]
    assert pictures[0] == icons.icon("open").pixmap(24, 24).toImage()
    assert pictures[1] == icons.icon("reset").pixmap(24, 24).toImage()
    assert by_name["nothing of that name"].icon().isNull()
    assert not by_name["open"].isIconVisibleInMenu()


def test_the_tool_bar_has_its_own_order(window: QMainWindow, recipe: Recipe) -> None:
    def command(name: str, bar: int, named: bool = False) -> Command:
        return Command(name, "View", name.capitalize(), "", f"{name}, explained", lambda: None, bar=bar, named=named)

    rows = (command("fit", 30), command("undo", 21), command("open", 10, named=True), command("redo", 20))
    bar = ToolBar(Actions((*rows, command("cancel", 0)), window), Document(recipe, window), window)
    window.addToolBar(bar)
    placed = [one.text() or "–" for one in bar.actions()]
    assert placed[:6] == ["Open", "–", "Redo", "Undo", "–", "Fit"]
    buttons = {one.text(): bar.widgetForAction(one) for one in bar.actions()[:6] if one.text()}
    for width, style in ((NARROW, "ToolButtonTextBesideIcon"), (NARROW - 1, "ToolButtonIconOnly")):
        bar.set_width(width)
        assert buttons["Open"].toolButtonStyle() == Qt.ToolButtonStyle[style]
        assert buttons["Fit"].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    for button in buttons.values():
        assert isinstance(button, QToolButton)
        assert button.accessibleName() == f"{button.text().lower()}, explained"
