"""The frame of a small view, which shows whether that view is the large one at present."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame


def mark_chosen(frame: QFrame, chosen: bool) -> None:
    """Draw a frame around the view that is shown large, or take it away."""
    if bool(frame.property("chosen")) != chosen:
        frame.setProperty("chosen", chosen)
        frame.style().polish(frame)
