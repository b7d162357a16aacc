"""What stands in the window before the first photograph, and while files are dragged over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from diffseg_gui.look import theme
from diffseg_gui.view.welcome import LINE, DropTarget, Welcome
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FILES = [Path(f"/photographs/lesion {number} & more.jpg") for number in range(8)]


@pytest.fixture
def welcome(qtbot: QtBot) -> Welcome:
    """It offers eight files again."""
    theme.apply(theme.application())
    made = Welcome()
    qtbot.addWidget(made)
    made.recent.show_files(FILES)
    made.resize(made.sizeHint())
    with qtbot.waitExposed(made):
        made.show()
    return made


def offered(welcome: Welcome) -> list[Path]:
    """The recent files in view."""
    return [path for path, button in welcome.recent.files.items() if button.isVisible()]


def test_a_click_opens_a_file_again(welcome: Welcome, qtbot: QtBot) -> None:
    clicked: list[Path] = []
    welcome.fileClicked.connect(clicked.append)
    assert offered(welcome) == FILES
    for path, button in welcome.recent.files.items():
        qtbot.mouseClick(button, LEFT)
        assert clicked.pop() == path
        assert button.text() == path.name.replace("&", "&&"), "& is no letter"
        assert button.toolTip() == str(path)
    welcome.recent.files[FILES[3]].setFocus()
    qtbot.keyClick(welcome.recent.files[FILES[3]], Qt.Key.Key_Space)
    assert clicked == [FILES[3]]


def test_parts_lie_beside_each_other_and_inside(welcome: Welcome) -> None:
    parts = [part for part in welcome.recent.findChildren(QWidget) if part.isVisible()]
    assert len(parts) == 10
    for part in parts:
        assert welcome.recent.rect().contains(part.geometry())
        assert not [other for other in parts if other is not part and other.geometry().intersects(part.geometry())]


def test_a_low_window_leaves_out_what_it_has_no_room_for(welcome: Welcome) -> None:
    full, least = welcome.height(), welcome.minimumSizeHint().height()
    assert least <= full - 5 * LINE
    welcome.resize(welcome.width(), full - 2 * LINE)
    assert offered(welcome) == FILES[:4]
    welcome.resize(welcome.width(), least)
    assert offered(welcome) == []
    assert welcome.open.isVisible()
    assert welcome.rect().contains(welcome.open.geometry())


def test_with_none_there_is_nothing_of_it(welcome: Welcome) -> None:
    welcome.recent.show_files([])
    assert not welcome.recent.isVisible()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(welcome.recent.findChildren(QPushButton)) == 1, "what cleared the list"


def test_clear_is_said(welcome: Welcome, qtbot: QtBot) -> None:
    with qtbot.waitSignal(welcome.recent.cleared):
        qtbot.mouseClick(welcome.recent._clear, LEFT)


def test_a_drop_target_covers_its_stage_and_is_seen_in_both_themes(qtbot: QtBot) -> None:
    stage = QWidget()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    target = DropTarget(stage)
    with qtbot.waitExposed(stage):
        stage.show()
    pictures = []
    for name in ("dark", "light"):
        theme.apply(theme.application(), name)
        for paths in ([Path("/a.jpg")], FILES):
            target.offer(paths)
            assert target.isVisible()
            assert target.geometry() == stage.rect()
            pictures.append(target.grab().toImage())
    assert target.words == "8 files"
    theme.apply(theme.application())
    assert not [a for n, a in enumerate(pictures) if a in pictures[:n]], "words and colours are others"
