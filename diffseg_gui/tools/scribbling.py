"""The scribbling tool: a brush whose stroke says what the skin is, instead of changing the mask."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from diffseg_gui.tools.drawing import Stroke
from engine.scribbles import LESION, SKIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.editing import Editing
    from diffseg_gui.view.canvas import Canvas

    Points = tuple[tuple[float, float], ...]

APART = 1 / 4  # of the radius: what lies closer to the last point makes no other stroke


class ScribbleTool(Stroke):
    """Tells each stroke that it has finished: its label, points and radius in the photograph's pixels."""

    def __init__(
        self, label: int, canvas: Canvas, editing: Editing, made: Callable[[int, Points, float], None]
    ) -> None:
        """label: what it says without Alt held, LESION or SKIN."""
        super().__init__("lesion scribble" if label == LESION else "skin scribble", label, canvas, editing)
        self._made = made

    def _end(self) -> None:
        drawn = [(round(point.x(), 1), round(point.y(), 1)) for point in self.points]
        kept = drawn[:1]
        for point in drawn[1:]:
            if math.dist(point, kept[-1]) >= self.radius * APART:
                kept.append(point)
        self.drop()
        self._made(self._painting, tuple(kept), round(self.radius, 1))

    def _value(self, modifiers: Qt.KeyboardModifier) -> int:
        """A scribble is never "as the model says"."""
        opposite = {LESION: SKIN, SKIN: LESION}[self.value]
        return opposite if modifiers & Qt.KeyboardModifier.AltModifier else self.value
