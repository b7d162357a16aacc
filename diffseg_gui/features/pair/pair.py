"""The two masks that differ most, or any two, side by side in the large view's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.pair.view import PairView
from diffseg_gui.view.views import PHOTOGRAPH
from diffseg_gui.worker.later import Later
from engine.reading.pair import Pair, farthest, pair

if TYPE_CHECKING:
    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.views import Display
    from engine.results import Consensus, Evidence

NAME = "pair"


class PairFeature(Feature):
    """Opens and closes the comparison of two masks, and keeps it up to date."""

    def __init__(
        self, document: Document, scenes: Scenes, display: Display, canvas: Canvas, messages: Messages
    ) -> None:
        super().__init__()
        self._document, self._scenes, self._display, self._canvas = document, scenes, display, canvas
        self.pair: tuple[int, int] | None = None  # the timesteps compared
        self._view = PHOTOGRAPH  # the large view when the comparison was opened
        self._pair: Later[Pair] = Later(self._inputs, _pair, self._is_wanted, parent=self)
        self._pair.made.connect(self._show)
        messages.watch(NAME, self._pair.failed, self._pair.made)
        self.view = PairView(canvas.viewport)
        self.view.closeClicked.connect(self.close_pair)
        self.large = (NAME, self.view)
        scenes.changed.connect(self._follow)
        self.commands = (
            Command("compare_pair", "View", "Compare the two most &different masks", "Ctrl+D",
                    "The two timesteps whose masks lie farthest apart, side by side", self.compare,
                    lambda: self._farthest() is not None or self.pair is not None,
                    checked=lambda: self.pair is not None),
        )  # fmt: skip

    # What commands do

    def compare(self, on: bool = True) -> None:
        """Show the two masks that lie farthest apart; with ``on`` False, one large view again."""
        found = self._farthest() if on else None
        if found is not None:
            self.open(*found)
        else:
            self.close_pair()

    def open(self, t: int, u: int) -> None:
        """Compare the masks of two timesteps."""
        evidence = self._document.shown.evidence
        if evidence is None or t == u or self._farthest() is None:
            return
        self._canvas.tool = None
        self.pair, self._view = (t, u), self._display.view
        consensus = self._document.shown.consensus
        assert consensus is not None
        self._display.show_large(NAME)
        self._pair.take((evidence, consensus, t, u), pair(evidence, consensus.delta, t, u))
        self.view.setFocus()
        self.changed.emit()

    def close_pair(self) -> None:
        """One large view again."""
        if self.pair is not None:
            self.pair = None
            self._pair.forget()
            self._display.show_large("")
            self._canvas.setFocus()
        self.changed.emit()

    def escape(self) -> bool:
        """Close the comparison."""
        is_open = self.pair is not None
        self.close_pair()
        return is_open

    def close(self) -> None:
        """End what is under way."""
        self._pair.close()

    # Within

    def _inputs(self) -> Inputs:
        shown = self._document.shown
        return (shown.evidence, shown.consensus, *(self.pair or (0, 0)))

    def _farthest(self) -> tuple[int, int] | None:
        """The two timesteps whose masks lie farthest apart; None where there is nothing to compare."""
        shown = self._document.shown
        if shown.evidence is None or shown.consensus is None or not shown.votes_current:
            return None
        return farthest(shown.evidence.timesteps, shown.consensus)

    def _is_there(self) -> bool:
        """Whether both masks are still there."""
        evidence = self._document.shown.evidence
        return self.pair is not None and evidence is not None and set(self.pair) <= set(evidence.timesteps)

    def _is_wanted(self) -> bool:
        return self._is_there() and self._document.shown.votes_current

    def _follow(self) -> None:
        """What is shown may be another: so shall this be, or make room for what was chosen."""
        if self.pair is None:
            return
        if not self._is_there() or self._display.view != self._view or self._display.large != NAME:
            self.close_pair()
            return
        self.view.set_stale(not self._pair.is_current or not self._document.shown.votes_current)
        self._pair.follow()

    def _show(self) -> None:
        """Draw the pair that was made."""
        photograph, found = self._scenes.scene(PHOTOGRAPH), self._pair.last
        if self.pair is not None and photograph is not None and found is not None:
            self.view.show_pair(photograph, found, *self.pair)
            self._follow()


def _pair(evidence: Evidence, consensus: Consensus, t: int, u: int) -> Pair:
    return pair(evidence, consensus.delta, t, u)
