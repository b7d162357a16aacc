"""The answers in figures: GED on its scale with its pairwise matrix, the lesion's area, and what did the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from diffseg_gui import theme
from diffseg_gui.panels.card import Card
from diffseg_gui.qimage import to_qimage
from engine.consensus import GED_MAX, ged_in_words
from engine.render import DISTANCE_MAP, heatmap

if TYPE_CHECKING:
    from diffseg_gui.state import State
    from engine.results import Consensus


class GedScale(QWidget):
    """A bar from 0 to the largest GED there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value: float | None = None
        self.setFixedHeight(26)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the bar, its filled part and the ends' values."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.LINE)
        painter.drawRoundedRect(QRectF(0, 1, self.width(), 7), 3, 3)
        if self.value is not None:
            painter.setBrush(theme.WARNING)
            painter.drawRoundedRect(QRectF(0, 1, max(7.0, self.width() * self.value / GED_MAX), 7), 3, 3)
        painter.setPen(theme.MUTED)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, "0")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{GED_MAX:.3f}")


class Matrix(QWidget):
    """Pairwise distances of the masks as coloured cells; the tooltip tells each one's number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timesteps: tuple[int, ...] = ()
        self._consensus: Consensus | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(112, 112)

    def show_matrix(self, timesteps: tuple[int, ...], consensus: Consensus | None) -> None:
        """Replace what is shown."""
        self._timesteps, self._consensus = timesteps, consensus
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw one cell a pair; colours span the matrix's own range."""
        painter = QPainter(self)
        if self._consensus is None:
            painter.fillRect(self.rect(), theme.CANVAS)
            return
        matrix = self._consensus.ged_matrix
        colours = heatmap(matrix, DISTANCE_MAP, (0.0, max(float(matrix.max()), 1e-6)))
        painter.drawImage(self.rect(), to_qimage(colours))  # unsmoothed: one cell a pair

    def event(self, event: QEvent) -> bool:
        """Tell the pair under the cursor."""
        if event.type() == QEvent.Type.ToolTip and self._consensus is not None and isinstance(event, QHelpEvent):
            count = len(self._timesteps)
            row = min(int(event.y() / self.height() * count), count - 1)
            column = min(int(event.x() / self.width() * count), count - 1)
            distance = self._consensus.ged_matrix[row, column]
            pair = f"t = {self._timesteps[row]} and {self._timesteps[column]}"
            QToolTip.showText(event.globalPos(), f"{pair}: distance {distance:.3f}", self)
            return True
        return super().event(event)


class ReadoutPanel(Card):
    """GED, area, and provenance."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__("Disagreement (GED)", parent)
        self.setToolTip("Generalised energy distance between the timesteps' masks, equation 5: 0 means they are equal")
        self._state = state
        self.figure = QLabel("–", objectName="figure")
        self.words = QLabel("", objectName="muted", wordWrap=True)
        self.scale = GedScale()
        self.matrix = Matrix()
        left = QVBoxLayout()
        for widget in (self.figure, self.words, self.scale):
            left.addWidget(widget)
        left.addStretch()
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addLayout(left, 1)
        top.addWidget(self.matrix)
        self.body.addLayout(top)
        self.values: dict[str, QLabel] = {}
        rows = QGridLayout()
        rows.setVerticalSpacing(4)
        for number, name in enumerate(("Lesion area", "Range of the masks", "Device", "Model", "Time")):
            value = QLabel("–", alignment=Qt.AlignmentFlag.AlignRight, wordWrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            rows.addWidget(QLabel(name, objectName="muted"), number, 0)
            rows.addWidget(value, number, 1)
            self.values[name] = value
        rows.setColumnStretch(1, 1)
        self.body.addLayout(rows)
        state.resultChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        state = self._state
        consensus = state.consensus
        timesteps = state.evidence.timesteps if state.evidence else ()
        self.matrix.show_matrix(timesteps, consensus)
        self.figure.setText("–" if consensus is None else f"{consensus.ged:.3f}")
        self.figure.setEnabled(state.votes_current)
        self.words.setText("" if consensus is None else ged_in_words(consensus))
        self.scale.value = consensus.ged if consensus else None
        self.scale.update()
        self._show_area()
        self._show_provenance()

    def _show_area(self) -> None:
        state = self._state
        found, image, consensus = state.segmentation, state.image, state.consensus
        if image is None or consensus is None:
            self.values["Lesion area"].setText("–")
            self.values["Range of the masks"].setText("–")
            return
        pixels = image.width * image.height
        if state.current and found is not None and found.refined is not None:
            area, about = found.refined.area_px, ""
        else:
            area, about = round(consensus.area * pixels), "≈ "
        self.values["Lesion area"].setText(f"{about}{area:,} px  ({area / pixels:.1%})")
        low, high = consensus.areas.min(), consensus.areas.max()
        self.values["Range of the masks"].setText(f"{low:.1%} – {high:.1%}")

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
