"""A named setting with a slider and a box for the exact number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from diffseg_gui.look.number_box import NumberBox


class _Passing(QObject):
    """Leaves the wheel to what scrolls, unless the widget has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the pointer happens to be over while a column is scrolled must not change a result."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def let_wheel_pass(*widgets: QWidget) -> None:
    """Have sliders and boxes turn with the wheel only once they were clicked or reached by Tab."""
    for widget in widgets:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(_Passing(widget))


class SliderRow(QWidget):
    """Emits ``changed`` live while dragged or typed; steps of the slider are multiples of ``step``."""

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        step: float,
        decimals: int,
        tip: str,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._step = low, high, step
        self.label = QLabel(name)
        self.box = NumberBox(decimals, low, high, unit)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setSingleStep(step)
        self.box.setFixedWidth(70)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._reach(low)
        self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 20))
        for widget in (self.label, self.box, self.slider):
            widget.setToolTip(tip)
            widget.setAccessibleName(name)
        let_wheel_pass(self.box, self.slider)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(1)
        layout.addWidget(self.label, 0, 0)
        layout.addWidget(self.box, 0, 1)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self.slider.valueChanged.connect(self._slid)
        self.box.valueChanged.connect(self._typed)

    def value(self) -> float:
        """The exact number."""
        return self.box.value()

    def set_value(self, value: float) -> None:
        """Show a number without telling anyone; one beyond the range widens that for as long as it is shown."""
        with QSignalBlocker(self.box), QSignalBlocker(self.slider):
            self._reach(value)
            if round(value, self.box.decimals()) != self.box.value():  # or it would be painted for nothing
                self.box.setValue(value)
            self.slider.setValue(round(value / self._step))

    def set_maximum(self, high: float) -> None:
        """Narrow or widen the range, without telling anyone."""
        self._high = high
        self.set_value(self.value())

    def _reach(self, value: float) -> None:
        """Have the range hold a number."""
        low, high = min(self._low, value), max(self._high, value)
        if (low, high) == (self.box.minimum(), self.box.maximum()):
            return  # to be told it once more, the box would be laid out and painted anew
        self.box.setRange(low, high)
        self.slider.setRange(round(low / self._step), round(high / self._step))

    def _slid(self, position: int) -> None:
        with QSignalBlocker(self.box):
            self.box.setValue(position * self._step)
        self.changed.emit(self.box.value())

    def _typed(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value / self._step))
        self.changed.emit(value)
