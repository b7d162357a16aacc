"""What a person adds to the open image: the one writer of ``state.reading``, each change undoable.

The layer is replaced at each change, never written to, so a reading that is being saved or exported holds still. An
undo keeps no layers, only the patches that take changes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.arrays import read_only
from engine.reading import correction
from engine.reading.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.keeper import Kept
    from diffseg_gui.window import MainWindow
    from engine.arrays import Bools
    from engine.reading.correction import Layer, Patch
    from engine.results import Segmentation

    Exchange = Callable[[Patch | None, Reading], tuple[Patch | None, Reading]]

NOTICE = 15_000  # ms that a message stays in the status bar


class Step(QUndoCommand):
    """One change: a patch, or none, and all else of the reading. Putting them gives those that take them back."""

    def __init__(self, text: str, patch: Patch | None, reading: Reading, exchange: Exchange) -> None:
        super().__init__(text)
        self._held = (patch, reading)
        self._exchange = exchange

    def redo(self) -> None:
        """Do it, for the first time or again."""
        self._held = self._exchange(*self._held)

    def undo(self) -> None:
        """Take it back."""
        self._held = self._exchange(*self._held)


class Editing(QObject):
    """The corrections of the open image, over the newest result there is of it, stale or not.

    ``layer`` is int8 (height, width) of :mod:`engine.reading.correction`, read-only, None before an image is open. A
    correction does not belong to a result: another delta, run or device leaves it alone.
    """

    maskChanged = Signal()  # the corrected mask is another one
    edited = Signal(str, object)  # the open image's identity and its reading: something to keep

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state
        self.stack = QUndoStack(self)
        self.layer: Layer | None = None
        self._identity = ""  # of the open image
        self._reading = Reading()
        self._blind = False
        self._nothing: Bools | None = None  # the empty mask under a blind outline
        self._mask: Bools | None = None
        self._mask_over: Bools | None = None  # the model's mask that _mask corrects
        self._found: Segmentation | None = None
        self._state.imageChanged.connect(self._start)
        self._state.resultChanged.connect(self._follow)
        window.closing.connect(lambda: self.stack.blockSignals(True))  # it would tell of its end, when little is left

    # What holds at present

    @property
    def blind(self) -> bool:
        """Whether the layer lies over an empty mask, as before a result is shown; it is not kept on disk then."""
        return self._blind

    @blind.setter
    def blind(self, blind: bool) -> None:
        if blind != self._blind:
            self._blind = blind
            self._tell_mask()
            self._window.refresh()

    @property
    def mask(self) -> Bools | None:
        """The corrected mask, read-only bool (height, width), the same array until it changes; None: no result."""
        found = self._state.segmentation
        base = self._nothing if self._blind else None if found is None else found.mask
        if base is None or self.layer is None:
            return None
        if self._mask is None or self._mask_over is not base:
            self._mask, self._mask_over = correction.apply(self.layer, base), base
            read_only(self._mask)
        return self._mask

    @property
    def has_mask(self) -> bool:
        """Whether there is a ``mask``; asking for it may be the first to make it."""
        return self.layer is not None and (self._blind or self._state.segmentation is not None)

    # What features do

    def put(self, text: str, patch: Patch | None) -> None:
        """Change the layer; None: there is nothing to do. text: what it is, for the menu: "brush"."""
        if patch is not None:
            self.put_and_change(text, patch, self._reading)

    def change(self, text: str, reading: Reading) -> None:
        """Change decisions, calibration or blind outline to those of ``reading``; its layer is passed over."""
        self.put_and_change(text, None, reading)

    def put_and_change(self, text: str, patch: Patch | None, reading: Reading) -> None:
        """Both as one step; each patch counts as an edit."""
        if self._state.image is None:
            return
        bare = replace(reading, layer=None, edits=reading.edits + (patch is not None))
        if patch is not None or bare.to_json() != self._reading.to_json():
            self.stack.push(Step(text, patch, bare, self._exchange))

    def keep(self) -> None:
        """Have kept what was changed while the reading was blind."""
        self.edited.emit(self._identity, self._reading)

    def fill_holes(self) -> None:
        """Make lesion of what the mask encloses."""
        if self.layer is not None and (mask := self.mask) is not None:
            self.put("fill holes", correction.fill_holes(self.layer, mask))

    def keep_largest(self) -> None:
        """Make skin of all parts of the mask but the largest."""
        if self.layer is not None and (mask := self.mask) is not None:
            self.put("keep largest", correction.keep_largest(self.layer, mask))

    def reset(self) -> None:
        """Back to the model's result; it can be undone, so nobody is asked."""
        if self.layer is not None:
            self.put("reset", correction.reset(self.layer))

    def restore(self, kept: Kept) -> None:
        """Bring back what was kept of the image that was just opened; of one that was open already, only news."""
        going_on = self.stack.count() > 0 or not self._reading.is_empty
        if kept.reading is None or kept.reading.is_empty or (going_on and (self._blind or not kept.news)):
            return
        self.stack.clear()  # it takes back what another window may not have done
        kept.taken()
        layer = kept.reading.layer
        self._mask = None
        self._set(kept.reading, self._blank() if layer is None else layer)
        what = "reading of {} is" if layer is None else "corrections of {} are"
        when = f"{kept.since.day} {kept.since:%B %Y, %H:%M}" if kept.since is not None else "before"
        self._window.statusBar().showMessage(f"Your {what.format(when)} back", NOTICE)

    # Within

    def _exchange(self, patch: Patch | None, reading: Reading) -> tuple[Patch | None, Reading]:
        """Put a patch and all else of a reading; return what was there."""
        assert self.layer is not None
        was, back, layer = replace(self._reading, layer=None), None, self.layer
        if patch is not None:
            layer = self.layer.copy()
            back = correction.put(layer, patch)
            read_only(layer)
            self._patch_mask(layer, patch)
        self._set(reading, layer)
        if not self._blind:
            self.edited.emit(self._identity, self._reading)
        return back, was

    def _patch_mask(self, layer: Layer, patch: Patch) -> None:
        """Make the corrected mask anew only where the layer changes."""
        if self._mask is None or self._mask_over is None:
            return
        mask, window = self._mask.copy(), patch.window
        mask[window] = correction.apply(layer[window], self._mask_over[window])
        read_only(mask)
        self._mask = mask

    def _set(self, reading: Reading, layer: Layer | None) -> None:
        """Replace all of the reading; tell of the mask only where the layer is another one."""
        moved, self.layer = layer is not self.layer, layer
        self._reading = replace(reading, layer=layer)
        self._state.set_reading(self._reading)
        if moved:
            self._tell_mask()
            self._window.refresh()

    def _start(self) -> None:
        """An image was opened: begin with nothing, or go on where it was open already."""
        image = self._state.image
        assert image is not None
        if image.identity != self._identity or self.layer is None or self.layer.shape != (image.height, image.width):
            self.stack.clear()
            self.layer = self._blank()
            self._nothing = self.layer > 0
            read_only(self._nothing)
            self._identity, self._reading, self._blind = image.identity, Reading(), False
        self._mask = self._mask_over = None
        self._state.set_reading(self._reading)
        self._tell_mask()

    def _blank(self) -> Layer:
        image = self._state.image
        assert image is not None
        layer = correction.blank(image.height, image.width)
        read_only(layer)
        return layer

    def _follow(self) -> None:
        """A new result lies under the layer."""
        if self._state.segmentation is not self._found:
            self._found = self._state.segmentation
            if not self._blind:
                self._tell_mask()

    def _tell_mask(self) -> None:
        self._window.scenes.forget_border()
        self.maskChanged.emit()
