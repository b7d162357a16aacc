"""How the open photograph looks as each view: its picture, and the layers over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from diffseg_gui.document.derived import Derived
from diffseg_gui.view.qimage import Picture
from diffseg_gui.view.scene import Scene
from diffseg_gui.view.views import (
    AMBIGUITY,
    CONSISTENCY,
    COUNTERFACTUAL,
    PHOTOGRAPH,
    PROBABILITY,
    PROBABILITY_MAP,
    REFINED,
)
from engine.records import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.results import Results
    from diffseg_gui.view.layers import Layer
    from diffseg_gui.view.scene import Curve
    from diffseg_gui.view.views import Display
    from engine.arrays import Bytes
    from engine.results import Segmentation


class Scenes(QObject):
    """Scenes of the document as it is now. Pictures are kept until what they were made from changes.

    Whoever draws over views adds a :class:`Layer`, and calls :meth:`refresh` when its curves have changed without the
    document. All that shows scenes listens to ``changed``.
    """

    changed = Signal()

    def __init__(self, document: Document, display: Display, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._display = document, display
        self.retouch: Callable[[Picture], Picture] = lambda picture: picture  # the photograph's, for the eye alone
        self._layers: list[Layer] = []
        self._pictures: dict[str, Derived[Picture | None]] = {}
        told = (document.opened, document.resultChanged, document.readingChanged, document.blindChanged)
        for signal in (*told, display.changed):
            signal.connect(self.refresh)

    def add(self, layers: Iterable[Layer]) -> None:
        """Draw these layers, too, each at its depth."""
        self._layers = sorted([*self._layers, *layers], key=lambda layer: layer.depth)

    def refresh(self) -> None:
        """Tell all that show scenes to take them anew; a view of a timestep that is deselected gives way."""
        view = self._display.view
        if view.startswith("t") and int(view[1:]) not in self._document.recipe.noise.timesteps:
            self._display.show(PHOTOGRAPH)  # which refreshes
        elif view != PHOTOGRAPH and self._document.blind is not None:
            self._display.show(PHOTOGRAPH)
        else:
            self.changed.emit()

    @property
    def draws_overlay(self) -> bool:
        """Whether anything is drawn over views at all."""
        return self._display.overlay != "off"

    def scene(self, key: str) -> Scene | None:
        """The scene of a view, or None where there is nothing to show yet, or nothing may be shown."""
        photograph = self._document.photograph
        picture = None if photograph is None else self._picture(key)
        if photograph is None or picture is None:
            return None
        if key == PHOTOGRAPH:
            picture = self.retouch(picture)
        return Scene(picture, photograph.width, photograph.height, self._curves(key), self._is_stale(key))

    def _curves(self, key: str) -> tuple[Curve, ...]:
        if not self.draws_overlay:
            return ()
        blind = self._document.blind is not None
        layers = [layer for layer in self._layers if layer.while_blind or not blind]
        return tuple(curve for layer in layers for curve in layer.curves(key))

    def _picture(self, key: str) -> Picture | None:
        if key not in self._pictures:
            kind = KINDS.get(key) or _mask_of(int(key[1:]))
            self._pictures[key] = Derived(lambda: (self._source(kind),), partial(_picture, kind))
        return self._pictures[key].value

    def _source(self, kind: Kind) -> object:
        return self._document.photograph if kind is PHOTOGRAPH_KIND else kind.source(self._document.shown)

    def _is_stale(self, key: str) -> bool:
        if key == PHOTOGRAPH:
            return False
        shown = self._document.shown
        return not (shown.holds if key in (REFINED, PROBABILITY) else shown.votes_current)


@dataclass(frozen=True, eq=False)
class Kind:
    """What a view's picture is made from (None: there is no such thing yet), and its pixels."""

    source: Callable[[Results], Any]
    pixels: Callable[[Any], Bytes | None]


def _picture(kind: Kind, source: Any) -> Picture | None:
    pixels = None if source is None else kind.pixels(source)
    return None if pixels is None else Picture(pixels)


def _mask_of(t: int) -> Kind:
    """The mask of one timestep."""

    def source(shown: Results) -> Any:
        there = shown.consensus is not None and shown.evidence is not None and t in shown.evidence.timesteps
        return (shown.consensus, shown.evidence.timesteps.index(t)) if there and shown.evidence else None

    return Kind(source, lambda found: render.mask_picture(found[0].votes[found[1]]))


def _probability(found: Segmentation) -> Bytes | None:
    values = found.probability
    return None if values is None else render.heatmap(values, PROBABILITY_MAP, (0.0, 1.0))


PHOTOGRAPH_KIND = Kind(lambda _: None, lambda photograph: photograph.pixels)
KINDS = {
    PHOTOGRAPH: PHOTOGRAPH_KIND,
    CONSISTENCY: Kind(
        lambda shown: shown.consensus,
        lambda votes: render.heatmap(votes.consistency, render.CONSISTENCY_MAP, render.CONSISTENCY_RANGE),
    ),
    AMBIGUITY: Kind(
        lambda shown: shown.consensus,
        lambda votes: render.heatmap(votes.ambiguity, render.AMBIGUITY_MAP, render.AMBIGUITY_RANGE),
    ),
    REFINED: Kind(
        lambda shown: shown.segmentation.refined if shown.segmentation else None,
        lambda refined: render.mask_picture(refined.probability > 0.5),
    ),
    COUNTERFACTUAL: Kind(lambda shown: shown.evidence, lambda evidence: evidence.counterfactual),
    PROBABILITY: Kind(lambda shown: shown.segmentation, _probability),
}
