"""Boxes that say something. None of them blocks: work goes on behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from diffseg_gui import wording

if TYPE_CHECKING:
    from engine.results import ModelName


def tell_failure(parent: QWidget, sentence: str) -> None:
    """One sentence on what went wrong."""
    _open(QMessageBox(QMessageBox.Icon.Warning, "DiffSeg", sentence, QMessageBox.StandardButton.Ok, parent))


def tell_about(parent: QWidget, model: ModelName | None) -> None:
    """Version, model and purpose."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "About DiffSeg", wording.about(model), parent=parent)
    _open(box)


def _open(box: QMessageBox) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
