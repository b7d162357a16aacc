"""The tool bar: buttons in their places, and what the worker is at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton

from diffseg_gui.app.actions import Actions
from diffseg_gui.app.toolbar import MARGINS, ToolBar
from diffseg_gui.document.document import Document
from diffseg_gui.feature import Command
from diffseg_gui.look import theme
from engine.progress import Progress
from tests.gui.desk import result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence


@pytest.fixture
def document(qtbot: QtBot, recipe: Recipe) -> Document:
    """Nothing is open."""
    return Document(recipe)


@pytest.fixture
def tools(document: Document, qtbot: QtBot) -> Iterator[ToolBar]:
    """A wide tool bar."""
    window = QMainWindow()

    def command(name: str, bar: int = 0, named: bool = False) -> Command:
        return Command(name, "File", name.capitalize(), "", f"What {name} does", lambda: None, bar=bar, named=named)

    cancel = Command("cancel", "Analysis", "Cancel", "Esc", "Stop", document.cancel, lambda: document.is_busy)
    rows = (command("fit", 21), command("quit"), command("open", 10, named=True), cancel, command("zoom", 20))
    actions = Actions(rows, window)
    actions.follow(document.progressChanged)
    bar = ToolBar(actions, document, window)
    window.addToolBar(bar)
    window.resize(1400, 100)
    window.show()
    yield bar
    window.close()


def shown(tools: ToolBar) -> tuple[bool, bool, bool]:
    """Whether progress, Cancel and the chip are there."""
    QApplication.processEvents()  # its layout follows
    work = tools.work
    return work.bar.isVisible(), work.cancel.isVisible(), work.chip.isVisible()


def test_commands_stand_in_their_places(tools: ToolBar) -> None:
    texts = ["|" if action.isSeparator() else action.text() for action in tools.actions()]
    assert texts == ["Open", "|", "Zoom", "Fit", ""], "then what the worker is at"
    buttons = [tools.widgetForAction(action) for action in tools.actions() if action.text() in ("Open", "Zoom", "Fit")]
    assert [button.accessibleName() for button in buttons] == ["What open does", "What zoom does", "What fit does"]
    assert {button.focusPolicy() for button in buttons} == {Qt.FocusPolicy.TabFocus}


def test_a_narrow_one_has_icons_alone(tools: ToolBar) -> None:
    (button,) = [b for b in tools.findChildren(QToolButton) if b.accessibleName() == "What open does"]
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    width = tools.work.bar.width()
    assert tools.minimumWidth() < tools._full_width
    tools.window().resize(tools._full_width - 1, 100)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert tools.work.bar.width() < width
    tools.window().resize(tools._full_width, 100)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def test_another_theme_leaves_its_margins(tools: ToolBar) -> None:
    margins = tools.layout().contentsMargins()
    assert margins.bottom() == MARGINS[3]
    for name in ("light", "dark"):
        theme.apply(theme.application(), name)
        QApplication.processEvents()
        assert tools.layout().contentsMargins() == margins


def test_it_tells_what_the_worker_is_at(
    tools: ToolBar, document: Document, photo: SkinImage, evidence: Evidence, qtbot: QtBot
) -> None:
    assert (shown(tools), tools.work.chip.text()) == ((False, False, True), "Ready")
    document.open(Path("lesion.jpg"))
    assert (shown(tools), tools.work.bar.format()) == ((True, True, False), "Opening")
    document.receive_photograph(photo)
    document.receive_progress(Progress("network", 3, 10))
    assert (tools.work.bar.value(), tools.work.bar.maximum(), tools.work.bar.format()) == (3, 10, "Noise 3 of 10")
    qtbot.mouseClick(tools.work.cancel, Qt.MouseButton.LeftButton)
    assert (shown(tools), tools.work.chip.text()) == ((False, False, True), "Cancelled – F5 runs it again")
    document.receive_result(result(photo, evidence, document.recipe))
    assert (shown(tools), tools.work.chip.text()) == ((False, False, True), "CPU  ·  0.1 s")


def test_a_chip_that_has_too_little_room_is_shortened(tools: ToolBar, document: Document, photo: SkinImage) -> None:
    document.open(Path("lesion.jpg"))
    document.receive_photograph(photo)
    document.cancel()
    tools.window().resize(tools.minimumWidth(), 100)
    QApplication.processEvents()
    chip = tools.work.chip
    assert chip.isVisible()
    assert tools.work.rect().contains(chip.geometry())
    assert chip.width() >= chip.sizeHint().width(), "all of what it says now is to be seen"
    assert chip.text().startswith("Cancelled")
    assert chip.text().endswith("…")
    assert chip.toolTip() == "Cancelled – F5 runs it again"
