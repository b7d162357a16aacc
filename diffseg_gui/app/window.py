"""The main window. It arranges docks, menus and tool bar from the features that it is handed; it decides nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow

from diffseg_gui.app.actions import Actions
from diffseg_gui.app.docks import Docks
from diffseg_gui.app.line import Line, Rail, Switch
from diffseg_gui.app.toolbar import ToolBar
from diffseg_gui.feature import Command
from diffseg_gui.look import wording
from engine import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent

    from diffseg_gui.arrangement import Arrangement
    from diffseg_gui.document.document import Document
    from diffseg_gui.feature import Feature
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.stage import Stage

SIZE = (1440, 880)  # where the screen has room for it
FRAME = (16, 40)  # what systems put about a window: borders and title bar
GRIP = 120  # pixels of the title bar by which a hand can take it


class MainWindow(QMainWindow):
    """The stage in the middle, the features' panels about it. ``actions_by_name`` are all commands' actions."""

    closing = Signal()

    def __init__(
        self, document: Document, scenes: Scenes, stage: Stage, features: Sequence[Feature], messages: Messages,
        preferences: Preferences, arrangement: Arrangement,
    ) -> None:  # fmt: skip
        """features: in the order of their commands within each menu, and of their panels."""
        super().__init__()
        self._document, self._features, self._preferences = document, tuple(features), preferences
        self._arrangement = arrangement
        self.stage = stage
        self.may_close: Callable[[], bool] = lambda: True
        self.setWindowTitle("DiffSeg")
        self.setAcceptDrops(True)
        self.setCentralWidget(stage)
        panels = [feature.panel for feature in self._features if feature.panel is not None]
        self.docks = Docks(self, panels, preferences, arrangement)
        quit_ = Command("quit", "File", "&Quit", "Ctrl+Q", "Close the window", self.close, line=True)
        commands = (command for feature in self._features for command in feature.commands)
        self.commands = Actions((*commands, *self.docks.commands(), quit_), self)
        self.actions_by_name = self.commands.by_name
        self.tools = ToolBar(self.commands, document, self)
        self.line, self.rail = Line(self.commands, document, stage, self), Rail(self.commands, self)
        for bar in (self.tools, self.line):
            self.addToolBar(bar)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        self.position = QLabel("")
        self._fill_menus()
        self._fill_status_bar()
        self._connect(messages)
        for box in self.findChildren(QLineEdit):
            box.setAcceptDrops(False)  # it would take a file's name as text, and the move that was proposed with it
        self._restore()
        self._keep_actions()
        scenes.refresh()
        stage.welcome.open.setFocus()

    def _fill_menus(self) -> None:
        """Menus, and what features lay about the photograph."""
        menus = self.commands.fill(self.menuBar())
        self.stage.bind(self.actions_by_name)
        for feature in self._features:
            feature.bind(self.actions_by_name)
            for path, fill in feature.menus.items():
                menus[path].aboutToShow.connect(partial(fill, menus[path]))
            if feature.head is not None:
                self.stage.add_head(feature.head)
            if feature.foot is not None:
                self.stage.add_foot(feature.foot)
            if feature.large is not None:
                self.stage.add_large(*feature.large)
            if feature.top is not None:
                self.line.add(feature.top)
            if feature.ends is not None:
                self.docks.column.add_ends(*feature.ends)
        self._add_switch()

    def _add_switch(self) -> None:
        """Beside the menus, or below where the system keeps these in a bar of its own."""
        self.switch = Switch(self.actions_by_name)
        if self.menuBar().isNativeMenuBar():
            self.statusBar().addPermanentWidget(self.switch)
        else:
            self.menuBar().setCornerWidget(self.switch)

    def _fill_status_bar(self) -> None:
        bar = self.statusBar()
        bar.addWidget(self.position, 1)
        figures = [feature.status for feature in self._features if feature.status is not None]
        for widget in (*figures, QLabel(NOTICE)):
            bar.addPermanentWidget(widget)
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(0, 0, 8, 0)

    def _connect(self, messages: Messages) -> None:
        document, viewport, banner = self._document, self.stage.canvas.viewport, self.stage.banner
        for signal in (viewport.cursorMoved, document.opened, document.resultChanged):
            signal.connect(lambda *_: self.position.setText(wording.position(document, viewport.cursor)))
        messages.noticed.connect(self.statusBar().showMessage)
        messages.cleared.connect(self.statusBar().clearMessage)
        messages.failed.connect(self._show_failure)
        messages.failureOver.connect(banner.hide)
        banner.againClicked.connect(document.try_again)
        for clicked in (banner.openClicked, self.stage.welcome.openClicked):
            clicked.connect(self.actions_by_name["open"].trigger)
        for signal in (document.opened, document.blindChanged):
            signal.connect(self._follow_document)
        self._arrangement.changed.connect(self._follow_arrangement)

    def _keep_actions(self) -> None:
        """What they show follows each change from now on; all that led to the window's first state counts as one."""
        document = self._document
        changed = [feature.changed for feature in self._features]
        docks = [dock.hiddenChanged for dock in self.docks.all.values()]
        self.commands.follow(
            document.opened, document.recipeChanged, document.resultChanged, document.progressChanged,
            document.readingChanged, document.blindChanged, self.stage.shownAnew, *changed, *docks,
            source=document,
        )  # fmt: skip
        self.commands.update()

    def _restore(self) -> None:
        room = self._room()
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height()))
        if room.width() < SIZE[0] or room.height() < SIZE[1]:
            self.move(room.topLeft())  # or its foot might hang over
        if geometry := self._preferences.data("geometry"):
            self.restoreGeometry(geometry)
        if not self._can_be_held():
            self.move(self.screen().availableGeometry().topLeft())
        self._lay_out()

    def _can_be_held(self) -> bool:
        """Whether enough of its title bar is on a screen: the one where it was may be gone, its place be damaged."""
        bar = QRect(self.pos(), QSize(self.width(), FRAME[1]))
        return any(one.availableGeometry().intersected(bar).width() >= GRIP for one in QGuiApplication.screens())

    def _room(self) -> QRect:
        """What the screen has for the window."""
        return self.screen().availableGeometry().adjusted(0, 0, -FRAME[0], -FRAME[1])

    def _lay_out(self) -> None:
        """Have the bars, the photograph and the panels stand as the arrangement says."""
        clinical = self._arrangement.is_clinical
        self.setContentsMargins(*((0, 0, 0, 0) if clinical else (8, 0, 8, 0)))
        bars = {self.tools: not clinical, self.line: clinical, self.rail: clinical}
        for bar in sorted(bars, key=bars.__getitem__):  # those that go first: all together would widen the window
            bar.setVisible(bars[bar])
        self.line.borrow_tabs(clinical)
        self.docks.restore(self._room().size())
        self._laid = self._arrangement.name
        self._follow_arrangement()

    def _follow_arrangement(self) -> None:
        """Another view was chosen, another step of the guide, or the column was shown or hidden."""
        if self._arrangement.name != self._laid:
            self.docks.save()
            self._lay_out()
            return
        column, there = self.docks.column, self._arrangement.is_clinical and self._arrangement.column
        column.show_step(self._arrangement.step)
        column.setVisible(there)
        self.stage.lend_legend(column.key if there else None)

    def _show_failure(self, sentence: str, again: bool) -> None:
        self.statusBar().clearMessage()
        self.stage.banner.say(sentence, again)

    def _follow_document(self) -> None:
        """Another photograph, or it is read blind from now on, or is not."""
        self.docks.cover(self._document.blind is not None)
        if self._document.photograph is not None:
            self.setWindowTitle(f"{self._document.photograph.path.name} – DiffSeg")

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing else wanted is a feature's, the later ones first."""
        if event.key() == Qt.Key.Key_Escape and any(feature.escape() for feature in reversed(self._features)):
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if paths := _files(event):
            _take_copy(event)
            self.stage.drop_target.offer(paths)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take them anywhere in the window; other keys may be held now than when they came."""
        _take_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are dragged elsewhere."""
        self.stage.drop_target.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The files are of the last feature that accepts them."""
        _take_copy(event)
        self.stage.drop_target.hide()
        paths = _files(event)
        any(feature.accepts(paths) for feature in reversed(self._features))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's place and its panels'; let features end. Not before nothing can be lost."""
        if not self.may_close():
            event.ignore()
            return
        self._preferences.set("geometry", self.saveGeometry())
        self.docks.save()
        self.hide()  # ending what is under way may take a moment
        for feature in self._features:
            feature.close()
        self.closing.emit()
        super().closeEvent(event)


def _files(event: QDropEvent) -> list[Path]:
    """What is dragged, as far as it is files of this computer."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _take_copy(event: QDropEvent) -> None:
    """Take what is dragged, as a copy whatever was proposed: whoever lets files be moved removes the original."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
