"""What can be looked at: the photograph, the maps, each timestep's mask. Names, and how a state looks as each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui import theme
from diffseg_gui.qimage import Picture
from diffseg_gui.scene import Curve, Scene, to_path
from engine.reading.contours import Contours
from engine.reading.outline import border
from engine.records import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainterPath

    from diffseg_gui.state import State
    from engine.results import Evidence, Segmentation

PHOTOGRAPH, CONSISTENCY, AMBIGUITY = "photograph", "consistency", "ambiguity"
REFINED, COUNTERFACTUAL, PROBABILITY = "refined", "counterfactual", "probability"
PROBABILITY_MAP = "viridis"  # none of the other maps', which show no calibrated probability
OVERLAYS = ("contour", "fill", "off")
DOTS = (1.0, 3.0)  # and gaps, in widths of the line


@dataclass(frozen=True)
class Scale:
    """A colour bar: a colour map's name and the values at its ends."""

    name: str
    limits: tuple[float, float]


@dataclass(frozen=True)
class View:
    """A view's name, title, short title for its tab, explanation and, for heatmaps, colour bar."""

    key: str
    title: str
    short: str
    tip: str
    scale: Scale | None = None


VIEWS = {
    view.key: view
    for view in (
        View(PHOTOGRAPH, "Photograph", "Photograph", "The photograph with the result's border over it"),
        View(
            CONSISTENCY,
            "Consistency (mean)",
            "Consistency",
            "Share of timesteps that call a pixel lesion, equation 3",
            Scale(render.CONSISTENCY_MAP, render.CONSISTENCY_RANGE),
        ),
        View(
            AMBIGUITY,
            "Ambiguity (variance)",
            "Ambiguity",
            "Where the timesteps disagree, equation 4",
            Scale(render.AMBIGUITY_MAP, render.AMBIGUITY_RANGE),
        ),
        View(REFINED, "Refined (CRF)", "Refined", "The ensemble DenseCRF's mask, equation 12"),
        View(
            COUNTERFACTUAL,
            "Skin without lesion",
            "Without lesion",
            "What the model takes the healthy skin to look like",
        ),
        View(
            PROBABILITY,
            "Probability (calibrated)",
            "Probability",
            "Of the pixels at 80 %, 8 of 10 were annotated as lesion",
            Scale(PROBABILITY_MAP, (0.0, 1.0)),
        ),
    )
}


def timestep_view(t: int) -> View:
    """The view of one timestep's mask."""
    return View(
        f"t{t}", f"Timestep {t}", f"t = {t}", f"The mask that the noise difference at t = {t} gives, equation 2"
    )


def model_border(found: Segmentation) -> QPainterPath:
    """The border of the model's result, at the photograph's own size."""
    return to_path(border(found))


class Scenes:
    """Scenes of the present state, each made when first asked for and kept until the state moves on.

    A feature draws over views by appending to ``layers`` a function that takes a view's key and returns the curves to
    draw there; as long as nothing has changed it returns the same curves, or canvases repaint for nothing. It
    replaces the result's border by setting ``border``, and calls :meth:`forget_border` when that has moved. A view's
    new look is seen after the window's ``refresh()``. While ``veil`` is set, the photograph with the veil's curves is
    all there is to see.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.overlay = OVERLAYS[0]
        self.opacity = 0.30  # of the style "fill"
        self.band = True
        self.layers: list[Callable[[str], tuple[Curve, ...]]] = [self._band_layer, self._result_layer]
        self.veil: Callable[[str], tuple[Curve, ...]] | None = None
        self.border: Callable[[Segmentation], QPainterPath] = model_border
        self.border_name = ""  # in place of the model's, where the border is another
        self._kept: dict[str, tuple[object, Picture]] = {}
        self._curves: dict[str, tuple[tuple[object, ...], tuple[Curve, ...]]] = {}
        self._contours_of: Evidence | None = None
        self._contours: dict[float, Contours] = {}

    def scene(self, key: str) -> Scene | None:
        """The scene of a view, or None where there is nothing to show yet."""
        image = self._state.image
        if image is None or (self.veil is not None and key != PHOTOGRAPH):
            return None
        picture = self._picture(key)
        if picture is None:
            return None
        layers = self.layers if self.veil is None else [self.veil]
        curves = () if self.overlay == "off" else tuple(curve for layer in layers for curve in layer(key))
        return Scene(picture, image.width, image.height, curves, self._stale(key))

    def forget_border(self) -> None:
        """The result's border has moved, though the result is the same: make it anew."""
        self._curves.pop("result", None)

    def _picture(self, key: str) -> Picture | None:
        """Pictures are kept by the identity of what they were made from."""
        state = self._state
        source: object
        if key == PHOTOGRAPH:
            source = state.image
        elif key == COUNTERFACTUAL:
            source = state.evidence
        elif key == REFINED:
            source = state.segmentation.refined if state.segmentation else None
        elif key == PROBABILITY:
            source = state.segmentation
        else:
            source = state.consensus
        if source is None:
            return None
        kept = self._kept.get(key)
        if kept is None or kept[0] is not source:
            pixels = self._pixels(key)
            if pixels is None:
                return None
            kept = self._kept[key] = (source, Picture(pixels))
        return kept[1]

    def _pixels(self, key: str) -> NDArray[np.uint8] | None:
        state = self._state
        if key == PHOTOGRAPH and state.image:
            return state.image.pixels
        if key == COUNTERFACTUAL and state.evidence:
            return state.evidence.counterfactual
        if key == REFINED and state.segmentation and state.segmentation.refined:
            return render.mask_picture(state.segmentation.refined.probability > 0.5)
        if key == PROBABILITY:
            probability = state.segmentation.probability if state.segmentation else None
            return None if probability is None else render.heatmap(probability, PROBABILITY_MAP, (0.0, 1.0))
        if state.consensus is None or state.evidence is None:
            return None
        if key == CONSISTENCY:
            return render.heatmap(state.consensus.consistency, render.CONSISTENCY_MAP, render.CONSISTENCY_RANGE)
        if key == AMBIGUITY:
            return render.heatmap(state.consensus.ambiguity, render.AMBIGUITY_MAP, render.AMBIGUITY_RANGE)
        t = int(key[1:])
        if t not in state.evidence.timesteps:
            return None
        return render.mask_picture(state.consensus.votes[state.evidence.timesteps.index(t)])

    def _stale(self, key: str) -> bool:
        if key == PHOTOGRAPH:
            return False
        return not (self._state.current if key in (REFINED, PROBABILITY) else self._state.votes_current)

    def _band_layer(self, key: str) -> tuple[Curve, ...]:
        """Where 10, 50 and 90 % of the timesteps agree."""
        state = self._state
        evidence = state.evidence
        if key != PHOTOGRAPH or not self.band or not state.votes_current or evidence is None:
            return ()
        if len(evidence.timesteps) == 1:
            return ()
        return self._keep("band", (state.consensus,), self._make_band)

    def _make_band(self) -> tuple[Curve, ...]:
        lines = ((0.1, True, "10 % of timesteps"), (0.5, DOTS, "50 %"), (0.9, False, "90 %"))
        return tuple(Curve(self._agreement(s), theme.BAND_CURVE, 1.0, dashed, name=n) for s, dashed, n in lines)

    def _result_layer(self, key: str) -> tuple[Curve, ...]:
        """The result's border; where it is on its way, the majority's on the photograph meanwhile."""
        state = self._state
        pending = key == PHOTOGRAPH and state.votes_current and state.consensus is not None
        if key in (PHOTOGRAPH, REFINED) and state.current:
            return self._keep("result", (state.segmentation, self._fill()), self._make_result)
        return self._keep("pending", (state.consensus, self._fill()), self._make_pending) if pending else ()

    def _make_result(self) -> tuple[Curve, ...]:
        found = self._state.segmentation
        assert found is not None
        path = self.border(found)
        name = self.border_name or ("refined border" if found.refined is not None else "majority's border")
        return (Curve(path, theme.RESULT_CURVE, 2.2, fill=self._fill(), name=name),)

    def _make_pending(self) -> tuple[Curve, ...]:
        name = "majority, refinement under way"
        return (Curve(self._agreement(0.5), theme.PENDING_CURVE, 1.6, fill=self._fill(), name=name),)

    def _fill(self) -> float:
        return self.opacity if self.overlay == "fill" else 0.0

    def _keep(self, name: str, inputs: tuple[object, ...], make: Callable[[], tuple[Curve, ...]]) -> tuple[Curve, ...]:
        """Curves are made anew only when what they are made from has changed."""
        kept = self._curves.get(name)
        if kept is None or kept[0] != inputs:
            kept = self._curves[name] = (inputs, make())
        return kept[1]

    def _agreement(self, share: float) -> QPainterPath:
        state = self._state
        assert state.image is not None
        assert state.evidence is not None
        assert state.consensus is not None
        if self._contours_of is not state.evidence:
            self._contours_of, self._contours = state.evidence, {}
        if share not in self._contours:
            self._contours[share] = Contours(state.evidence.agreement(share), state.image.width, state.image.height)
        curves = self._contours[share].at(state.consensus.delta)
        return to_path([np.concatenate([c[:-1:2], c[:1]]) for c in curves])  # smooth enough with half the points
