"""The tool bar: the actions used most, and on its right what the worker is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QWidget,
)

from diffseg_gui.look import wording
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QAction, QResizeEvent

    from diffseg_gui.app.actions import Actions
    from diffseg_gui.document.document import Document

MARGINS = (0, 3, 4, 8)  # pixels: left, top, right, bottom
BAR_WIDTH, NARROW_BAR_WIDTH = 170, 100  # pixels
ICON = QSize(18, 18)
DRESSED_ANEW = (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange)


def add_buttons(bar: QToolBar, actions: Actions, without: Collection[str] = ()) -> dict[str, QToolButton]:
    """Those of commands that have a place there, in its order, with a line wherever the tens change; by their names."""
    there = (command for command in actions.commands if command.bar and command.name not in without)
    placed = sorted(there, key=lambda command: command.bar)
    buttons = {}
    for before, command in zip([None, *placed], placed, strict=False):
        if before is not None and before.bar // 10 != command.bar // 10:
            bar.addSeparator()
        action = actions.by_name[command.name]
        bar.addAction(action)
        button = bar.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.toolTip())
        buttons[command.name] = button
    return buttons


class ToolBar(QToolBar):
    """Buttons of actions, and at the right end the :class:`Work`.

    A tool bar hides what it has no room for, its last parts first. So the texts of the buttons give way before, at
    the width that they have in the present font and theme, and it is never narrower than its icons and the work.
    """

    def __init__(self, actions: Actions, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent, movable=False)
        self.setObjectName("tools")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(ICON)
        self._full_width = 0  # that all needs with the texts, pixels
        self._is_measuring = False
        buttons = add_buttons(self, actions)
        self._named = [buttons[command.name] for command in actions.commands if command.named and command.bar]
        self.work = Work(actions.by_name["cancel"], document)
        self.addWidget(self.work)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The texts of the buttons come and go with the room for them."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """In another font or theme everything is of another width."""
        super().changeEvent(event)
        if event.type() in DRESSED_ANEW and not self._is_measuring:
            self._measure()

    def _measure(self) -> None:
        """Find the width that all needs with the texts, and the least, which is without them."""
        self._is_measuring = True
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(*MARGINS)  # Qt gives it the style's own with every theme
        self._set_narrow(False)
        self._full_width = self._needed()
        self._set_narrow(True)
        self.setMinimumWidth(self._needed())
        self._is_measuring = False
        self._fit()
        self.work.show_work()

    def _needed(self) -> int:
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        return layout.sizeHint().width()

    def _fit(self) -> None:
        self._set_narrow(self.width() < self._full_width)

    def _set_narrow(self, narrow: bool) -> None:
        """Have icons alone, and a short bar of progress; or texts beside them."""
        if narrow == self.property("narrow"):
            return
        self.setProperty("narrow", narrow)
        style = Qt.ToolButtonStyle
        for button in self._named:
            button.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)
        for button in self.findChildren(QToolButton):
            button.style().polish(button)  # the style sheet asks for the property
        self.work.bar.setFixedWidth(NARROW_BAR_WIDTH if narrow else BAR_WIDTH)


class Work(QStackedWidget):
    """Progress with Cancel while the worker works, else a chip that tells what it found and where.

    It asks for the room of progress and Cancel at all times, so that nothing moves when work begins or ends; a chip
    that needs more is shortened, with its whole text as its tooltip.
    """

    def __init__(self, cancel: QAction, document: Document) -> None:
        super().__init__()
        self._document = document
        self.bar = QProgressBar()
        self.cancel = QToolButton(autoRaise=True)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.setDefaultAction(cancel)
        self.cancel.setIconSize(ICON)
        self.chip = named(QLabel(""), "chip")
        self.chip.setMinimumWidth(1)
        self._busy = _in_row(self.bar, self.cancel)
        self.addWidget(self._busy)
        self._idle = _in_row(self.chip)
        self.addWidget(self._idle)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        document.progressChanged.connect(self.show_work)
        document.resultChanged.connect(self.show_work)
        self.show_work()

    def show_work(self) -> None:
        """Take over how far the work is."""
        progress = self._document.progress
        self.setCurrentWidget(self._idle if progress is None else self._busy)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.bar.setFormat(wording.progress(progress))
        self._show_chip()

    def sizeHint(self) -> QSize:
        """Of progress with Cancel."""
        return self._busy.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chip has other room."""
        super().resizeEvent(event)
        self._show_chip()

    def _show_chip(self) -> None:
        text, metrics = wording.chip(self._document), self.chip.fontMetrics()
        self.chip.setText(text)
        room = self.width() - (self.chip.sizeHint().width() - metrics.horizontalAdvance(text))
        self.chip.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.chip.setToolTip("" if self.chip.text() == text else text)


def _in_row(*widgets: QWidget) -> QWidget:
    """Widgets side by side, at the right end of their room."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addStretch()
    for widget in widgets:
        row.addWidget(widget)
    return page
