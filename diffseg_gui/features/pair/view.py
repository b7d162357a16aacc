"""Two timesteps' masks side by side on the photograph, with the pixels where they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look import overlay
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import percent
from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.legend import Legend
from diffseg_gui.view.scene import Curve, Scene, to_path
from engine.reading.contours import contours

if TYPE_CHECKING:
    from diffseg_gui.view.viewport import Viewport
    from engine.reading.pair import Pair


class PairView(QFrame):
    """Both canvases share the window's viewport, so one place is seen in both."""

    closeClicked = Signal()

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel("", wordWrap=True)
        self.leave = QPushButton("Close")
        self.leave.setToolTip("Back to one large view (Esc)")
        self.leave.clicked.connect(self.closeClicked)
        header = QHBoxLayout()
        header.addWidget(self.words, 1)
        header.addWidget(self.leave)
        self.canvases = (Canvas(viewport, hides_overlay=True), Canvas(viewport, hides_overlay=True))
        self.titles = (named(QLabel(""), "title"), named(QLabel(""), "title"))
        sides = QHBoxLayout()
        sides.setSpacing(8)
        for title, canvas in zip(self.titles, self.canvases, strict=True):
            canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(title)
            side.addWidget(canvas, 1)
            sides.addLayout(side, 1)
        self.setFocusProxy(self.canvases[0])
        self.legend = Legend()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(header)
        layout.addLayout(sides, 1)
        layout.addWidget(self.legend)

    def show_pair(self, photograph: Scene, pair: Pair, t: int, u: int) -> None:
        """Show the masks of timesteps t and u over a photograph's picture."""
        size = photograph.width, photograph.height
        colours = (
            (pair.only_first, overlay.ADDED, overlay.ADDED_HATCH, t),
            (pair.only_second, overlay.REMOVED, overlay.REMOVED_HATCH, u),
        )
        differing = tuple(
            Curve(
                to_path(contours(values, 0.0, *size)),
                colour,
                1.2,
                fill=overlay.HATCHED_FILL,
                hatch=hatch,
                name=f"only t = {one}",
            )
            for values, colour, hatch, one in colours
        )
        borders = []
        for title, canvas, values, one in zip(
            self.titles, self.canvases, (pair.first, pair.second), (t, u), strict=True
        ):
            border = Curve(to_path(contours(values, 0.0, *size)), overlay.RESULT, 2.0, name="its own border")
            borders.append(border)
            title.setText(f"Mask at t = {one}")
            canvas.setAccessibleName(f"Mask at t = {one}")
            canvas.show_scene(Scene(photograph.picture, *size, (*differing, border)))
        self.legend.show_curves((*differing, *borders))
        self.words.setText(
            f"The masks at <b>t = {t}</b> and <b>t = {u}</b> differ in <b>{percent(pair.share)}</b> of the photograph"
            f" (distance {pair.share**0.5:.3f})."
        )

    def set_stale(self, stale: bool) -> None:
        """Dim what belongs to another delta than the present one."""
        for canvas in self.canvases:
            if canvas.scene is not None and canvas.scene.stale != stale:
                canvas.show_scene(replace(canvas.scene, stale=stale))
