"""The panels about the photograph, in docks: how they stand by default, and how that is remembered."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QLabel,
    QMainWindow,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui.feature import Command, Place
from diffseg_gui.look.named import named
from diffseg_gui.look.theme import application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffseg_gui.feature import Panel
    from diffseg_gui.preferences import Preferences

AREAS = {
    Place.LEFT: Qt.DockWidgetArea.LeftDockWidgetArea,
    Place.RIGHT: Qt.DockWidgetArea.RightDockWidgetArea,
    Place.BOTTOM: Qt.DockWidgetArea.BottomDockWidgetArea,
}
LEFT, RIGHT, BOTTOM = AREAS.values()
WIDTHS = {LEFT: 272, RIGHT: 392}  # by default, pixels
SCROLL_BAR = 10  # pixels
NARROW = 1230  # pixels; a narrower window has one column, the answers in tabs behind the settings
SHORT = 600  # pixels; a lower window gives its height to the photograph: all else stands beside it, in tabs
HIDDEN = "Hidden until you reveal"


class Dock(QDockWidget):
    """A panel that can be hidden, moved, floated and tabbed; the card's header is its title bar."""

    hiddenChanged = Signal(bool)

    def __init__(self, panel: Panel, window: QMainWindow) -> None:
        super().__init__(panel.title, window)
        self.setObjectName(panel.name)
        self.panel, card = panel, panel.card
        card.title.setText(panel.title)
        card.header.make_title_bar()
        card.header.setToolTip(panel.tip)
        card.header.closeClicked.connect(self.hide)
        card.outer.removeWidget(card.header)
        self.setTitleBarWidget(card.header)
        card.setObjectName("flat")
        frame = named(QFrame(), "dock")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 0, 1, 2)
        self._content = _scrolling(card) if panel.scrolls else card
        self._cover = named(QLabel(HIDDEN, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True), "muted")
        self._cover.hide()
        inside.addWidget(self._content)
        inside.addWidget(self._cover, 1)
        self.setWidget(frame)
        self._header = card.header
        panel.wanted.connect(lambda: self.show_or_hide(True))
        self.visibilityChanged.connect(panel.seen)
        self.visibilityChanged.connect(self._moved)
        self.dockLocationChanged.connect(self._moved)
        application().focusChanged.connect(self._focus_moved)

    def _moved(self) -> None:
        self.show_title()
        self.hiddenChanged.emit(self.isHidden())

    def show_title(self) -> None:
        """Unless a tab shows the title already."""
        window = self.parentWidget()
        assert isinstance(window, QMainWindow)
        self._header.show_title(self.isFloating() or not window.tabifiedDockWidgets(self))

    def cover(self, covered: bool) -> None:
        """Put a sentence in place of the content, or show it again; a figure of the model's may stand in the title."""
        self._content.setVisible(not covered)
        self._header.note.setVisible(not covered)
        self._cover.setVisible(covered)

    def is_there(self) -> bool:
        """Whether it is not hidden; it may stand behind its tabs."""
        return not self.isHidden()

    def _is_behind(self) -> bool:
        return self.isVisible() and self.visibleRegion().isEmpty()

    def _focus_moved(self, _: QWidget | None, to: QWidget | None) -> None:
        """Tab leads behind the tabs, too; where the keys go is to be seen."""
        if to is not None and self.isAncestorOf(to) and self._is_behind():
            self.raise_()

    def show_or_hide(self, on: bool) -> None:
        """Show it, in front of its tabs, or hide it; one that stands behind its tabs is shown first."""
        if not on and self._is_behind():
            self.raise_()  # it is visible to Qt, though nobody sees it
            return
        self.setVisible(on)
        if on:
            self.raise_()


class Docks:
    """A dock for each panel, by its name. In a narrow window the left column takes all."""

    def __init__(self, window: QMainWindow, panels: Iterable[Panel], preferences: Preferences) -> None:
        self._window, self._preferences = window, preferences
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks)  # and no animation
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.TopLeftCorner):
            window.setCorner(corner, LEFT)
        for corner in (Qt.Corner.BottomRightCorner, Qt.Corner.TopRightCorner):
            window.setCorner(corner, RIGHT)
        self.all = {panel.name: Dock(panel, window) for panel in panels}

    def commands(self) -> tuple[Command, ...]:
        """A switch for each panel, and one command that puts all back."""
        return (
            *(
                Command(f"panel_{name}", "View/Pa&nels", dock.panel.title, f"Alt+{number}", dock.panel.tip,
                        dock.show_or_hide, checked=dock.is_there)
                for number, (name, dock) in enumerate(self.all.items(), 1)
            ),
            Command("reset_layout", "View", "Reset la&yout", "Ctrl+Shift+R", "All panels back to their places",
                    self.arrange, icon="reset"),
        )  # fmt: skip

    def cover(self, covered: bool) -> None:
        """Cover all panels, or show them again."""
        for dock in self.all.values():
            dock.cover(covered)

    def arrange(self) -> None:
        """Every panel in its place and visible, as the window's size has it."""
        for dock in self.all.values():  # moved one by one, they would leave tab bars of arrangements in between
            dock.setFloating(False)
            if self._window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea:
                self._window.removeDockWidget(dock)
        narrow, short = self._form()
        for dock in self.all.values():
            area, behind = self._place(dock.panel, narrow, short)
            self._window.addDockWidget(area, dock)
            if behind:
                self._window.tabifyDockWidget(self.all[behind], dock)
            dock.show()
        for dock in reversed(self.all.values()):
            dock.raise_()
            dock.show_title()
        self._give_tabs_room(narrow or short)
        for area, width in WIDTHS.items():
            docks = [dock for dock in self.all.values() if self._window.dockWidgetArea(dock) == area]
            self._window.resizeDocks(docks, [width] * len(docks), Qt.Orientation.Horizontal)
        docks = [dock for dock in self.all.values() if dock.panel.height]
        self._window.resizeDocks(docks, [dock.panel.height for dock in docks], Qt.Orientation.Vertical)

    def _give_tabs_room(self, in_one_column: bool) -> None:
        """No column gets narrower than its tabs; those of all panels in one column would take too much, and scroll."""
        for name, dock in self.all.items():
            behind = [other.panel for other in self.all.values() if other.panel.behind == name]
            if behind:
                least = 0 if in_one_column else _width_of_tabs(panel.title for panel in (dock.panel, *behind))
                dock.widget().setMinimumWidth(least)

    def save(self) -> None:
        """Remember where the panels stand."""
        self._preferences.set("layout", self._window.saveState(self._version()))

    def restore(self, room: QSize) -> None:
        """Put the panels where they stood; by default where that is not known, was so otherwise, or needs more room.

        room: what the screen has for the window; a layout that a wider one had would hang over.
        """
        stored = self._preferences.data("layout")
        self.arrange()
        least = room.expandedTo(self._window.minimumSizeHint())
        if stored is not None and self._window.restoreState(stored, self._version()):
            needed = self._window.minimumSizeHint()
            if needed.width() > least.width() or needed.height() > least.height():
                self.arrange()

    def _form(self) -> tuple[bool, bool]:
        """Whether the window is narrow, and whether it is short."""
        window = self._window
        size = window.screen().availableGeometry().size() if window.isMaximized() else window.size()
        return size.width() < NARROW, size.height() < SHORT

    def _version(self) -> int:
        """Of a layout: one of other panels, or of a window of another form, is not taken for this one's."""
        names = " ".join(self.all)
        return zlib.crc32(f"{names} {self._form()}".encode()) & 0x7FFF

    def _place(self, panel: Panel, narrow: bool, short: bool) -> tuple[Qt.DockWidgetArea, str]:
        """A panel's area, and the panel whose tabs it joins: where a column takes all, those of its first."""
        area = AREAS[panel.place]
        beside = area == RIGHT or (short and area == BOTTOM)
        if not beside or not (narrow or short):
            return area, panel.behind
        column = LEFT if narrow else RIGHT
        first = next((name for name, dock in self.all.items() if AREAS[dock.panel.place] == column), panel.name)
        return column, "" if first == panel.name else first


def _width_of_tabs(titles: Iterable[str]) -> int:
    """The pixels that a bar of these tabs needs to show them all."""
    bar = QTabBar()
    for title in titles:
        bar.addTab(title)
    bar.ensurePolished()
    return bar.sizeHint().width()


def _scrolling(card: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(card)
    area.setMinimumWidth(card.minimumSizeHint().width() + SCROLL_BAR)
    return area
