"""The frame about the photograph: panels, menus and shortcuts, help, the first start and failures."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QTabWidget, QTextBrowser

from diffseg_gui.actions import MENUS, build, keys
from diffseg_gui.canvas import Canvas
from diffseg_gui.commands import COMMANDS
from diffseg_gui.dialogs import LIBRARIES, shortcut_sheet
from diffseg_gui.layout import PANELS, Panel
from diffseg_gui.views import CONSISTENCY, PHOTOGRAPH
from diffseg_gui.window import FRAME, SIZE
from engine import __version__
from tests.gui.conftest import dialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton
WIDE, LAPTOP, ENLARGED = (1440, 880), (1366, 768), (911, 512)  # the last: a laptop's screen at 150 %


def settle(bench: Workbench, size: tuple[int, int]) -> None:
    """Give the window a size and its panels their default places in it."""
    bench.window.resize(*size)
    bench.window.docks.arrange()
    QApplication.processEvents()


# Panels


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panel_is_hidden_and_brought_back(bench: Workbench, panel: Panel, qtbot: QtBot) -> None:
    settle(bench, WIDE)
    dock, action = bench.window.docks.all[panel.name], bench.window.actions_by_name[f"panel_{panel.name}"]
    header = dock.titleBarWidget()
    assert not header.close_button.isVisible()
    nowhere = QPointF(0, 0)
    QApplication.sendEvent(header, QEnterEvent(nowhere, nowhere, nowhere))
    qtbot.mouseClick(header.close_button, LEFT)
    assert not dock.isVisible()
    assert not action.isChecked()
    action.trigger()
    assert dock.isVisible()
    assert action.isChecked()


def test_reset_layout_brings_all_back(bench: Workbench) -> None:
    window = bench.window
    settle(bench, WIDE)
    docks, width = window.docks.all.values(), window.docks.settings.width()
    places = [(window.dockWidgetArea(dock), dock.isFloating(), dock.isHidden()) for dock in docks]
    window.docks.readout.setFloating(True)
    window.docks.settings.hide()
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks.maps)
    window.actions_by_name["reset_layout"].trigger()
    QApplication.processEvents()
    assert [(window.dockWidgetArea(dock), dock.isFloating(), dock.isHidden()) for dock in docks] == places
    assert window.docks.settings.width() == width


def test_the_layout_is_remembered(make_bench: Callable[[Path], Workbench], model_path: Path, qtbot: QtBot) -> None:
    first = make_bench(model_path)
    settle(first, WIDE)
    first.window.docks.filmstrip.hide()
    first.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.window.docks.readout)
    qtbot.mouseClick(first.window.crf.fold, LEFT)
    first.window.close()
    second = make_bench(model_path).window
    assert not second.docks.filmstrip.isVisible()
    assert not second.actions_by_name["panel_filmstrip"].isChecked()
    assert second.docks.maps.isVisible()
    assert second.dockWidgetArea(second.docks.readout) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert not second.crf.content.isVisible()
    assert second.threshold.content.isVisible()


def test_a_layout_that_cannot_be_read_is_the_default_one(
    make_bench: Callable[[Path], Workbench], model_path: Path
) -> None:
    make_bench(model_path).window.preferences.set("layout", b"damaged")
    assert all(dock.isVisible() for dock in make_bench(model_path).window.docks.all.values())


def test_a_new_arrangement_leaves_nothing_of_the_old_one(bench: Workbench) -> None:
    window = bench.window
    for size in (WIDE, ENLARGED, ENLARGED, WIDE):  # a narrow window is so only once it has one column
        settle(bench, size)
    shown = [
        bar for bar in window.findChildren(QTabBar) if bar.isVisible() and window.rect().intersects(bar.geometry())
    ]
    assert [bar.count() for bar in shown] == [5]
    assert window.docks.settings.titleBarWidget().title.isVisible()
    settle(bench, ENLARGED)
    settle(bench, ENLARGED)
    shown = [
        bar for bar in window.findChildren(QTabBar) if bar.isVisible() and window.rect().intersects(bar.geometry())
    ]
    assert [bar.count() for bar in shown] == [7]


def test_the_foot_of_the_window_is_on_a_small_screen(bench: Workbench) -> None:
    """The system puts a frame about the window."""
    room = bench.window.screen().availableGeometry()
    assert room.height() < SIZE[1], "of the tests' screen"
    assert bench.window.height() + FRAME[1] <= room.height()
    assert bench.window.pos() == room.topLeft()


@pytest.mark.parametrize("size", [WIDE, LAPTOP, ENLARGED])
def test_nothing_is_cut_off(analysed: Workbench, size: tuple[int, int]) -> None:
    settle(analysed, size)
    window = analysed.window
    assert (window.width(), window.height()) == size, "the panels do not widen the window"
    shown = [dock for dock in window.docks.all.values() if not dock.visibleRegion().isEmpty()]
    parts = [*shown, window.stage, window.tools]
    for number, part in enumerate(parts):
        assert window.rect().contains(part.geometry())
        assert not any(part.geometry().intersects(other.geometry()) for other in parts[:number])
    for tab in window.stage.tabs.values():
        assert window.stage.rect().contains(tab.geometry().translated(window.stage.header.pos()))
    assert window.tools.chip.isVisible(), "the tool bar has room for its last part"
    assert window.tools.chip.mapTo(window, window.tools.chip.rect().bottomRight()).x() < window.width()
    content = window.settings
    assert content.width() >= content.minimumSizeHint().width(), "no setting is wider than its column"
    assert window.stage.canvas.height() > 0.3 * window.height()


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
