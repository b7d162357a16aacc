"""Figures as the panels write them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel

from diffseg_gui.look.numbers import count


def tabular(text: str = "–", bold: bool = False) -> QLabel:
    """A right-aligned label whose digits are all equally wide, so that they stand below each other."""
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    font = label.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setBold(bold)
    label.setFont(font)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def spread(low: float, high: float, unit: str) -> str:
    """A range, each end as exact as it is known, without its unit."""
    return f"{number(low, unit)} – {number(high, unit)}"


def number(value: float, unit: str) -> str:
    """A figure as exact as it is known: three digits of mm, whole pixels, hundredths of a ratio."""
    if unit.startswith("px"):
        return count(value)
    if unit.startswith("mm"):
        return count(value) if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:z.2f}"
