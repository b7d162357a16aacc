"""The tool bar: the actions used most, and on its right what the worker is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from diffseg_gui.look import wording
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from diffseg_gui.app.actions import Actions
    from diffseg_gui.document.document import Document

MARGINS = (0, 3, 4, 8)  # pixels: left, top, right, bottom
NARROW = 1180  # pixels; below, icons stand without text


class ToolBar(QToolBar):
    """Buttons of actions, progress with Cancel, and a chip that names the device."""

    def __init__(self, actions: Actions, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent, movable=False)
        self.setObjectName("tools")
        self._document = document
        self._cancel = actions.by_name["cancel"]
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(18, 18))
        self._set_margins()
        self._named: list[QToolButton] = []
        self._add_buttons(actions)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.bar = QProgressBar()
        self._bar_action = self.addWidget(self.bar)
        self.addAction(self._cancel)
        self.chip = named(QLabel(""), "chip")
        self._chip_action = self.addWidget(self.chip)
        document.progressChanged.connect(self.show_work)
        document.resultChanged.connect(self.show_work)
        self.show_work()

    def _add_buttons(self, actions: Actions) -> None:
        """Those of commands that have a place here, in its order, with a line wherever the tens change."""
        placed = sorted((command for command in actions.commands if command.bar), key=lambda command: command.bar)
        for before, command in zip([None, *placed], placed, strict=False):
            if before is not None and before.bar // 10 != command.bar // 10:
                self.addSeparator()
            action = actions.by_name[command.name]
            self.addAction(action)
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.toolTip())
            if command.named:
                self._named.append(button)

    def set_width(self, width: int) -> None:
        """Fit a window of that width."""
        narrow = width < NARROW
        if narrow == self.property("narrow"):
            return
        self.setProperty("narrow", narrow)
        style = Qt.ToolButtonStyle
        for button in self._named:
            button.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)
        for button in self.findChildren(QToolButton):
            button.style().polish(button)  # the style sheet asks for the property
        self.bar.setFixedWidth(90 if narrow else 170)

    def _set_margins(self) -> None:
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(*MARGINS)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: Qt has given the layout the style's own margins."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set_margins()

    def show_work(self) -> None:
        """Progress and Cancel while the worker works, else what it found and where."""
        progress = self._document.progress
        self._bar_action.setVisible(progress is not None)
        self._chip_action.setVisible(progress is None)
        self._cancel.setVisible(progress is not None)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.bar.setFormat(wording.progress(progress))
        self.chip.setText(wording.chip(self._document))
