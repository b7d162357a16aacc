"""The frame that all panels share: title, note, Reset, and below them the content; and a column of such panels."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget


class Card(QFrame):
    """A titled panel; add content to ``body``."""

    resetClicked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, reset: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title = QLabel(title, objectName="title")
        self.title.setMinimumWidth(20)  # a long title must not widen its column
        self.note = QLabel("", objectName="muted")
        self.header = QHBoxLayout()
        self.header.addWidget(self.title)
        self.header.addStretch()
        self.header.addWidget(self.note)
        if reset:
            button = QPushButton("Reset", objectName="link")
            button.setToolTip(f"Back to the defaults of {title}")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(self.resetClicked)
            self.header.addWidget(button)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(11, 8, 11, 10)
        self.body.setSpacing(5)
        self.body.addLayout(self.header)


def column(panels: tuple[QWidget, ...], width: int, stretch_first: bool = False) -> QWidget:
    """Panels one below the other, scrolling where the window is too low for them."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for number, panel in enumerate(panels):
        layout.addWidget(panel, 1 if stretch_first and number == 0 else 0)
    if not stretch_first:
        layout.addStretch()
    scroll = QScrollArea(widgetResizable=True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFixedWidth(width)
    scroll.setWidget(inner)
    return scroll
