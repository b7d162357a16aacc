"""Going through the regions where the timesteps disagree: one after the other, a decision for each.

Deciding is one undoable change of the reading: the decision, and for extend and retract what they lay over the model's
mask (:func:`engine.reading.deciding.lay`). A region that is decided anew is first as the model says again. Decisions
follow their regions through changes of settings; those that fit no region any more are kept, and counted in the panel.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from diffseg_gui import theme, wording
from diffseg_gui.actions import Command
from diffseg_gui.flight import Flight
from diffseg_gui.panels.review import STATES, THUMB, Row
from diffseg_gui.regionview import box_of, curves_of, picture_of
from diffseg_gui.views import VIEWS
from engine.reading.deciding import lay
from engine.reading.reading import Decision, attach, decide
from engine.reading.regions import regions

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from diffseg_gui.scene import Curve
    from diffseg_gui.window import MainWindow
    from engine.reading.regions import Region
    from engine.results import Consensus

NOTICE = 6000  # ms

EMPTY = "Places where the timesteps disagree, to go through one by one"
WAITING = "The regions are listed as soon as the result is there."
HIDDEN = "Hidden until you reveal the result"
ALONE = "One timestep only: nothing to compare."
AGREED = "The timesteps agree everywhere: there is nothing to review."

DECISIONS = (
    Command("accept", "Review", "&Accept", "A", "The border is right here; then the next open region",
            "reviewing.decide", argument="accept", line=True),
    Command("extend", "Review", "&Extend", "E", "Lesion as far as 10 % of the timesteps say; then the next open region",
            "reviewing.decide", argument="extend"),
    Command("retract", "Review", "&Retract", "R",
            "Lesion only where 90 % of the timesteps say so; then the next open region",
            "reviewing.decide", argument="retract"),
    Command("undecidable", "Review", "&Undecidable", "U", "It cannot be told here; then the next open region",
            "reviewing.decide", argument="undecidable"),
)  # fmt: skip
STEPS = (
    Command("take_back", "Review", "&Take the decision back", "Del; Backspace",
            "The region is open again, and as the model says", "reviewing.take_back", icon="undo"),
    Command("previous_region", "Review", "&Previous region", "P", "Fly to the region before", "reviewing.previous",
            icon="previous"),
    Command("next_region", "Review", "&Next region", "N", "Fly to the next place where the timesteps disagree",
            "reviewing.next", icon="next"),
)  # fmt: skip
COMMANDS = (*reversed(STEPS[1:]), *DECISIONS, STEPS[0])


class Reviewing(QObject):
    """Knows the regions, which one is looked at, and what was decided of each; flies there and draws it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state, self._edit, self._panel = window, window.state, window.edit, window.review
        self.regions: tuple[Region, ...] = ()
        self.current: Region | None = None
        self._of: Consensus | None = None  # whose regions these are
        self._looked_at = False
        self._pictures: dict[int, QPixmap] = {}
        self._curves: tuple[Curve, ...] = ()
        self._faded: tuple[Curve, ...] = ()  # the same, while they belong to another delta
        self._flight = Flight(window.stage.canvas)
        self.count = QLabel("")
        window.statusBar().addPermanentWidget(self.count)
        window.scenes.layers.append(self._layer)
        self._panel.chosen.connect(self.go_to)
        self._panel.clicked.connect(lambda name: window.actions_by_name[name].trigger())
        for signal in (self._state.resultChanged, self._state.imageChanged, self._edit.maskChanged):
            signal.connect(self._follow)
        window.docks.review.visibilityChanged.connect(self._appear)
        self._state.readingChanged.connect(self._show)
        window.refreshed.connect(self._enable)
        window.closing.connect(self._flight.stop)

    # What holds at present

    @property
    def up_to_date(self) -> bool:
        """Whether the regions are those of the result that is shown."""
        found = self._state.segmentation
        return self._state.current and found is not None and found.consensus is self._of and not self._edit.blind

    @property
    def choices(self) -> dict[int, str]:
        """What was decided, by the regions' numbers; without those that are open."""
        decisions = self._state.reading.decisions if self._state.reading else ()
        return {n: d.choice for d, n in zip(decisions, attach(decisions, self.regions), strict=True) if n is not None}

    # What actions call

    def next(self) -> None:
        """Go on, and after the last to the first."""
        self._step(1)

    def previous(self) -> None:
        """Go back, and from the first to the last."""
        self._step(-1)

    def go_to(self, number: int) -> None:
        """Look at the region of that number."""
        self.current = self.regions[number - 1]
        self._panel.mark(number)
        self._draw()
        self._flight.to(box_of(self.current))

    def decide(self, choice: str) -> None:
        """Say it of the region that is looked at, and go on to the next open one."""
        if self._put(choice):
            open_ones = [region.number for region in self.regions if region.number not in self.choices]
            if open_ones:
                after = [number for number in open_ones if self.current and number > self.current.number]
                self.go_to((after or open_ones)[0])

    def take_back(self) -> None:
        """The region that is looked at is open again."""
        self._put(None)

    # Within

    def _step(self, by: int) -> None:
        self._list()
        if self.regions:
            at = self.current.number - 1 if self.current else (-1 if by > 0 else 0)
            self.go_to((at + by) % len(self.regions) + 1)
        elif self._state.image is not None:
            self._window.statusBar().showMessage(self._sentence(), NOTICE)

    def _put(self, choice: str | None) -> bool:
        """Write a decision; returns whether one could be made."""
        region, found, reading, layer = self.current, self._state.segmentation, self._state.reading, self._edit.layer
        if region is None or found is None or reading is None or layer is None or not self.up_to_date:
            return False
        earlier = self.choices.get(region.number)
        patch = lay(layer, region, earlier, choice, found)
        if patch is not None or choice != earlier:
            after = decide(reading, self.regions, region.number, choice)
            self._edit.put_and_change(f"{choice or 'take back'} region {region.number}", patch, after)
        untouched = choice in ("extend", "retract") and patch is None
        said = f"Region {region.number}: {STATES[choice][1]}" + (", the border is there already" if untouched else "")
        self._window.statusBar().showMessage(f"{said}.  {self._reviewed()}", NOTICE)
        return True

    def _follow(self) -> None:
        """The result may be another one: list its regions if somebody looks; forget those of another image."""
        found = self._state.segmentation
        if found is None or found.image is not self._state.image or self._edit.blind:
            self._keep(None, ())
        elif self._looked_at:
            self._list()
        self._show()

    def _appear(self, visible: bool) -> None:
        """The panel was shown or hidden, by its tab too."""
        self._looked_at = visible
        self._follow()

    def _list(self) -> None:
        """List the regions of the current result, unless that is done."""
        found = self._state.segmentation
        if found is not None and self._state.current and not self._edit.blind and found.consensus is not self._of:
            self._keep(found.consensus, regions(found.consensus, found.image.width, found.image.height))
            self._show()

    def _keep(self, consensus: Consensus | None, listed: tuple[Region, ...]) -> None:
        """Replace the regions; the one that is looked at stays so where it is still there."""
        was, self._of, self.regions = self.current, consensus, listed
        (number,) = attach([Decision("accept", was.centre, was.box)], listed) if was is not None else (None,)
        self.current = None if number is None else listed[number - 1]
        image, grid = self._state.image, consensus.consistency.shape if consensus is not None else (1, 1)
        self._pictures = {region.number: picture_of(region, image, grid, THUMB) for region in listed} if image else {}
        if was is not self.current:
            self._draw()

    def _show(self) -> None:
        """Fill the panel, and tell how far one has come."""
        if not self.regions:
            self._panel.say(self._sentence())
        else:
            decisions = self._state.reading.decisions if self._state.reading else ()
            choices = self.choices
            self._panel.show_rows(
                (self._row(region, choices) for region in self.regions), len(decisions) - len(choices)
            )
            self._panel.mark(self.current.number if self.current else None)
        self._enable()

    def _reviewed(self) -> str:
        return f"{len(self.choices)} of {len(self.regions)} reviewed" if self.regions else ""

    def _sentence(self) -> str:
        """Why there is no list."""
        found = self._state.segmentation
        if self._edit.blind:
            return HIDDEN
        if said := wording.no_lesion(self._state):  # a lesion that every timestep misses is no agreement
            return said
        if self._of is None:
            return EMPTY if self._state.image is None or found is None else WAITING
        return ALONE if len(self._of.votes) == 1 else AGREED

    def _enable(self) -> None:
        """What can be used now; the actions are made after this."""
        actions, current = getattr(self._window, "actions_by_name", None), self.up_to_date
        deciding = current and self.current is not None
        usable = dict.fromkeys((command.name for command in DECISIONS), deciding)
        usable["take_back"] = deciding and self.current is not None and self.current.number in self.choices
        usable |= dict.fromkeys(("next_region", "previous_region"), self._state.image is not None)
        for name, enabled in usable.items() if actions else ():
            actions[name].setEnabled(enabled)
        self._panel.enable(usable, current)
        said = self._reviewed() + (f", {wording.OUT_OF_DATE}" if self.regions and not current else "")
        self._panel.note.setText(said)
        self.count.setText(f"Review: {said}" if said else "")
        for figure in (self._panel.note, self.count):
            figure.setEnabled(current)

    def _row(self, region: Region, choices: dict[int, str]) -> Row:
        scale = self._state.reading.mm_per_px if self._state.reading else None
        area = f"{region.area_px:,} px" if scale is None else f"{region.area_px * scale**2:.2f} mm²"
        return Row(region.number, region.place, area, self._pictures[region.number], choices.get(region.number))

    def _draw(self) -> None:
        """A box around the region that is looked at, with its number."""
        self._curves = curves_of(self.current) if self.current is not None else ()
        self._faded = tuple(_faded(curve) for curve in self._curves)
        self._window.refresh()

    def _layer(self, key: str) -> tuple[Curve, ...]:
        if key not in VIEWS:
            return ()
        return self._curves if self.up_to_date else self._faded


def _faded(curve: Curve) -> Curve:
    """A curve that belongs to another delta, and says so in the legend."""
    colour = QColor(curve.colour)
    colour.setAlphaF(theme.FADED)
    name = f"{curve.name}, {wording.OUT_OF_DATE}" if curve.name else ""
    return replace(curve, colour=colour, dashed=True, fill=theme.FADED * curve.fill, name=name)
