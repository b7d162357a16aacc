"""The one question there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMessageBox, QWidget

from diffseg_gui.look.confirm import confirm
from tests.gui.conftest import answer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("role", "loses"), [(QMessageBox.ButtonRole.DestructiveRole, True), (QMessageBox.ButtonRole.RejectRole, False)]
)
def test_it_is_answered_and_leaves_nothing_behind(qtbot: QtBot, role: QMessageBox.ButtonRole, loses: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    asked = answer(role)
    assert confirm(window, "Drop it?", "Drop it", "Keep it") is loses
    assert asked == ["Drop it?"]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(QMessageBox) == []
