"""Panels in docks: hidden and brought back, tabbed, covered, arranged by the window's size, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMainWindow, QTabBar, QWidget

from diffseg_gui.app.actions import Actions
from diffseg_gui.app.dock import HIDDEN, Dock
from diffseg_gui.app.docks import Docks
from diffseg_gui.arrangement import Arrangement
from diffseg_gui.feature import Panel, Place
from diffseg_gui.look.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from diffseg_gui.preferences import Preferences

WIDE, NARROW, SHORT = (1400, 800), (1000, 800), (1400, 500)
ROOM = QSize(2000, 1000)
LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)


def panels() -> tuple[Panel, ...]:
    """One on the left, two on the right with a third behind the lower one, and one below."""
    made = (
        Panel("dials", "Dials", "What can be turned", Card("Dials"), Place.LEFT),
        Panel("views", "Views", "What can be seen", Card("Views"), height=300),
        Panel("list", "List", "What there is to do", Card("List"), height=200),
        Panel("notes", "Notes", "What was said", Card("Notes"), behind="list"),
        Panel("strip", "Strip", "All in a row", Card("Strip"), Place.BOTTOM, height=100, scrolls=False),
    )
    for panel in made:
        panel.card.body.addWidget(QLineEdit(panel.title))
    return made


class Room:
    """A window with docks alone, and the actions of their commands."""

    def __init__(self, size: tuple[int, int], preferences: Preferences, its_panels: tuple[Panel, ...]) -> None:
        self.window = QMainWindow()
        self.window.setCentralWidget(QWidget())
        self.docks = Docks(self.window, its_panels, preferences, Arrangement(preferences))
        self.actions = Actions(self.docks.commands(), self.window)
        self.actions.follow(*(dock.hiddenChanged for dock in self.docks.all.values()))
        self.window.resize(*size)
        self.docks.restore(ROOM)
        self.window.show()

    def __getitem__(self, name: str) -> Dock:
        return self.docks.all[name]

    def trigger(self, name: str) -> bool:
        """Use a command; whether it is on then."""
        action = self.actions.by_name[name]
        action.trigger()
        QApplication.processEvents()
        return action.isChecked()

    def arrange(self, size: tuple[int, int]) -> None:
        """Give the window a size and its panels their places in it."""
        self.window.resize(*size)
        self.docks.arrange()
        QApplication.processEvents()

    def places(self) -> dict[str, Qt.DockWidgetArea]:
        """Where the panels stand."""
        return {name: self.window.dockWidgetArea(dock) for name, dock in self.docks.all.items()}

    def tabs(self) -> list[int]:
        """How many tabs each tab bar in view has."""
        bars = [bar for bar in self.window.findChildren(QTabBar) if bar.isVisible()]
        return sorted(bar.count() for bar in bars if self.window.rect().intersects(bar.geometry()))

    def in_front(self) -> set[str]:
        """The panels that can be seen."""
        return {name for name, dock in self.docks.all.items() if not dock.visibleRegion().isEmpty()}


@pytest.fixture
def make_room(qtbot: QtBot, preferences: Preferences) -> Callable[..., Room]:
    """Make rooms that remember in the same place."""

    def make(size: tuple[int, int] = WIDE, its_panels: tuple[Panel, ...] = ()) -> Room:
        room = Room(size, preferences, its_panels or panels())
        qtbot.addWidget(room.window)
        QApplication.processEvents()
        return room

    return make


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    """A wide one."""
    return make_room()


def test_a_wide_window_has_columns_on_both_sides(room: Room) -> None:
    assert room.places() == {"dials": LEFT, "views": RIGHT, "list": RIGHT, "notes": RIGHT, "strip": BOTTOM}
    assert room.in_front() == {"dials", "views", "list", "strip"}
    assert room.tabs() == [2]
    assert (room["dials"].width(), room["views"].width()) == (272, 392)


def test_a_narrow_window_has_one_column(make_room: Callable[..., Room]) -> None:
    room = make_room(NARROW)
    assert room.places() == {"dials": LEFT, "views": LEFT, "list": LEFT, "notes": LEFT, "strip": BOTTOM}
    assert room.in_front() == {"dials", "strip"}
    assert room.tabs() == [4]


def test_a_short_window_has_nothing_below(make_room: Callable[..., Room]) -> None:
    room = make_room(SHORT)
    assert room.places() == {"dials": LEFT, "views": RIGHT, "list": RIGHT, "notes": RIGHT, "strip": RIGHT}
    assert room.in_front() == {"dials", "views"}
    assert room.tabs() == [4]


def test_a_new_arrangement_leaves_nothing_of_the_old_one(room: Room) -> None:
    for size in (NARROW, SHORT, WIDE):
        room.arrange(size)
    assert room.tabs() == [2]
    heights = [room[name].height() for name in ("views", "list")]
    assert heights[0] / heights[1] == pytest.approx(300 / 200, rel=0.1)
    room.arrange(WIDE)
    assert [room[name].height() for name in ("views", "list")] == heights, "shared out alike each time"


def test_a_title_stands_once(room: Room) -> None:
    shown = {name: dock.panel.card.title.isVisible() for name, dock in room.docks.all.items()}
    assert shown == {"dials": True, "views": True, "list": False, "notes": False, "strip": True}, "else on the tab"
    room["list"].setFloating(True)
    assert room["list"].panel.card.title.isVisible()


def test_a_panel_is_hidden_and_brought_back(room: Room, qtbot: QtBot) -> None:
    dock, action = room["views"], room.actions.by_name["panel_views"]
    header = dock.panel.card.header
    assert action.isChecked()
    assert not header.close_button.isVisible(), "until the mouse is there"
    nowhere = QPointF(0, 0)
    QApplication.sendEvent(header, QEnterEvent(nowhere, nowhere, nowhere))
    qtbot.mouseClick(header.close_button, Qt.MouseButton.LeftButton)
    assert dock.isHidden()
    assert not action.isChecked()
    assert room.trigger("panel_views")
    assert dock.isVisible()


def test_a_panel_behind_its_tabs_is_brought_forward_before_it_is_hidden(room: Room) -> None:
    assert "notes" not in room.in_front()
    assert room.trigger("panel_notes")
    assert "notes" in room.in_front()
    assert not room.trigger("panel_notes")
    assert room["notes"].isHidden()


def test_the_keys_bring_their_panel_forward(room: Room) -> None:
    room["notes"].panel.card.findChild(QLineEdit).setFocus()
    QApplication.processEvents()
    assert "notes" in room.in_front()


def test_a_panel_asks_to_be_shown_and_knows_whether_it_is_seen(room: Room) -> None:
    seen: list[bool] = []
    panel = room["notes"].panel
    panel.seen.connect(seen.append)
    panel.wanted.emit()
    QApplication.processEvents()
    assert "notes" in room.in_front()
    room["list"].raise_()
    QApplication.processEvents()
    assert seen[0] is True
    assert seen[-1] is False


def test_every_panel_has_a_switch_with_a_key(room: Room) -> None:
    shown = [(c.name, c.menu, c.text, c.shortcut, c.tip) for c in room.docks.commands()]
    assert shown[1] == ("panel_views", "View/Pa&nels", "Views", "Alt+2", "What can be seen")
    assert [name for name, *_ in shown] == [*(f"panel_{name}" for name in room.docks.all), "reset_layout"]


def test_resetting_the_layout_brings_all_back(room: Room) -> None:
    places, width = room.places(), room["dials"].width()
    room["list"].setFloating(True)
    room["dials"].hide()
    room.window.addDockWidget(LEFT, room["views"])
    room.trigger("reset_layout")
    assert room.places() == places
    assert not any(dock.isFloating() or dock.isHidden() for dock in room.docks.all.values())
    assert room["dials"].width() == width


def test_a_covered_panel_shows_a_sentence_alone(room: Room) -> None:
    box, card = room["dials"].panel.card.findChild(QLineEdit), room["dials"].panel.card
    card.note.setText("41 mm²")
    room.docks.cover(True)
    assert not box.isVisible()
    assert not card.note.isVisible(), "a figure of the model's"
    assert [label.text() for label in room["dials"].findChildren(QLabel) if label.isVisible()] == ["Dials", HIDDEN]
    room.docks.cover(False)
    assert box.isVisible()
    assert card.note.isVisible()
    assert HIDDEN not in [label.text() for label in room["dials"].findChildren(QLabel) if label.isVisible()]


def test_the_layout_is_remembered(room: Room, make_room: Callable[..., Room]) -> None:
    room["strip"].hide()
    room.window.addDockWidget(BOTTOM, room["notes"])
    room.docks.save()
    again = make_room()
    assert again["strip"].isHidden()
    assert not again.actions.by_name["panel_strip"].isChecked()
    assert again.places() == room.places()
    assert again["views"].isVisible()
    narrow = make_room(NARROW)
    assert narrow["strip"].isVisible(), "a window of another form begins anew"


def test_a_layout_of_other_panels_or_a_damaged_one_is_not_taken(
    room: Room, make_room: Callable[..., Room], preferences: Preferences
) -> None:
    room["views"].hide()
    room.docks.save()
    more = (*panels(), Panel("more", "More", "One more", Card("More")))
    assert all(dock.isVisible() for dock in make_room(its_panels=more).docks.all.values())
    preferences.set("layout", b"damaged")
    assert all(dock.isVisible() for dock in make_room().docks.all.values())


def test_a_layout_that_needs_more_room_than_the_screen_has_is_not_taken(room: Room) -> None:
    for name in ("views", "strip"):
        room[name].setMinimumWidth(300)
    room.window.addDockWidget(BOTTOM, room["views"])
    room.window.splitDockWidget(room["views"], room["strip"], Qt.Orientation.Horizontal)
    room.docks.save()
    room.docks.restore(ROOM)
    assert room.places()["views"] == BOTTOM
    room.docks.restore(QSize(500, 500))
    assert room.places()["views"] == RIGHT, "beside each other they would hang over"
