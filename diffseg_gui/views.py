"""What can be looked at: the photograph, the maps, each timestep's mask. Names, and how a state looks as each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui import theme
from diffseg_gui.canvas import Curve, Scene, to_path
from diffseg_gui.qimage import Picture
from engine import render
from engine.export import border
from engine.measure import Contours

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainterPath

    from diffseg_gui.state import State
    from engine.results import Evidence

PHOTOGRAPH, CONSISTENCY, AMBIGUITY = "photograph", "consistency", "ambiguity"
REFINED, COUNTERFACTUAL = "refined", "counterfactual"
OVERLAYS = ("contour", "fill", "off")


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
    )
}


def timestep_view(t: int) -> View:
    """The view of one timestep's mask."""
    return View(
        f"t{t}", f"Timestep {t}", f"t = {t}", f"The mask that the noise difference at t = {t} gives, equation 2"
    )


class Scenes:
    """Scenes of the present state, each made when first asked for and kept until the state moves on."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.overlay = OVERLAYS[0]
        self.band = True
        self._kept: dict[str, tuple[object, Picture]] = {}
        self._curves: tuple[object, tuple[Curve, ...]] = (None, ())
        self._contours_of: Evidence | None = None
        self._contours: dict[float, Contours] = {}

    def scene(self, key: str) -> Scene | None:
        """The scene of a view, or None where there is nothing to show yet."""
        image = self._state.image
        if image is None:
            return None
        picture = self._picture(key)
        if picture is None:
            return None
        curves = () if key == COUNTERFACTUAL or key.startswith("t") else self._overlay_curves(key)
        return Scene(picture, image.width, image.height, curves, self._stale(key))

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
        return not (self._state.current if key == REFINED else self._state.votes_current)

    def _overlay_curves(self, key: str) -> tuple[Curve, ...]:
        if self.overlay == "off":
            return ()
        if key == REFINED:
            return tuple(c for c in self._all_curves() if not c.dashed and c.colour == theme.RESULT_CURVE)
        return self._all_curves() if key == PHOTOGRAPH else ()

    def _all_curves(self) -> tuple[Curve, ...]:
        """The result's border and, about it, where 10 % and 90 % of the timesteps agree."""
        state = self._state
        inputs = (state.segmentation, state.consensus, state.current, state.votes_current, self.overlay, self.band)
        if self._curves[0] != inputs:
            self._curves = (inputs, self._make_curves())
        return self._curves[1]

    def _make_curves(self) -> tuple[Curve, ...]:
        state = self._state
        if state.image is None or state.evidence is None or state.consensus is None:
            return ()
        curves = []
        if self.band and len(state.evidence.timesteps) > 1 and state.votes_current:
            for share, dashed in ((0.1, True), (0.9, False)):
                curves.append(Curve(self._agreement(share), theme.BAND_CURVE, 1.0, dashed))
        fill = 0.30 if self.overlay == "fill" else 0.0
        if state.current and state.segmentation is not None:
            curves.append(Curve(to_path(border(state.segmentation)), theme.RESULT_CURVE, 2.2, fill=fill))
        elif state.votes_current:  # the refined border is on its way: show the majority's meanwhile
            curves.append(Curve(self._agreement(0.5), theme.PENDING_CURVE, 1.6, fill=fill))
        return tuple(curves)

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
