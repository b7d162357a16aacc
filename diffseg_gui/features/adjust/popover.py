"""Three sliders over the foot of the photograph, and the sign that its display is adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from diffseg_gui.look.named import named
from diffseg_gui.look.slider import SliderRow
from engine.photograph.adjust import Adjustment

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

MARGIN, WIDTH = 10, 250  # pixels
PROMISE = "For the eye alone: nothing that is analysed, measured or exported changes."


class Popover(QFrame):
    """Emits what the sliders say; shows what it is told."""

    changed = Signal(object)  # an Adjustment
    resetClicked = Signal()
    closeClicked = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # the photograph below is neither panned nor zoomed
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFixedWidth(WIDTH)
        self.rows = {
            "brightness": SliderRow("Brightness", -100, 100, 1, 0, "Of the display; 0 is as photographed"),
            "contrast": SliderRow("Contrast", -100, 100, 1, 0, "Of the display; 0 is as photographed"),
            "hair": SliderRow(
                "Soften hair", 0, 100, 1, 0, "Thin dark lines fade; so do those of rulers and pens", " %"
            ),
        }
        self.reset = named(QPushButton("Reset"), "link", "The photograph as it is (Shift+J)")
        self.reset.clicked.connect(self.resetClicked)
        close = QPushButton("Close")
        close.clicked.connect(self.closeClicked)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(named(QLabel("Display"), "title"), 1)
        head.addWidget(self.reset)
        foot.addWidget(named(QLabel(PROMISE, wordWrap=True), "muted"), 1)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(11, 8, 11, 10)
        layout.setSpacing(7)
        layout.addLayout(head)
        for row in self.rows.values():
            layout.addWidget(row)
            row.changed.connect(self._tell)
        layout.addLayout(foot)
        self.hide()

    def show_adjustment(self, how: Adjustment) -> None:
        """Take over what holds."""
        for name, row in self.rows.items():
            if row.value() != (value := round(100 * getattr(how, name))):
                row.set_value(value)
        self.reset.setEnabled(not how.is_neutral)

    def _tell(self) -> None:
        self.changed.emit(Adjustment(**{name: row.value() / 100 for name, row in self.rows.items()}))


class Foot(QObject):
    """The sign, and above it the sliders while they are open, at the lower left of the view."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.sign = QPushButton("◐  Display adjusted", canvas)
        self.sign.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sign.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sign.hide()
        self.popover = Popover(canvas)
        canvas.resized.connect(self.place)

    def show_adjustment(self, how: Adjustment) -> None:
        """Tell what is adjusted, or nothing where nothing is."""
        said = in_words(how)
        self.sign.setToolTip(f"{said}. Click to change it, Shift+J for the photograph as it is.")
        self.sign.setAccessibleName(f"Display adjusted: {said}")
        self.sign.setVisible(not how.is_neutral)
        self.popover.show_adjustment(how)
        self.place()

    def place(self) -> None:
        """Follow the size of the view."""
        bottom = self._canvas.height() - MARGIN
        self.sign.resize(self.sign.sizeHint())
        self.sign.move(MARGIN, bottom - self.sign.height())
        self.popover.adjustSize()
        above = self.sign.height() + 6 if self.sign.isVisibleTo(self._canvas) else 0
        self.popover.move(MARGIN, max(bottom - above - self.popover.height(), 0))
        self.popover.raise_()


def in_words(how: Adjustment) -> str:
    """What an adjustment does, or nothing."""
    parts = [
        f"{name} {round(100 * value):+d}"
        for name, value in (("brightness", how.brightness), ("contrast", how.contrast))
        if value
    ]
    return ", ".join([*parts, f"hair softened by {round(100 * how.hair)} %"] if how.hair else parts)
