"""The main window without a worker: it arranges whatever features it is handed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.window import FRAME, SIZE, MainWindow
from diffseg_gui.arrangement import Arrangement
from diffseg_gui.document.document import Document
from diffseg_gui.features.analysis import Analysis
from diffseg_gui.features.files import Files
from diffseg_gui.features.navigation import Navigation
from diffseg_gui.messages import ANALYSIS, OPENING, Messages
from diffseg_gui.view.scenes import Scenes
from diffseg_gui.view.stage import Stage
from diffseg_gui.view.viewport import Viewport
from diffseg_gui.view.views import Display
from tests.gui.app.made_up import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from diffseg_gui.preferences import Preferences
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe

LEFT = Qt.MouseButton.LeftButton
AGAIN = "lesion.jpg does not exist; choose another photograph."


class Frame:
    """A window with the features that it cannot do without, and a made-up one. What is to be opened is noted."""

    def __init__(self, recipe: Recipe, preferences: Preferences) -> None:
        self.document, self.messages, self.tally = Document(recipe), Messages(), Tally()
        self.asked: list[Path] = []
        self.document.requested.connect(lambda source, *_: self.asked.append(source))
        self.document.failed.connect(self.messages.failed_analysis)
        display, viewport = Display(), Viewport()
        scenes = Scenes(self.document, display)
        self.stage = Stage(self.document, scenes, display, viewport)
        open_first: Callable[..., None] = lambda paths: self.document.open(paths[0])  # noqa: E731
        self.files = Files(self.document, preferences, self.stage, self.document.open, open_first)
        analysis = Analysis(self.document, self.messages, "cpu")
        navigation = Navigation(self.document, display, self.stage.canvas, self.messages)
        features = (self.files, self.tally, analysis, navigation)
        self.window = MainWindow(
            self.document, scenes, self.stage, features, self.messages, preferences, Arrangement(preferences)
        )
        self.actions = self.window.actions_by_name
        self._kept_alive = (scenes, display)


@pytest.fixture
def frame(qtbot: QtBot, recipe: Recipe, preferences: Preferences) -> Iterator[Frame]:
    """An empty window, in front."""
    made = Frame(recipe, preferences)
    with qtbot.waitActive(made.window):
        made.window.show()
    yield made
    made.document.rest()
    made.window.may_close = lambda: True
    made.window.close()
    made.window.deleteLater()


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drag something over the window and let it go there; whether the window took it."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    how = (Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *how)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), *how))
    return enter.isAccepted()


def local(name: str) -> QUrl:
    """A file's address."""
    return QUrl.fromLocalFile(name)


def test_the_foot_of_the_window_is_on_a_small_screen(frame: Frame) -> None:
    """The system puts a frame about the window."""
    room = frame.window.screen().availableGeometry()
    assert room.height() < SIZE[1], "of the tests' screen"
    assert frame.window.height() + FRAME[1] <= room.height()
    assert frame.window.pos() == room.topLeft()


def test_the_window_says_what_is_open(frame: Frame, photo: SkinImage) -> None:
    assert frame.window.windowTitle() == "DiffSeg"
    frame.document.receive_photograph(photo)
    assert frame.window.windowTitle() == "nevus.png – DiffSeg"


def test_dropped_files_are_of_the_last_feature_that_accepts_them(frame: Frame) -> None:
    assert drop(frame.window, local("/a.tally"), local("/b.tally"))
    assert (frame.tally.taken, frame.asked) == ([Path("/a.tally"), Path("/b.tally")], [])
    assert drop(frame.window, local("/a.tally"), local("/lesion.jpg"))
    assert (len(frame.tally.taken), frame.asked) == (2, [Path("/a.tally")])
    assert not drop(frame.window, QUrl("https://example.org/lesion.jpg")), "nothing is fetched"


def test_files_over_the_window_are_shown_where_they_will_go(frame: Frame) -> None:
    target, mime = frame.stage.drop_target, QMimeData()
    mime.setUrls([local("/a.jpg"), local("/b.jpg")])
    how = (Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    for end in (lambda: QDragLeaveEvent(), lambda: QDropEvent(QPointF(50, 50), *how)):
        QApplication.sendEvent(frame.window, QDragEnterEvent(QPoint(50, 50), *how))
        assert (target.isVisible(), target.words) == (True, "2 files")
        QApplication.sendEvent(frame.window, end())
        assert not target.isVisible()
    assert not drop(frame.window, QUrl("https://example.org/lesion.jpg"))
    assert not target.isVisible(), "it is not taken"


@pytest.mark.parametrize("proposed", [Qt.DropAction.MoveAction, Qt.DropAction.LinkAction, Qt.DropAction.CopyAction])
def test_a_dropped_file_is_copied_and_never_moved(frame: Frame, proposed: Qt.DropAction) -> None:
    """A file manager that hears of a move deletes the original."""
    mime, actions = QMimeData(), proposed | Qt.DropAction.CopyAction
    mime.setUrls([local("/lesion.jpg")])
    rest = (actions, mime, LEFT, Qt.KeyboardModifier.ShiftModifier)
    for event in (
        QDragEnterEvent(QPoint(50, 50), *rest),
        QDragMoveEvent(QPoint(60, 60), *rest),
        QDropEvent(QPointF(60, 60), *rest),
    ):
        event.setDropAction(proposed)
        QApplication.sendEvent(frame.window, event)
        assert event.isAccepted()
        assert event.dropAction() == Qt.DropAction.CopyAction
    assert frame.asked == [Path("/lesion.jpg")]


def test_escape_is_of_whoever_wants_it(frame: Frame, qtbot: QtBot) -> None:
    frame.document.open(Path("/lesion.jpg"))
    frame.tally.locked = True
    qtbot.keyClick(frame.window, Qt.Key.Key_Escape)
    assert (frame.document.is_busy, frame.tally.locked) == (False, True), "first it cancels"
    qtbot.keyClick(frame.window, Qt.Key.Key_Escape)
    assert not frame.tally.locked


def test_notices_stand_in_the_status_bar_and_failures_over_the_photograph(frame: Frame, qtbot: QtBot) -> None:
    banner, status = frame.stage.banner, frame.window.statusBar()
    frame.messages.notice("Exporting…", 0)
    assert status.currentMessage() == "Exporting…"
    frame.messages.failure("out could not be written.")
    assert status.currentMessage() == ""
    assert banner.isVisible()
    assert banner.sentence.text() == "out could not be written."
    assert not banner.again.isVisible(), "it would analyse again"
    assert not banner.other.isVisible()
    qtbot.mouseClick(banner.dismiss, LEFT)
    assert not banner.isVisible()
    frame.messages.failed_analysis(AGAIN)
    assert banner.again.isVisible()
    frame.messages.forget_failure()
    assert not banner.isVisible()
    frame.messages.notice("Exported to out")
    frame.messages.clear()
    assert status.currentMessage() == ""


def test_a_failure_is_over_once_the_same_thing_has_worked(frame: Frame) -> None:
    banner, messages = frame.stage.banner, frame.messages
    messages.failure("out could not be written.", "export")
    messages.worked("keeping")
    assert banner.isVisible(), "that is another matter"
    messages.worked("export")
    assert not banner.isVisible()
    messages.failure("out could not be written.", "export")
    messages.failed_analysis(AGAIN, opening=True)
    for other in ("export", ANALYSIS, ""):
        messages.worked(other)
        assert banner.isVisible(), "the sentence that stands there is the newest one's"
    messages.worked(OPENING)
    assert not banner.isVisible()


def test_a_failure_of_nothing_in_particular_stays(frame: Frame) -> None:
    frame.messages.failure("A file was set aside.")
    frame.messages.worked("export")
    assert frame.stage.banner.isVisible()


def test_what_failed_can_be_tried_again(frame: Frame, qtbot: QtBot) -> None:
    frame.document.open(Path("/lesion.jpg"))
    frame.document.receive_failure(AGAIN)
    assert frame.stage.welcome.isVisible()
    assert frame.stage.banner.sentence.text() == AGAIN
    qtbot.mouseClick(frame.stage.banner.again, LEFT)
    assert not frame.stage.banner.isVisible()
    assert frame.asked == [Path("/lesion.jpg")] * 2


def test_what_a_file_is_called_changes_no_window(frame: Frame) -> None:
    sentence, width = frame.stage.banner.sentence, frame.window.width()
    for name in ("a_very_long_name_" * 14, "<b>x</b>", "<img src='x'>"):
        frame.document.receive_failure(f"{name} does not exist.")
        QApplication.processEvents()
        assert name in sentence.text()
        assert frame.window.width() == width
        assert sentence.textFormat() == Qt.TextFormat.PlainText, "a name is no markup"


def test_the_position_is_told_where_the_cursor_is(frame: Frame, photo: SkinImage) -> None:
    frame.document.receive_photograph(photo)
    frame.stage.canvas.viewport.set_cursor(QPointF(5.5, 7.5))
    assert frame.window.position.text().startswith("x 5  y 7     RGB ")
    frame.stage.canvas.viewport.set_cursor(None)
    assert frame.window.position.text() == ""


def test_the_first_start_says_what_to_do_and_keys_lead_there(frame: Frame, qtbot: QtBot) -> None:
    welcome = frame.stage.welcome
    assert QApplication.focusWidget() is welcome.open
    reached = set()
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {welcome.open, *welcome.samples.values()} <= reached


def test_keys_are_the_photographs_once_it_is_open(frame: Frame, photo: SkinImage, qtbot: QtBot) -> None:
    frame.document.receive_photograph(photo)
    assert frame.stage.canvas.hasFocus()
    qtbot.keyClick(frame.stage.canvas, Qt.Key.Key_2)
    assert frame.actions["view_consistency"].isChecked()


def test_a_window_that_may_not_close_stays(frame: Frame) -> None:
    frame.window.may_close = lambda: False
    assert not frame.window.close()
    assert frame.window.isVisible()
    assert not frame.tally.closed
    frame.window.may_close = lambda: True
    frame.actions["quit"].trigger()
    assert not frame.window.isVisible()
    assert frame.tally.closed, "features end what they have under way"
