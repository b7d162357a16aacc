"""The guide's head, its four steps with what is done of each, and its foot, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from diffseg_gui.arrangement import STEPS
from diffseg_gui.features.guide.moves import Mark
from diffseg_gui.look import theme
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from diffseg_gui.features.guide.moves import Move

CIRCLE = 26  # pixels across
GAP = 3  # pixels below the circle
SHORT = 8  # letters of a key that stands beside a button's text


class StepButton(QAbstractButton):
    """A number in a circle, or a tick once the step is done; the step's name, and how far it is."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__()
        self._number, self.mark = number, Mark()
        self.setText(name)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_mark(self, mark: Mark) -> None:
        """Show how far the step is."""
        self.mark = mark
        self.setAccessibleName(f"{self.text()}, {mark.text}".rstrip(", "))
        self.update()

    def sizeHint(self) -> QSize:
        """Of the circle and two lines."""
        return QSize(60, 4 + CIRCLE + GAP + 2 * self.fontMetrics().height() + 4)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw circle, name and mark; the step that is shown is in the accent's colour."""
        colours, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, done = self.isChecked(), self.mark.done
        circle = QRect((self.width() - CIRCLE) // 2, 4, CIRCLE, CIRCLE)
        painter.setPen(QPen(colours.accent if shown or done else colours.line, 1.6))
        painter.setBrush(colours.accent if shown else colours.tint if done else colours.panel)
        painter.drawEllipse(circle)
        painter.setPen(colours.on_accent if shown else colours.text)
        if done and not shown:
            icon("accept").paint(painter, circle.adjusted(5, 5, -5, -5))
        else:
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        height = self.fontMetrics().height()
        line = QRect(0, circle.bottom() + GAP, self.width(), height)
        painter.setPen(colours.text if shown else colours.muted)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(colours.accent if done else colours.muted)
        said = self.fontMetrics().elidedText(self.mark.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(line.translated(0, height), Qt.AlignmentFlag.AlignCenter, said)
        if self.hasFocus():
            painter.setPen(colours.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 0, -2, -1), 4, 4)


class StepBar(QWidget):
    """The four steps side by side."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(0)
        self.buttons = {step: StepButton(number, step.capitalize()) for number, step in enumerate(STEPS, 1)}
        for button in self.buttons.values():
            row.addWidget(button, 1)


class Foot(QWidget):
    """The prominent button, with its key, and beside it another."""

    chosen = Signal(object)  # a move

    def __init__(self) -> None:
        super().__init__()
        self.main, self.other = named(QPushButton(), "proposed"), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.other)
        row.addWidget(self.main, 1)
        self._moves: dict[QPushButton, Move | None] = {self.main: None, self.other: None}
        for button in self._moves:
            button.setMinimumHeight(36)
            button.clicked.connect(lambda _=False, button=button: self._clicked(button))

    def _clicked(self, button: QPushButton) -> None:
        if (move := self._moves[button]) is not None:
            self.chosen.emit(move)

    def show_move(self, button: QPushButton, move: Move | None, key: str, enabled: bool, tip: str) -> None:
        """Have a button stand for a move; None: it is hidden. key: the command's, as it is written.

        A long one stands in the tooltip alone, or both would be cut off.
        """
        self._moves[button] = move
        button.setVisible(move is not None)
        if move is not None:
            shown = key if len(key) <= SHORT else ""
            button.setText(f"{move.text}   {shown}".rstrip())
            button.setAccessibleName(move.text)
            button.setEnabled(enabled)
            button.setToolTip(tip)
