"""The GED on its scale, and the pairwise distances of the masks as a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from diffseg_gui.look import overlay, theme
from diffseg_gui.view.qimage import to_qimage
from engine.method.consensus import GED_MAX
from engine.records.render import DISTANCE_MAP, heatmap

if TYPE_CHECKING:
    from engine.results import Consensus

STEPS = {  # rows and columns
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class GedScale(QWidget):
    """A bar from 0 to the largest GED there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value: float | None = None
        self.setFixedHeight(26)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the bar, its filled part and the ends' values."""
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else overlay.FADED)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colours().line)
        painter.drawRoundedRect(QRectF(0, 1, self.width(), 7), 3, 3)
        if self.value is not None:
            painter.setBrush(theme.colours().warning)
            painter.drawRoundedRect(QRectF(0, 1, max(7.0, self.width() * self.value / GED_MAX), 7), 3, 3)
        painter.setPen(theme.colours().muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, "0")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{GED_MAX:.3f}")


class Matrix(QWidget):
    """Pairwise distances of the masks as coloured cells. A click on one, or arrows and Enter, choose a pair."""

    pairChosen = Signal(int, int)  # timesteps

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timesteps: tuple[int, ...] = ()
        self._consensus: Consensus | None = None
        self._cell = (0, 1)  # row and column that the keys are at
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Distances of the masks, pair by pair; arrows move, Enter shows the two masks")

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(112, 112)

    def show_matrix(self, timesteps: tuple[int, ...], consensus: Consensus | None) -> None:
        """Replace what is shown."""
        self._timesteps, self._consensus = timesteps, consensus
        if max(self._cell) >= len(timesteps):
            self._cell = (0, 1)
        hand = Qt.CursorShape.PointingHandCursor if len(timesteps) > 1 else Qt.CursorShape.ArrowCursor
        self.setCursor(hand)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw one cell a pair; colours span the matrix's own range."""
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else overlay.FADED)
        if self._consensus is None:
            painter.fillRect(self.rect(), theme.colours().canvas)
        else:
            matrix = self._consensus.ged_matrix.astype(np.float32)
            colours = heatmap(matrix, DISTANCE_MAP, (0.0, max(float(matrix.max()), 1e-6)))
            painter.drawImage(self.rect(), to_qimage(colours))  # unsmoothed: one cell a pair
        if self.hasFocus():
            painter.setPen(QPen(theme.colours().accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            if len(self._timesteps) > 1:
                for colour, width in ((overlay.EDGE, 4), (overlay.CROSS, 2)):  # seen on every colour of a map
                    painter.setPen(QPen(colour, width))
                    painter.drawRect(self._rect(*self._cell))

    def _rect(self, row: int, column: int) -> QRectF:
        width, height = self.width() / len(self._timesteps), self.height() / len(self._timesteps)
        return QRectF(column * width, row * height, width, height)

    def _cell_at(self, at: QPointF) -> tuple[int, int]:
        count = len(self._timesteps)
        row, column = int(at.y() / self.height() * count), int(at.x() / self.width() * count)
        return min(max(row, 0), count - 1), min(max(column, 0), count - 1)

    def _tell(self, cell: tuple[int, int], at: QPoint) -> None:
        """Say in a tooltip which pair a cell is, and its number."""
        if self._consensus is None:
            return
        row, column = cell
        distance = self._consensus.ged_matrix[row, column]
        pair = f"t = {self._timesteps[row]} and {self._timesteps[column]}"
        hint = "" if row == column else "; click or Enter shows both"
        self.setAccessibleDescription(f"{pair}: distance {distance:.3f}")
        QToolTip.showText(at, f"{pair}: distance {distance:.3f}{hint}", self)

    def _choose(self, cell: tuple[int, int]) -> None:
        row, column = sorted(cell)
        if self._consensus is not None and row < column < len(self._timesteps):
            self.pairChosen.emit(self._timesteps[row], self._timesteps[column])

    def event(self, event: QEvent) -> bool:
        """Tell the pair under the cursor."""
        if event.type() == QEvent.Type.ToolTip and self._consensus is not None and isinstance(event, QHelpEvent):
            self._tell(self._cell_at(QPointF(event.pos())), event.globalPos())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the pair under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and self._consensus is not None:
            self._cell = self._cell_at(event.position())
            self.update()
            self._choose(self._cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move to another pair, Enter and Space choose it."""
        key = Qt.Key(event.key())
        if self._consensus is not None and key in STEPS:
            last = len(self._timesteps) - 1
            row, column = (min(max(at + by, 0), last) for at, by in zip(self._cell, STEPS[key], strict=True))
            self._cell = (row, column)
            self._tell(self._cell, self.mapToGlobal(self._rect(row, column).bottomRight().toPoint()))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._cell)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the cell."""
        super().focusInEvent(event)
        self.update()
