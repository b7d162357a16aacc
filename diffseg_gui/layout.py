"""The panels about the photograph: one table of docks, how they stand by default, and how they are remembered.

A feature brings a panel by adding a row to PANELS; the window then has it as the attribute of that name, View > Panels
lists it, and a command's handler may name its methods ("review.next"). What needs no panel is a row of CONTROLLERS.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QMainWindow,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui.actions import Command
from diffseg_gui.blind import BlindReading
from diffseg_gui.comparing import Comparing
from diffseg_gui.editing import Editing
from diffseg_gui.explain import Explain
from diffseg_gui.filling import Filling
from diffseg_gui.hold import SkinAlone
from diffseg_gui.measuring import Measuring
from diffseg_gui.panels.annotation import AnnotationPanel
from diffseg_gui.panels.changes import ChangesPanel
from diffseg_gui.panels.maps import Filmstrip, MapsPanel
from diffseg_gui.panels.measures import MeasuresPanel
from diffseg_gui.panels.readout import ReadoutPanel
from diffseg_gui.panels.review import ReviewPanel
from diffseg_gui.panels.settings import SettingsPanel
from diffseg_gui.probe import Probe
from diffseg_gui.review import DECISIONS, STEPS, Reviewing
from diffseg_gui.series import Series
from diffseg_gui.toolbox import Toolbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.panels.card import Card
    from diffseg_gui.window import MainWindow

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
WIDTHS = {LEFT: 272, RIGHT: 392}  # by default, pixels
SCROLL_BAR = 10  # pixels
NARROW = 1180  # pixels; a narrower window has one column, the answers in tabs behind the settings
SHORT = 600  # pixels; a lower window gives its height to the photograph: all else stands beside it, in tabs


@dataclass(frozen=True)
class Panel:
    """One dock: the window's attribute, title, where it stands, what makes its content, what it is for.

    behind: the panel whose tabs it joins. height: pixels by default, stretched to the window where its whole column
    names some; 0: what the others leave. scrolls: its content scrolls where the dock is too low for it.
    """

    name: str
    title: str
    area: Qt.DockWidgetArea
    build: Callable[[MainWindow], Card]
    tip: str
    behind: str = ""
    height: int = 0
    scrolls: bool = True


PANELS: tuple[Panel, ...] = (
    Panel("settings", "Settings", LEFT, lambda w: SettingsPanel(w.state), "Timesteps, threshold and refinement"),
    Panel("maps", "Maps", RIGHT, lambda w: MapsPanel(w.viewport), "Consistency, ambiguity, refined, without lesion",
          height=420, scrolls=False),
    Panel("review", "Review", RIGHT, lambda _: ReviewPanel(DECISIONS, STEPS), "Places where the timesteps disagree",
          height=350, scrolls=False),
    Panel("measures", "Measures", RIGHT, lambda w: MeasuresPanel(w.preferences), "Diameters, area and shape, in mm",
          behind="review"),
    Panel("readout", "Disagreement", RIGHT, lambda w: ReadoutPanel(w.state), "GED, area, and what did the work",
          behind="review"),
    Panel("changes", "Changes", RIGHT, ChangesPanel, "What refinement (CRF) added, removed and overrode",
          behind="review"),
    Panel("annotation", "Annotation", RIGHT, lambda w: AnnotationPanel(), "Agreement with the mask an expert drew",
          behind="review"),
    Panel("filmstrip", "One mask per timestep", BOTTOM, lambda w: Filmstrip(w.state, w.viewport),
          "The mask of each timestep and its area", height=140, scrolls=False),
)  # fmt: skip

CONTROLLERS: tuple[tuple[str, Callable[[MainWindow], object]], ...] = (
    ("edit", Editing),
    ("toolbox", Toolbox),
    ("measuring", Measuring),
    ("comparing", Comparing),
    ("reviewing", Reviewing),
    ("series", Series),
    ("filling", Filling),
    ("probe", Probe),
    ("explain", Explain),
    ("hold", SkinAlone),
    ("blind", BlindReading),
)

COMMANDS = (
    *(
        Command(f"panel_{panel.name}", "View/Pa&nels", panel.title, f"Alt+{number}", panel.tip,
                f"docks.{panel.name}.show_or_hide", checkable=True, checked=True)
        for number, panel in enumerate(PANELS, 1)
    ),
    Command("reset_layout", "View", "Reset la&yout", "Ctrl+Shift+R", "All panels back to their places",
            "docks.arrange", icon="reset"),
)  # fmt: skip


class Dock(QDockWidget):
    """A panel that can be hidden, moved, floated and tabbed; the card's header is its title bar."""

    hiddenChanged = Signal(bool)

    def __init__(self, panel: Panel, card: Card, window: MainWindow) -> None:
        super().__init__(panel.title, window, objectName=panel.name)
        self.panel = panel
        card.title.setText(panel.title)
        card.header.make_title_bar()
        card.header.setToolTip(panel.tip)
        card.header.closeClicked.connect(self.hide)
        card.outer.removeWidget(card.header)
        self.setTitleBarWidget(card.header)
        card.setObjectName("flat")
        frame = QFrame(objectName="dock")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 0, 1, 2)
        inside.addWidget(_scrolling(card) if panel.scrolls else card)
        self.setWidget(frame)
        self._header = card.header
        self.visibilityChanged.connect(self._moved)
        self.dockLocationChanged.connect(self._moved)
        QApplication.instance().focusChanged.connect(self._focus_moved)

    def _moved(self) -> None:
        self.show_title()
        self.hiddenChanged.emit(self.isHidden())

    def show_title(self) -> None:
        """Unless a tab shows the title already."""
        window = self.parentWidget()
        assert isinstance(window, QMainWindow)
        self._header.show_title(self.isFloating() or not window.tabifiedDockWidgets(self))

    def _is_behind(self) -> bool:
        return self.isVisible() and self.visibleRegion().isEmpty()

    def _focus_moved(self, _: QWidget | None, to: QWidget | None) -> None:
        """Tab leads behind the tabs, too; where the keys go is to be seen."""
        if to is not None and self.isAncestorOf(to) and self._is_behind():
            self.raise_()

    def show_or_hide(self, on: bool) -> None:
        """Show it, in front of its tabs, or hide it; one that stands behind its tabs is shown first."""
        if not on and self._is_behind():
            self.hiddenChanged.emit(False)  # it is visible to Qt, though nobody sees it
            return
        self.setVisible(on)
        if on:
            self.raise_()


class Docks:
    """All docks, as attributes by the names of their panels."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks)  # and no animation
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.TopLeftCorner):
            window.setCorner(corner, LEFT)
        for corner in (Qt.Corner.BottomRightCorner, Qt.Corner.TopRightCorner):
            window.setCorner(corner, RIGHT)
        self.all: dict[str, Dock] = {}
        for panel in PANELS:
            card = panel.build(window)
            setattr(window, panel.name, card)
            self.all[panel.name] = Dock(panel, card, window)
            setattr(self, panel.name, self.all[panel.name])

    def arrange(self) -> None:
        """Every panel in its place and visible, as the window's size has it."""
        for dock in self.all.values():  # moved one by one, they would leave tab bars of arrangements in between
            dock.setFloating(False)
            if self._window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea:
                self._window.removeDockWidget(dock)
        narrow, short = self._form()
        for dock in self.all.values():
            area, behind = _place(dock.panel, narrow, short)
            self._window.addDockWidget(area, dock)
            if behind:
                self._window.tabifyDockWidget(self.all[behind], dock)
            dock.show()
        for dock in reversed(self.all.values()):
            dock.raise_()
            dock.show_title()
        for area, width in WIDTHS.items():
            docks = [dock for dock in self.all.values() if self._window.dockWidgetArea(dock) == area]
            self._window.resizeDocks(docks, [width] * len(docks), Qt.Orientation.Horizontal)
        docks = [dock for dock in self.all.values() if dock.panel.height]
        self._window.resizeDocks(docks, [dock.panel.height for dock in docks], Qt.Orientation.Vertical)

    def save(self) -> None:
        """Remember where the panels stand."""
        self._window.preferences.set("layout", self._window.saveState(self._version()))

    def restore(self, room: QSize) -> None:
        """Put the panels where they stood; by default where that is not known, was so otherwise, or needs more room.

        room: what the screen has for the window; a layout that a wider one had would hang over.
        """
        stored = self._window.preferences.data("layout")
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
        names = " ".join(panel.name for panel in PANELS)
        return zlib.crc32(f"{names} {self._form()}".encode()) & 0x7FFF


def _place(panel: Panel, narrow: bool, short: bool) -> tuple[Qt.DockWidgetArea, str]:
    """A panel's area, and the panel whose tabs it joins."""
    beside = panel.area == RIGHT or (short and panel.area == BOTTOM)
    if beside and narrow:
        return LEFT, "settings"
    if beside and short:
        return RIGHT, "" if panel.name == "maps" else "maps"
    return panel.area, panel.behind


def _scrolling(card: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(card)
    area.setMinimumWidth(card.minimumSizeHint().width() + SCROLL_BAR)
    return area
