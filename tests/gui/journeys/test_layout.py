"""The program's own panels on screens of every size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from diffseg_gui.app.window import FRAME, SIZE
from diffseg_gui.features.filmstrip import Filmstrip
from diffseg_gui.features.pair import PairFeature
from diffseg_gui.features.settings import Settings
from diffseg_gui.look.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.photograph.image import SkinImage

pytestmark = pytest.mark.slow  # together they take long
LEFT = Qt.MouseButton.LeftButton
WIDE, LAPTOP, ENLARGED = (1440, 880), (1366, 768), (911, 512)  # the last: a laptop's screen at 150 %
SHORT = ((911, 433), (960, 461), (1440, 433))  # that less task bar and title bar; a larger one at 200 %; a strip
SENTENCE = "/photographs/of/somebody/taken/on/a/day/in/November/IMG_2048.jpg does not exist; choose another photograph."


def settle(bench: Workbench, size: tuple[int, int]) -> None:
    """Give the window a size and its panels their default places in it."""
    for _ in range(2):  # a window can be narrow only once it has one column
        bench.window.resize(*size)
        bench.window.docks.arrange()
        QApplication.processEvents()


def tabs(bench: Workbench) -> list[int]:
    """How many tabs each tab bar in view has."""
    bars = [bar for bar in bench.window.findChildren(QTabBar) if bar.isVisible()]
    return [bar.count() for bar in bars if bench.window.rect().intersects(bar.geometry())]


def test_tabs_are_not_clipped_in_a_window_that_was_made_smaller(bench: Workbench) -> None:
    settle(bench, WIDE)
    for size in ((1000, 700), WIDE):
        bench.window.resize(*size)  # as narrow as it goes
        QApplication.processEvents()
        (bar,) = [
            bar
            for bar in bench.window.findChildren(QTabBar)
            if bar.isVisible() and bench.window.rect().intersects(bar.geometry())
        ]
        assert bar.count() == 6
        for tab in range(bar.count()):
            assert bar.rect().contains(bar.tabRect(tab)), bar.tabText(tab)


def test_the_first_start_has_room_on_small_screens(bench: Workbench) -> None:
    room = bench.window.screen().availableGeometry()
    assert room.height() < SIZE[1], "of the tests' screen"
    assert bench.window.height() + FRAME[1] <= room.height(), "the system puts a frame about the window"
    assert bench.window.pos() == room.topLeft()
    settle(bench, ENLARGED)
    welcome = bench.stage.welcome
    assert bench.window.size().toTuple() == ENLARGED
    for part in (one for one in welcome.findChildren(QWidget) if one.isVisible()):
        assert welcome.rect().contains(part.geometry())
        assert part.height() >= part.minimumSizeHint().height(), part
    assert bench.stage.canvas.rect().contains(welcome.geometry())
    assert tabs(bench) == [9], "with the filmstrip, as it is low, too"
    settle(bench, WIDE)
    assert tabs(bench) == [6]
    docks = bench.window.docks.all
    assert docks["settings"].panel.card.title.isVisible()
    heights = [docks[name].height() for name in ("maps", "review")]
    wanted = [docks[name].panel.height for name in ("maps", "review")]
    assert heights[0] / heights[1] == pytest.approx(wanted[0] / wanted[1], rel=0.1)


def test_a_layout_of_a_wide_screen_does_not_hang_off_a_small_one(
    make_bench: Callable[[Path], Workbench], model_path: Path
) -> None:
    """Nor does one of two columns, in a window that was made narrow by hand."""
    for width in (1440, 1160):
        first = make_bench(model_path)
        settle(first, WIDE)
        first.window.resize(width, 880)
        QApplication.processEvents()
        first.window.close()
        second = make_bench(model_path).window
        QApplication.processEvents()
        assert second.screen().availableGeometry().width() < 1000, "of the tests' screen"
        assert second.width() < 1000
        assert second.dockWidgetArea(second.docks.all["maps"]) == Qt.DockWidgetArea.LeftDockWidgetArea
        assert all(dock.isVisible() for dock in second.docks.all.values())


def test_nothing_is_cut_off(analysed: Workbench) -> None:
    for size in (WIDE, LAPTOP, ENLARGED, *SHORT):
        settle(analysed, size)
        window, stage, tools = analysed.window, analysed.stage, analysed.window.tools
        assert window.size().toTuple() == size, "the panels do not widen the window"
        shown = [dock for dock in window.docks.all.values() if not dock.visibleRegion().isEmpty()]
        parts = [*shown, stage, tools]
        for number, part in enumerate(parts):
            assert window.rect().contains(part.geometry()), (size, part)
            assert not any(part.geometry().intersects(other.geometry()) for other in parts[:number]), (size, part)
        for tab in stage.tabs.values():
            assert stage.rect().contains(tab.geometry().translated(stage.header.pos())), (size, tab.text())
        assert tools.work.chip.isVisible(), "the tool bar has room for its last part"
        assert tools.work.chip.mapTo(window, tools.work.chip.rect().bottomRight()).x() < window.width()
        settings = analysed.feature(Settings).panel.card
        assert settings.width() >= settings.minimumSizeHint().width(), "no setting is wider than its column"
        assert stage.canvas.height() > (0.55 if size[1] < 600 else 0.5) * window.height(), size


@pytest.mark.parametrize("name", THEMES)
def test_progress_and_cancel_are_there_at_every_width(bench: Workbench, photo: SkinImage, name: str) -> None:
    """Also between the widths at which the window changes its form, and whatever there is to tell."""
    bench.document.requested.disconnect(bench.analyst.request)  # so that the request stays under way
    bench.window.actions_by_name[f"theme_{name}"].trigger()
    bench.document.receive_photograph(photo)
    window, work = bench.window, bench.window.tools.work
    for width in (900, 1000, 1100, 1179, 1180, 1200, 1230, 1264, 1280, 1290, 1300, 1440, 1600):
        window.resize(width, 720)
        bench.document.run_again()
        QApplication.processEvents()
        assert window.width() == width
        for part in (work.bar, work.cancel):
            assert part.isVisible(), width
            assert part.visibleRegion().boundingRect() == part.rect(), width
            assert part.width() >= part.minimumSizeHint().width(), width
        assert work.bar.format() == "Starting"
        work.cancel.click()
        QApplication.processEvents()
        assert work.chip.isVisible()
        assert work.chip.text().startswith("Cancelled")
        assert work.chip.width() >= work.chip.sizeHint().width(), "no empty sliver"
        assert work.chip.visibleRegion().boundingRect() == work.chip.rect()
    bench.window.actions_by_name["theme_system"].trigger()


def test_a_low_window_gives_its_height_to_the_photograph(analysed: Workbench, qtbot: QtBot) -> None:
    window, banner, canvas = analysed.window, analysed.stage.banner, analysed.stage.canvas
    strip = window.docks.all["filmstrip"]
    for size in SHORT:
        settle(analysed, size)
        before = canvas.size()
        analysed.messages.failed_analysis(SENTENCE)
        QApplication.processEvents()
        assert canvas.size() == before, "what went wrong is told over it"
        assert before.height() > 0.55 * window.height()
        assert banner.geometry().topLeft() == canvas.geometry().topLeft()
        assert banner.width() == canvas.width()
        assert banner.height() == banner.layout().totalHeightForWidth(banner.width()) < before.height() / 2
        qtbot.mouseClick(banner.dismiss, LEFT)
        assert strip.visibleRegion().isEmpty()
        qtbot.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: not strip.visibleRegion().isEmpty())
        assert canvas.size() == before
        frames = [frame.canvas for frame in analysed.feature(Filmstrip).card.frames.values()]
        assert all(frame.visibleRegion().boundingRect() == frame.rect() for frame in frames), "none out of sight"


def test_the_banner_lies_over_whichever_view_is_large(analysed: Workbench) -> None:
    window, banner, pair = analysed.window, analysed.stage.banner, analysed.feature(PairFeature).large
    assert pair is not None
    settle(analysed, WIDE)
    window.grab()  # sizes hidden views, too
    analysed.messages.failure(SENTENCE)
    for name, view in (pair, ("", analysed.stage.canvas)):
        analysed.display.show_large(name)
        QApplication.processEvents()
        assert view.isVisible()
        assert banner.geometry().topLeft() == view.geometry().topLeft()
        assert banner.width() == view.width()
        assert banner.visibleRegion().boundingRect() == banner.rect()
    window.actions_by_name["blind"].trigger()
    QApplication.processEvents()
    heads = [feature.head for feature in analysed.features if feature.head is not None]
    assert any(head.isVisible() for head in heads)
    assert not any(banner.geometry().intersects(head.geometry()) for head in heads if head.isVisible())
    window.actions_by_name["blind"].trigger()


@pytest.mark.parametrize("way", ["key", "button", "escape"])
def test_the_comparison_leaves_the_tabs_as_they_are(analysed: Workbench, qtbot: QtBot, way: str) -> None:
    """It hides while it has the keyboard, and so does the photograph when it opens; no panel behind a tab takes it."""
    window, pair, docks = analysed.window, analysed.feature(PairFeature), analysed.window.docks.all
    settle(analysed, SHORT[0])
    docks["maps"].show_or_hide(True)
    in_front = {name for name, dock in docks.items() if not dock.visibleRegion().isEmpty()}
    canvas, view = analysed.stage.canvas, pair.view
    canvas.setFocus()
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert view.canvases[0].hasFocus()
        if way == "button":
            qtbot.mouseClick(view.leave, LEFT)
        else:
            modifier = Qt.KeyboardModifier.ControlModifier if way == "key" else Qt.KeyboardModifier.NoModifier
            qtbot.keyClick(view.canvases[0], Qt.Key.Key_D if way == "key" else Qt.Key.Key_Escape, modifier)
        QApplication.processEvents()
        assert pair.pair is None
        assert canvas.hasFocus()
        assert {name for name, dock in docks.items() if not dock.visibleRegion().isEmpty()} == in_front
        assert window.size().toTuple() == SHORT[0], "nor is the window moved"
