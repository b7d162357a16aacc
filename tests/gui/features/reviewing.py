"""What tests of the review share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from diffseg_gui.features.review import Review

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk


def read_by(desk: Desk) -> Review:
    """Add the review to a desk."""
    return desk.add(Review(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))


def state_of(review: Review, number: int) -> str:
    """What the list says of a region."""
    return review.card.list.item(number - 1).text().rsplit(", ", 1)[1]


def first(desk: Desk, qtbot: QtBot, *keys: Qt.Key) -> None:
    """Go to the first region, and press these."""
    for key in (Qt.Key.Key_N, *keys):
        qtbot.keyClick(desk, key)
