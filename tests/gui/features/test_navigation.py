"""Choosing views and zooming, and what opening a photograph begins with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLineEdit

from diffseg_gui.features.navigation import HIDDEN, NOT_YET, UNCALIBRATED
from diffseg_gui.view.tool import Tool
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH, PROBABILITY, VIEWS
from engine.method.probability import Temperatures
from tests.gui.strokes import CTRL

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

VIEW_KEYS = {key: Qt.Key(Qt.Key.Key_1 + number) for number, key in enumerate(VIEWS)}


class Pointer(Tool):
    """A tool that does nothing."""


def checked(desk: Desk) -> list[str]:
    """The views whose actions are on."""
    return [key for key in VIEWS if desk.action(f"view_{key}").isChecked()]


def calibrate(desk: Desk) -> None:
    """Let the newest result be of a model with temperatures."""
    found = desk.document.results.segmentation
    desk.document.receive_result(replace(found, softening=Temperatures((100,), (0.05,))))


def test_keys_choose_views_and_the_one_that_is_large_gives_way(opened: Desk, qtbot: QtBot) -> None:
    calibrate(opened)
    for key, name in VIEW_KEYS.items():
        qtbot.keyClick(opened, name)
        assert opened.display.view == key
        assert checked(opened) == [key]
    qtbot.keyClick(opened, VIEW_KEYS[PROBABILITY])
    assert checked(opened) == [PHOTOGRAPH]
    qtbot.keyClick(opened, VIEW_KEYS[PHOTOGRAPH])
    assert checked(opened) == [PHOTOGRAPH]


def test_views_wait_for_a_result(desk: Desk) -> None:
    desk.action("view_ambiguity").trigger()
    assert desk.display.view == AMBIGUITY
    assert desk.canvas.scene is None


def test_a_probability_can_be_chosen_where_the_model_gives_one(opened: Desk) -> None:
    action = opened.action("view_probability")
    assert (action.isEnabled(), action.toolTip(), action.statusTip()) == (False, UNCALIBRATED, UNCALIBRATED)
    calibrate(opened)
    tip = VIEWS[PROBABILITY].tip
    assert (action.isEnabled(), action.toolTip(), action.statusTip()) == (True, f"{tip} (6)", tip)
    action.trigger()
    opened.document.receive_result(replace(opened.document.results.segmentation, softening=None))
    assert checked(opened) == [PHOTOGRAPH], "another model may give none"


def test_a_probability_is_waited_for(desk: Desk, photo: SkinImage) -> None:
    action = desk.action("view_probability")
    assert (action.isEnabled(), action.toolTip()) == (False, NOT_YET)
    desk.open(photo)
    assert (action.isEnabled(), action.toolTip()) == (False, NOT_YET)


def test_while_reading_blind_there_is_only_the_photograph(opened: Desk, qtbot: QtBot) -> None:
    calibrate(opened)
    qtbot.keyClick(opened, VIEW_KEYS[CONSISTENCY])
    opened.document.begin_blind()
    assert checked(opened) == [PHOTOGRAPH]
    for key in VIEWS:
        action = opened.action(f"view_{key}")
        assert action.isEnabled() == (key == PHOTOGRAPH)
        assert key == PHOTOGRAPH or action.toolTip() == HIDDEN
    qtbot.keyClick(opened, VIEW_KEYS[CONSISTENCY])
    assert opened.display.view == PHOTOGRAPH
    opened.document.end_blind()
    assert all(opened.action(f"view_{key}").isEnabled() for key in VIEWS)


def test_keys_zoom(opened: Desk, qtbot: QtBot) -> None:
    viewport = opened.viewport
    for key, zoom in ((Qt.Key.Key_Plus, 1.25), (Qt.Key.Key_Equal, 1.25**2), (Qt.Key.Key_Minus, 1.25)):
        qtbot.keyClick(opened, key)
        assert viewport.zoom == pytest.approx(zoom)
    qtbot.keyClick(opened, Qt.Key.Key_1, CTRL)
    assert opened.canvas.to_screen().m11() * opened.canvas.devicePixelRatioF() == pytest.approx(1)
    qtbot.keyClick(opened, Qt.Key.Key_F)
    assert viewport.zoom == 1


def test_another_photograph_is_seen_whole_with_the_keys_its_own(opened: Desk, photo: SkinImage, qtbot: QtBot) -> None:
    opened.viewport.set(4.0, QPointF(0.2, 0.2))
    opened.display.show(CONSISTENCY)
    opened.canvas.tool = Pointer()
    field = QLineEdit(opened)
    field.show()
    field.setFocus()
    opened.open(replace(photo, sha256="1" * 64))
    assert (opened.viewport.zoom, opened.viewport.centre) == (1.0, QPointF(0.5, 0.5))
    assert checked(opened) == [PHOTOGRAPH]
    assert opened.canvas.tool is None
    assert opened.canvas.hasFocus()


def test_escape_lays_the_tool_down_and_what_was_said_of_it_goes(opened: Desk, qtbot: QtBot) -> None:
    cleared: list[None] = []
    opened.messages.cleared.connect(lambda: cleared.append(None))
    opened.canvas.tool = Pointer()
    opened.canvas.tool = Pointer()
    assert cleared == []
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert opened.canvas.tool is None
    assert len(cleared) == 1
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert len(cleared) == 1
