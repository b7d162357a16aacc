"""All commands of the program: in menus, with keys that are used once, and listed in its help; names for all to see."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from diffseg_gui.feature import MENUS, keys_of
from diffseg_gui.features.settings import Settings
from diffseg_gui.look.slider import SliderRow
from diffseg_gui.view.canvas import Canvas
from tests.gui.conftest import dialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def test_every_command_has_a_menu_a_tip_and_keys_of_its_own(bench: Workbench, qtbot: QtBot) -> None:
    commands = bench.window.commands.commands
    assert len(commands) > 70
    assert len({command.name for command in commands}) == len(commands)
    for command in commands:
        assert command.menu.split("/")[0] in MENUS
        assert command.tip
        assert bench.window.actions_by_name[command.name].toolTip()
    assert [action.text().replace("&", "") for action in bench.window.menuBar().actions()] == list(MENUS)
    keys = Counter(key.toString() for c in commands if c.shortcut for key in QKeySequence.listFromString(c.shortcut))
    assert keys["Ctrl+O"] == 1
    assert [key for key, times in keys.items() if times > 1] == []
    qtbot.keyClick(bench.window, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    labels = {label.text() for label in sheet.findChildren(QLabel)}
    for command in commands:
        if command.shortcut:
            assert {keys_of(command), command.text.replace("&", "")} <= labels
    sheet.close()


def test_the_tool_bar_holds_what_is_used_most(bench: Workbench) -> None:
    names = ["|" if action.isSeparator() else action.objectName() for action in bench.window.tools.actions()]
    assert " ".join(filter(None, names)) == (
        "open export | run | undo redo brush eraser lasso polygon edge_lasso scribble_lesion drag_border | "
        "contour fill off band | zoom_out zoom_in fit actual | ruler"
    )


def test_canvases_and_sliders_have_names_and_the_focus_is_seen(analysed: Workbench) -> None:
    seen = [canvas for canvas in analysed.window.findChildren(Canvas) if canvas.isVisible()]
    assert len(seen) > 10
    assert all(canvas.accessibleName() for canvas in seen)
    rows = analysed.feature(Settings).panel.card.findChildren(SliderRow)
    assert len(rows) == 12
    assert all(row.slider.accessibleName() for row in rows)
    assert "refined border" in analysed.stage.legend.accessibleName()
    canvas = analysed.stage.canvas
    rows[0].box.setFocus()
    without = canvas.grab().toImage()
    canvas.setFocus()
    assert canvas.grab().toImage() != without
