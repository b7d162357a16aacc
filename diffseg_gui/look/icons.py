"""Icons from resources/icons, in the colours of the theme that is shown when they are painted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from diffseg_gui.look import theme
from engine.host.resources import ROOT

FOLDER = ROOT / "icons"


class Tinted(QIconEngine):
    """Paints the strokes of a drawing in the theme's colour, so a change of theme needs no new icons."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._drawing = QSvgRenderer(str(FOLDER / f"{name}.svg"))

    def clone(self) -> QIconEngine:
        """Another one of the same drawing."""
        return Tinted(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle, at the device's own resolution."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.topLeft(), self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing in the theme's colour for that mode; size in device pixels."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _: QIcon.State, ratio: float) -> QPixmap:
        """The same for a screen with ``ratio`` device pixels to one of the window's; size in the window's."""
        pixmap = QPixmap(size * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self._drawing.render(painter, QRectF(pixmap.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        colours = theme.colours()
        painter.fillRect(pixmap.rect(), colours.faint if mode == QIcon.Mode.Disabled else colours.text)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def find(name: str) -> QIcon | None:
    """The icon of that name, or None where there is no such file."""
    return QIcon(Tinted(name)) if (FOLDER / f"{name}.svg").exists() else None


def icon(name: str) -> QIcon:
    """The icon of that name, which must be there."""
    found = find(name)
    assert found is not None, f"no icon {name}"
    return found
