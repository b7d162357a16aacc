"""The tool bar: the actions used most, and on its right what the worker is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from diffseg_gui import wording

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from diffseg_gui.state import State

# Names of commands; a feature adds its own. Those in NAMED show their text as well, the others their icon alone.
ITEMS = (
    *("open", "export", "", "run", "", "undo", "redo", "brush", "eraser", "lasso", "polygon", ""),
    *("contour", "fill", "off", "band", "", "zoom_out", "zoom_in", "fit", "actual"),
    *("", "ruler"),
)
NAMED = {"open", "export", "run"}
NARROW = 1180  # pixels; below, icons stand without text


class ToolBar(QToolBar):
    """Buttons of actions, progress with Cancel, and a chip that names the device."""

    def __init__(self, actions: dict[str, QAction], state: State, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent, movable=False, objectName="tools")
        self._state = state
        self._cancel = actions["cancel"]
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(18, 18))
        self.layout().setContentsMargins(0, 3, 4, 8)
        self._named: list[QToolButton] = []
        for name in ITEMS:
            if not name:
                self.addSeparator()
                continue
            self.addAction(actions[name])
            button = self.widgetForAction(actions[name])
            assert isinstance(button, QToolButton)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(actions[name].toolTip())
            if name in NAMED:
                self._named.append(button)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.bar = QProgressBar()
        self._bar_action = self.addWidget(self.bar)
        self.addAction(self._cancel)
        self.chip = QLabel("", objectName="chip")
        self._chip_action = self.addWidget(self.chip)
        state.progressChanged.connect(self.show_work)
        state.resultChanged.connect(self.show_work)
        self.show_work()

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

    def show_work(self) -> None:
        """Progress and Cancel while the worker works, else what it found and where."""
        progress = self._state.progress
        self._bar_action.setVisible(progress is not None)
        self._chip_action.setVisible(progress is None)
        self._cancel.setVisible(progress is not None)
        self._cancel.setEnabled(progress is not None)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.bar.setFormat(wording.progress(progress))
        self.chip.setText(wording.chip(self._state))
