"""Pixels that refinement added and removed, and the places where it overrode timesteps that agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look import overlay, theme
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import count
from diffseg_gui.look.wording import OUT_OF_DATE

if TYPE_CHECKING:
    from engine.reading.overrides import RefinementChanges

EMPTY = "What refinement (CRF) adds to the majority's mask and removes from it"
UNREFINED = "Refinement is off: the result is the majority's mask, unchanged."
ALONE = "One timestep only: there is no agreement to override."


class Swatch(QWidget):
    """A piece of what is drawn on the photograph, beside its figure."""

    def __init__(self, colour: QColor, hatch: Qt.BrushStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour, self._hatch = colour, hatch
        self.setFixedSize(28, 14)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw hatching within a border, on the photographs' surroundings."""
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else overlay.FADED)
        painter.fillRect(self.rect(), theme.colours().canvas)
        painter.fillRect(self.rect(), QBrush(self._colour, self._hatch))
        painter.setPen(QPen(self._colour, 1.2))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class ChangesPanel(Card):
    """Shows the changes that it is told; ``buttons`` stand for commands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Changes", parent)
        self.words = named(QLabel(EMPTY, wordWrap=True), "muted")
        self.figures = QWidget()
        rows = QVBoxLayout(self.figures)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.added, self.removed = QLabel(""), QLabel("")
        for swatch, label in (
            (Swatch(overlay.ADDED, overlay.ADDED_HATCH), self.added),
            (Swatch(overlay.REMOVED, overlay.REMOVED_HATCH), self.removed),
        ):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(swatch)
            row.addWidget(label, 1)
            rows.addLayout(row)
        self.drawn = QCheckBox("Show added and removed")
        self.warning = QLabel("", wordWrap=True)
        self.next = QPushButton("Next place")
        self.place = named(QLabel("", wordWrap=True), "muted")
        line = QHBoxLayout()
        line.addWidget(self.warning, 1)
        line.addWidget(self.next)
        rows.addWidget(self.drawn)
        rows.addSpacing(4)
        rows.addLayout(line)
        rows.addWidget(self.place)
        self.body.addWidget(self.words)
        self.body.addWidget(self.figures)
        self.body.addStretch()
        self.buttons = {"show_changes": self.drawn, "next_override": self.next}

    def sizeHint(self) -> QSize:
        """Tall enough for its figures."""
        return QSize(320, 190)

    def say(self, words: str, current: bool) -> None:
        """Show a sentence in place of the figures. current: it is of the result that is shown."""
        self.words.setText(words)
        self.words.setEnabled(current)
        self.words.show()
        self.figures.hide()
        self.note.setText("" if current else OUT_OF_DATE)

    def show_changes(self, changes: RefinementChanges, at: int, alone: bool, current: bool) -> None:
        """Show figures. at: the place that was gone to last, or -1. alone: of one timestep only."""
        self.words.hide()
        self.figures.show()
        self.figures.setEnabled(current)
        self.note.setText("" if current else OUT_OF_DATE)
        self.added.setText(f"<b>+ {count(changes.added_px)}</b> px added")
        self.removed.setText(f"<b>− {count(changes.removed_px)}</b> px removed")
        places = changes.overridden
        said = "1 place" if len(places) == 1 else f"{len(places)} places"
        self.warning.setText(f"⚠ It overrode agreement in <b>{said}</b>." if places else "It overrode no agreement.")
        self.warning.setToolTip(
            "Places where all or nearly all timesteps (nine of ten) say one thing and the refined mask the other."
        )
        self.next.setVisible(bool(places))
        self.place.setVisible(0 <= at < len(places) or alone)
        if alone:
            self.place.setText(ALONE)
        elif 0 <= at < len(places):
            theirs, ours = ("skin", "lesion") if places[at].added else ("lesion", "skin")
            self.place.setText(
                f"{at + 1} of {len(places)}: the timesteps say {theirs}, refinement says {ours};"
                f" {count(places[at].area_px)} px"
            )
