"""Snapshots of the correction, through real events: taken under a name, gone back to, deleted, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QMenu

from diffseg_gui.document.kept import Kept
from diffseg_gui.features.snapshots import Snapshots
from engine.reading.correction import Patch
from engine.reading.reading import Reading
from engine.reading.snapshots import MOST, Snapshot, added
from tests.gui.strokes import CTRL, LEFT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

DAMAGED = Snapshot("torn", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(60))


@pytest.fixture
def made(opened: Desk) -> Snapshots:
    """The feature, over a photograph that is analysed."""
    return opened.add(Snapshots(opened.document, opened.editing, opened.canvas, opened.messages))


def paint(desk: Desk, value: int, x: int = 0) -> None:
    """Change the correction."""
    desk.editing.put("patch", Patch(x, 0, np.full((8, 8), value, np.int8)))


def take(desk: Desk, qtbot: QtBot, feature: Snapshots, name: str) -> None:
    """Take a snapshot by keys, under a name that replaces the proposed one."""
    qtbot.keyClick(desk, Qt.Key.Key_T, CTRL)
    qtbot.keyClicks(feature.box.name, name)
    qtbot.keyClick(feature.box.name, Qt.Key.Key_Return)


@pytest.fixture
def menu(desk: Desk) -> QMenu:
    """The submenu with its own action, as the window makes it; filled when it is shown."""
    menu = QMenu(desk)
    menu.addAction("Take a snapshot…")
    return menu


def entries(feature: Snapshots, menu: QMenu) -> list[str]:
    """What the menu offers."""
    feature.fill(menu)
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(feature: Snapshots, menu: QMenu, name: str, delete: bool = False) -> None:
    """Choose a snapshot, from the submenu that deletes if that is wanted."""
    feature.fill(menu)
    actions, text = menu.actions(), f"Back to {name}"
    if delete:
        actions, text = next(action for action in actions if action.menu()).menu().actions(), name
    next(action for action in actions if action.text() == text).trigger()


def test_what_was_taken_comes_back_and_undo_goes_on_from_there(
    opened: Desk, made: Snapshots, menu: QMenu, qtbot: QtBot
) -> None:
    paint(opened, 1)
    first = opened.editing.layer
    take(opened, qtbot, made, "before")
    assert opened.notices[-1] == "Snapshot before is taken; Edit > Snapshots brings it back"
    assert opened.canvas.hasFocus()
    paint(opened, -1, 20)
    second = opened.editing.layer
    take(opened, qtbot, made, "after")
    assert entries(made, menu) == ["Back to after", "Back to before", "&Delete", "Take a snapshot…"]
    choose(made, menu, "before")
    assert np.array_equal(opened.editing.layer, first)
    assert opened.editing.stack.undoText() == "going back to before"
    choose(made, menu, "before")
    assert opened.notices[-1] == "The correction is that of before already"
    opened.editing.stack.undo()
    assert np.array_equal(opened.editing.layer, second)
    assert [one.name for one in opened.document.reading.snapshots] == ["before", "after"]


def test_a_menu_that_is_opened_again_leaves_nothing_behind(
    opened: Desk, made: Snapshots, menu: QMenu, qtbot: QtBot
) -> None:
    take(opened, qtbot, made, "one")
    left: list[int] = []
    for _ in range(5):
        made.fill(menu)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        left.append(len(menu.findChildren(QObject)))
    assert left == left[:1] * 5


def test_taking_and_deleting_can_be_undone(opened: Desk, made: Snapshots, menu: QMenu, qtbot: QtBot) -> None:
    take(opened, qtbot, made, "a & b")
    assert opened.editing.stack.undoText() == "snapshot a & b"
    choose(made, menu, "a && b", delete=True)
    assert entries(made, menu) == ["Take a snapshot…"]
    opened.editing.stack.undo()
    assert entries(made, menu)[0] == "Back to a && b"
    opened.editing.stack.undo()
    assert opened.document.reading.is_empty
    opened.editing.stack.redo()
    assert [one.name for one in opened.document.reading.snapshots] == ["a & b"]


def test_the_time_is_proposed_and_a_second_one_of_that_minute_is_numbered(
    opened: Desk, made: Snapshots, qtbot: QtBot
) -> None:
    now = datetime(2026, 11, 3, 9, 5)
    assert made.proposed(now) == "3 Nov 09:05"
    made.take("3 Nov 09:05")
    assert made.proposed(now) == "3 Nov 09:05 (2)"
    qtbot.keyClick(opened, Qt.Key.Key_T, CTRL)
    assert made.box.isVisible()
    proposed = made.box.name.text()
    qtbot.keyClick(made.box.name, Qt.Key.Key_Return)
    assert opened.document.reading.snapshots[-1].name == proposed


def test_a_name_that_cannot_be_is_said_in_the_box(opened: Desk, made: Snapshots, qtbot: QtBot) -> None:
    take(opened, qtbot, made, "same")
    take(opened, qtbot, made, "same")
    assert made.box.isVisible()
    assert made.box.wrong.text() == "There is a snapshot same already; choose another name."
    qtbot.keyClick(made.box.name, Qt.Key.Key_Escape)
    assert not made.box.isVisible()
    assert opened.canvas.hasFocus()
    assert len(opened.document.reading.snapshots) == 1


def test_to_work_elsewhere_drops_the_question(opened: Desk, made: Snapshots, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_T, CTRL)
    qtbot.mouseClick(opened.canvas, LEFT)
    opened.canvas.setFocus()
    assert not made.box.isVisible()
    assert not opened.document.reading.snapshots


def test_there_are_only_so_many_and_none_while_read_blind(
    opened: Desk, made: Snapshots, menu: QMenu, qtbot: QtBot
) -> None:
    action = opened.action("take_snapshot")
    for number in range(MOST):
        made.take(str(number))
    assert not action.isEnabled()
    assert action.toolTip() == f"There are {MOST} snapshots of this photograph; delete one first"
    opened.document.begin_blind()
    assert not action.isEnabled()
    assert action.toolTip() == "Not while you read blind"
    assert entries(made, menu) == ["Take a snapshot…"]
    opened.document.end_blind()
    assert len(opened.document.reading.snapshots) == MOST


def test_what_was_kept_is_offered_and_a_damaged_one_is_said(
    desk: Desk, photo: SkinImage, made: Snapshots, menu: QMenu
) -> None:
    layer = np.zeros((photo.height, photo.width), np.int8)
    kept = Reading(snapshots=(DAMAGED, *added((), "whole", layer)))
    desk.open(replace(photo, sha256="3" * 64), Kept(kept))
    assert entries(made, menu)[:2] == ["Back to whole", "Back to torn"]
    choose(made, menu, "torn")
    assert desk.failures[-1].startswith("Snapshot torn: ")
    assert not desk.editing.is_corrected
