"""Widgets with the names by which the style sheet knows them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QWidget

W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QAbstractButton)


def named(widget: W, name: str, tip: str = "") -> W:
    """A widget with a name of the style sheet, and a tooltip where there is something to explain."""
    widget.setObjectName(name)
    widget.setToolTip(tip)
    return widget


def checkable(button: B, checked: bool = False) -> B:
    """A button that stays down when it is pressed, until it is pressed again."""
    button.setCheckable(True)
    button.setChecked(checked)
    return button
