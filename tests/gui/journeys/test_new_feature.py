"""A feature needs nothing but its class and a place in the list: all that it offers finds its own place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from diffseg_gui.app.workbench import Workbench
from tests.gui.app.made_up import Tally
from tests.gui.conftest import dialog, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.feature import Feature

LEFT = Qt.MouseButton.LeftButton


class Extended(Workbench):
    """The workbench with one feature more."""

    def _features(self) -> tuple[Feature, ...]:
        return (*super()._features(), Tally())


def test_a_new_feature_finds_its_place(
    make_bench: Callable[..., Workbench], model_path: Path, photo_path: Path, qtbot: QtBot
) -> None:
    bench = make_bench(model_path, kind=Extended)
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    window, tally = bench.window, bench.feature(Tally)

    window.resize(1440, 880)
    window.docks.arrange()
    dock, switch = window.docks.all["tally"], window.actions_by_name["panel_tally"]
    assert dock.isAncestorOf(tally.button)
    qtbot.waitUntil(tally.button.isVisible)
    for shown in (False, True):
        qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
        assert (dock.isVisible(), switch.isChecked()) == (shown, shown)

    menus = {action.text(): action.menu() for action in window.menuBar().actions()}
    measure, view = menus["&Measure"], menus["&View"]
    assert "C&ount the 1." in [action.text() for action in measure.actions()]
    submenu = next(action.menu() for action in view.actions() if action.text() == "&Tallies")
    assert [action.text() for action in submenu.actions()] == ["Loc&k"]

    count = window.tools.widgetForAction(window.actions_by_name["tally"])
    assert [action.objectName() for action in window.tools.actions()][:4] == ["open", "export", "tally", ""]
    qtbot.mouseClick(count, LEFT)
    qtbot.mouseClick(tally.button, LEFT)
    qtbot.keyClick(window, Qt.Key.Key_8)
    assert tally.count == 3
    assert (tally.status.text(), tally.status.isVisible()) == ("3 counted", True)
    assert window.statusBar().isAncestorOf(tally.status)
    submenu.aboutToShow.emit()
    assert submenu.title() == "&Tallies (3)"

    window.actions_by_name["tally_lock"].trigger()
    assert not tally.button.isEnabled()
    assert tally.button.toolTip() == "Unlock the tally first"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert tally.button.isEnabled()

    assert tally.frame in bench.scenes.scene("photograph").curves
    assert "frame of the tally" in bench.stage.legend.names()
    bench.display.set_overlay("off")
    assert bench.stage.legend.names() == ()

    assert tally.head.isVisible()
    assert tally.head.y() < bench.stage.canvas.y()
    bench.display.show_large("tallies")
    assert (tally.page.isVisible(), bench.stage.canvas.isVisible()) == (True, False)

    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    assert "Ctrl+8" in [label.text() for label in sheet.findChildren(QLabel)]
    sheet.close()
    bench.document.begin_blind()
    assert bench.scenes.scene("photograph").curves == (), "it has not said that it tells nothing of the model"
    assert not tally.button.isVisible()
    bench.document.end_blind()
    window.close()
    QApplication.processEvents()
    assert tally.closed
