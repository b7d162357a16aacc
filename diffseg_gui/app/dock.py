"""A dock for one panel, and the cover that lies over it while a photograph is read blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDockWidget, QFrame, QLabel, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from diffseg_gui.look.card import TITLE_BAR
from diffseg_gui.look.named import named
from diffseg_gui.look.theme import application

if TYPE_CHECKING:
    from diffseg_gui.feature import Panel

SCROLL_BAR = 10  # pixels
HIDDEN = "Hidden until you reveal"


def cover() -> QLabel:
    """What stands in place of all that could tell of the model."""
    return named(QLabel(HIDDEN, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True), "muted")


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
        self._inside = QVBoxLayout(frame)
        self._inside.setContentsMargins(1, 0, 1, 2)
        self._content = _scrolling(card) if panel.scrolls else card
        self._cover = cover()
        self._cover.hide()
        self._inside.addWidget(self._content)
        self._inside.addWidget(self._cover, 1)
        self.setWidget(frame)
        self._header = card.header
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

    def lend(self) -> None:
        """Let another have header and card; the dock is hidden meanwhile."""
        self.hide()
        self.setTitleBarWidget(QWidget(self))
        if isinstance(self._content, QScrollArea):
            self._content.takeWidget()

    def take_back(self) -> None:
        """Have header and card again."""
        header, card = self.panel.card.header, self.panel.card
        self.panel.card.title.setText(self.panel.title)
        header.dress(TITLE_BAR)
        self.setTitleBarWidget(header)
        header.show()
        if isinstance(self._content, QScrollArea):
            self._content.setWidget(card)
            card.show()
        else:
            self._inside.insertWidget(0, card)
            card.setVisible(self._cover.isHidden())
        self.show_title()


def _scrolling(card: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(card)
    area.setMinimumWidth(card.minimumSizeHint().width() + SCROLL_BAR)
    return area
