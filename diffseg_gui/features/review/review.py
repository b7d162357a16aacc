"""Going through the regions where the timesteps disagree: one after the other, a decision for each.

Deciding is one undoable change of the reading: the decision, and for extend and retract what they lay over the model's
mask (:func:`engine.reading.deciding.lay`). A region that is decided anew is first as the model says again. Decisions
follow their regions through changes of settings; those that fit no region any more are kept, and counted in the panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from diffseg_gui.feature import Feature, Panel
from diffseg_gui.features.review.commands import commands_of
from diffseg_gui.features.review.discs import Discs
from diffseg_gui.features.review.panel import STATES, THUMB, ReviewPanel, Row
from diffseg_gui.features.review.pictures import box_of, curves_of, faded, picture_of
from diffseg_gui.features.review.words import AGREED, ALONE, EMPTY, HIDDEN, REST, WAITING, in_words
from diffseg_gui.look import wording
from diffseg_gui.look.numbers import count, decimal
from diffseg_gui.view.fly_to import FlyTo
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.views import VIEWS
from engine.reading.deciding import lay
from engine.reading.reading import Decision, attach, decide
from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scene import Curve
    from diffseg_gui.view.scenes import Scenes
    from engine.reading.regions import Region
    from engine.results import Consensus


class Review(Feature):
    """Knows the regions, which one is looked at, and what was decided of each; flies there and draws it."""

    def __init__(
        self, document: Document, editing: Editing, scenes: Scenes, canvas: Canvas, messages: Messages
    ) -> None:
        super().__init__()
        self._document, self._editing, self._scenes = document, editing, scenes
        self._canvas, self._messages = canvas, messages
        self.regions: tuple[Region, ...] = ()
        self.current: Region | None = None
        self._of: Consensus | None = None  # whose regions these are
        self._left: dict[int, str] = {}  # the choices as they were left here: where others hold, a step was undone
        self._looked_at = False
        self._pictures: dict[int, QPixmap] = {}
        self._curves: tuple[Curve, ...] = ()
        self._faded: tuple[Curve, ...] = ()  # the same, while they belong to another delta
        self._fly_to = FlyTo(canvas)
        self.discs = Discs(canvas, scenes)
        self.discs.chosen.connect(self.go_to)
        self.commands = commands_of(self, lambda: document.photograph is not None and document.blind is None)
        following, previous, *decisions, take_back, rest, _ = self.commands
        self.card = ReviewPanel(decisions, rest, (take_back, previous, following))
        self.card.chosen.connect(self.go_to)
        self.buttons = dict(self.card.buttons)
        self.panel = Panel("review", "Review", "Places where the timesteps disagree", self.card, height=350,
                           scrolls=False, step="check", plain="In doubt")  # fmt: skip
        self.panel.seen.connect(self._appear)
        self.count = self.status = QLabel("")
        self.layers = (Layer(Depth.REGION, self._layer),)
        for signal in (document.resultChanged, document.opened, editing.maskChanged):
            signal.connect(self._follow)
        document.readingChanged.connect(self._show)
        editing.stack.indexChanged.connect(self._go_back)
        self._show()

    # What holds at present

    @property
    def is_current(self) -> bool:
        """Whether the regions are those of the result that is shown."""
        shown = self._document.shown
        return shown.current and shown.segmentation is not None and shown.segmentation.consensus is self._of

    @property
    def choices(self) -> dict[int, str]:
        """What was decided, by the regions' numbers; without those that are open."""
        decisions = self._document.reading.decisions
        return {n: d.choice for d, n in zip(decisions, attach(decisions, self.regions), strict=True) if n is not None}

    @property
    def progress(self) -> tuple[int, int, bool]:
        """How many regions are decided, how many there are, and whether an open one is looked at."""
        if self.is_current:
            looking = self.current is not None and self.current.number not in self.choices
            return len(self.choices), len(self.regions), looking
        listed = self._document.answers.regions if self._document.shown.current else ()  # nobody has looked yet
        decided = [number for number in attach(self._document.reading.decisions, listed) if number is not None]
        return len(decided), len(listed), False

    def can_decide(self) -> bool:
        """Whether a region is looked at that can be decided."""
        return self.is_current and self.current is not None

    def can_take_back(self) -> bool:
        """Whether the region that is looked at is decided."""
        return self.can_decide() and self.current is not None and self.current.number in self.choices

    # What commands do

    def next(self) -> None:
        """Go on, and after the last to the first."""
        self._step(1)

    def previous(self) -> None:
        """Go back, and from the first to the last."""
        self._step(-1)

    def go_to(self, number: int) -> None:
        """Look at the region of that number."""
        self.current = self.regions[number - 1]
        self.card.mark(number)
        self._draw()
        self._fly_to.box(box_of(self.current))
        self.changed.emit()

    def decide(self, choice: str) -> None:
        """Say it of the region that is looked at, and go on to the next open one."""
        if self._put(choice) and (open_ones := self._open_ones()):
            after = [number for number in open_ones if self.current and number > self.current.number]
            self.go_to((after or open_ones)[0])

    def take_back(self) -> None:
        """The region that is looked at is open again."""
        self._put(None)

    def escape(self) -> bool:
        """Let the region go that is looked at; a tool in hand comes first."""
        if self.current is None or self._canvas.tool is not None or not self._canvas.isVisible():
            return False
        self.current = None
        self._draw()
        self._show()
        return True

    def accept_rest(self) -> None:
        """Accept all regions that are still open, as one step; it changes no pixel."""
        if not self.is_current or not (open_ones := self._open_ones()):
            return
        reading = self._document.reading
        for number in open_ones:
            reading = decide(reading, self.regions, number, "accept")
        self._left = self.choices | dict.fromkeys(open_ones, "accept")
        said = in_words(len(open_ones))
        self._editing.change(f"accept {said}", reading)
        self._messages.notice(f"Accepted {said} that had been left open.  {self._reviewed()}")

    def close(self) -> None:
        """End a flight."""
        self._fly_to.stop()

    # Within

    def has_rest(self) -> bool:
        """Whether a region is left that nobody has decided."""
        return self.is_current and bool(self._open_ones())

    def _open_ones(self) -> list[int]:
        """The numbers of the regions that nobody has decided."""
        choices = self.choices
        return [region.number for region in self.regions if region.number not in choices]

    def rest(self) -> str:
        """The command's text, with how many are left."""
        left = len(self._open_ones()) if self.is_current else 0
        return f"Accept the {in_words(left)} that {'is' if left == 1 else 'are'} &left" if left else REST

    def _step(self, by: int) -> None:
        self._list()
        if self.regions:
            at = self.current.number - 1 if self.current else (-1 if by > 0 else 0)
            self.go_to((at + by) % len(self.regions) + 1)
        elif self._document.photograph is not None:
            self._messages.notice(self._sentence())

    def _put(self, choice: str | None) -> bool:
        """Write a decision; returns whether one could be made."""
        region, found, layer = self.current, self._document.shown.segmentation, self._editing.layer
        if region is None or found is None or layer is None or not self.is_current:
            return False
        earlier = self.choices.get(region.number)
        others = [(one, said) for one in self.regions if one is not region and (said := self.choices.get(one.number))]
        patch = lay(layer, region, earlier, choice, found, others)
        if patch is not None or choice != earlier:
            rest = {number: made for number, made in self.choices.items() if number != region.number}
            self._left = rest | ({region.number: choice} if choice else {})
            after = decide(self._document.reading, self.regions, region.number, choice)
            self._editing.put_and_change(f"{choice or 'take back'} region {region.number}", patch, after)
        untouched = choice in ("extend", "retract") and patch is None
        said = f"Region {region.number}: {STATES[choice][1]}" + ("; the border was there already" if untouched else "")
        self._messages.notice(f"{said}.  {self._reviewed()}")
        return True

    def _go_back(self) -> None:
        """Undo or Redo may have changed a decision; where they did, it is to be seen, and can be made anew."""
        former, self._left = self._left, self.choices
        if self.is_current and (changed := former.items() ^ self._left.items()):
            self.go_to(changed.pop()[0])

    def _follow(self) -> None:
        """The result may be another one: list its regions if somebody looks; forget those of another photograph."""
        found = self._document.shown.segmentation
        if found is None or found.image is not self._document.photograph:
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
        shown = self._document.shown
        found = shown.segmentation
        if found is not None and shown.current and found.consensus is not self._of:
            self._keep(found.consensus, self._document.answers.regions)
            self._show()

    def _keep(self, consensus: Consensus | None, listed: tuple[Region, ...]) -> None:
        """Replace the regions; the one that is looked at stays so where it is still there."""
        was, self._of, self.regions = self.current, consensus, listed
        self._left = self.choices
        (number,) = attach([Decision("accept", was.centre, was.box)], listed) if was is not None else (None,)
        self.current = None if number is None else listed[number - 1]
        photograph, grid = self._document.photograph, consensus.consistency.shape if consensus is not None else (1, 1)
        self._pictures = {}
        if photograph is not None:
            self._pictures = {region.number: picture_of(region, photograph, grid, THUMB) for region in listed}
        if was is not self.current:
            self._draw()

    def _show(self) -> None:
        """Fill the panel, and tell how far one has come."""
        if not self.regions:
            self.card.say(self._sentence())
        else:
            choices = self.choices
            lost = len(self._document.reading.decisions) - len(choices)
            self.card.show_rows((self._row(region, choices) for region in self.regions), lost)
            self.card.mark(self.current.number if self.current else None)
        current = self.is_current
        self.card.fade(not current)
        self.buttons["accept_rest"].setText(self.rest().replace("&", ""))
        said = self._reviewed() + (f", {wording.OUT_OF_DATE}" if self.regions and not current else "")
        self.card.note.setText(said)
        self.count.setText(f"Review: {said}" if said else "")
        for figure in (self.card.note, self.count):
            figure.setEnabled(current)
        self._show_discs()
        self.changed.emit()

    def _reviewed(self) -> str:
        return f"{len(self.choices)} of {len(self.regions)} reviewed" if self.regions else ""

    def _sentence(self) -> str:
        """Why there is no list."""
        if self._document.blind is not None:
            return HIDDEN
        if said := wording.implausible(self._document):  # a lesion that every timestep misses is no agreement
            return said
        if self._of is None:
            return EMPTY if self._document.shown.segmentation is None else WAITING
        return ALONE if len(self._of.votes) == 1 else AGREED

    def _row(self, region: Region, choices: dict[int, str]) -> Row:
        scale = mm_per_px(self._document.photograph, self._document.reading)
        area = f"{count(region.area_px)} px" if scale is None else f"{decimal(region.area_px * scale**2, 2)} mm²"
        return Row(region.number, region.place, area, self._pictures[region.number], choices.get(region.number))

    def _draw(self) -> None:
        """Mark the strip that is looked at; all others have discs."""
        photograph, region, of = self._document.photograph, self.current, self._of
        self._curves = ()
        if photograph is not None and region is not None and of is not None:
            self._curves = curves_of(region, photograph, of.consistency.shape)
        self._faded = tuple(faded(curve) for curve in self._curves)
        self._show_discs()
        self._scenes.refresh()

    def _show_discs(self) -> None:
        self.discs.show(self.regions if self.is_current else (), self.choices, self.current)

    def _layer(self, key: str) -> tuple[Curve, ...]:
        if key not in VIEWS:
            return ()
        return self._curves if self.is_current else self._faded
