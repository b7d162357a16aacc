"""The frame about the photograph: menus and shortcuts, help, the first start and failures."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget, QTextBrowser

from diffseg_gui.actions import MENUS, build, keys
from diffseg_gui.canvas import Canvas
from diffseg_gui.commands import COMMANDS
from diffseg_gui.dialogs import LIBRARIES, shortcut_sheet
from diffseg_gui.views import CONSISTENCY, PHOTOGRAPH
from engine import __version__
from tests.gui.conftest import dialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

# Menus and shortcuts


def test_every_command_has_a_menu_a_tip_and_a_handler(bench: Workbench) -> None:
    for command in COMMANDS:
        action = bench.window.actions_by_name[command.name]
        assert command.menu.split("/")[0] in MENUS
        assert command.tip
        assert action.toolTip()
        assert callable(attrgetter(command.handler)(bench.window)), command.handler
    titles = [action.text().replace("&", "") for action in bench.window.menuBar().actions()]
    assert titles == [menu for menu in MENUS if menu in titles]
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_no_shortcut_is_used_twice() -> None:
    used = Counter(k.toString() for c in COMMANDS if c.shortcut for k in QKeySequence.listFromString(c.shortcut))
    assert used["Ctrl+O"] == 1
    assert [key for key, times in used.items() if times > 1] == []


def test_the_sheet_lists_every_shortcut(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.window, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    labels = [label.text() for label in sheet.findChildren(QLabel)]
    for command in COMMANDS:
        if command.shortcut:
            assert keys(command) in labels
            assert command.text.replace("&", "") in labels
    sheet.close()


def test_the_sheet_is_made_from_the_table(qtbot: QtBot) -> None:
    sheet = shortcut_sheet(COMMANDS[:1])
    qtbot.addWidget(sheet)
    labels = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Ctrl+O" in labels
    assert "Ctrl+E" not in labels


def test_a_number_being_typed_triggers_no_shortcut(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    for typing in (window.threshold.delta.box, window.noise.seed, window.noise.range):
        typing.setFocus()
        assert QApplication.focusWidget() is typing
        for key in (Qt.Key.Key_2, Qt.Key.Key_O, Qt.Key.Key_B, Qt.Key.Key_F, Qt.Key.Key_N):
            qtbot.keyClick(typing, key)
        assert window.view == PHOTOGRAPH
        assert window.scenes.overlay == "contour"
        assert window.scenes.band
    window.stage.canvas.setFocus()
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_2)
    assert window.view == CONSISTENCY, "the same key elsewhere"


def test_a_second_table_can_be_built(bench: Workbench) -> None:
    """Rows of any order come in the order of the menus; submenus stand where their first row does."""
    actions, menus = build(bench.window, reversed(COMMANDS))
    assert set(actions) == {command.name for command in COMMANDS}
    assert {"View/Pa&nels", "View/&Theme", "Analysis/&Device"} <= set(menus)
    for action in actions.values():
        action.deleteLater()


# Help


def test_about_has_tabs_and_opens_no_link(analysed: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(analysed.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    about = dialog(qtbot)
    tabs = about.findChild(QTabWidget)
    pages = {tabs.tabText(n): tabs.widget(n) for n in range(tabs.count())}
    assert list(pages) == ["About", "Model", "Licence", "Libraries"]
    texts = {name: page.toPlainText() for name, page in pages.items()}
    assert __version__ in texts["About"]
    assert "Not a medical device" in texts["About"]
    assert "Known failures" in texts["Model"]
    assert "#" not in texts["Model"].splitlines()[0], "rendered, not the Markdown itself"
    assert "Permission is hereby granted" in texts["Licence"]
    assert all(name in texts["Libraries"] for name in LIBRARIES)
    assert "BSD" in texts["Libraries"]
    assert not any(page.openLinks() or page.openExternalLinks() for page in about.findChildren(QTextBrowser))
    about.close()


# Names and focus


def test_canvases_and_sliders_have_names(analysed: Workbench) -> None:
    window = analysed.window
    seen = [canvas for canvas in window.findChildren(Canvas) if canvas.isVisible()]
    assert len(seen) > 10
    assert all(canvas.accessibleName() for canvas in seen)
    assert all(row.slider.accessibleName() for row in (window.threshold.delta, *window.crf.rows.values()))
    assert "refined border" in window.stage.legend.accessibleName()


def test_the_focus_is_visible_on_the_canvas(analysed: Workbench) -> None:
    canvas = analysed.window.stage.canvas
    analysed.window.threshold.delta.box.setFocus()
    without = canvas.grab().toImage()
    canvas.setFocus()
    assert canvas.grab().toImage() != without
