"""Comparing with an annotation: how well the masks agree with it, and where they differ, drawn on the photograph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature, Panel
from diffseg_gui.features.annotation.panel import EMPTY, AnnotationPanel
from diffseg_gui.look import overlay
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve, to_path
from diffseg_gui.view.views import PHOTOGRAPH
from diffseg_gui.worker.background import Background
from diffseg_gui.worker.later import Later
from engine.photograph.read import SUFFIXES
from engine.reading.annotation import Annotation, Comparison, compare, read_annotation
from engine.study.items import ANNOTATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.derived import Inputs
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.view.scenes import Scenes
    from engine.arrays import Bools
    from engine.results import Segmentation

DASH_DOT = (7, 3, 1.5, 3)
HIDDEN = "Hidden until you reveal the result"


class AnnotationFeature(Feature):
    """Keeps the open photograph's annotation, if there is one; forgets it with the photograph."""

    def __init__(
        self, document: Document, editing: Editing, scenes: Scenes, messages: Messages, preferences: Preferences,
        parent: QWidget,
    ) -> None:  # fmt: skip
        """parent: in whose window the dialog stands."""
        super().__init__()
        self._document, self._editing, self._scenes = document, editing, scenes
        self._preferences, self._parent_widget = preferences, parent
        self.annotation: Annotation | None = None
        self._shown = True
        self._reader = Background(self, may_stall=True)
        self._reader.answered.connect(self._receive)
        self._comparison: Later[Comparison] = Later(self._inputs, _compare, self._is_wanted, rest=0, parent=self)
        self._comparison.made.connect(self._show_comparison)
        messages.watch("annotation", self._reader.failed, self._reader.answered)
        messages.watch("comparison", self._comparison.failed, self._comparison.made)
        self._border: Derived[tuple[Curve, ...]] = Derived(lambda: (self.annotation,), _border)
        self._difference: Derived[tuple[Curve, ...]] = Derived(lambda: (self._comparison.last,), _difference)
        self.card = AnnotationPanel()
        self.buttons = dict(self.card.buttons)
        self.panel = Panel("annotation", "Annotation", "Agreement with the mask an expert drew", self.card,
                           behind="review")  # fmt: skip
        self.layers = (Layer(Depth.DIFFERENCE, self._difference_layer), Layer(Depth.ANNOTATION, self._border_layer))
        document.opened.connect(self.remove)
        for signal in (document.resultChanged, editing.maskChanged):
            signal.connect(self._follow)
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        def has_one() -> bool:
            return self.annotation is not None

        return (
            Command("compare", "Measure", "Compare with &annotation…", "Ctrl+Shift+A",
                    "Open the mask that an expert drew", self.choose, lambda: self._document.photograph is not None,
                    line=True, icon="annotation"),
            Command("difference", "Measure", "Show &difference", "Shift+A",
                    "Annotation, missed and extra on the photograph", self.show_difference, has_one,
                    checked=lambda: self._shown),
            Command("remove_annotation", "Measure", "Re&move annotation", "Ctrl+Shift+X",
                    "Stop comparing with the annotation", self.remove, has_one, icon="close"),
        )  # fmt: skip

    # What commands do

    def accepts(self, paths: Sequence[Path]) -> bool:
        """A file that is named as an annotation is one, if there is a photograph open."""
        is_one = len(paths) == 1 and paths[0].stem.lower().endswith(ANNOTATION)
        if not is_one or self._document.photograph is None:
            return False
        self.open(paths[0])
        return True

    def choose(self) -> None:
        """Ask for a file and compare with it."""
        if self._document.photograph is None:
            return
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        folder = self._preferences.text("annotations", str(self._document.photograph.path.parent))
        name, _ = QFileDialog.getOpenFileName(
            self._parent_widget, "Compare with annotation", folder, f"Masks ({kinds})"
        )
        if name:
            self._preferences.set("annotations", str(Path(name).parent))
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Read a mask and compare with it; one that cannot be read leaves the annotation that was there."""
        if self._document.photograph is not None:
            self._reader.ask(partial(read_annotation, path, self._document.photograph))

    def remove(self) -> None:
        """Compare with nothing, and want none that is being read."""
        self._reader.forget()
        self._take(None)

    def show_difference(self, on: bool) -> None:
        """Draw the annotation and where the final mask differs from it, or do not."""
        self._shown = on
        self._scenes.refresh()

    def close(self) -> None:
        """Stop reading and comparing."""
        self._reader.close()
        self._comparison.close()

    # Within

    def _inputs(self) -> Inputs:
        return self._document.shown.segmentation, self._editing.mask, self.annotation

    def _is_wanted(self) -> bool:
        return self.annotation is not None and self._document.shown.current and self._editing.has_mask

    def _is_current(self) -> bool:
        return self._document.shown.current and self._comparison.is_current

    def _difference_layer(self, key: str) -> tuple[Curve, ...]:
        """Missed and extra, while they are those of the result shown."""
        return self._difference.value if key == PHOTOGRAPH and self._shown and self._is_current() else ()

    def _border_layer(self, key: str) -> tuple[Curve, ...]:
        return self._border.value if key == PHOTOGRAPH and self._shown else ()

    def _follow(self) -> None:
        """A new result, correction or annotation: compare beside the main thread."""
        if self.annotation is None:
            return
        if self._document.shown.segmentation is None:
            self._comparison.forget()
            self.card.show_agreement(None, "" if self._document.blind is None else HIDDEN)
        self._comparison.follow()
        self.card.set_current(self._is_current())

    @Slot(object)
    def _receive(self, annotation: Annotation) -> None:
        self._take(annotation)
        if self.panel is not None:
            self.panel.wanted.emit()

    def _take(self, annotation: Annotation | None) -> None:
        self.annotation = annotation
        self._comparison.forget()
        if annotation is not None:
            self.card.show_annotation(annotation.path, float(annotation.mask.mean()))
        else:
            self.card.show_annotation(None)
        self.card.show_agreement(None, EMPTY if annotation is None else "")
        self._follow()
        self._scenes.refresh()

    def _show_comparison(self) -> None:
        self.card.show_agreement(self._comparison.last)
        self.card.set_current(self._is_current())
        self._scenes.refresh()


def _compare(found: Segmentation, final: Bools, annotation: Annotation) -> Comparison:
    return compare(found, final, annotation.mask)


def _border(annotation: Annotation | None) -> tuple[Curve, ...]:
    if annotation is None:
        return ()
    return (Curve(to_path(annotation.border), overlay.ANNOTATION, 1.8, dashed=DASH_DOT, name="annotation"),)


def _difference(comparison: Comparison | None) -> tuple[Curve, ...]:
    if comparison is None:
        return ()
    return (
        Curve(to_path(comparison.missed_border), overlay.MISSED, 1.0, hatch=Qt.BrushStyle.BDiagPattern, name="missed"),
        Curve(to_path(comparison.extra_border), overlay.EXTRA, 1.0, fill=0.25, hatch=Qt.BrushStyle.FDiagPattern,
              name="extra"),
    )  # fmt: skip
