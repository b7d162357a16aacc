"""How well the masks agree with the annotation that an expert drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from diffseg_gui.look.card import Card
from diffseg_gui.look.figures import tabular
from diffseg_gui.look.named import checkable, named
from diffseg_gui.look.numbers import count, percent
from diffseg_gui.look.wording import OUT_OF_DATE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.reading.annotation import Comparison

EMPTY = "Compare the result with a mask that an expert drew: an image file of the photograph's size, white on black."
WAITING = "Compared once the result is there"
COLUMNS = {  # of engine.reading.agreement.Agreement's fields: the title and what it means
    "dice": ("Dice", "Twice the common pixels over all pixels of both, equation 13a"),
    "jaccard": ("Jaccard", "Common pixels over those of either, equation 13b"),
    "precision": ("Precision", "Share of our pixels that the annotation has, equation 13c"),
    "recall": ("Recall", "Share of the annotation's pixels that we have, equation 13d"),
}
NAME = 220  # pixels that a file's name may take
ROWS = {"consensus": "Consensus", "refined": "Refined", "corrected": "Corrected"}
NONE = {"refined": "Refinement is switched off", "corrected": "Nothing is corrected"}


class AnnotationPanel(Card):
    """File, table of agreements, and what is missed and extra; dimmed while stale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Annotation", parent)
        self.words = named(QLabel(EMPTY, wordWrap=True), "muted")
        self.choose = QPushButton("Compare with annotation…")
        self.difference = checkable(QCheckBox("Show difference"), checked=True)
        self.remove = named(QPushButton("Remove"), "link")
        self.choices = QWidget()
        line = QHBoxLayout(self.choices)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.difference)
        line.addStretch()
        line.addWidget(self.remove)
        self.table = QWidget()
        self.cells = self._make_table(QGridLayout(self.table))
        self.counts = QLabel("", wordWrap=True)
        for widget in (self.words, self.choose, self.table, self.counts, self.choices):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.buttons = {"compare": self.choose, "difference": self.difference, "remove_annotation": self.remove}
        self._name, self._share, self._current = "", 0.0, True
        self.show_annotation(None)
        self.show_agreement(None)

    def _make_table(self, grid: QGridLayout) -> dict[tuple[str, str], QLabel]:
        """Labels by row and column."""
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setVerticalSpacing(6)
        right = Qt.AlignmentFlag.AlignRight
        for column, (title, tip) in enumerate(COLUMNS.values(), 1):
            grid.addWidget(named(QLabel(title, alignment=right), "muted", tip), 0, column)
            grid.setColumnStretch(column, 1)
        cells = {}
        for row, (name, title) in enumerate(ROWS.items(), 1):
            grid.addWidget(named(QLabel(title), "muted"), row, 0)
            for column, (field, (_, tip)) in enumerate(COLUMNS.items(), 1):
                cells[name, field] = tabular(bold=field == "dice")
                cells[name, field].setToolTip(tip)
                grid.addWidget(cells[name, field], row, column)
        return cells

    def sizeHint(self) -> QSize:
        """Tall enough for the table."""
        return QSize(320, 220)

    def show_annotation(self, path: Path | None, share: float = 0.0) -> None:
        """Name the annotation, and its share of the photograph in [0, 1]; None: there is none."""
        self._name = "" if path is None else path.name
        self.choose.setVisible(path is None)
        self.choices.setVisible(path is not None)
        self.setToolTip("" if path is None else f"{path}: {percent(share)} of the photograph")
        self._share = share
        self._show_note()

    def show_agreement(self, comparison: Comparison | None, why: str = EMPTY) -> None:
        """Show the figures, or say why there are none."""
        self.table.setVisible(comparison is not None)
        self.counts.setVisible(comparison is not None)
        self.words.setVisible(comparison is None)
        self.words.setText(why or WAITING)
        self._show_note()
        if comparison is None:
            return
        for name in ROWS:
            found = getattr(comparison, name)
            for field, (_, tip) in COLUMNS.items():
                cell = self.cells[name, field]
                cell.setText("–" if found is None else f"{getattr(found, field):.3f}")
                cell.setToolTip(NONE[name] if found is None else tip)
        empty = "" if self._share else "The annotation is empty: it shows no lesion. "
        self.counts.setText(f"{empty}Missed {count(comparison.missed)} px, extra {count(comparison.extra)} px")

    def set_current(self, current: bool) -> None:
        """Dim what belongs to another result."""
        self._current = current
        self.table.setEnabled(current)
        self.counts.setEnabled(current)
        self._show_note()

    def _show_note(self) -> None:
        """The file's name, and whether the figures, if there are any, belong to another result."""
        stale = "" if self._current or self.table.isHidden() else OUT_OF_DATE
        metrics = self.note.fontMetrics()
        room = NAME - metrics.horizontalAdvance(f", {OUT_OF_DATE}") if stale else NAME
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        self.note.setText(", ".join(part for part in (name, stale) if part))
