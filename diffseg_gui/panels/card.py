"""The frame that all panels share: a title, an optional note and an optional Reset, above the content."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class Card(QFrame):
    """A titled panel; add content to ``body``."""

    resetClicked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, reset: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title = QLabel(title, objectName="title")
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
