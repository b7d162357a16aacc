"""Going to a place of the photograph: a short flight of the shared viewport, so that the eye can follow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle

if TYPE_CHECKING:
    from diffseg_gui.view.canvas import Canvas

DURATION = 200  # ms, at most
IN_VIEW = 0.4  # share of the canvas that the place takes up
CLOSEST = 8.0  # zoom; a speck keeps its surroundings
UNWATCHED = ("offscreen", "minimal")  # platforms without a screen


class FlyTo(QVariantAnimation):
    """Moves the viewport of a canvas until a box is in the middle of it; whoever moves it meanwhile ends the flight."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._viewport = canvas, canvas.viewport
        self._from = self._to = self._last = (1.0, QPointF(0.5, 0.5))  # zoom and centre, as the viewport has them
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self.valueChanged.connect(self._move)

    def box(self, box: QRectF) -> None:
        """Show a box, in the photograph's pixels, and what is around it."""
        scene = self._canvas.scene
        if scene is None:
            return
        self.stop()
        fit = min(self._canvas.width() / scene.width, self._canvas.height() / scene.height)
        share = max(box.width() * fit / self._canvas.width(), box.height() * fit / self._canvas.height(), 1e-6)
        centre = QPointF(box.center().x() / scene.width, box.center().y() / scene.height)
        self._from = self._last = (self._viewport.zoom, self._viewport.centre)
        self._to = (min(max(IN_VIEW / share, 1.0), CLOSEST), centre)
        self.setDuration(duration())
        if self.duration() > 0:
            self.start()
        else:
            self._viewport.set(*self._to)

    def _move(self, part: float) -> None:
        if (self._viewport.zoom, self._viewport.centre) != self._last:
            self.stop()
            return
        (zoom, centre), (end_zoom, end_centre) = self._from, self._to
        self._viewport.set(zoom * (end_zoom / zoom) ** part, centre + (end_centre - centre) * part)
        self._last = (self._viewport.zoom, self._viewport.centre)


def duration() -> int:
    """How long a flight takes, ms; 0 where the system asks for less motion, or there is no screen to see it on."""
    still = sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
    if still or QGuiApplication.platformName() in UNWATCHED:
        return 0
    return min(DURATION, QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration))
