"""The main window: it puts the parts together and passes wishes on; it decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMainWindow

from diffseg_gui import actions, commands, theme, wording
from diffseg_gui.dialogs import Help
from diffseg_gui.files import Files
from diffseg_gui.layout import CONTROLLERS, Docks
from diffseg_gui.panels.stage import Stage
from diffseg_gui.toolbar import ToolBar
from diffseg_gui.viewport import Viewport
from diffseg_gui.views import PHOTOGRAPH, Scenes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent

    from diffseg_gui.panels.maps import Filmstrip, MapsPanel
    from diffseg_gui.panels.readout import ReadoutPanel
    from diffseg_gui.panels.settings import SettingsPanel
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.state import State

SIZE = (1440, 880)  # where the screen has room for it
FRAME = (16, 40)  # what systems put about a window: borders and title bar


class MainWindow(QMainWindow):
    """The workbench. Its panels and controllers are attributes by the names in :mod:`diffseg_gui.layout`."""

    deviceWished = Signal(str)
    refreshed = Signal()  # the views show the state as it is now, under the present ``view``
    closing = Signal()
    settings: SettingsPanel
    maps: MapsPanel
    readout: ReadoutPanel
    filmstrip: Filmstrip

    def __init__(self, state: State, preferences: Preferences) -> None:
        super().__init__()
        self.state = state
        self.preferences = preferences
        self.viewport = Viewport(self)
        self.scenes = Scenes(state)
        self.view = PHOTOGRAPH
        self.may_close: Callable[[], bool] = lambda: True
        self.setWindowTitle("DiffSeg")
        self.setAcceptDrops(True)
        self.setContentsMargins(8, 0, 8, 0)
        self.files, self.help = Files(self), Help(self)
        self.dresser = theme.Dresser(preferences, self)
        self.docks = Docks(self)
        self.noise, self.threshold, self.crf = self.settings.noise, self.settings.threshold, self.settings.crf
        self.stage = Stage(self.viewport)
        self.setCentralWidget(self.stage)
        for name, make in CONTROLLERS:
            setattr(self, name, make(self))
        self.actions_by_name, menus = actions.build(self, commands.COMMANDS)
        self.recent_menu = menus["File/Open &recent"]
        self.tools = ToolBar(self.actions_by_name, state, self)
        self.addToolBar(self.tools)
        self.position = QLabel("")
        self.statusBar().addWidget(self.position, 1)
        self.statusBar().addPermanentWidget(QLabel("Research use only. Not a medical device."))
        self.statusBar().setSizeGripEnabled(False)
        self._connect()
        self._restore()
        self.refresh()
        self.stage.welcome.open.setFocus()

    def _connect(self) -> None:
        state = self.state
        state.resultChanged.connect(self.refresh)
        state.imageChanged.connect(self._image_changed)
        state.failed.connect(self.show_failed_analysis)
        self.viewport.cursorMoved.connect(lambda at: self.position.setText(wording.position(state, at)))
        self.recent_menu.aboutToShow.connect(lambda: self.files.fill(self.recent_menu))
        for part in (self.maps, self.filmstrip, self.stage):
            part.chosen.connect(self.show_view)
        self.settings.header.resetClicked.connect(state.reset_recipe)
        self.stage.welcome.openClicked.connect(self.files.choose)
        self.stage.welcome.sampleClicked.connect(self.open_image)
        self.stage.banner.againClicked.connect(state.try_again)
        self.stage.banner.openClicked.connect(self.files.choose)
        for name, dock in self.docks.all.items():
            action = self.actions_by_name[f"panel_{name}"]
            dock.hiddenChanged.connect(lambda hidden, action=action: action.setChecked(not hidden))

    def _restore(self) -> None:
        room = self.screen().availableGeometry().adjusted(0, 0, -FRAME[0], -FRAME[1])
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height()))
        if room.width() < SIZE[0] or room.height() < SIZE[1]:
            self.move(room.topLeft())  # or its foot might hang over
        if geometry := self.preferences.data("geometry"):
            self.restoreGeometry(geometry)
        self.docks.restore(room.size())
        self.settings.set_folded(self.preferences.texts("folded"))
        self.actions_by_name[f"theme_{self.dresser.name}"].setChecked(True)

    # What actions call

    def open_image(self, path: Path) -> None:
        """Open a file; its analysis starts by itself."""
        self.stage.banner.hide()
        self.state.open(path)
        self.refresh()

    def show_view(self, key: str) -> None:
        """Show a view large; the one that is large already gives way to the photograph."""
        self.view = PHOTOGRAPH if key == self.view else key
        if action := self.actions_by_name.get(f"view_{self.view}"):
            action.setChecked(True)
        self.refresh()

    def set_overlay(self, style: str) -> None:
        """Contour, fill or off."""
        self.scenes.overlay = style
        self.actions_by_name[style].setChecked(True)
        self.refresh()

    def set_band(self, on: bool) -> None:
        """Show or hide the border confidence band."""
        self.scenes.band = on
        self.refresh()

    def run_again(self) -> None:
        """Analyse the open image."""
        self.stage.banner.hide()
        self.state.run_again()

    def set_device(self, kind: str) -> None:
        """Analyse on another device, the open image at once."""
        self.deviceWished.emit(kind)
        self.run_again()

    def leave_tool(self) -> None:
        """Give the mouse on the canvas back to panning."""
        for action in self.actions_by_name.values():
            if action.isChecked() and (group := action.actionGroup()) and group.objectName() == "tool":
                action.setChecked(False)

    def show_failure(self, sentence: str, again: bool = False) -> None:
        """Say what went wrong; all that is open stays open."""
        self.statusBar().clearMessage()
        self.stage.banner.say(sentence, again)

    def show_failed_analysis(self, sentence: str) -> None:
        """The same, with the offer to try once more."""
        self.show_failure(sentence, again=True)

    # What follows the state

    def refresh(self) -> None:
        """Show the state as it is now."""
        if self.view.startswith("t") and int(self.view[1:]) not in self.state.recipe.noise.timesteps:
            self.view = PHOTOGRAPH
        self.stage.show_from(self.state, self.scenes, self.view)
        self.maps.show_from(self.scenes, self.view)
        self.filmstrip.show_from(self.scenes, self.view)
        self.actions_by_name["export"].setEnabled(self.state.current)
        self.actions_by_name["run"].setEnabled(self.state.image is not None)
        self.refreshed.emit()

    def _image_changed(self) -> None:
        assert self.state.image is not None
        self.leave_tool()
        self.stage.canvas.setFocus()  # not some box, which would take keys that are shortcuts
        self.viewport.fit()
        self.view = PHOTOGRAPH
        self.actions_by_name[f"view_{PHOTOGRAPH}"].setChecked(True)
        self.setWindowTitle(f"{self.state.image.path.name} – DiffSeg")
        self.preferences.remember(self.state.image.path)

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape with nothing to cancel: leave the tool."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave_tool()
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has a tool bar of icons."""
        self.tools.set_width(event.size().width())
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped; the others follow as a series."""
        event.acceptProposedAction()
        self.series.begin([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's place and its panels'; let the worker end. Not before nothing can be lost."""
        if not self.may_close():
            event.ignore()
            return
        self.preferences.set("geometry", self.saveGeometry())
        self.preferences.set("folded", self.settings.folded())
        self.docks.save()
        self.hide()  # ending what is under way may take a moment
        self.closing.emit()
        super().closeEvent(event)
