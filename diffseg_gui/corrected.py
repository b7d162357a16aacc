"""How corrections look over the photograph: the final mask's border, and the model's where it was another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui import theme
from diffseg_gui.scene import Curve, to_path
from diffseg_gui.views import PHOTOGRAPH, model_border
from engine.reading.outline import border, eased, outline, stretches

if TYPE_CHECKING:
    from PySide6.QtGui import QPainterPath

    from diffseg_gui.window import MainWindow
    from engine.arrays import Bools
    from engine.results import Segmentation


class Corrected:
    """Replaces the result's border by the final mask's, and adds a layer beneath it."""

    def __init__(self, window: MainWindow) -> None:
        self._state, self._edit, self._scenes = window.state, window.edit, window.scenes
        self._made_of: tuple[object, object] = (None, None)
        self._made: tuple[Curve, ...] = ()
        window.scenes.border = self.border
        window.scenes.layers.insert(len(window.scenes.layers) - 1, self.curves)

    def border(self, found: Segmentation) -> QPainterPath:
        """The final mask's border; without corrections the model's, which is smooth."""
        mask = self._edit.mask
        own = mask is None or self._edit.blind or not self._is_corrected
        self._scenes.border_name = "" if own else "corrected border"
        return model_border(found) if own or mask is None else _path(mask)

    def curves(self, key: str) -> tuple[Curve, ...]:
        """What lies beneath the border on the photograph; the same curves as long as nothing has changed."""
        if key != PHOTOGRAPH or self._edit.blind or not self._is_corrected:
            return ()
        found = self._state.segmentation if self._state.current else None
        if self._made_of[0] is not self._edit.layer or self._made_of[1] is not found:
            self._made_of = (self._edit.layer, found)
            self._made = self._painted() if found is None else self._was(found)
        return self._made

    @property
    def _is_corrected(self) -> bool:
        return self._state.reading is not None and self._state.reading.layer is not None

    def _was(self, found: Segmentation) -> tuple[Curve, ...]:
        mask = self._edit.mask
        assert mask is not None
        path = to_path(stretches(border(found), mask != found.mask))
        return (Curve(path, theme.RESULT_CURVE, 1.4, dashed=True, name="model's border"),)

    def _painted(self) -> tuple[Curve, ...]:
        """While a result is on its way: what was painted, which will lie over it."""
        layer = self._edit.layer
        assert layer is not None
        return (
            Curve(_path(layer > 0), theme.RESULT_CURVE, 1.0, name="corrected to lesion"),
            Curve(_path(layer < 0), theme.BAND_CURVE, 1.0, hatch=True, name="corrected to skin"),
        )


def _path(mask: Bools) -> QPainterPath:
    return to_path(eased(outline(mask)))
