"""What can be looked at: the photograph, the maps, each timestep's mask; and which of them is shown large, and how."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.records import render

PHOTOGRAPH, CONSISTENCY, AMBIGUITY = "photograph", "consistency", "ambiguity"
REFINED, COUNTERFACTUAL, PROBABILITY = "refined", "counterfactual", "probability"
PROBABILITY_MAP = "viridis"  # none of the other maps', which show no calibrated probability
OVERLAYS = ("contour", "fill", "off")
BANDS = ("halo", "lines")


@dataclass(frozen=True)
class Scale:
    """A colour bar: a colour map's name and the values at its ends."""

    name: str
    limits: tuple[float, float]


@dataclass(frozen=True)
class View:
    """A view's name, title, short title for its tab, explanation and, for heatmaps, colour bar.

    captioned: its explanation stands below it when it is shown large.
    """

    key: str
    title: str
    short: str
    tip: str
    scale: Scale | None = None
    captioned: bool = False


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
        View(REFINED, "Refined (CRF)", "Refined", "The mask of the DenseCRF ensemble, equations 8 to 12"),
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
            captioned=True,
        ),
    )
}


def timestep_view(t: int) -> View:
    """The view of one timestep's mask."""
    return View(
        f"t{t}", f"Timestep {t}", f"t = {t}", f"The mask that the noise difference at t = {t} gives, equation 2"
    )


def view_of(key: str) -> View:
    """The view of a key, be it one of VIEWS or a timestep's."""
    return VIEWS[key] if key in VIEWS else timestep_view(int(key[1:]))


class Display(QObject):
    """Which view is shown large, and the style of what lies over it.

    overlay: one of OVERLAYS. opacity: of the style "fill", in [0, 1]. band: whether the border's confidence band shows.
    band_style: one of BANDS.
    large: the name of what has taken the large view's place (:meth:`diffseg_gui.view.stage.Stage.add_large`), or empty.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = PHOTOGRAPH
        self.overlay = OVERLAYS[0]
        self.opacity = 0.30
        self.band = True
        self.band_style = BANDS[0]
        self.large = ""

    def show(self, key: str) -> None:
        """Show a view large."""
        if key != self.view:
            self.view = key
            self.changed.emit()

    def choose(self, key: str) -> None:
        """Show a view large, whatever has taken its place."""
        self.view, self.large = key, ""
        self.changed.emit()

    def show_large(self, name: str) -> None:
        """Let something take the large view's place; empty: the view is back."""
        if name != self.large:
            self.large = name
            self.changed.emit()

    def toggle(self, key: str) -> None:
        """Show a view large; the one that is large already gives way to the photograph."""
        self.show(PHOTOGRAPH if key == self.view else key)

    def set_overlay(self, style: str) -> None:
        """Contour, fill or off."""
        self.overlay = style
        self.changed.emit()

    def set_band(self, on: bool) -> None:
        """Show or hide the border's confidence band."""
        self.band = on
        self.changed.emit()

    def set_band_style(self, style: str) -> None:
        """Show the band so; who chooses how wants to see it."""
        self.band, self.band_style = True, style
        self.changed.emit()
