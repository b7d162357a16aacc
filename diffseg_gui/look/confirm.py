"""The one question there is: whether something may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def confirm(parent: QWidget, question: str, lose: str, keep: str) -> bool:
    """Ask, with two buttons; Enter and Escape keep it."""
    box = QMessageBox(QMessageBox.Icon.Question, "DiffSeg", question, parent=parent.window())
    box.setTextFormat(Qt.TextFormat.PlainText)
    losing = box.addButton(lose, QMessageBox.ButtonRole.DestructiveRole)
    keeping = box.addButton(keep, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keeping)
    box.exec()
    box.deleteLater()  # it would stay as long as the window does
    return box.clickedButton() is losing
