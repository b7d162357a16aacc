"""What is said over the photograph once its files are written, with what one may want then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from diffseg_gui.look.elided import ElidedLabel
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from pathlib import Path

    from diffseg_gui.view.canvas import Canvas

TOP, MARGIN, WIDTH = 12, 12, 620  # pixels
ICON = QSize(14, 14)


class Done(QFrame):
    """One line over the head of the photograph. It never takes the focus, and goes with Escape or the next work."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # the photograph below is not panned
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.sentence = ElidedLabel()
        self.folder, self.next = QPushButton("Show in folder"), QPushButton("Next photograph")
        dismiss = named(QPushButton(), "close", "Dismiss (Esc)")
        dismiss.setIcon(icon("close"))
        dismiss.setIconSize(QSize(12, 12))
        dismiss.setAccessibleName("Dismiss")
        dismiss.clicked.connect(self.hide)
        tick = QLabel()
        tick.setPixmap(icon("accept").pixmap(ICON))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 8, 7)
        row.setSpacing(8)
        row.addWidget(tick)
        row.addWidget(self.sentence, 1)
        for button in (self.folder, self.next, dismiss):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        canvas.resized.connect(self._place)
        self.hide()

    def say(self, folder: Path) -> None:
        """Tell where the files are."""
        self.sentence.say(f"{folder.name} is exported, into {folder.parent}")
        self.setAccessibleName(self.sentence.whole)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        """In the middle, near the photograph's upper edge."""
        width = min(self._canvas.width() - 2 * MARGIN, WIDTH)
        self.setGeometry((self._canvas.width() - width) // 2, TOP, width, self.sizeHint().height())
