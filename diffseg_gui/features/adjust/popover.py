"""Three sliders over the foot of the photograph, and in their place the sign that its display is adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from diffseg_gui.look.named import named
from diffseg_gui.look.slider import SliderRow
from engine.photograph.adjust import Adjustment

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from diffseg_gui.view.canvas import Canvas

MARGIN, WIDTH = 10, 640  # pixels
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
        self.rows = {
            "brightness": SliderRow("Brightness", -100, 100, 1, 0, "Of the display; 0 is as photographed"),
            "contrast": SliderRow("Contrast", -100, 100, 1, 0, "Of the display; 0 is as photographed"),
            "hair": SliderRow(
                "Soften hair", 0, 100, 1, 0, "Thin dark lines fade; so do those of rulers and pens", " %"
            ),
        }
        self.reset = named(QPushButton("Reset"), "link", "The photograph as it is (Shift+Z)")
        self.reset.clicked.connect(self.resetClicked)
        close = named(QPushButton("Close"), "link", "What is chosen holds on (Esc)")
        close.clicked.connect(self.closeClicked)
        sliders, foot, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        sliders.setSpacing(18)
        for row in self.rows.values():
            sliders.addWidget(row, 1)
            row.changed.connect(self._tell)
        self.promise = named(QLabel(PROMISE, wordWrap=True), "muted")
        foot.addWidget(self.promise, 1)
        for button in (self.reset, close):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(5)
        layout.addLayout(sliders)
        layout.addLayout(foot)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it before anything else; all other keys are the window's."""
        if event.key() == Qt.Key.Key_Escape:
            self.closeClicked.emit()
        else:
            super().keyPressEvent(event)

    def show_adjustment(self, how: Adjustment) -> None:
        """Take over what holds."""
        for name, row in self.rows.items():
            if row.value() != (value := round(100 * getattr(how, name))):
                row.set_value(value)
        self.reset.setEnabled(not how.is_neutral)

    def _tell(self) -> None:
        self.changed.emit(Adjustment(**{name: row.value() / 100 for name, row in self.rows.items()}))


class Foot(QObject):
    """The sliders while they are open, else the sign, at the foot of the view."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._how = Adjustment()
        self.sign = QPushButton("◐  Display adjusted", canvas)
        self.sign.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sign.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sign.hide()
        self.popover = Popover(canvas)
        canvas.resized.connect(self.place)

    @property
    def is_open(self) -> bool:
        """Whether the sliders are there."""
        return not self.popover.isHidden()

    def open(self, on: bool) -> None:
        """Show the sliders, or hide them."""
        self.popover.setVisible(on)
        self.show_adjustment(self._how)
        if on:
            self.popover.rows["brightness"].slider.setFocus()

    def show_adjustment(self, how: Adjustment) -> None:
        """Tell what is adjusted, or nothing where nothing is."""
        self._how, said = how, in_words(how)
        self.sign.setToolTip(f"{said}. Click to change it, Shift+Z for the photograph as it is.")
        self.sign.setAccessibleName(f"Display adjusted: {said}")
        self.sign.setVisible(not how.is_neutral and not self.is_open)
        self.popover.show_adjustment(how)
        self.place()

    def place(self) -> None:
        """Follow the size of the view."""
        bottom = self._canvas.height() - MARGIN
        self.sign.resize(self.sign.sizeHint())
        self.sign.move(MARGIN, bottom - self.sign.height())
        width = min(self._canvas.width() - 2 * MARGIN, WIDTH)
        layout = self.popover.layout()
        assert layout is not None
        self.popover.resize(width, layout.totalHeightForWidth(width))
        self.popover.move(MARGIN, bottom - self.popover.height())
        self.popover.raise_()


def in_words(how: Adjustment) -> str:
    """What an adjustment does, or nothing."""
    parts = [
        f"{name} {round(100 * value):+d}"
        for name, value in (("brightness", how.brightness), ("contrast", how.contrast))
        if value
    ]
    return ", ".join([*parts, f"hair softened by {round(100 * how.hair)} %"] if how.hair else parts)
