"""What widgets look like on the screen: their pixels, and how far these stand out from what lies behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget


def look(widget: QWidget) -> QImage:
    """A widget as it is painted on the window's grounds."""
    window = widget.window()
    return window.grab(widget.rect().translated(widget.mapTo(window, QPoint(0, 0)))).toImage()


def pixels(image: QImage) -> NDArray[np.int16]:
    """(height, width, 3), 0 to 255."""
    made = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).astype(np.int16)


def distance(image: QImage, ground: QColor) -> NDArray[np.int64]:
    """How far each pixel is from the ground, (height, width): the three channels' differences, added up."""
    return np.abs(pixels(image) - np.array(ground.getRgb()[:3])).sum(axis=2)


def luminance(colours: NDArray[np.integer]) -> NDArray[np.float64]:
    """Relative luminance, WCAG 2.2, of colours (..., 3) of 0 to 255."""
    parts = colours / 255
    parts = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return parts @ np.array([0.2126, 0.7152, 0.0722])


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio, WCAG 2.2: 1 to 21."""
    low, high = sorted(luminance(np.array([a.getRgb()[:3], b.getRgb()[:3]])))
    return float((high + 0.05) / (low + 0.05))


def strongest(image: QImage, ground: QColor) -> float:
    """The highest contrast that any pixel has with what lies behind."""
    found, behind = luminance(pixels(image)), luminance(np.array(ground.getRgb()[:3]))
    return float(((np.maximum(found, behind) + 0.05) / (np.minimum(found, behind) + 0.05)).max())


def assert_faded(before: QImage, after: QImage, ground: QColor) -> None:
    """The same drawing, paler, and still to be read. ground: what both are painted on."""
    assert before.size() == after.size()
    assert 2.5 <= strongest(after, ground) <= 0.6 * strongest(before, ground)
    was, now = distance(before, ground), distance(after, ground)
    assert np.count_nonzero(now) > 0.8 * np.count_nonzero(was), "all of it is still there"
    assert np.mean(now[was > 60] < was[was > 60]) > 0.9
