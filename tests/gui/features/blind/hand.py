"""What a person does who reads blind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui.features.blind import BlindReading
from engine.reading import correction

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.blind.strip import Strip
    from engine.arrays import Bools
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOSE, KEEP = QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.RejectRole


def switch(desk: Desk, qtbot: QtBot) -> None:
    """Ctrl+B."""
    qtbot.keyClick(desk, Qt.Key.Key_B, CONTROL)


def reveal(desk: Desk, qtbot: QtBot) -> None:
    """Ctrl+Return."""
    qtbot.keyClick(desk, Qt.Key.Key_Return, CONTROL)


def draw(desk: Desk, radius: float = 20) -> None:
    """A circle by lasso about the photograph's centre."""
    photograph, layer = desk.document.photograph, desk.editing.layer
    turns = [2 * math.pi * part / 40 for part in range(40)]
    x, y = photograph.width / 2, photograph.height / 2
    circle = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in turns]
    desk.editing.put("lasso", correction.polygon(layer, circle, correction.LESION))


def strip(desk: Desk) -> Strip:
    """The line above the photograph."""
    (found,) = (feature for feature in desk._features if isinstance(feature, BlindReading))
    return found.strip


def model_mask(desk: Desk) -> Bools:
    """The result, also while it is hidden."""
    return desk.document.results.segmentation.mask
