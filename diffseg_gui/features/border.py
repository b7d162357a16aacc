"""The border over the photograph: the result's, corrected where a person did so, and the band of its confidence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QPainterPath

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.look import overlay
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve, to_path
from diffseg_gui.view.views import BANDS, PHOTOGRAPH, REFINED
from engine.reading.contours import Contours
from engine.reading.outline import border, eased, outline, stretches

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.view.views import Display
    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.reading.correction import Layer as Correction
    from engine.results import Consensus, Evidence, Segmentation

DOTS = (1.0, 3.0)  # and gaps, in widths of the line
BAND = ((0.1, True, "10 % of timesteps"), (0.5, DOTS, "50 %"), (0.9, False, "90 %"))  # share, dashes, name
HALO = "10 to 90 % of timesteps call it lesion"
STYLES = {  # of the band: text, explanation
    "halo": ("Band as a &halo", "A pale area between the lines of 10 and 90 % of the timesteps"),
    "lines": ("Band as li&nes", "Three thin lines, at 10, 50 and 90 % of the timesteps"),
}
OTHER = "of other settings"
OPACITIES = (15, 30, 50)  # percent, of the style "fill"
USUAL = 30
OVERLAY = "View/&Overlay"

Curves = tuple[Curve, ...]


class Border(Feature):
    """Draws the border, and offers its styles."""

    def __init__(self, document: Document, editing: Editing, display: Display, preferences: Preferences) -> None:
        super().__init__()
        self._document, self._editing, self._display = document, editing, display
        self._preferences = preferences
        self._lines: Derived[Lines] = Derived(lambda: (document.shown.evidence, document.photograph), Lines)
        self._band: Derived[Curves] = Derived(
            lambda: (self._lines.value, document.shown.consensus, display.band_style), _band
        )
        self._pending: Derived[Curves] = Derived(
            lambda: (self._lines.value, document.shown.consensus, document.is_busy, self._fill()), _pending
        )
        self._result: Derived[Curves] = Derived(
            lambda: (document.shown.segmentation, self._corrected(), self._fill()), _result
        )
        self._former: Derived[Curves] = Derived(lambda: (self._result.value,), _former)
        self._moved: Derived[Curves] = Derived(lambda: (document.shown.segmentation, editing.mask), _moved)
        self._painted: Derived[Curves] = Derived(lambda: (editing.layer,), _painted)
        self.layers = (
            Layer(Depth.BAND, self._band_layer),
            Layer(Depth.MODEL_BORDER, self._model_layer),
            Layer(Depth.BORDER, self._border_layer),
        )
        display.opacity, display.band_style = self.percent / 100, self.style
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        display = self._display
        opacities = (
            Command(f"fill_{percent}", OVERLAY, f"Fill at &{percent} %", "",
                    f"Tint the lesion, {percent} % opaque", partial(self.choose, percent), one_of="opacity",
                    checked=partial(self._is_chosen, percent), line=percent == OPACITIES[0])
            for percent in OPACITIES
        )  # fmt: skip
        styles = (
            Command(f"band_{name}", OVERLAY, text, "", tip, partial(self.choose_style, name),
                    one_of="band_style", checked=partial(self._is_style, name))
            for name, (text, tip) in STYLES.items()
        )  # fmt: skip
        return (
            self._style("contour", "&Contour", "C", "Draw the border only", 40),
            self._style("fill", "Fi&ll", "I", "Tint the lesion", 41),
            self._style("off", "&Off", "O", "Draw nothing over the photograph", 42),
            *opacities,
            Command("band", OVERLAY, "Border confidence &band", "B", "Where 10 to 90 % of the timesteps call it lesion",
                    display.set_band, lambda: self._document.blind is None, checked=lambda: display.band,
                    line=True, bar=43),
            *styles,
        )  # fmt: skip

    def _style(self, name: str, text: str, shortcut: str, tip: str, bar: int) -> Command:
        display = self._display
        return Command(name, OVERLAY, text, shortcut, tip, partial(display.set_overlay, name), bar=bar,
                       one_of="overlay", checked=lambda: display.overlay == name)  # fmt: skip

    @property
    def percent(self) -> int:
        """One of OPACITIES: the one that was chosen, or the usual one where no such is known."""
        kept = self._preferences.text("fill")
        return next((percent for percent in OPACITIES if kept == str(percent)), USUAL)

    def choose(self, percent: int) -> None:
        """Tint the lesion so from now on; who chooses how wants to see it."""
        self._preferences.set("fill", str(percent))
        self._display.opacity = percent / 100
        self._display.set_overlay("fill")

    @property
    def style(self) -> str:
        """One of STYLES: the band's that was chosen, or the usual one where no such is known."""
        kept = self._preferences.text("band")
        return kept if kept in STYLES else BANDS[0]

    def choose_style(self, name: str) -> None:
        """Show the band so from now on."""
        self._preferences.set("band", name)
        self._display.set_band_style(name)

    def _is_style(self, name: str) -> bool:
        return name == self._display.band_style

    def _is_chosen(self, percent: int) -> bool:
        return percent == self.percent

    # What is drawn

    def _band_layer(self, key: str) -> Curves:
        """Where 10 to 90 % of the timesteps vote for lesion."""
        shown = self._document.shown
        if key != PHOTOGRAPH or not self._display.band or not shown.votes_current or shown.evidence is None:
            return ()
        return self._band.value if len(shown.evidence.timesteps) > 1 else ()

    def _border_layer(self, key: str) -> Curves:
        """The result's border; where there is none of these settings, the majority's and that of the last result.

        While a result is on its way the majority's takes its place on the photograph, as soon as there are votes.
        """
        shown = self._document.shown
        if key not in (PHOTOGRAPH, REFINED):
            return ()
        if shown.holds:
            return self._result.value
        has_votes = key == PHOTOGRAPH and shown.votes_current and shown.consensus is not None
        pending = self._pending.value if has_votes else ()
        former = self._former.value if self._is_former() and not (pending and self._document.is_busy) else ()
        return (*former, *pending)

    def _is_former(self) -> bool:
        """Whether there is a result of the open photograph, be it of other settings."""
        found = self._document.shown.segmentation
        return found is not None and found.image is self._document.photograph

    def _model_layer(self, key: str) -> Curves:
        """The model's border where a correction has moved it; while a result is on its way, what was painted."""
        if key != PHOTOGRAPH or self._document.blind is not None or not self._editing.is_corrected:
            return ()
        return self._moved.value if self._document.shown.holds else self._painted.value

    def _corrected(self) -> Bools | None:
        """The mask whose border is drawn in place of the model's, which is smooth."""
        return self._editing.mask if self._editing.is_corrected and self._document.blind is None else None

    def _fill(self) -> float:
        return self._display.opacity if self._display.overlay == "fill" else 0.0


class Lines:
    """Lines where given shares of the timesteps vote for lesion, for any delta; each share's map is prepared once."""

    def __init__(self, evidence: Evidence, photograph: SkinImage) -> None:
        self._evidence, self._photograph = evidence, photograph
        self._contours: dict[float, Contours] = {}

    def at(self, share: float, delta: float) -> QPainterPath:
        """The border of the pixels where more than a share of the timesteps exceed delta."""
        if share not in self._contours:
            photograph = self._photograph
            self._contours[share] = Contours(self._evidence.agreement(share), photograph.width, photograph.height)
        curves = self._contours[share].at(delta)
        return to_path([np.concatenate([c[:-1:2], c[:1]]) for c in curves])  # smooth enough with half the points


def _band(lines: Lines, consensus: Consensus, style: str) -> Curves:
    if style == "halo":
        (low, *_), _, (high, *_) = BAND
        between = QPainterPath(lines.at(low, consensus.delta))
        between.addPath(lines.at(high, consensus.delta))  # which lies within: filled is what is in one of both
        return (Curve(between, overlay.HALO, 0.0, fill=overlay.HALO_OPACITY, name=HALO, calm=True),)
    return tuple(
        Curve(lines.at(share, consensus.delta), overlay.BAND, 1.0, dashed, name=name) for share, dashed, name in BAND
    )


def _pending(lines: Lines, consensus: Consensus, busy: bool, fill: float) -> Curves:
    path = lines.at(0.5, consensus.delta)
    name = "majority, refinement under way" if busy else "majority, not refined"
    return (Curve(path, overlay.PENDING, 1.6, fill=fill, name=name, calm=True),)


def _former(result: Curves) -> Curves:
    """The border of a result after the settings have changed: faded and dashed, and said to be so."""
    colour = QColor(overlay.RESULT)
    colour.setAlphaF(overlay.FADED)
    return tuple(Curve(one.path, colour, one.width, dashed=True, name=f"{one.name}, {OTHER}") for one in result)


def _result(found: Segmentation, corrected: Bools | None, fill: float) -> Curves:
    if corrected is not None and not np.array_equal(corrected, found.mask):
        path, name = _path(corrected), "corrected border"
    else:
        path = to_path(border(found))
        name = "refined border" if found.refined is not None else "majority's border"
    return (Curve(path, overlay.RESULT, 2.0, fill=fill, name=name, calm=True),)


def _moved(found: Segmentation, mask: Bools) -> Curves:
    where = mask != found.mask
    if not where.any():
        return ()
    path = to_path(stretches(border(found), where))
    return (Curve(path, overlay.RESULT, 1.4, dashed=True, name="model's border"),)


def _painted(layer: Correction) -> Curves:
    return (
        Curve(_path(layer > 0), overlay.RESULT, 1.0, name="corrected to lesion"),
        Curve(_path(layer < 0), overlay.BAND, 1.0, hatch=True, name="corrected to skin"),
    )


def _path(mask: Bools) -> QPainterPath:
    return to_path(eased(outline(mask)))
