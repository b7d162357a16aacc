"""Curves as they are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from diffseg_gui.look import overlay
from diffseg_gui.view.scene import Curve, draw_curve
from tests.gui.painted import luminance, pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
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


def drawn(curve: Curve, ground: QColor, ratio: int = 1, scale: float = 1.0, zoom: float = 1.0) -> NDArray[np.int16]:
    """A column of pixels through a horizontal line or an area at y = 100 / scale, (200 * ratio, 3)."""
    image = QImage(200 * ratio, 200 * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    draw_curve(painter, curve, zoom)
    painter.end()
    return pixels(image)[:, 100 * ratio]


def line(scale: float) -> Curve:
    """A horizontal line at y = 100 on the screen."""
    path = QPainterPath(QPointF(0, 100 / scale))
    path.lineTo(200 / scale, 100 / scale)
    return Curve(path, MAGENTA, 2.0, calm=True)


@pytest.mark.parametrize("scale", [0.25, 1.0, 8.0])
@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_a_line_is_as_wide_on_every_screen_and_at_every_scale(qapp: QApplication, scale: float, ratio: int) -> None:
    column = drawn(line(scale), QColor("black"), ratio, scale)
    assert column[:, 0].sum() / 255 / ratio == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("ground", ["#f3d9c8", "#c98d6b", "#2b140c"])
def test_a_calm_line_is_told_from_light_skin_and_from_dark(qapp: QApplication, ground: str) -> None:
    """By its own colour or by the casing on both sides of it."""
    column = drawn(replace(line(1.0), colour=overlay.RESULT), QColor(ground))
    light, behind = luminance(column), float(luminance(np.array(QColor(ground).getRgb()[:3])))
    middle = int(np.abs(column - overlay.RESULT.getRgb()[:3]).sum(axis=1).argmin())
    sides = [light[middle - 4 : middle].min(), light[middle + 1 : middle + 5].min()]
    for side in sides:
        assert (light[middle] + 0.05) / (side + 0.05) > 3, "it stands out from its own casing"
        assert side <= behind + 0.01


def test_the_closer_one_looks_the_thinner_the_line_and_the_fainter_the_area(qapp: QApplication) -> None:
    black, square = QColor("black"), QPainterPath()
    square.addRect(0, 50, 200, 100)
    area = Curve(square, MAGENTA, 0.0, fill=0.3, calm=True)
    sums = [[int(drawn(curve, black, zoom=zoom)[:, 0].sum()) for zoom in (1, 2, 4, 40)] for curve in (line(1.0), area)]
    for falling in sums:
        assert falling == sorted(falling, reverse=True)
        assert 0.3 * falling[0] < falling[-1] < 0.8 * falling[0]
    assert drawn(area, black)[100, 0] == pytest.approx(0.3 * 255, abs=1)
    edge = Curve(square, MAGENTA, 2.0)
    assert np.array_equal(drawn(edge, black, zoom=1), drawn(edge, black, zoom=8)), "others stay as they are"
