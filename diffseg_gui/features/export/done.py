"""What is said over the photograph once its files are written, with what one may want then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from diffseg_gui.look.elided import ElidedLabel
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from pathlib import Path

    from diffseg_gui.view.canvas import Canvas

TOP, MARGIN, WIDTH = 12, 12, 620  # pixels
ICON = QSize(14, 14)
WITHOUT = "Its DICOM files name no patient"


class Done(QFrame):
    """A line or two over the photograph's head. It never takes the focus, and goes with Escape or the next work."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # the photograph below is not panned
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.sentence, self.filed = ElidedLabel(), named(ElidedLabel(), "muted")
        self.folder, self.next = QPushButton("Show in folder"), QPushButton("Next photograph")
        dismiss = named(QPushButton(), "close", "Dismiss (Esc)")
        dismiss.setIcon(icon("close"))
        dismiss.setIconSize(QSize(12, 12))
        dismiss.setAccessibleName("Dismiss")
        dismiss.clicked.connect(self.hide)
        tick = QLabel()
        tick.setPixmap(icon("accept").pixmap(ICON))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 7, 8, 7)
        rows.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        rows.addLayout(row)
        self.filed.setIndent(ICON.width() + row.spacing())
        rows.addWidget(self.filed)
        row.addWidget(tick)
        row.addWidget(self.sentence, 1)
        for button in (self.folder, self.next, dismiss):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        canvas.resized.connect(self._place)
        self.hide()

    def say(self, folder: Path, under: str | None) -> None:
        """Tell where the files are, and under whom those of DICOM are filed; None: there are none."""
        self.sentence.say(f"{folder.name} is exported, into {folder.parent}")
        self.filed.say(f"Its DICOM files are filed under {under}" if under else WITHOUT)
        self.filed.setVisible(under is not None)
        self.setAccessibleName(self.sentence.whole if under is None else f"{self.sentence.whole}. {self.filed.whole}")
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        """In the middle, near the photograph's upper edge."""
        width = min(self._canvas.width() - 2 * MARGIN, WIDTH)
        self.setGeometry((self._canvas.width() - width) // 2, TOP, width, self.sizeHint().height())
