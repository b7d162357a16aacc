"""The probe: all that is known of the pixel under the cursor, in whichever view that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect

from diffseg_gui.actions import Command
from diffseg_gui.panels.probe import ProbeCard

if TYPE_CHECKING:
    from diffseg_gui.editing import Editing
    from diffseg_gui.state import State
    from diffseg_gui.window import MainWindow

MARGIN = 10  # pixels between the card and its corner
NEAR = 60  # pixels; closer to the cursor the card changes corners

COMMANDS = (
    Command("probe", "View", "&Probe", "Q", "Votes, statistics and colour of the pixel under the cursor",
            "probe.set_on", checkable=True, checked=True, line=True),
)  # fmt: skip


@dataclass(frozen=True)
class Votes:
    """What the timesteps say of a pixel of the working grid. differences: in clean-image units, one a timestep."""

    timesteps: tuple[int, ...]
    differences: tuple[float, ...]
    votes: tuple[bool, ...]
    delta: float
    mean: float
    variance: float

    @property
    def difference(self) -> float:
        """Their mean."""
        return sum(self.differences) / len(self.differences)


@dataclass(frozen=True)
class Spot:
    """A pixel of the photograph: x, y, from its upper left corner in mm, RGB, and what was found there.

    votes: None before the network was there. before, after, corrected: lesion before the CRF, after it, and in the
    final mask; None where that is not known, or out of date. blind: nothing that was found may be told.
    """

    x: int
    y: int
    mm: tuple[float, float] | None
    colour: tuple[int, int, int]
    votes: Votes | None = None
    before: bool | None = None
    after: bool | None = None
    corrected: bool | None = None
    blind: bool = False


def look(state: State, edit: Editing, point: QPointF | None) -> Spot | None:
    """What is known of a point, in the photograph's pixels; None outside the photograph."""
    image = state.image
    if image is None or point is None or not (0 <= point.x() < image.width and 0 <= point.y() < image.height):
        return None
    x, y = int(point.x()), int(point.y())
    scale = state.reading.mm_per_px if state.reading else None
    mm = None if scale is None else (point.x() * scale, point.y() * scale)
    red, green, blue = image.pixels[y, x].tolist()
    here = Spot(x, y, mm, (red, green, blue), blind=edit.blind)
    consensus, evidence, found = state.consensus, state.evidence, state.segmentation
    if edit.blind or consensus is None or evidence is None or not state.votes_current:
        return here
    h, w = consensus.consistency.shape
    at = y * h // image.height, x * w // image.width
    votes = Votes(
        evidence.timesteps,
        tuple(evidence.difference[:, *at].tolist()),
        tuple(consensus.votes[:, *at].tolist()),
        consensus.delta,
        float(consensus.consistency[at]),
        float(consensus.ambiguity[at]),
    )
    after = corrected = None
    if state.current and found is not None:
        after = None if found.refined is None else bool(found.refined.mask[y, x])
        corrected = None if edit.mask is None else bool(edit.mask[y, x])
    return Spot(x, y, mm, here.colour, votes, votes.mean > 0.5, after, corrected)


class Probe(QObject):
    """Shows a card over the large view, in the corner away from the cursor, while the cursor is on the photograph."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._canvas = window, window.stage.canvas
        self.on = window.preferences.text("probe", "on") == "on"
        self.card = ProbeCard(self._canvas)
        window.viewport.cursorMoved.connect(self.show)
        for signal in (window.refreshed, window.state.readingChanged):
            signal.connect(self._refresh)

    def set_on(self, on: bool) -> None:
        """Show or hide it, from now on and at the next start."""
        self.on = on
        self._window.preferences.set("probe", "on" if on else "off")
        self._refresh()

    def show(self, point: QPointF | None) -> None:
        """Tell of a point; the card paints once a frame, however often it is told."""
        spot = look(self._window.state, self._window.edit, point) if self.on else None
        self.card.show_spot(spot)
        if spot is not None and point is not None:
            self._place(self._canvas.to_screen().map(point).toPoint())

    def _refresh(self) -> None:
        """The same point, of another state; actions are made after this."""
        if actions := getattr(self._window, "actions_by_name", None):
            actions["probe"].setChecked(self.on)
        self.show(self._window.viewport.cursor)

    def _place(self, cursor: QPoint) -> None:
        """In the first corner that is not near the cursor; in a small view, in the one farthest from it."""
        size, canvas = self.card.size(), self._canvas
        right, bottom = canvas.width() - MARGIN - size.width(), canvas.height() - MARGIN - size.height()
        corners = [QRect(QPoint(x, y), size) for y in (MARGIN, bottom) for x in (MARGIN, right)]
        clear = (corner for corner in corners if not corner.adjusted(-NEAR, -NEAR, NEAR, NEAR).contains(cursor))
        farthest = max(corners, key=lambda corner: (corner.center() - cursor).manhattanLength())
        self.card.move(next(clear, farthest).topLeft())
