"""The lesion's measures, each with its range across the timesteps, and the person's own limit for its diameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QWidget

from diffseg_gui.look import theme
from diffseg_gui.look.card import Card
from diffseg_gui.look.figures import number, spread, tabular
from diffseg_gui.look.named import named
from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.look.sign import Sign
from diffseg_gui.look.slider import let_wheel_pass
from diffseg_gui.look.wording import OUT_OF_DATE
from engine.reading.measures import TITLES, straddles

if TYPE_CHECKING:
    from diffseg_gui.preferences import Preferences
    from engine.reading.measures import Measure

LIMIT_MM = 6.0
NARROW, LEAST = 340, 260  # pixels: a narrow panel, and the narrowest
LIMITED = "largest_diameter"
MEANINGS = {  # of engine.reading.measures.Shape's fields
    "area": "The area of the final mask",
    "perimeter": "The length of all borders, including those of holes",
    LIMITED: "The distance between the two points that lie farthest apart",
    "smallest_diameter": "The distance of the closest two parallel lines about the lesion",
    "asymmetry": "The share that its mirror image does not cover, on two axes; 0 is symmetrical",
    "compactness": "Perimeter² / (4 π area): 1 is a circle, a higher figure is less regular",
}
VERDICTS = {"below": "is <b>below</b>", "straddles": "<b>straddles</b>", "above": "is <b>above</b>"}
EMPTY = "The measures of the lesion will stand here, each with its range across the timesteps."
NO_LESION = "There is nothing to measure, because the final mask is empty."
HIDDEN = "Hidden until you reveal the result"


class RangeBar(QWidget):
    """From 0 to a bit above the range: the range as a stretch, the value as a tick, a limit as a dotted line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure: Measure | None = None
        self._limit: float | None = None
        self.setFixedHeight(9)
        self.setMinimumWidth(60)

    def show_range(self, measure: Measure | None, limit: float | None = None) -> None:
        """Replace what is shown; limit: in the measure's unit."""
        self._measure, self._limit = measure, limit
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the axis, the range, the tick and the limit."""
        colours, measure = theme.colours(), self._measure
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(QRectF(0, 3, self.width(), 3), 1.5, 1.5)
        if measure is None or measure.high <= 0:
            return
        scale = (self.width() - 2) / (1.1 * max(measure.high, self._limit or 0.0))
        on = self.isEnabled()
        painter.setBrush(colours.accent if on else colours.faint)
        low, wide = measure.low * scale, (measure.high - measure.low) * scale
        painter.drawRoundedRect(QRectF(low, 2.5, max(wide, 2.0), 4), 2, 2)
        painter.setBrush(colours.text if on else colours.muted)
        painter.drawRect(QRectF(measure.value * scale - 1, 0, 2, 9))
        if self._limit is not None:
            painter.setPen(QPen(colours.warning if on else colours.faint, 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(int(self._limit * scale), 0, int(self._limit * scale), 9)


class MeasuresPanel(Card):
    """How the largest diameter compares with the limit; value and range of each measure, dimmed while stale."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("Measures", parent)
        self._preferences = preferences
        self._measures: tuple[Measure, ...] = ()
        self._verdict = ""
        self.words = named(QLabel(EMPTY, wordWrap=True), "muted")
        self.body.addWidget(self.words)
        self.values: dict[str, QLabel] = {}
        self.ranges: dict[str, QLabel] = {}
        self.bars: dict[str, RangeBar] = {}
        self._add_limit()
        self.figures = QWidget()
        self._rows = QGridLayout(self.figures)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(1)
        self._boths: dict[str, QWidget] = {}  # of each measure, range and bar
        self._labels = {name: self._make_row(name) for name in MEANINGS}
        self._lay_rows(narrow=False)
        self.body.addWidget(self.figures)
        self.body.addStretch(1)
        self.hide_measures()

    def _make_row(self, name: str) -> QLabel:
        title, tip = TITLES[name], MEANINGS[name]
        label = named(QLabel(title), "muted")
        self.values[name], self.ranges[name], self.bars[name] = tabular(bold=True), tabular(), RangeBar()
        self.ranges[name].setObjectName("muted")
        self._boths[name] = QWidget()
        both = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._boths[name])
        both.addWidget(self.ranges[name])
        both.addWidget(self.bars[name])
        for widget in (label, self.values[name]):
            widget.setToolTip(tip)
        self.ranges[name].setToolTip("The smallest and the largest value among the timesteps' masks and the final mask")
        self.bars[name].setToolTip("The range across the timesteps, with the value as a tick; the scale begins at 0")
        return label

    def _lay_rows(self, narrow: bool) -> None:
        """Name, value and range side by side; in a narrow column the range stands below, beside its bar."""
        direction = QBoxLayout.Direction.RightToLeft if narrow else QBoxLayout.Direction.TopToBottom
        for row, name in enumerate(MEANINGS):
            line = 2 * row if narrow else row
            self._rows.addWidget(self._labels[name], line, 0)
            self._rows.addWidget(self.values[name], line, 1)
            both = self._boths[name]
            layout = both.layout()
            assert isinstance(layout, QBoxLayout)
            layout.setDirection(direction)
            layout.setContentsMargins(0, 0, 0, 3 if narrow else 0)
            layout.setSpacing(10 if narrow else 0)
            layout.setStretch(1, 1 if narrow else 0)
            self._rows.addWidget(both, line + 1 if narrow else line, 0 if narrow else 2, 1, 2 if narrow else 1)
        self._rows.setColumnStretch(0 if narrow else 2, 1)
        self._rows.setColumnStretch(2 if narrow else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are laid by the width there is."""
        super().resizeEvent(event)
        self._lay_rows(self.width() < NARROW)

    def minimumSizeHint(self) -> QSize:
        """As narrow as rows are whose range stands below."""
        return QSize(min(LEAST, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def _add_limit(self) -> None:
        self.limit = NumberBox(1, 0.1, 200.0, " mm")
        self.limit.setSingleStep(0.5)
        self.limit.setValue(self._kept_limit())
        self.limit.setFixedWidth(70)
        self.limit.setAlignment(Qt.AlignmentFlag.AlignRight)
        let_wheel_pass(self.limit)
        self.limit.setAccessibleName("Your limit for the largest diameter")
        self.limit.setToolTip("Your own limit for the largest diameter, which is remembered")
        self.limit.valueChanged.connect(self._limit_changed)
        self.sign = Sign(18)
        self.flag = QLabel("")
        self.flag.setMinimumWidth(20)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 2)
        line.addWidget(self.sign)
        line.addWidget(self.flag, 1)
        line.addWidget(self.limit)
        self.body.addLayout(line)

    def sizeHint(self) -> QSize:
        """Tall enough for all rows."""
        return QSize(320, 250)

    def show_measures(self, measures: tuple[Measure, ...]) -> None:
        """Show these; lengths are in mm once calibrated."""
        self._measures = measures
        self.words.setText(NO_LESION)
        self.words.setVisible(self._empty)
        self.figures.show()
        for measure in measures:
            unit = measure.unit
            value = "–" if self._empty else f"{number(measure.value, unit)} {unit}".rstrip()
            self.values[measure.name].setText(value)
            self.ranges[measure.name].setText(spread(measure.low, measure.high, unit) if measure.high else "–")
        self._show_limit()

    def hide_measures(self, why: str = EMPTY) -> None:
        """Show none, and say why."""
        self._measures = ()
        self.note.setText("")
        self.words.setText(why)
        self.words.setEnabled(True)
        self.words.show()
        self.figures.hide()
        self._show_limit()

    def set_current(self, current: bool) -> None:
        """Dim what was measured on another result."""
        stale = bool(self._measures) and not current
        self.note.setText(OUT_OF_DATE if stale else "")
        self.words.setEnabled(not stale)
        self.figures.setEnabled(current)
        self.flag.setEnabled(current)
        self._show_sign()

    @property
    def _empty(self) -> bool:
        """Whether there is nothing to measure."""
        return bool(self._measures) and not any(measure.value for measure in self._measures)

    @property
    def _calibrated(self) -> bool:
        return any(measure.unit == "mm" for measure in self._measures)

    def _show_limit(self) -> None:
        limit = self.limit.value() if self._calibrated and not self._empty else None
        self._verdict = ""
        for measure in self._measures:
            its = limit if measure.name == LIMITED else None
            self.bars[measure.name].show_range(measure, its)
            if its is not None:
                self._verdict = straddles(measure, its)
        if self._verdict:
            self.flag.setText(f"Diameter {VERDICTS[self._verdict]} the limit of")  # the limit's box goes on
            self.flag.setToolTip(f"The range across the timesteps is compared with your limit of {limit:g} mm")
        else:
            pixels = self._measures and not self._calibrated
            self.flag.setText("Limit, once calibrated (M)" if pixels else "Limit of the largest diameter")
            self.flag.setToolTip("Lay the ruler along a known length to compare the diameter with your limit")
        self._show_sign()

    def _show_sign(self) -> None:
        self.sign.setVisible(bool(self._verdict))
        if self._verdict:
            self.sign.show_icon(f"limit_{self._verdict}", self.flag.isEnabled())

    def _limit_changed(self, limit: float) -> None:
        self._preferences.set("limit_mm", f"{limit:g}")
        self._show_limit()

    def _kept_limit(self) -> float:
        try:
            kept = float(self._preferences.text("limit_mm"))
        except ValueError:  # settings are files that people edit
            return LIMIT_MM
        return kept if self.limit.minimum() <= kept <= self.limit.maximum() else LIMIT_MM

    # Events

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the sign is a picture in the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "sign"):
            self._show_limit()
        super().changeEvent(event)
