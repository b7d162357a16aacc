"""The frame that all panels share: a header with title, note and Reset, and below it the content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent


TITLE_BAR = "docktitle"  # the style sheet's name of a dock's title bar


class Header(QWidget):
    """Title, a muted note, Reset where there is one; a dock takes it for its title bar and gives it a close button."""

    resetClicked = Signal()
    closeClicked = Signal()

    def __init__(self, title: str, reset: bool = False) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = named(QLabel(title), "title")
        self.title.setMinimumWidth(20)  # a long title must not widen its column
        self.note = named(QLabel(""), "muted")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.row.addWidget(self.title)
        self.row.addStretch()
        self.row.addWidget(self.note)
        if reset:
            button = _flat("link", f"Back to the defaults: {title}", "Reset")
            button.clicked.connect(self.resetClicked)
            self.row.addWidget(button)
        self.close_button: QPushButton | None = None

    def make_title_bar(self) -> None:
        """Dress as a dock's title bar, with a close button that shows while the mouse is over it."""
        self.setObjectName(TITLE_BAR)
        self.show_title(True)
        self.close_button = _flat("close", "Hide this panel; View > Panels brings it back")
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(12, 12))
        policy = self.close_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.close_button.setSizePolicy(policy)
        self.close_button.clicked.connect(self.closeClicked)
        self.close_button.hide()
        self.row.addWidget(self.close_button)

    def dress(self, name: str) -> None:
        """Be what the style sheet knows by this name; only a title bar can be closed."""
        self.setObjectName(name)
        self.style().unpolish(self)
        self.style().polish(self)

    def show_title(self, shown: bool) -> None:
        """A title bar without a title, where a tab above shows it, is slim."""
        self.title.setVisible(shown)
        self.row.setContentsMargins(11, 6 if shown else 4, 5, 2 if shown else 0)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse is over it."""
        if self.close_button is not None and self.objectName() == TITLE_BAR:
            self.close_button.show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse has left."""
        if self.close_button is not None:
            self.close_button.hide()
        super().leaveEvent(event)


class Card(QFrame):
    """A titled panel; add content to ``body``, tell a figure in ``note``, listen to ``resetClicked``.

    foldable: its header gets a button that hides the content. ``header`` moves into the title bar where the card is
    shown in a dock.
    """

    resetClicked = Signal()

    def __init__(
        self, title: str = "", parent: QWidget | None = None, reset: bool = False, foldable: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("section" if foldable else "card")
        self.header = Header(title, reset)
        self.title, self.note = self.header.title, self.header.note
        self.header.resetClicked.connect(self.resetClicked)
        self.content = QWidget()
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(5)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(11, 8, 11, 10)
        self.outer.setSpacing(5)
        self.outer.addWidget(self.header)
        self.outer.addWidget(self.content, 1)
        self.fold: QPushButton | None = None
        if foldable:
            self.fold = _flat("fold", f"Fold or unfold {title}")
            self.fold.setCheckable(True)
            self.fold.setIconSize(QSize(12, 12))
            self.fold.setFixedWidth(16)
            self.fold.toggled.connect(self._show_content)
            self.header.row.insertWidget(0, self.fold)
            self._show_content(False)

    def _show_content(self, folded: bool) -> None:
        assert self.fold is not None
        self.content.setVisible(not folded)
        self.fold.setIcon(icon("unfold" if folded else "fold"))


def _flat(name: str, tip: str, text: str = "") -> QPushButton:
    button = named(QPushButton(text), name)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
