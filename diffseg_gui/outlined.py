"""How a blind outline looks over the photograph: while it is drawn, and after the reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from diffseg_gui.scene import Curve, to_path
from diffseg_gui.views import PHOTOGRAPH
from engine.reading.outline import outline

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow

OUTLINE = QColor("#c8f560")  # and dashed after the reveal; no other curve is


class Outlined:
    """Adds a layer of curves. They are the same ones as long as the outline is."""

    def __init__(self, window: MainWindow) -> None:
        self._state, self._edit = window.state, window.edit
        self._drawn: tuple[object, tuple[Curve, ...]] = (None, ())
        self._revealed: tuple[str, tuple[Curve, ...]] = ("", ())  # by the outline's digest
        window.scenes.layers.append(self.revealed)

    def drawn(self, key: str) -> tuple[Curve, ...]:
        """While reading blind: the outline so far, in place of all that the model finds."""
        mask = self._edit.mask
        if self._drawn[0] is not mask:
            path = to_path([] if mask is None else outline(mask))
            name = "" if path.isEmpty() else "your outline"
            self._drawn = (mask, (Curve(path, OUTLINE, 2.2, name=name),))
        return self._drawn[1] if key == PHOTOGRAPH else ()

    def revealed(self, key: str) -> tuple[Curve, ...]:
        """After the reveal, in later sittings, too."""
        record = self._state.reading.blind if self._state.reading is not None else None
        if key != PHOTOGRAPH or record is None or record.layer is None:
            return ()
        if self._revealed[0] != record.sha256:
            path = to_path(outline(record.layer > 0))
            self._revealed = (record.sha256, (Curve(path, OUTLINE, 1.8, dashed=True, name="your blind outline"),))
        return self._revealed[1]
