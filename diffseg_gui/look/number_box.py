"""Boxes for numbers that read point and comma alike, and say why they do not take what was typed."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPoint, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QToolTip, QWidget

from diffseg_gui.look.numbers import NumberError, parse


class NumberBox(QDoubleSpinBox):
    """A spin box whose text is that of :mod:`diffseg_gui.look.numbers`. decimals 0 makes it one for whole numbers.

    What cannot be taken stays while it is typed. At Enter, or when the box is left, the number before comes back, and
    a sentence says why; ``refused`` carries it.
    """

    refused = Signal(str)

    def __init__(self, decimals: int, low: float, high: float, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSuffix(unit)
        self.setKeyboardTracking(False)

    def textFromValue(self, value: float) -> str:
        """As it stands in the box."""
        return f"{value:.{self.decimals()}f}"

    def valueFromText(self, text: str) -> float:
        """The number that was typed; the one before where it is none."""
        try:
            return round(parse(text, self.minimum(), self.maximum(), self.suffix()), self.decimals())
        except NumberError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed; whether it is taken is seen at the end."""
        return (QValidator.State.Intermediate if self._why_not(text) else QValidator.State.Acceptable, text, position)

    def fixup(self, text: str) -> str:
        """The end of typing, with what cannot be taken: say why."""
        special = self.specialValueText() if self.value() == self.minimum() else ""
        if special and text.removesuffix(self.suffix()).strip() in ("", special.removesuffix(self.suffix())):
            return special  # nothing was typed
        if sentence := self._why_not(text):
            self.setAccessibleDescription(sentence)
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), sentence, self)
            self.refused.emit(sentence)
        return special or self.textFromValue(self.value()) + self.suffix()

    def _why_not(self, text: str) -> str:
        """In a sentence; empty where it can be taken."""
        try:
            value = parse(text, self.minimum(), self.maximum(), self.suffix())
        except NumberError as error:
            return str(error)
        whole = self.decimals() > 0 or value == round(value)
        return "" if whole else f"{value:g} is not a whole number."
