"""Where the panels stand: hidden and brought back, remembered, and on screens of every size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QTabBar

from diffseg_gui.layout import PANELS, Panel
from diffseg_gui.window import FRAME, SIZE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton
WIDE, LAPTOP, ENLARGED = (1440, 880), (1366, 768), (911, 512)  # the last: a laptop's screen at 150 %
SHORT = ((911, 433), (960, 461), (1440, 433))  # that less task bar and title bar; a larger one at 200 %; a strip
SMALL = (780, 700)  # fits the tests' screen
SENTENCE = "/photographs/of/somebody/taken/on/a/day/in/November/IMG_2048.jpg does not exist; choose another photograph."


def settle(bench: Workbench, size: tuple[int, int]) -> None:
    """Give the window a size and its panels their default places in it."""
    bench.window.resize(*size)
    bench.window.docks.arrange()
    QApplication.processEvents()


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
    settle(first, SMALL)
    first.window.docks.filmstrip.hide()
    first.window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, first.window.docks.readout)
    qtbot.mouseClick(first.window.crf.fold, LEFT)
    first.window.close()
    second = make_bench(model_path).window
    assert not second.docks.filmstrip.isVisible()
    assert not second.actions_by_name["panel_filmstrip"].isChecked()
    assert second.docks.maps.isVisible()
    assert second.dockWidgetArea(second.docks.readout) == Qt.DockWidgetArea.BottomDockWidgetArea
    assert not second.crf.content.isVisible()
    assert second.threshold.content.isVisible()


@pytest.mark.parametrize("width", [1440, 1160])
def test_a_layout_of_a_wide_screen_does_not_hang_off_a_small_one(
    make_bench: Callable[[Path], Workbench], model_path: Path, width: int
) -> None:
    """1160: two columns, in a window that was made narrow by hand."""
    first = make_bench(model_path)
    settle(first, WIDE)
    first.window.resize(width, 880)
    QApplication.processEvents()
    first.window.close()
    second = make_bench(model_path).window
    QApplication.processEvents()
    assert second.screen().availableGeometry().width() < 1000, "of the tests' screen"
    assert second.width() < 1000
    assert second.dockWidgetArea(second.docks.maps) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert all(dock.isVisible() for dock in second.docks.all.values())


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
    assert [bar.count() for bar in shown] == [8], "with the filmstrip, as it is low, too"


def test_the_right_column_is_shared_out_alike_each_time(bench: Workbench) -> None:
    maps, review = (bench.window.docks.all[name] for name in ("maps", "review"))
    for _ in range(2):
        settle(bench, WIDE)
        assert maps.height() / review.height() == pytest.approx(maps.panel.height / review.panel.height, rel=0.1)


def test_the_foot_of_the_window_is_on_a_small_screen(bench: Workbench) -> None:
    """The system puts a frame about the window."""
    room = bench.window.screen().availableGeometry()
    assert room.height() < SIZE[1], "of the tests' screen"
    assert bench.window.height() + FRAME[1] <= room.height()
    assert bench.window.pos() == room.topLeft()


@pytest.mark.parametrize("size", [WIDE, LAPTOP, ENLARGED, *SHORT])
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
    assert window.stage.canvas.height() > (0.55 if size[1] < 600 else 0.5) * window.height()


@pytest.mark.parametrize("size", SHORT)
def test_a_low_window_gives_its_height_to_the_photograph(
    analysed: Workbench, size: tuple[int, int], qtbot: QtBot
) -> None:
    settle(analysed, size)
    window, banner = analysed.window, analysed.window.stage.banner
    canvas, filmstrip = window.stage.canvas, window.docks.filmstrip
    before = canvas.size()
    window.show_failure(SENTENCE, again=True)
    QApplication.processEvents()
    assert canvas.size() == before, "what went wrong is told over it"
    assert before.height() > 0.55 * window.height()
    assert banner.geometry().topLeft() == canvas.geometry().topLeft()
    assert banner.width() == canvas.width()
    assert banner.height() == banner.layout().totalHeightForWidth(banner.width()) < before.height() / 2
    qtbot.mouseClick(banner.dismiss, LEFT)
    assert filmstrip.visibleRegion().isEmpty()
    qtbot.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not filmstrip.visibleRegion().isEmpty())
    assert canvas.size() == before
    frames = [frame.canvas for frame in window.filmstrip.frames.values()]
    assert all(frame.visibleRegion().boundingRect() == frame.rect() for frame in frames), "in rows, none out of sight"


def test_the_banner_lies_over_whichever_view_is_large(analysed: Workbench) -> None:
    window, banner = analysed.window, analysed.window.stage.banner
    settle(analysed, WIDE)
    window.grab()  # sizes hidden views, too
    window.show_failure(SENTENCE)
    for view in (window.explain.view, window.stage.canvas):
        window.explain.compare(view is window.explain.view)
        QApplication.processEvents()
        assert view.isVisible()
        assert banner.geometry().topLeft() == view.geometry().topLeft()
        assert banner.width() == view.width()
        assert banner.visibleRegion().boundingRect() == banner.rect()
    window.actions_by_name["blind"].trigger()
    QApplication.processEvents()
    assert not banner.geometry().intersects(window.blind.strip.geometry())
    window.actions_by_name["blind"].trigger()
