"""The panels about the photograph, in docks: how they stand by default, and how that is remembered."""

from __future__ import annotations

import zlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget

from diffseg_gui.app.column import Column
from diffseg_gui.app.dock import Dock
from diffseg_gui.arrangement import CLINICAL, RESEARCH
from diffseg_gui.feature import EVERY, Command, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diffseg_gui.app.column import Holder
    from diffseg_gui.arrangement import Arrangement
    from diffseg_gui.feature import Panel
    from diffseg_gui.preferences import Preferences

AREAS = {
    Place.LEFT: Qt.DockWidgetArea.LeftDockWidgetArea,
    Place.RIGHT: Qt.DockWidgetArea.RightDockWidgetArea,
    Place.BOTTOM: Qt.DockWidgetArea.BottomDockWidgetArea,
}
LEFT, RIGHT, BOTTOM = AREAS.values()
WIDTHS = {LEFT: 272, RIGHT: 392}  # by default, pixels
NARROW = 1230  # pixels; a narrower window has one column, the answers in tabs behind the settings
SHORT = 600  # pixels; a lower window gives its height to the photograph: all else stands beside it, in tabs


class Docks:
    """A dock for each panel, by its name, and the clinical view's column, which borrows the panels of its steps.

    In a narrow window of the research view the left column takes all.
    """

    def __init__(
        self, window: QMainWindow, panels: Iterable[Panel], preferences: Preferences, arrangement: Arrangement
    ) -> None:
        panels = tuple(panels)
        self._window, self._preferences, self._arrangement = window, preferences, arrangement
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks)  # and no animation
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.TopLeftCorner):
            window.setCorner(corner, LEFT)
        for corner in (Qt.Corner.BottomRightCorner, Qt.Corner.TopRightCorner):
            window.setCorner(corner, RIGHT)
        self.all = {panel.name: Dock(panel, window) for panel in panels if panel.place != Place.COLUMN}
        self.column = Column(panels, window)
        self.column.hide()
        for name, holder in self.column.holders.items():
            if name not in self.all:
                holder.take()
        for panel in panels:
            panel.wanted.connect(partial(self.show_or_hide, panel.name, True))
        self._laid = RESEARCH  # the arrangement that they stand in

    def commands(self) -> tuple[Command, ...]:
        """A switch for each panel, and one command that puts all back."""
        return (
            *(
                Command(f"panel_{name}", "View/Pa&nels", dock.panel.title, _key(number), dock.panel.tip,
                        partial(self.show_or_hide, name), checked=partial(self._is_there, name))
                for number, (name, dock) in enumerate(self.all.items(), 1)
            ),
            Command("reset_layout", "View", "Reset la&yout", "Ctrl+Shift+R", "All panels back to their places",
                    self.arrange, icon="reset"),
        )  # fmt: skip

    def show_or_hide(self, name: str, on: bool) -> None:
        """Show a panel in front, or hide it; one of the guide's steps comes with its step."""
        holder = self._holder(name)
        if holder is None:
            self.all[name].show_or_hide(on)
            return
        if on:
            self._arrangement.go(holder.panel.step)
        self._arrangement.show_column(on)

    def _is_there(self, name: str) -> bool:
        holder = self._holder(name)
        return self.all[name].is_there() if holder is None else holder.isVisible()

    def _holder(self, name: str) -> Holder | None:
        """Its place in the column, where it stands there at present."""
        return self.column.holders.get(name) if self._laid == CLINICAL or name not in self.all else None

    def cover(self, covered: bool) -> None:
        """Cover all panels, or show them again."""
        for dock in self.all.values():
            dock.cover(covered)
        self.column.cover(covered)

    def arrange(self) -> None:
        """Every panel in its place, as the arrangement and the window's size have it."""
        # Moved one by one, they would leave tab bars of arrangements in between, and the column would widen the window.
        for dock in (*self.all.values(), self.column):
            dock.setFloating(False)
            if self._window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea:
                self._window.removeDockWidget(dock)
        if self._laid != self._arrangement.name:
            self._exchange()
        if self._arrangement.is_clinical:
            self._put_away()
        else:
            self._show_all()

    def _exchange(self) -> None:
        """Give the column the cards of its steps, or the docks theirs."""
        self._laid = self._arrangement.name
        for name, holder in self.column.holders.items():
            if name not in self.all:
                continue
            if self._laid == CLINICAL:
                self.all[name].lend()
                holder.take()
            else:
                self.all[name].take_back()

    def _put_away(self) -> None:
        """All that belongs to no step is hidden until it is asked for, and stands then at the left, in tabs."""
        _, short = self._form()
        self._window.addDockWidget(RIGHT, self.column)
        self.column.setVisible(self._arrangement.column)
        aside = [dock for dock in self.all.values() if dock.panel.place != Place.BOTTOM]
        for dock in self.all.values():
            self._window.addDockWidget(LEFT if dock in aside else BOTTOM, dock)
            dock.setVisible(dock.panel.step == EVERY and not short)
            dock.show_title()
        for dock in aside[1:]:
            self._window.tabifyDockWidget(aside[0], dock)
        strips = [dock for dock in self.all.values() if dock.panel.step == EVERY]
        self._window.resizeDocks(strips, [dock.panel.height for dock in strips], Qt.Orientation.Vertical)

    def _show_all(self) -> None:
        """Every panel in its place and visible."""
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
        """Remember where the panels stand in the research view; in the clinical one each has its place."""
        if self._laid == RESEARCH:
            self._preferences.set("layout", self._window.saveState(self._version()))

    def restore(self, room: QSize) -> None:
        """Put the panels where they stood; by default where that is not known, was so otherwise, or needs more room.

        room: what the screen has for the window; a layout that a wider one had would hang over.
        """
        stored = self._preferences.data("layout")
        self.arrange()
        if self._arrangement.is_clinical:
            return
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
        names = " ".join((*self.all, *self.column.holders))
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


def _key(number: int) -> str:
    """The shortcut of a panel, counted from 1; the tenth has the key behind the nine, and there are no more."""
    return f"Alt+{number % 10}" if number <= 10 else ""


def _width_of_tabs(titles: Iterable[str]) -> int:
    """The pixels that a bar of these tabs needs to show them all."""
    bar = QTabBar()
    for title in titles:
        bar.addTab(title)
    bar.ensurePolished()
    return bar.sizeHint().width()
