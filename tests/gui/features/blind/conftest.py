"""Desks for reading blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diffseg_gui.features.blind import BlindReading
from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from tests.gui.features.blind.hand import switch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


@pytest.fixture
def fitted(desk: Desk) -> Desk:
    """A desk with what a blind reading goes with, and nothing open."""
    document, editing = desk.document, desk.editing
    desk.add(Correction(document, editing, desk.canvas, desk.messages))
    desk.add(Border(document, editing, desk.display, desk.preferences))
    desk.add(BlindReading(document, editing, desk.messages, desk))
    return desk


@pytest.fixture
def analysed(fitted: Desk, photo: SkinImage, evidence: Evidence) -> Desk:
    """With the photograph open and analysed."""
    fitted.open(photo)
    fitted.land(evidence)
    return fitted


@pytest.fixture
def reading(analysed: Desk, qtbot: QtBot) -> Desk:
    """Whose open photograph is read blind."""
    switch(analysed, qtbot)
    return analysed
