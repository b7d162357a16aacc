"""The large view on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from diffseg_gui.features.copying import Copying

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk


def test_what_is_copied_is_what_is_seen(desk: Desk, photo: SkinImage, qtbot: QtBot) -> None:
    desk.add(Copying(desk.document, desk.canvas, desk.messages))
    assert not desk.action("copy_view").isEnabled(), "nothing is open"
    desk.open(photo)
    qtbot.keyClick(desk, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().image() == desk.canvas.grab().toImage().convertToFormat(
        QGuiApplication.clipboard().image().format()
    )
    assert desk.notices == ["The view is on the clipboard"]
