"""The answers in figures: GED on its scale with its pairwise matrix, the model's area, and what did the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui import theme
from diffseg_gui.panels.card import Card
from diffseg_gui.panels.measures import number
from diffseg_gui.qimage import to_qimage
from diffseg_gui.wording import OUT_OF_DATE
from engine.method.consensus import GED_MAX, ged_in_words
from engine.reading.pair import farthest
from engine.records.render import DISTANCE_MAP, heatmap

if TYPE_CHECKING:
    from diffseg_gui.state import State
    from engine.results import Consensus


STEPS = {  # rows and columns
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
EMPTY = "How far the masks of the timesteps lie apart (GED)"
NO_LESION = "no lesion"
ROWS = {  # title: what it means
    "Model's area": "Of the model's own mask, without your correction; Measures tells that of the final mask",
    "Timesteps' areas": "Smallest and largest of the timesteps' masks",
    "Device": "",
    "Model": "",
    "Time": "",
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
        painter.setOpacity(1.0 if self.isEnabled() else theme.FADED)
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
        painter.setOpacity(1.0 if self.isEnabled() else theme.FADED)
        if self._consensus is None:
            painter.fillRect(self.rect(), theme.colours().canvas)
        else:
            matrix = self._consensus.ged_matrix
            colours = heatmap(matrix, DISTANCE_MAP, (0.0, max(float(matrix.max()), 1e-6)))
            painter.drawImage(self.rect(), to_qimage(colours))  # unsmoothed: one cell a pair
        if self.hasFocus():
            painter.setPen(QPen(theme.colours().accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            if len(self._timesteps) > 1:
                for colour, width in ((theme.CURVE_EDGE, 4), (theme.CROSS, 2)):  # seen on every colour of a map
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


class ReadoutPanel(Card):
    """GED, area, and provenance; dimmed while stale."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__("Disagreement", parent)
        self.setToolTip("Generalised energy distance between the timesteps' masks, equation 5: 0 means they are equal")
        self._state = state
        self._mm_per_px: float | None = None
        self.figure = QLabel("–", objectName="figure")
        self.words = QLabel("", objectName="muted", wordWrap=True)
        self.scale = GedScale()
        self.matrix = Matrix()
        left = QVBoxLayout()
        left.setSpacing(2)
        for widget in (QLabel("GED (D²)", objectName="muted"), self.figure, self.words, self.scale):
            left.addWidget(widget)
        left.addStretch()
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addLayout(left, 1)
        top.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.farthest = QPushButton("")
        self.farthest.setToolTip("Show the two masks side by side, and where they differ (Ctrl+D)")
        self.body.addWidget(self.farthest)
        self.values: dict[str, QLabel] = {}
        self.body.addLayout(self._make_rows())
        self.body.addStretch()
        state.resultChanged.connect(self._show)
        state.readingChanged.connect(self._calibrate)
        self._show()

    def _make_rows(self) -> QGridLayout:
        """Titles and values."""
        rows = QGridLayout()
        rows.setVerticalSpacing(4)
        for row, (name, tip) in enumerate(ROWS.items()):
            value = QLabel("–", alignment=Qt.AlignmentFlag.AlignRight, wordWrap=True, toolTip=tip)
            value.setMinimumWidth(20)  # a model's long name must not widen its column
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            rows.addWidget(QLabel(name, objectName="muted", toolTip=tip), row, 0)
            rows.addWidget(value, row, 1)
            self.values[name] = value
        rows.setColumnStretch(1, 1)
        return rows

    def _show(self) -> None:
        state = self._state
        consensus = state.consensus
        timesteps = state.evidence.timesteps if state.evidence else ()
        self.matrix.show_matrix(timesteps, consensus)
        self.figure.setText("–" if consensus is None else f"{consensus.ged:.3f}")
        stale = consensus is not None and not state.votes_current
        self.content.setEnabled(not stale)
        self.note.setText(OUT_OF_DATE if stale else "")
        self.words.setText(EMPTY if consensus is None else ged_in_words(consensus))
        self.scale.value = consensus.ged if consensus else None
        self.scale.update()
        self._show_farthest(timesteps)
        self._show_area()
        self._show_provenance()

    def _show_farthest(self, timesteps: tuple[int, ...]) -> None:
        consensus = self._state.consensus
        self.farthest.setVisible(consensus is not None and len(timesteps) > 1)
        if consensus is not None:
            pair = farthest(timesteps, consensus)
            equal = "All masks are equal" if consensus.votes.any() else "All masks are empty"
            self.farthest.setText(equal if pair is None else f"Two most different: t = {pair[0]}, {pair[1]}")

    def _calibrate(self) -> None:
        """The reading is another one; only its calibration matters here."""
        scale = self._state.reading.mm_per_px if self._state.reading else None
        if scale != self._mm_per_px:
            self._mm_per_px = scale
            self._show_area()

    def _show_area(self) -> None:
        """Of the model's mask, and of the timesteps', which its correction leaves as they are."""
        state = self._state
        found, image, consensus = state.segmentation, state.image, state.consensus
        ours, theirs = self.values["Model's area"], self.values["Timesteps' areas"]
        if image is None or consensus is None:
            ours.setText("–")
            theirs.setText("–")
            return
        if state.current and found is not None and found.refined is not None:
            share, about = found.refined.area_px / (image.width * image.height), ""
        else:
            share, about = consensus.area, "≈ "
        low, high = consensus.areas.min(), consensus.areas.max()
        ours.setText(f"{about}{self._area(share)} {self._unit}  ({share:.1%})" if share else NO_LESION)
        spread = f"{self._area(low)} – {self._area(high)} {self._unit}  ({low:.1%} – {high:.1%})"
        theirs.setText(spread if high else NO_LESION)

    @property
    def _unit(self) -> str:
        return "px²" if self._mm_per_px is None else "mm²"

    def _area(self, share: float) -> str:
        """A share of the photograph in the present unit."""
        image = self._state.image
        assert image is not None
        return number(share * image.width * image.height * (self._mm_per_px or 1.0) ** 2, self._unit)

    def _show_provenance(self) -> None:
        found, evidence = self._state.segmentation, self._state.evidence
        for name in ("Device", "Model", "Time"):
            self.values[name].setText("–")
        if evidence is not None:
            note = f" ({evidence.device.note})" if evidence.device.note else ""
            self.values["Device"].setText(f"{evidence.device.kind.upper()}{note}")
            self.values["Device"].setToolTip(f"{evidence.device.name}, {evidence.device.precision}")
        if found is not None:
            self.values["Model"].setText(found.model.name)
            self.values["Model"].setToolTip(f"SHA-256 {found.model.sha256}")
            parts = ", ".join(f"{name} {value:.2f} s" for name, value in found.seconds.items() if name != "total")
            self.values["Time"].setText(f"{found.seconds['total']:.1f} s")
            self.values["Time"].setToolTip(parts)
