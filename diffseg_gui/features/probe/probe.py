"""The probe: all that is known of the pixel under the cursor, in whichever view that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.probe.card import ProbeCard
from diffseg_gui.features.probe.spot import look

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scenes import Scenes

MARGIN = 10  # pixels between the card and its corner
NEAR = 60  # pixels; closer to the cursor the card changes corners
MIDDLE = 0.08  # of the view's width, on either side of its middle


class Probe(Feature):
    """Shows, once asked for, a card over the large view, away from the cursor, while that is on the photograph."""

    def __init__(
        self, document: Document, editing: Editing, scenes: Scenes, canvas: Canvas, preferences: Preferences
    ) -> None:
        super().__init__()
        self._document, self._editing, self._canvas, self._preferences = document, editing, canvas, preferences
        self.on = preferences.text("probe") == "on"  # in the way of whoever has not asked for it
        self._is_right = True  # on which side the card stands
        self.card = ProbeCard(canvas)
        canvas.viewport.cursorMoved.connect(self.show)
        for signal in (scenes.changed, document.readingChanged, canvas.resized):
            signal.connect(self._refresh)
        self.commands = (
            Command("probe", "View", "&Probe", "Q", "Votes, statistics and colour of the pixel under the cursor",
                    self.set_on, checked=lambda: self.on, line=True),
        )  # fmt: skip

    def set_on(self, on: bool) -> None:
        """Show or hide it, from now on and at the next start."""
        self.on = on
        self._preferences.set("probe", "on" if on else "off")
        self._refresh()

    def show(self, point: QPointF | None) -> None:
        """Tell of a point; the card paints once a frame, however often it is told."""
        spot = look(self._document, self._editing, point) if self.on else None
        self.card.show_spot(spot)
        if spot is not None and point is not None:
            self._place(self._canvas.to_screen().map(point).toPoint())

    def _refresh(self) -> None:
        """The same point, of another state."""
        self.show(self._canvas.viewport.cursor)

    def _place(self, cursor: QPoint) -> None:
        """On the side where the cursor is not, above; below where it would be near, and as far as may be if all are.

        About the middle it stays where it is, so that it does not jump to and fro.
        """
        size, canvas = self.card.size(), self._canvas
        right, bottom = canvas.width() - MARGIN - size.width(), canvas.height() - MARGIN - size.height()
        if abs(cursor.x() - canvas.width() / 2) > MIDDLE * canvas.width():
            self._is_right = cursor.x() < canvas.width() / 2
        sides = (right, MARGIN) if self._is_right else (MARGIN, right)
        corners = [QRect(QPoint(x, y), size) for x in sides for y in (MARGIN, bottom)]
        clear = (corner for corner in corners if not corner.adjusted(-NEAR, -NEAR, NEAR, NEAR).contains(cursor))
        farthest = max(corners, key=lambda corner: (corner.center() - cursor).manhattanLength())
        self.card.move(next(clear, farthest).topLeft())
