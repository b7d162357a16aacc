"""What the refinement changed of the majority's mask, and the places where it overrode timesteps that agreed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui import theme
from diffseg_gui.actions import Command
from diffseg_gui.background import Background
from diffseg_gui.flight import Flight
from diffseg_gui.panels.card import Card
from diffseg_gui.scene import Curve, to_path
from diffseg_gui.views import PHOTOGRAPH
from diffseg_gui.wording import OUT_OF_DATE
from engine.reading.contours import contours
from engine.reading.overrides import Override, RefinementChanges, refinement_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from diffseg_gui.window import MainWindow
    from engine.results import Segmentation

ADDED, REMOVED = QColor("#ffb000"), QColor("#7aa2ff")  # apart for every kind of sight, on skin and on pigment
ADDED_HATCH, REMOVED_HATCH = Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern
FILL = 0.18  # opacity
REST = 150  # ms without a change before anything is computed
MARGIN = 0.02  # of the photograph's longer side, about the box of a place

EMPTY = "What refinement (CRF) adds to the majority's mask and removes from it"
UNREFINED = "Refinement is off: the result is the majority's mask, unchanged."
ALONE = "One timestep only: there is no agreement to override."

COMMANDS = (
    Command("show_changes", "Analysis", "Show added and re&moved", "Shift+R",
            "Draw on the photograph what refinement changed", "changes.show_drawn", checkable=True, line=True),
    Command("next_override", "Analysis", "Next &overridden place", "Shift+O",
            "Go to the next place where refinement overrode timesteps that agreed", "changes.go_on"),
)  # fmt: skip


class Swatch(QWidget):
    """A piece of what is drawn on the photograph, beside its figure."""

    def __init__(self, colour: QColor, hatch: Qt.BrushStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour, self._hatch = colour, hatch
        self.setFixedSize(28, 14)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw hatching within a border, on the photographs' surroundings."""
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else theme.FADED)
        painter.fillRect(self.rect(), theme.colours().canvas)
        painter.fillRect(self.rect(), QBrush(self._colour, self._hatch))
        painter.setPen(QPen(self._colour, 1.2))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class ChangesPanel(Card):
    """Pixels added and removed, the overridden places one after the other, and both on the photograph.

    Computed beside the main thread once a result rests, and only while somebody looks.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Changes")
        self._window, self._state = window, window.state
        self._changes: RefinementChanges | None = None
        self._of: Segmentation | None = None  # the result whose changes these are
        self._curves: tuple[Curve, ...] = ()
        self._at = -1  # the place gone to last
        self._shown, self._seen = False, False
        self._flight: Flight | None = None  # made when needed: the window has no canvas yet
        self._build()
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._ask)
        self._work = Background(self)
        self._work.answered.connect(self._receive)
        self._work.failed.connect(window.show_failure)
        window.closing.connect(self._rest.stop)
        window.closing.connect(self._work.close)
        window.scenes.layers.append(self.layer)
        window.refreshed.connect(self._follow)
        self._show()

    def _build(self) -> None:
        self.words = QLabel(EMPTY, objectName="muted", wordWrap=True)
        self.figures = QWidget()
        rows = QVBoxLayout(self.figures)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.added, self.removed = QLabel(""), QLabel("")
        for swatch, label in (
            (Swatch(ADDED, ADDED_HATCH), self.added),
            (Swatch(REMOVED, REMOVED_HATCH), self.removed),
        ):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(swatch)
            row.addWidget(label, 1)
            rows.addLayout(row)
        self.drawn = QCheckBox("Show added and removed")
        self.drawn.setToolTip("Draw both on the photograph (Shift+R)")
        self.drawn.toggled.connect(lambda on: self._window.actions_by_name["show_changes"].setChecked(on))
        self.warning = QLabel("", wordWrap=True)
        self.next = QPushButton("Next place")
        self.next.setToolTip("Go to the next place where refinement overrode timesteps that agreed (Shift+O)")
        self.next.clicked.connect(self.go_on)
        self.place = QLabel("", objectName="muted", wordWrap=True)
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

    def sizeHint(self) -> QSize:
        """Tall enough for its figures."""
        return QSize(320, 190)

    # What actions call

    def show_drawn(self, on: bool) -> None:
        """Draw on the photograph what was added and removed, or do not."""
        self._shown = on
        self.drawn.setChecked(on)
        self._window.refresh()

    def go_on(self) -> None:
        """Go to the next overridden place, after the last to the first."""
        if self._changes is None or not self._changes.overridden or not self._is_current():
            return
        self._at = (self._at + 1) % len(self._changes.overridden)
        if self._window.view != PHOTOGRAPH:
            self._window.show_view(PHOTOGRAPH)
        self._draw()
        self._window.actions_by_name["show_changes"].setChecked(True)
        if self._flight is None:
            self._flight = Flight(self._window.stage.canvas)
        self._flight.to(_frame(self._changes.overridden[self._at], *self._size()))
        self._window.refresh()

    # What is drawn

    def layer(self, key: str) -> tuple[Curve, ...]:
        """Added, removed and the overridden places, while they are those of the result shown."""
        return self._curves if key == PHOTOGRAPH and self._shown and self._is_current() else ()

    def _is_current(self) -> bool:
        return self._of is not None and self._of is self._state.segmentation and self._state.current

    def _draw(self) -> None:
        """Make the curves anew; the place gone to has a line of its own."""
        changes, found = self._changes, self._of
        if changes is None or found is None:
            self._curves = ()
            return
        size = self._size()
        boxes = QPainterPath()
        here = QPainterPath()
        for number, place in enumerate(changes.overridden):
            (here if number == self._at else boxes).addRect(_frame(place, *size))
        self._curves = (
            Curve(_path(changes.added, *size), ADDED, 1.2, fill=FILL, hatch=ADDED_HATCH, name="added by refinement"),
            Curve(
                _path(changes.removed, *size), REMOVED, 1.2, dashed=True, fill=FILL, hatch=REMOVED_HATCH, name="removed"
            ),
            Curve(boxes, theme.BAND_CURVE, 1.0, dashed=True, name="" if boxes.isEmpty() else "agreement overridden"),
            Curve(here, theme.BAND_CURVE, 2.0, name="" if here.isEmpty() else "place shown"),
        )

    def _size(self) -> tuple[int, int]:
        assert self._of is not None
        return self._of.image.width, self._of.image.height

    # What follows

    def look(self, seen: bool) -> None:
        """The panel has come to the front of its tabs, or has gone behind; Qt calls it visible all the time."""
        self._seen = seen
        self._follow()

    def _follow(self) -> None:
        """After a change: dim what is out of date, and make it anew after a rest."""
        if self._state.segmentation is not self._of and self._state.current and (self._shown or self._seen):
            if not self._rest.isActive():
                self._rest.start()
        elif not self._state.current:
            self._rest.stop()
        self._show()
        self._window.actions_by_name["next_override"].setEnabled(self.next.isEnabled())

    def _ask(self) -> None:
        found = self._state.segmentation
        if found is not None and self._state.current:
            self._work.ask(partial(_changes_of, found))

    def _receive(self, answer: tuple[RefinementChanges | None, Segmentation]) -> None:
        changes, found = answer
        if found is not self._state.segmentation:
            return
        self._changes, self._of, self._at = changes, found, -1
        self._draw()
        self._window.refresh()

    def _show(self) -> None:
        changes, known = self._changes, self._of is not None and self._state.segmentation is not None
        unrefined = known and changes is None
        self.words.setText(UNREFINED if unrefined else EMPTY)
        self.words.setVisible(not known or unrefined)
        self.figures.setVisible(known and changes is not None)
        self.figures.setEnabled(self._is_current())
        self.words.setEnabled(not unrefined or self._is_current())
        self.note.setText(OUT_OF_DATE if known and not self._is_current() else "")
        places = changes.overridden if changes is not None and self._is_current() else ()
        self.next.setEnabled(bool(places))
        if known and changes is not None:
            self._show_figures(changes)

    def _show_figures(self, changes: RefinementChanges) -> None:
        self.added.setText(f"<b>+ {changes.added_px:,}</b> px added")
        self.removed.setText(f"<b>− {changes.removed_px:,}</b> px removed")
        places = changes.overridden
        count = "1 place" if len(places) == 1 else f"{len(places)} places"
        self.warning.setText(f"⚠ It overrode agreement in <b>{count}</b>." if places else "It overrode no agreement.")
        self.warning.setToolTip(
            "Places where all or nearly all timesteps (nine of ten) say one thing and the refined mask the other."
        )
        self.next.setVisible(bool(places))
        self.place.setVisible(0 <= self._at < len(places) or self._alone())
        if self._alone():
            self.place.setText(ALONE)
        elif 0 <= self._at < len(places):
            place = places[self._at]
            said, says = ("skin", "lesion") if place.added else ("lesion", "skin")
            self.place.setText(
                f"{self._at + 1} of {len(places)}: the timesteps say {said}, refinement says {says};"
                f" {place.area_px:,} px"
            )

    def _alone(self) -> bool:
        return self._of is not None and len(self._of.evidence.timesteps) == 1


def _changes_of(found: Segmentation) -> tuple[RefinementChanges | None, Segmentation]:
    return refinement_changes(found), found


def _path(values: NDArray, width: int, height: int) -> QPainterPath:
    return to_path(contours(values, 0.0, width, height))


def _frame(place: Override, width: int, height: int) -> QRectF:
    """A rectangle a little larger than the place's box, within the photograph."""
    x0, y0, x1, y1 = place.box
    margin = MARGIN * max(width, height)
    return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-margin, -margin, margin, margin) & QRectF(0, 0, width, height)
