"""The clinical view: the photograph first, one column beside it, and few steps from opening to export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from diffseg_gui.arrangement import CHECK, CLINICAL, KEY, MEASURE, STEPS
from diffseg_gui.features.guide import Guide
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.review import Review
from tests.gui.conftest import PATIENCE, dialog, wait_until_current
from tests.gui.desk import result

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.preferences import Preferences
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

pytestmark = pytest.mark.slow

LEFT, SHIFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
DESK = (1440, 900)
SIZES = (DESK, (2560, 1440), (1366, 768), (1180, 720), (960, 540), (911, 512), (911, 433))


@pytest.fixture
def clinic(make_bench: Callable[[Path], Workbench], preferences: Preferences, model_path: Path) -> Workbench:
    """An empty workbench, as a new user sees it."""
    preferences.set(KEY, "")
    return make_bench(model_path)


def resize(bench: Workbench, size: tuple[int, int]) -> None:
    """Give the window a size."""
    bench.window.resize(*size)
    bench.window.docks.arrange()
    QApplication.processEvents()


def column(bench: Workbench) -> QWidget:
    """The one at the right."""
    return bench.window.docks.column


def share(bench: Workbench) -> float:
    """The part of the window's area that the photograph has."""
    canvas, window = bench.stage.canvas, bench.window
    seen = canvas.visibleRegion().boundingRect()
    return seen.width() * seen.height() / (window.width() * window.height())


def in_window(bench: Workbench, part: QWidget) -> bool:
    """Whether all of a part is to be seen."""
    place = part.mapTo(bench.window, QPoint(0, 0))
    return bench.window.rect().contains(part.rect().translated(place)) and part.visibleRegion().boundingRect() == (
        part.rect()
    )


@pytest.mark.parametrize("number", [1, 2])
def test_the_photograph_has_most_of_the_window(
    clinic: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot, number: int
) -> None:
    clinic.series.begin([photo_path, other_path][:number])
    wait_until_current(clinic, qtbot)
    assert clinic.series.strip.isVisible() == (number > 1)
    resize(clinic, DESK)
    assert clinic.window.size().toTuple() == DESK
    for step in STEPS:
        clinic.arrangement.go(step)
        QApplication.processEvents()
        assert share(clinic) >= 0.58, step
        assert 300 <= column(clinic).width() <= 320
    before = share(clinic)
    qtbot.keyClick(clinic.window, Qt.Key.Key_F9)
    QApplication.processEvents()
    assert not column(clinic).isVisible()
    assert share(clinic) > before + 0.12
    assert clinic.stage.isAncestorOf(clinic.stage.legend), "what the lines mean is told still"
    qtbot.keyClick(clinic.window, Qt.Key.Key_F9)
    assert column(clinic).isAncestorOf(clinic.stage.legend)


def test_from_opening_to_export_in_six_actions(
    clinic: Workbench, photo: SkinImage, evidence: Evidence, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """On a clear lesion: two open it, four come after. Each dialog counts as one."""
    monkeypatch.setenv("HOME", str(tmp_path))  # whose documents are proposed for the files
    clinic.document.requested.disconnect(clinic.analyst.request)  # the result is made here
    resize(clinic, DESK)
    answered: list[str] = []
    clicked: list[str] = []
    chosen = ([str(photo.path)], "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: answered.append("open") or chosen)
    guide = clinic.feature(Guide)

    def press() -> None:
        clicked.append(guide.footer.main.accessibleName())
        qtbot.mouseClick(guide.footer.main, LEFT)

    press()
    assert answered == ["open"]
    clinic.document.receive_photograph(photo)
    maps = [evidence.difference[4 + number % 2] for number in range(len(evidence.timesteps))]
    clear = replace(evidence, difference=np.stack(maps))
    clinic.document.receive_result(result(photo, clear, clinic.document.recipe))
    assert len(clinic.feature(Review).regions) > 0
    while clicked[-1] != "Export":
        assert len(clicked) < 6
        press()
    qtbot.keyClick(dialog(qtbot), Qt.Key.Key_Return)
    answered.append("export")
    qtbot.waitUntil(lambda: guide.state.exported, timeout=PATIENCE)
    assert clinic.export.done.isVisible()
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    assert documents.is_relative_to(tmp_path)
    assert (documents / "DiffSeg" / photo.path.stem / "result.json").is_file()
    assert clicked == ["Open a photograph…", "Accept all and go on", "Go on to Export", "Export"]
    assert len(clicked) + len(answered) == 6
    assert guide.footer.main.accessibleName() == "Next photograph"


def test_progress_and_cancel_are_there_at_every_width(clinic: Workbench, photo: SkinImage) -> None:
    clinic.document.requested.disconnect(clinic.analyst.request)  # so that the request stays under way
    clinic.document.receive_photograph(photo)
    work = clinic.window.line.work
    for width in (911, 1000, 1179, 1180, 1280, 1440, 1600):
        resize(clinic, (width, 720))
        clinic.document.run_again()
        QApplication.processEvents()
        assert clinic.window.width() == width
        for part in (work.bar, work.cancel):
            assert in_window(clinic, part), width
            assert part.width() >= part.minimumSizeHint().width(), width
        work.cancel.click()
        QApplication.processEvents()
        assert in_window(clinic, work.chip)


def test_nothing_is_cut_off(clinic: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    clinic.series.begin([photo_path])
    wait_until_current(clinic, qtbot)
    window, guide = clinic.window, clinic.feature(Guide)
    for size in SIZES:
        for step in STEPS:
            clinic.arrangement.go(step)
            resize(clinic, size)
            assert window.size().toTuple() == size, "the column does not widen the window"
            fixed = (*guide.bar.buttons.values(), guide.footer.main, clinic.stage.legend, *clinic.stage.tabs.values())
            for part in (*fixed, window.line.work, *window.switch.findChildren(QWidget)):
                assert in_window(clinic, part), (size, step, part)
            if size[1] >= 600:
                assert all(in_window(clinic, button) for button in window.rail.buttons.values()), size
            for holder in window.docks.column.holders.values():
                if holder.isVisible():
                    assert holder.width() >= holder.minimumSizeHint().width(), (size, holder.panel.name)
                    assert holder.width() <= holder.parentWidget().width()
            assert clinic.stage.canvas.height() > 0.55 * window.height(), size


def test_the_research_view_is_as_it_was(clinic: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    clinic.series.begin([photo_path])
    wait_until_current(clinic, qtbot)
    window, measures = clinic.window, clinic.feature(Measures)
    resize(clinic, DESK)
    assert window.docks.all["filmstrip"].isHidden()
    assert not window.tools.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F7, SHIFT)
    QApplication.processEvents()
    assert window.size().toTuple() == DESK
    assert clinic.feature(Review)._looked_at
    assert all(dock.isVisible() for dock in window.docks.all.values())
    assert window.tools.isVisible()
    assert not any(part.isVisible() for part in (window.line, window.rail, column(clinic)))
    assert clinic.stage.isAncestorOf(clinic.stage.header)
    assert clinic.stage.tabs["consistency"].text() == "Consistency"
    assert clinic.stage.legend.isVisible()
    review = window.docks.all["review"]
    assert review.isAncestorOf(clinic.feature(Review).card)
    assert review.titleBarWidget() is clinic.feature(Review).card.header
    window.docks.all["measures"].show_or_hide(True)
    qtbot.waitUntil(lambda: bool(measures.card.values["area"].text()), timeout=PATIENCE)
    window.docks.all["maps"].hide()
    qtbot.keyClick(window, Qt.Key.Key_F7)
    QApplication.processEvents()
    assert column(clinic).isAncestorOf(measures.card)
    assert window.size().toTuple() == DESK
    assert clinic.feature(Review)._looked_at
    assert clinic.arrangement.name == CLINICAL
    qtbot.keyClick(window, Qt.Key.Key_F7, SHIFT)
    QApplication.processEvents()
    assert window.docks.all["maps"].isHidden(), "its layout is remembered"


def test_a_panel_of_a_step_comes_with_its_step_and_others_beside(
    clinic: Workbench, photo_path: Path, qtbot: QtBot
) -> None:
    clinic.series.begin([photo_path])
    wait_until_current(clinic, qtbot)
    resize(clinic, DESK)
    window = clinic.window
    number = {name: Qt.Key(Qt.Key.Key_1 + place) for place, name in enumerate(window.docks.all)}
    qtbot.keyClick(window, Qt.Key.Key_F9)
    qtbot.keyClick(window, number["measures"], ALT)
    QApplication.processEvents()
    assert clinic.arrangement.step == MEASURE
    assert clinic.feature(Measures).card.isVisible()
    assert clinic.feature(Measures)._looked_at
    assert window.actions_by_name["panel_measures"].isChecked()
    qtbot.keyClick(window, number["maps"], ALT)
    QApplication.processEvents()
    maps = window.docks.all["maps"]
    assert maps.isVisible()
    assert maps.x() < clinic.stage.x()
    qtbot.keyClick(window, number["maps"], ALT)
    assert maps.isHidden()


def test_all_is_reached_by_keys(clinic: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    clinic.series.begin([photo_path])
    wait_until_current(clinic, qtbot)
    resize(clinic, DESK)
    guide = clinic.feature(Guide)
    clinic.stage.canvas.setFocus()
    seen: list[QWidget] = []
    for _ in range(120):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
        if seen[-1] is clinic.stage.canvas:
            break
    assert seen[-1] is clinic.stage.canvas, "it leads around"
    wanted = {*guide.bar.buttons.values(), guide.footer.main, guide.footer.other, clinic.feature(Review).card.list}
    assert wanted <= set(seen)
    assert clinic.stage.tabs["photograph"] in seen, "and from there the arrows"


def test_the_column_is_covered_while_read_blind(clinic: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    clinic.series.begin([photo_path])
    wait_until_current(clinic, qtbot)
    resize(clinic, DESK)
    window, card = clinic.window, clinic.feature(Review).card
    assert card.isVisible()
    window.actions_by_name["blind"].trigger()
    for step in STEPS:
        clinic.arrangement.go(step)
        assert not any(holder.isVisible() for holder in window.docks.column.holders.values())
    assert clinic.feature(Guide).footer.main.text().startswith("Reveal")
    qtbot.keyClick(window, Qt.Key.Key_F7, SHIFT)
    QApplication.processEvents()
    assert not card.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F7)
    clinic.arrangement.go(CHECK)
    window.actions_by_name["blind"].trigger()
    QApplication.processEvents()
    assert card.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog(qtbot).close()
