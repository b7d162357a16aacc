"""The stage: one view, large, its tabs, and what stands about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel

from diffseg_gui.features.border import Border
from diffseg_gui.view.tool import Tool
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH, PROBABILITY, REFINED, VIEWS
from engine.method.probability import Temperatures
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk


class Pointer(Tool):
    """A tool that does nothing."""


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Count."""
        self.times += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def bordered(opened: Desk) -> Desk:
    """A desk with something to explain below the photograph."""
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    opened.scenes.refresh()
    return opened


def chosen(desk: Desk) -> list[str]:
    """The tabs that are down."""
    return [key for key, tab in desk.stage.tabs.items() if tab.isChecked()]


def below(desk: Desk) -> dict[str, bool]:
    """What can be seen below the view."""
    stage = desk.stage
    parts = {"legend": stage.legend, "caption": stage.caption, **stage.bars}
    return {name: True for name, part in parts.items() if part.isVisible()}


def test_a_tab_shows_its_view_with_what_explains_it(bordered: Desk, qtbot: QtBot) -> None:
    stage = bordered.stage
    assert chosen(bordered) == [PHOTOGRAPH]
    assert below(bordered) == {"legend": True}
    for key, expected in ((CONSISTENCY, CONSISTENCY), (AMBIGUITY, AMBIGUITY), (REFINED, "legend")):
        qtbot.mouseClick(stage.tabs[key], LEFT)
        assert bordered.display.view == key
        assert chosen(bordered) == [key]
        assert below(bordered) == {expected: True}
        assert stage.canvas.scene.picture is bordered.scenes.scene(key).picture
        assert stage.canvas.accessibleName() == VIEWS[key].title
    qtbot.mouseClick(stage.tabs[REFINED], LEFT)
    assert chosen(bordered) == [REFINED], "a tab that is down stays so"
    qtbot.mouseDClick(stage.canvas, LEFT)
    assert chosen(bordered) == [PHOTOGRAPH]


def test_a_probability_is_told_what_it_means(bordered: Desk) -> None:
    found = bordered.document.results.segmentation
    bordered.document.receive_result(replace(found, softening=Temperatures((100,), (0.05,))))
    bordered.display.show(PROBABILITY)
    assert below(bordered) == {PROBABILITY: True, "caption": True}
    assert "8 of 10" in bordered.stage.caption.text()


def test_a_timesteps_mask_has_no_tab_but_a_name(bordered: Desk) -> None:
    bordered.display.show("t100")
    assert chosen(bordered) == []
    assert bordered.stage.note.text() == "Timestep 100"
    bordered.display.show(PHOTOGRAPH)
    assert bordered.stage.note.text() == ""


def test_a_tab_can_be_used_as_the_action_of_its_view_can(desk: Desk) -> None:
    for key, tab in desk.stage.tabs.items():
        action = desk.action(f"view_{key}")
        assert (tab.isEnabled(), tab.toolTip()) == (action.isEnabled(), action.toolTip())
    desk.action("view_refined").setEnabled(False)
    assert not desk.stage.tabs[REFINED].isEnabled()


def test_what_takes_the_views_place_gives_it_back(bordered: Desk, qtbot: QtBot) -> None:
    stage, display, instead = bordered.stage, bordered.display, QLabel("instead")
    stage.add_large("instead", instead)
    assert not instead.isVisible()

    def take() -> None:
        display.show_large("instead")
        assert instead.isVisible()
        assert not stage.canvas.isVisible()
        assert below(bordered) == {}

    take()
    stage.canvas.tool = Pointer()  # tools work on the large view
    assert (stage.canvas.isVisible(), instead.isVisible()) == (True, False)
    stage.canvas.tool = None
    take()
    qtbot.mouseClick(stage.tabs[CONSISTENCY], LEFT)
    assert (stage.canvas.isVisible(), instead.isVisible(), display.view) == (True, False, CONSISTENCY)


def test_a_line_above_the_view_is_above_it(opened: Desk) -> None:
    line = QLabel("a line")
    opened.stage.add_head(line)
    QApplication.processEvents()
    assert line.isVisible()
    assert line.geometry().bottom() < opened.canvas.geometry().top()


def test_it_greets_until_a_photograph_is_asked_for(desk: Desk, photo_path: Path) -> None:
    stage = desk.stage
    assert (stage.welcome.isVisible(), stage.canvas.hint) == (True, "")
    desk.document.open(photo_path)
    assert (stage.welcome.isVisible(), stage.canvas.hint) == (False, "Working…")
    desk.document.cancel()
    assert stage.welcome.isVisible()


def test_a_failure_lies_over_whichever_view_is_shown(opened: Desk, qtbot: QtBot) -> None:
    stage, instead = opened.stage, QLabel("instead")
    stage.add_large("instead", instead)
    stage.banner.say("Something failed.", False)
    before = stage.canvas.geometry()
    assert stage.banner.geometry().topLeft() == before.topLeft()
    assert stage.banner.width() == before.width()
    opened.display.show_large("instead")
    QApplication.processEvents()
    assert stage.banner.geometry().topLeft() == instead.geometry().topLeft()
    assert stage.banner.isVisible()
    qtbot.mouseClick(stage.banner.dismiss, Qt.MouseButton.LeftButton)
    assert not stage.banner.isVisible()


def test_a_failure_that_stands_there_already_is_not_painted_anew(opened: Desk) -> None:
    """It may tell of painting that fails."""
    banner, painted = opened.stage.banner, Painted()
    banner.installEventFilter(painted)
    counts = []
    for sentence in ("Painting failed.", "Painting failed.", "Something else failed."):
        banner.say(sentence, False)
        QApplication.processEvents()
        counts.append(painted.times)
    assert 0 < counts[0] == counts[1] < counts[2]
    banner.hide()
    banner.say("Something else failed.", False)
    assert banner.isVisible(), "once it was dismissed it is news again"
