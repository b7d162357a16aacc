"""Curves as they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from diffseg_gui.view.scene import Curve, draw_curve

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

MAGENTA = QColor("#ff00ff")


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_hatching_covers_part_of_the_inside_at_any_zoom(qapp: QApplication, scale: float) -> None:
    square = QPainterPath()
    square.addRect(10 / scale, 10 / scale, 180 / scale, 180 / scale)
    shares = []
    for hatch in (False, True):
        image = QImage(200, 200, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        painter.scale(scale, scale)
        draw_curve(painter, Curve(square, MAGENTA, hatch=hatch))
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(200, 200, 4)[30:170, 30:170]
        shares.append(float((pixels[..., 0] > 100).mean()))
    assert shares[0] == 0
    assert 0.05 < shares[1] < 0.5
    stripes = np.diff((pixels[70, :, 0] > 100).astype(int))
    assert 10 <= (stripes == 1).sum() <= 25, "lines stand as far apart at every zoom"
