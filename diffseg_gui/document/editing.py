"""Changing what a person made of the open photograph: the one writer of ``document.reading``, each change undoable.

The layer is replaced at each change, never written to, so a reading that is being saved or exported holds still. An
undo keeps no layers, only the patches that take changes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from diffseg_gui.document.derived import Derived
from engine.arrays import read_only
from engine.reading import correction, shaping

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.document import Document
    from engine.arrays import Bools
    from engine.reading.correction import Layer, Patch
    from engine.reading.reading import Reading

    Exchange = Callable[[Patch | None, Reading], tuple[Patch | None, Reading]]


class Step(QUndoCommand):
    """One change: a patch, or none, and all else of the reading. Putting them gives those that take them back.

    spell: steps of the same one, made one after the other, are one to a person; -1: of none. They have no patches.
    """

    def __init__(self, text: str, patch: Patch | None, reading: Reading, exchange: Exchange, spell: int = -1) -> None:
        super().__init__(text)
        self._spell = spell
        self._held = (patch, reading)
        self._exchange = exchange

    def redo(self) -> None:
        """Do it, for the first time or again."""
        self._held = self._exchange(*self._held)

    def undo(self) -> None:
        """Take it back."""
        self._held = self._exchange(*self._held)

    def id(self) -> int:
        """Its spell."""
        return self._spell

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Stand for the next step of the spell, too: the reading that takes this one back takes both back."""
        return True


class Editing(QObject):
    """The correction of the open photograph, over the newest result there is of it, stale or not.

    A correction does not belong to a result: another delta, run or device leaves it alone. While the photograph is read
    blind it lies over an empty mask.
    """

    maskChanged = Signal()  # the corrected mask is another one

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.stack = QUndoStack(self)
        self._blank: Derived[Layer] = Derived(self._size, _blank_layer)
        self._nothing: Derived[Bools] = Derived(self._size, _empty_mask)
        self._mask: Derived[Bools] = Derived(lambda: (self.layer, self._base()), self._corrected)
        self._left: Reading | None = None  # the reading as the newest step left it
        self._told: tuple[Layer | None, Bools | None] = (None, None)
        document.opened.connect(self._start)
        document.blindChanged.connect(self.stack.clear)  # what was undone must not come back in or out of an outline
        for signal in (document.readingChanged, document.resultChanged):
            signal.connect(self._tell_mask)

    # What holds at present

    @property
    def layer(self) -> Layer | None:
        """The correction, read-only int8 (height, width) of :mod:`engine.reading.correction`; None: nothing is open."""
        if self._document.photograph is None:
            return None
        return self._layer_of(self._document.reading)

    @property
    def is_corrected(self) -> bool:
        """Whether anything of the mask was corrected."""
        return self._document.reading.layer is not None

    @property
    def mask(self) -> Bools | None:
        """The corrected mask, read-only bool (height, width), the same array until it changes; None: no result."""
        return self._mask.value if self.has_mask else None

    @property
    def has_mask(self) -> bool:
        """Whether there is a ``mask``; asking for it may be the first to make it."""
        return self._base() is not None

    # What features do

    def put(self, text: str, patch: Patch | None) -> None:
        """Change the layer; None: there is nothing to do. text: what it is, for the menu: "brush"."""
        if patch is not None:
            self.put_and_change(text, patch, self._document.reading)

    def change(self, text: str, reading: Reading, spell: int = -1) -> None:
        """Change all but the layer to that of ``reading``. spell: of typing, see :class:`Step`."""
        self.put_and_change(text, None, reading, spell)

    def put_and_change(self, text: str, patch: Patch | None, reading: Reading, spell: int = -1) -> None:
        """Both as one step; each patch counts as an edit."""
        if self._document.photograph is None:
            return
        bare, present = replace(reading, layer=None, edits=reading.edits + (patch is not None)), self._document.reading
        if patch is not None or bare.snapshots != present.snapshots or bare.to_json() != present.to_json():
            self.stack.push(Step(text, patch, bare, self._exchange, spell))

    def fill_holes(self) -> None:
        """Make lesion of what the mask encloses."""
        if self.layer is not None and (mask := self.mask) is not None:
            self.put("fill holes", correction.fill_holes(self.layer, mask))

    def keep_largest(self) -> None:
        """Make skin of all parts of the mask but the largest."""
        if self.layer is not None and (mask := self.mask) is not None:
            self.put("keep largest", correction.keep_largest(self.layer, mask))

    def smooth(self) -> None:
        """Make the mask's border smoother by a little."""
        if self.layer is not None and (mask := self.mask) is not None:
            self.put("smooth border", shaping.smooth(self.layer, mask))

    def reset(self) -> None:
        """Back to the model's result; it can be undone, so nobody is asked."""
        if self.layer is not None:
            self.put("reset", correction.reset(self.layer))

    def close(self) -> None:
        """The program is ending: the stack would tell of its end when little is left to hear it."""
        self.stack.blockSignals(True)

    # Within

    def _layer_of(self, reading: Reading) -> Layer:
        return self._blank.value if reading.layer is None else reading.layer

    def _size(self) -> tuple[int, int]:
        photograph = self._document.photograph
        return (0, 0) if photograph is None else (photograph.height, photograph.width)

    def _base(self) -> Bools | None:
        """What the correction lies over."""
        if self._document.photograph is None:
            return None
        if self._document.blind is not None:
            return self._nothing.value
        found = self._document.shown.segmentation
        return None if found is None else found.mask

    def _corrected(self, layer: Layer, base: Bools) -> Bools:
        if not self.is_corrected:
            return base  # a photograph of many megapixels has no copy of its mask before there is need of one
        mask = correction.apply(layer, base)
        read_only(mask)
        return mask

    def _exchange(self, patch: Patch | None, reading: Reading) -> tuple[Patch | None, Reading]:
        """Put a patch and all else of a reading; return what was there."""
        layer = self.layer
        assert layer is not None
        was, back = replace(self._document.reading, layer=None), None
        if patch is None:
            self._left = replace(reading, layer=layer)
        else:
            changed = layer.copy()
            back = correction.put(changed, patch)
            read_only(changed)
            self._left = replace(reading, layer=changed)
            self._patch_mask(layer, self._layer_of(self._left), patch)
        self._document.set_reading(self._left)
        return back, was

    def _patch_mask(self, former: Layer, layer: Layer, patch: Patch) -> None:
        """Make the corrected mask anew only where the layer has changed, if it is that of the former layer."""
        base, mask = self._base(), self._mask.last
        if base is None or mask is None or not self._mask.was_made_from(former, base):
            return
        mask, window = mask.copy(), patch.window
        mask[window] = correction.apply(layer[window], base[window])
        read_only(mask)
        self._mask.take((layer, base), mask)

    def _start(self) -> None:
        """A photograph was opened; steps are of use only where its reading is the one that they have left."""
        if self._document.reading is not self._left:
            self.stack.clear()

    def _tell_mask(self) -> None:
        """Tell of the mask where its layer or what it lies over is another one."""
        now = (self.layer, self._base())
        if now[0] is not self._told[0] or now[1] is not self._told[1]:
            self._told = now
            self.maskChanged.emit()


def _blank_layer(height: int, width: int) -> Layer:
    layer = correction.blank(height, width)
    read_only(layer)
    return layer


def _empty_mask(height: int, width: int) -> Bools:
    mask = np.zeros((height, width), np.bool_)
    read_only(mask)
    return mask
