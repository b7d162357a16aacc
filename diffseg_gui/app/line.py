"""The bars of the clinical view: a calm line above the photograph, and the tools at its left; and the views' switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolBar, QWidget

from diffseg_gui.app.toolbar import ICON, Work, add_buttons
from diffseg_gui.arrangement import NAMES
from diffseg_gui.look.mirror import mirror
from diffseg_gui.look.named import checkable, named
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH, REFINED, VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from diffseg_gui.app.actions import Actions
    from diffseg_gui.document.document import Document
    from diffseg_gui.view.stage import Stage

PLAIN = {PHOTOGRAPH: "Border", CONSISTENCY: "Votes", AMBIGUITY: "Doubt", REFINED: "Mask"}  # tabs in plain words
ELSEWHERE = ("export", "run", "zoom_in", "zoom_out", "actual")  # with the guide, the wheel, the menus
BUTTON = (30, 28)  # width and height, pixels
BAR_WIDTH = 120  # pixels


class Line(QToolBar):
    """What is looked at, on the left; on the right what the worker is at, and the place in the series."""

    def __init__(self, actions: Actions, document: Document, stage: Stage, parent: QWidget) -> None:
        super().__init__("Line", parent, movable=False)
        self.setObjectName("line")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._stage = stage
        self.work = Work(actions.by_name["cancel"], document)
        self.work.bar.setFixedWidth(BAR_WIDTH)
        page = QWidget()
        self._row = QHBoxLayout(page)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(8)
        self._row.addStretch()
        self._row.addWidget(self.work)
        self.addWidget(page)

    def add(self, figure: QWidget) -> None:
        """Put a figure at the end."""
        self._row.addWidget(figure)

    def borrow_tabs(self, on: bool) -> None:
        """Have the large view's tabs, in plain words, or give them back as they were."""
        if on:
            self._row.insertWidget(0, self._stage.header)
        self._stage.make_room(on)
        for key, tab in self._stage.tabs.items():
            tab.setText(PLAIN.get(key, VIEWS[key].short) if on else VIEWS[key].short)


class Rail(QToolBar):
    """The tool bar's commands as icons, one above the other, but for those that are at hand elsewhere."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__("Rail", parent, movable=False)
        self.setObjectName("rail")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(ICON)
        self.buttons = add_buttons(self, actions, ELSEWHERE)
        for button in self.buttons.values():
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFixedSize(*BUTTON)


class Switch(QWidget):
    """A button for each view of the window; the one that is there is pressed."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 8, 1)
        row.setSpacing(0)
        for name in NAMES:
            if name in actions:
                button = named(checkable(QPushButton(name.capitalize())), "switch")
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                mirror(button, actions[name])
                row.addWidget(button)
