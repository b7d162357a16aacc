"""What refinement changed of the majority's mask: in figures, on the photograph, and place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature, Panel
from diffseg_gui.features.changes.panel import EMPTY, UNREFINED, ChangesPanel
from diffseg_gui.look import overlay
from diffseg_gui.view.fly_to import FlyTo
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve, to_path
from diffseg_gui.view.views import PHOTOGRAPH
from diffseg_gui.worker.later import Later
from engine.reading.contours import contours
from engine.reading.overrides import refinement_changes

if TYPE_CHECKING:
    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.views import Display
    from engine.arrays import Floats
    from engine.reading.overrides import Override, RefinementChanges
    from engine.results import Dropped, Segmentation

MARGIN = 0.02  # of the photograph's longer side, about the box of a place

Found = tuple["Segmentation", "RefinementChanges | None"]
Place = Union["Override", "Dropped"]


class Changes(Feature):
    """Compares the refined mask with the majority's once a result rests, and only while somebody looks."""

    def __init__(
        self, document: Document, scenes: Scenes, display: Display, canvas: Canvas, messages: Messages
    ) -> None:
        super().__init__()
        self._document, self._scenes, self._display = document, scenes, display
        self._shown, self._seen = False, False  # drawn on the photograph; the panel is in sight
        self._at: Place | None = None  # gone to last
        self._fly_to = FlyTo(canvas)
        self._found: Later[Found] = Later(self._inputs, _found, self._is_wanted, parent=self)
        self._found.made.connect(self._receive)
        messages.watch("changes", self._found.failed, self._found.made)
        self._curves: Derived[tuple[Curve, ...]] = Derived(lambda: (self._found.last, self._at), _curves)
        self.card = ChangesPanel()
        self.buttons = dict(self.card.buttons)
        self.panel = Panel("changes", "Changes", "What refinement (CRF) added, removed, overrode and left out",
                           self.card, behind="review")  # fmt: skip
        self.panel.seen.connect(self._look)
        self.layers = (Layer(Depth.CHANGES, self._layer),)
        for signal in (document.opened, document.resultChanged):
            signal.connect(self._follow)
        self.commands = (
            Command("show_changes", "Analysis", "Show added and re&moved", "Shift+R",
                    "Draw on the photograph what refinement changed", self.show_drawn,
                    lambda: document.blind is None, checked=lambda: self._shown, line=True),
            Command("next_override", "Analysis", "Next &overridden place", "Shift+O",
                    "Go to the next place where refinement overrode timesteps that agreed", self.go_on,
                    lambda: bool(self._overridden())),
            Command("next_dropped", "Analysis", "Next piece &left out", "Shift+L",
                    "Go to the next piece, or hole in one, that was too small to stay", self.go_on_dropped,
                    lambda: bool(self._dropped())),
        )  # fmt: skip
        self._show()

    # What commands do

    def show_drawn(self, on: bool) -> None:
        """Draw on the photograph what was added and removed, or do not."""
        self._shown = on
        self._follow()
        self._scenes.refresh()

    def go_on(self) -> None:
        """Go to the next overridden place, after the last to the first."""
        self._go(self._overridden())

    def go_on_dropped(self) -> None:
        """Go to the next piece or hole that was too small to stay, after the last to the first."""
        self._go(self._dropped())

    def close(self) -> None:
        """End a flight, and what is under way."""
        self._fly_to.stop()
        self._found.close()

    # Within

    def _inputs(self) -> Inputs:
        return (self._document.shown.segmentation,)

    def _is_wanted(self) -> bool:
        return self._document.shown.current and (self._shown or self._seen)

    def _is_current(self) -> bool:
        return self._document.shown.current and self._found.is_current

    def _changes(self) -> RefinementChanges | None:
        """What refinement changed, while that is of the result shown."""
        return self._found.last[1] if self._found.last is not None and self._is_current() else None

    def _overridden(self) -> tuple[Place, ...]:
        """Places where it overrode agreement, the largest first."""
        changes = self._changes()
        return () if changes is None else changes.overridden

    def _dropped(self) -> tuple[Place, ...]:
        """Pieces and holes that it left out as too small, the largest first."""
        changes = self._changes()
        return () if changes is None else changes.dropped

    def _go(self, places: tuple[Place, ...]) -> None:
        """Go to the one after that where it went last, or to the first, and draw what was changed there."""
        photograph = self._document.photograph
        if not places or photograph is None:
            return
        number = next((number for number, place in enumerate(places) if place is self._at), -1)
        self._at = places[(number + 1) % len(places)]
        self._shown = True
        self._display.show(PHOTOGRAPH)
        self._fly_to.box(_frame(self._at, photograph.width, photograph.height))
        self._show()
        self._scenes.refresh()

    def _layer(self, key: str) -> tuple[Curve, ...]:
        """Added, removed and the overridden places, while they are those of the result shown."""
        return self._curves.value if key == PHOTOGRAPH and self._shown and self._is_current() else ()

    def _look(self, seen: bool) -> None:
        self._seen = seen
        self._follow()

    def _follow(self) -> None:
        """After a change: dim what is out of date, and make it anew after a rest."""
        if self._document.shown.segmentation is None:
            self._found.forget()
        self._found.follow()
        self._show()

    def _receive(self) -> None:
        self._at = None
        self._show()
        self._scenes.refresh()

    def _show(self) -> None:
        found, current = self._found.last, self._is_current()
        if found is None:
            self.card.say(EMPTY, True)
        elif found[1] is None:
            self.card.say(UNREFINED, current)
        else:
            self.card.show_changes(found[0], found[1], self._at, current)
        self.changed.emit()


def _found(found: Segmentation) -> Found:
    return found, refinement_changes(found)


def _curves(found: Found | None, at: Place | None) -> tuple[Curve, ...]:
    """What is drawn; the place gone to has a line of its own. Of what was left out there may be much: it alone is."""
    if found is None or found[1] is None:
        return ()
    changes, size = found[1], (found[0].image.width, found[0].image.height)
    boxes, here = QPainterPath(), QPainterPath()
    for place in changes.overridden:
        if place is not at:
            boxes.addRect(_frame(place, *size))
    if at is not None:
        here.addRect(_frame(at, *size))
    return (
        Curve(_path(changes.added, *size), overlay.ADDED, 1.2, fill=overlay.HATCHED_FILL, hatch=overlay.ADDED_HATCH,
              name="added by refinement"),
        Curve(_path(changes.removed, *size), overlay.REMOVED, 1.2, dashed=True, fill=overlay.HATCHED_FILL,
              hatch=overlay.REMOVED_HATCH, name="removed"),
        Curve(boxes, overlay.BAND, 1.0, dashed=True, name="" if boxes.isEmpty() else "agreement overridden"),
        Curve(here, overlay.BAND, 2.0, name="" if here.isEmpty() else "place shown"),
    )  # fmt: skip


def _path(values: Floats, width: int, height: int) -> QPainterPath:
    return to_path(contours(values, 0.0, width, height))


def _frame(place: Place, width: int, height: int) -> QRectF:
    """A rectangle a little larger than the place's box, within the photograph."""
    x0, y0, x1, y1 = place.box
    margin = MARGIN * max(width, height)
    return QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-margin, -margin, margin, margin) & QRectF(0, 0, width, height)
