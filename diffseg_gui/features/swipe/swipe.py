"""With and without: a divider over the large view, left the photograph alone or with the model's border."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.swipe.divider import Divider
from diffseg_gui.look import overlay
from diffseg_gui.view.scene import Curve, Split, to_path
from engine.reading.outline import border

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.view.canvas import Canvas
    from engine.results import Segmentation

SKIN, MODEL = "skin", "model"
SIDES = {SKIN: ("skin alone", "with overlay"), MODEL: ("the model's border", "corrected")}


class Swipe(Feature):
    """Divides the large view while it is asked for; another photograph or Escape ends it."""

    def __init__(self, document: Document, editing: Editing, canvas: Canvas) -> None:
        super().__init__()
        self._document, self._editing, self._canvas = document, editing, canvas
        self.left = ""  # what is on the left, SKIN or MODEL; empty: the view is one
        self.divider = Divider(canvas)
        self.divider.moved.connect(self._divide)
        self.divider.escaped.connect(self.end)
        self._model: Derived[tuple[Curve, ...]] = Derived(lambda: (document.shown.segmentation,), _model)
        canvas.resized.connect(self._divide)
        document.opened.connect(self.end)
        for signal in (document.resultChanged, editing.maskChanged, document.blindChanged):
            signal.connect(self._follow)
        self.commands = (
            Command("swipe", "View", "S&wipe: skin alone, with overlay", "T",
                    "A divider to drag over the photograph: left the skin alone, right with what lies over it",
                    partial(self.show, SKIN), lambda: document.photograph is not None,
                    checked=lambda: self.left == SKIN, line=True),
            Command("swipe_model", "View", "Swipe: &model's border, corrected", "Shift+T",
                    "The same, with the model's border on the left of yours", partial(self.show, MODEL),
                    self._can_compare, checked=lambda: self.left == MODEL),
        )  # fmt: skip

    def show(self, left: str, on: bool = True) -> None:
        """Divide the view, with one of SIDES on the left; with ``on`` False it is one again."""
        if not on:
            self.end()
            return
        self.left = left
        self._divide()
        self.divider.show_sides(*SIDES[left])
        self.changed.emit()

    def end(self) -> None:
        """One view again."""
        if self.left:
            self.left = ""
            self._divide()
            self.divider.leave()
            self.changed.emit()

    def escape(self) -> bool:
        """End it."""
        was_on = bool(self.left) and self._canvas.isVisible()
        if was_on:
            self.end()
        return was_on

    def _can_compare(self) -> bool:
        shown = self._document.shown
        return self._editing.is_corrected and shown.current and self._document.blind is None

    def _follow(self) -> None:
        """The model's border may be another, or there may be none to compare with any more."""
        if self.left == MODEL and not self._can_compare():
            self.end()
        self._divide()

    def _divide(self) -> None:
        curves = self._model.value if self.left == MODEL else ()
        self._canvas.divide(Split(self.divider.left, curves) if self.left else None)


def _model(found: Segmentation) -> tuple[Curve, ...]:
    return (Curve(to_path(border(found)), overlay.RESULT, 2.0, name="model's border", calm=True),)
