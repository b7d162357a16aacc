"""What refinement added and removed, where it overrode timesteps that agreed, and what was too small to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look import overlay, theme
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import count, percent
from diffseg_gui.look.wording import OUT_OF_DATE
from engine.reading.overrides import Override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.reading.overrides import RefinementChanges
    from engine.results import Dropped, Segmentation

EMPTY = "What refinement (CRF) adds to the majority's mask, and what it removes, is shown here."
UNREFINED = "Refinement is off: the result is the majority's mask, unchanged."
OVERRIDDEN = "Places where all timesteps, or nine of ten, say one thing and the refined mask says the other."
ALONE = "There is only one timestep, so there is no agreement to override."


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
        self.warning, self.left_out = QLabel("", wordWrap=True), QLabel("", wordWrap=True)
        self.warning.setToolTip(OVERRIDDEN)
        self.next, self.next_dropped = QPushButton("Next place"), QPushButton("Next piece")
        self.place = named(QLabel("", wordWrap=True), "muted")
        rows.addWidget(self.drawn)
        rows.addSpacing(4)
        for label, button in ((self.warning, self.next), (self.left_out, self.next_dropped)):
            line = QHBoxLayout()
            line.addWidget(label, 1)
            line.addWidget(button)
            rows.addLayout(line)
        rows.addWidget(self.place)
        self.body.addWidget(self.words)
        self.body.addWidget(self.figures)
        self.body.addStretch(1)
        self.buttons = {"show_changes": self.drawn, "next_override": self.next, "next_dropped": self.next_dropped}

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

    def show_changes(
        self, found: Segmentation, changes: RefinementChanges, at: Override | Dropped | None, current: bool
    ) -> None:
        """Show figures. at: the place that was gone to last. current: they are of the result that is shown."""
        self.words.hide()
        self.figures.show()
        self.figures.setEnabled(current)
        self.note.setText("" if current else OUT_OF_DATE)
        self.added.setText(f"<b>+ {count(changes.added_px)}</b> px added")
        self.removed.setText(f"<b>− {count(changes.removed_px)}</b> px removed")
        places, alone = changes.overridden, len(found.evidence.timesteps) == 1
        said = f"⚠ Refinement overrode agreement in <b>{_of(len(places), 'place')}</b>."
        self.warning.setText(said if places else ALONE if alone else "Refinement overrode no agreement.")
        self.next.setVisible(bool(places))
        self.left_out.setText(_left_out(changes.dropped, found.recipe.crf.drop))
        self.next_dropped.setVisible(bool(changes.dropped))
        self.place.setText(_told(changes, at))
        self.place.setVisible(bool(self.place.text()))


def _of(number: int, name: str) -> str:
    """A number of things: 1 place, 2 places."""
    return f"{count(number)} {name}{'' if number == 1 else 's'}"


def _left_out(dropped: Sequence[Dropped], share: float) -> str:
    """What was too small to stay, how many and how large. share: of the largest piece, below which that is."""
    bound = f"{percent(share)} of the largest piece"
    if share == 0:
        return "All pieces and holes are kept, however small."
    if not dropped:
        return f"Nothing was left out: no piece or hole is below {bound}."
    parts = []
    for hole, name, done in ((False, "piece", "left out"), (True, "hole", "filled")):
        sizes = [one.area_px for one in dropped if one.hole is hole]
        if sizes:
            size = f"{count(sizes[0])} px" if len(sizes) == 1 else f"{count(max(sizes))} px and less"
            parts.append(f"<b>{_of(len(sizes), name)}</b> {done} ({size})")
    return f"{', '.join(parts)}: below {bound}."


def _told(changes: RefinementChanges, at: Override | Dropped | None) -> str:
    """Of the place gone to: which one it is, and what is there; empty where none is."""
    if at is None:
        return ""
    if isinstance(at, Override):
        number, of = changes.overridden.index(at) + 1, len(changes.overridden)
        theirs, ours = ("skin", "lesion") if at.added else ("lesion", "skin")
        what = f"the timesteps say {theirs}, refinement says {ours}"
    else:
        number, of = changes.dropped.index(at) + 1, len(changes.dropped)
        what = "a hole that was filled" if at.hole else "a piece that was left out"
    return f"{number} of {of}: {what}; {count(at.area_px)} px"
