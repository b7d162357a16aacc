"""Brightness, contrast and hair of the photograph on the screen, for as long as the window is open.

Only the picture that canvases paint is another (:attr:`Scenes.retouch`); the document's photograph is as it was read,
so that no analysis, measure or export can see any of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.adjust.popover import Foot
from diffseg_gui.view.adjusted import Adjusted, Hair
from diffseg_gui.view.qimage import to_pixels
from diffseg_gui.worker.later import Later
from engine.photograph.adjust import Adjustment, find_hair

if TYPE_CHECKING:
    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from diffseg_gui.view.qimage import Picture
    from diffseg_gui.view.scenes import Scenes

NAME = "hair"


class Adjust(Feature):
    """Opens the sliders, and has the photograph painted as they say."""

    def __init__(self, document: Document, scenes: Scenes, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._scenes, self._canvas = document, scenes, canvas
        self.how = Adjustment()
        self._photograph: Picture | None = None  # as it was taken, as it was asked for last
        self._hair: Later[Hair] = Later(self._small, _find, self._is_wanted, parent=self)
        self._hair.made.connect(scenes.refresh)
        messages.watch(NAME, self._hair.failed, self._hair.made)
        self._adjusted: Derived[Adjusted] = Derived(self._inputs, Adjusted)
        scenes.retouch = self._retouch
        scenes.changed.connect(self._hair.follow)
        self.sliders = Foot(canvas)
        self.sliders.sign.clicked.connect(lambda: self.open())
        self.sliders.popover.changed.connect(self.set)
        self.sliders.popover.resetClicked.connect(self.reset)
        self.sliders.popover.closeClicked.connect(self.escape)
        self.commands = (
            Command("adjust", "View", "Ad&just the display…", "Z",
                    "Brightness, contrast and hair of the photograph on the screen alone", self.open,
                    lambda: document.photograph is not None, checked=lambda: self.sliders.is_open),
            Command("adjust_reset", "View", "Take the adjustment bac&k", "Shift+Z", "The photograph as it is",
                    self.reset, lambda: not self.how.is_neutral, lambda: "It is shown as it is"),
        )  # fmt: skip

    def open(self, on: bool = True) -> None:
        """Show the sliders, or hide them; what they say holds on."""
        holder = QApplication.focusWidget()
        if not on and holder is not None and self.sliders.popover.isAncestorOf(holder):
            self._canvas.setFocus()
        self.sliders.open(on)
        self.changed.emit()

    def set(self, how: Adjustment) -> None:
        """Show the photograph so."""
        self.how = how
        self.sliders.show_adjustment(how)
        self._scenes.refresh()
        self.changed.emit()

    def reset(self) -> None:
        """Show the photograph as it is."""
        self.set(Adjustment())

    def escape(self) -> bool:
        """Close the sliders."""
        was_open = self.sliders.is_open and self._canvas.isVisible()
        if was_open:
            self.open(False)
        return was_open

    def close(self) -> None:
        """End what is under way."""
        self._hair.close()

    def _retouch(self, photograph: Picture) -> Picture:
        self._photograph = photograph
        return photograph if self.how.is_neutral else self._adjusted.value

    def _inputs(self) -> Inputs:
        return self._photograph, self.how, self._hair.last if self._hair.is_current else None

    def _is_wanted(self) -> bool:
        return bool(self.how.hair) and self._photograph is not None

    def _small(self) -> Inputs:
        """What hair is looked for on: the photograph's smallest copy."""
        return (self._photograph,)


def _find(photograph: Picture | None) -> Hair:
    assert photograph is not None, "nobody asks for hair where there is no photograph"
    return Hair(find_hair(to_pixels(photograph.levels[-1])))
