"""The main window: layout, menus, dialogs. It arranges panels and passes wishes on; it decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QProgressBar,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui import commands, dialogs, wording
from diffseg_gui.canvas import Viewport
from diffseg_gui.panels.card import column
from diffseg_gui.panels.crf import CrfPanel
from diffseg_gui.panels.maps import Filmstrip, MapsPanel
from diffseg_gui.panels.noise import NoisePanel
from diffseg_gui.panels.readout import ReadoutPanel
from diffseg_gui.panels.stage import Stage
from diffseg_gui.panels.threshold import ThresholdPanel
from diffseg_gui.views import PHOTOGRAPH, Scenes
from engine.export import folder_for
from engine.image import SUFFIXES
from engine.recipe import Recipe
from engine.resources import samples

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent

    from diffseg_gui.preferences import Preferences
    from diffseg_gui.state import State

LEFT, RIGHT = 268, 384  # widths of the columns of controls and of answers, pixels


class MainWindow(QMainWindow):
    """The workbench."""

    exportWished = Signal(object)  # a folder
    deviceWished = Signal(str)
    closing = Signal()

    def __init__(self, state: State, preferences: Preferences) -> None:
        super().__init__()
        self.state = state
        self.preferences = preferences
        self.viewport = Viewport(self)
        self.scenes = Scenes(state)
        self.view = PHOTOGRAPH
        self.setWindowTitle("DiffSeg")
        self.setAcceptDrops(True)
        self._build()
        self.actions_by_name = commands.build(self)
        self.recent_menu = commands.add_recent_menu(self, self.actions_by_name["export"])
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self._build_toolbar()
        self._build_status()
        state.resultChanged.connect(self.refresh)
        state.imageChanged.connect(self._image_changed)
        state.progressChanged.connect(self._show_progress)
        state.failed.connect(self.show_failure)
        self.stage.canvas.hovered.connect(self._show_position)
        for part in (self.maps, self.filmstrip, self.stage):
            part.chosen.connect(self.show_view)
        self.resize(1440, 880)
        if geometry := preferences.geometry():
            self.restoreGeometry(geometry)
        self.refresh()

    # Layout

    def _build(self) -> None:
        self.noise, self.threshold, self.crf = (panel(self.state) for panel in (NoisePanel, ThresholdPanel, CrfPanel))
        self.stage = Stage(self.viewport)
        self.stage.sampleClicked.connect(lambda: self.open_image(samples()[0]))
        self.filmstrip = Filmstrip(self.state, self.viewport)
        self.maps = MapsPanel(self.viewport)
        self.readout = ReadoutPanel(self.state)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self.filmstrip)
        self.filmstrip.setFixedHeight(self.filmstrip.sizeHint().height())
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(10, 10, 10, 8)
        row.setSpacing(8)
        row.addWidget(column((self.noise, self.threshold, self.crf), LEFT))
        row.addLayout(middle, 1)
        row.addWidget(column((self.maps, self.readout), RIGHT, stretch_first=True))
        self.setCentralWidget(central)

    def _build_toolbar(self) -> None:
        bar = QToolBar("Tools", movable=False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(bar)
        for name in ("open", "export", "", "run", "", "contour", "fill", "off", "", "fit", "actual"):
            if name:
                bar.addAction(self.actions_by_name[name])
            else:
                bar.addSeparator()
        bar.addWidget(QLabel("  hold H to hide the overlay", objectName="muted"))
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(220)
        self._bar_action = bar.addWidget(self.bar)
        bar.addAction(self.actions_by_name["cancel"])
        self.chip = QLabel("", objectName="chip")
        bar.addWidget(self.chip)
        self._show_progress()

    def _build_status(self) -> None:
        self.position = QLabel("")
        self.statusBar().addWidget(self.position, 1)
        self.statusBar().addPermanentWidget(QLabel("Research use only. Not a medical device."))
        self.statusBar().setSizeGripEnabled(False)

    # What actions call

    def choose_image(self) -> None:
        """Ask for a file and open it."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(self, "Open image", self.preferences.folder(), f"Images ({kinds})")
        if name:
            self.open_image(Path(name))

    def open_image(self, path: Path) -> None:
        """Open a file; its analysis starts by itself."""
        self.state.open(path)

    def choose_export(self) -> None:
        """Ask for a folder and export into it, in a folder of the image's name."""
        folder = QFileDialog.getExistingDirectory(self, "Export into", self.preferences.folder("export"))
        if folder:
            self.preferences.set_folder("export", Path(folder))
            self.export_into(Path(folder))

    def export_into(self, folder: Path) -> None:
        """Write the result's files into FOLDER/<image's name>/, as ``diffseg segment`` does."""
        if self.state.current and self.state.image is not None:
            self.statusBar().showMessage("Exporting…")
            self.exportWished.emit(folder_for(self.state.image, folder))

    def show_exported(self, folder: Path) -> None:
        """Tell that the files are there."""
        self.statusBar().showMessage(f"Exported to {folder}", 10_000)

    def show_view(self, key: str) -> None:
        """Show a view large; the one that is large already gives way to the photograph."""
        self.view = PHOTOGRAPH if key == self.view else key
        if action := self.actions_by_name.get(f"view_{self.view}"):
            action.setChecked(True)
        self.refresh()

    def zoom_in(self) -> None:
        """Closer."""
        self.stage.canvas.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Farther."""
        self.stage.canvas.zoom_by(0.8)

    def fit(self) -> None:
        """Show the whole photograph."""
        self.viewport.fit()

    def actual_size(self) -> None:
        """One screen pixel for each of the photograph's."""
        self.stage.canvas.actual_size()

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
        self.state.run_again()

    def cancel(self) -> None:
        """Stop the analysis."""
        self.state.cancel()

    def set_device(self, kind: str) -> None:
        """Analyse on another device, the open image at once."""
        self.deviceWished.emit(kind)
        self.state.run_again()

    def reset_settings(self) -> None:
        """Back to the defaults."""
        self.state.set_recipe(Recipe())

    def about(self) -> None:
        """Version, model and purpose."""
        found = self.state.segmentation
        dialogs.tell_about(self, found.model if found else None)

    def show_failure(self, sentence: str) -> None:
        """Say what went wrong; all that is open stays open."""
        self.statusBar().clearMessage()
        dialogs.tell_failure(self, sentence)

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
        self.chip.setText(wording.chip(self.state))

    def _image_changed(self) -> None:
        assert self.state.image is not None
        self.viewport.fit()
        self.view = PHOTOGRAPH
        self.actions_by_name[f"view_{PHOTOGRAPH}"].setChecked(True)
        self.setWindowTitle(f"{self.state.image.path.name} – DiffSeg")
        self.preferences.remember(self.state.image.path)

    def _show_progress(self) -> None:
        progress = self.state.progress
        self._bar_action.setVisible(progress is not None)
        self.actions_by_name["cancel"].setEnabled(progress is not None)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.bar.setFormat(wording.progress(progress))
        self.chip.setText(wording.chip(self.state))

    def _show_position(self, point: QPointF | None) -> None:
        self.position.setText(wording.position(self.state, point))

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self.preferences.recent():
            self.recent_menu.addAction(path.name, lambda path=path: self.open_image(path)).setToolTip(str(path))
        self.recent_menu.addSeparator()
        for path in samples():
            self.recent_menu.addAction(f"Sample: {path.stem}", lambda path=path: self.open_image(path))

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold H: see the photograph alone."""
        if event.key() == Qt.Key.Key_H and not event.isAutoRepeat():
            self.stage.canvas.show_curves(False)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of H: the overlay is back."""
        if event.key() == Qt.Key.Key_H and not event.isAutoRepeat():
            self.stage.canvas.show_curves(True)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window that loses the focus does not hear H let go."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.stage.canvas.show_curves(True)
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.open_image(Path(files[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's place; let the worker end."""
        self.preferences.set_geometry(self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
