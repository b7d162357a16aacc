"""Entry: ``diffseg-gui [IMAGE …]``. The one place that wires state, worker and window together."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from diffseg_gui import logfile, theme
from diffseg_gui.keeper import Keeper, Kept
from diffseg_gui.preferences import Preferences
from diffseg_gui.question import agreed
from diffseg_gui.state import State
from diffseg_gui.unforeseen import Unforeseen
from diffseg_gui.window import SIZE, MainWindow
from diffseg_gui.worker import Analyst, Setup
from engine import __version__
from engine.host.memory import give_back_large
from engine.host.resources import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence


LOSE = "\n\nIf you close the window now, your corrections since then are lost."


class Workbench(QObject):
    """State, worker and window, wired. ``close`` ends the worker's thread."""

    def __init__(self, setup: Setup, preferences: Preferences, readings: Path | None = None) -> None:
        """readings: the folder where what people add to images is kept; None: nowhere."""
        super().__init__()
        self.state = State(self)
        self.keeper = Keeper(readings, self)
        self.analyst = Analyst(setup, self.keeper.load, self)
        self.window = MainWindow(self.state, preferences)
        self.state.wished.connect(self.keeper.flush)  # first: what is opened again is to be found
        self.state.wished.connect(self.analyst.wish)
        self.state.withdrawn.connect(self.analyst.withdraw)
        self.analyst.opened.connect(self.state.receive_image)
        self.analyst.kept.connect(self._restore)
        self.analyst.progressed.connect(self.state.receive_progress)
        self.analyst.finished.connect(self.state.receive_result)
        self.analyst.failed.connect(self.state.receive_failure)
        self.analyst.exported.connect(self.window.files.show_exported)
        self.analyst.exported.connect(self._close_if_wished)
        self.analyst.exportFailed.connect(self._stay_open)
        self.analyst.exportFailed.connect(self.window.show_failure)
        self.window.files.exportWished.connect(self._export)
        self.window.deviceWished.connect(self._set_device)
        self.analyst.refused.connect(self._keep_device)
        self._device = setup.device  # the last one that was there
        self.window.closing.connect(self.state.rest)
        self.window.closing.connect(self.analyst.close)
        self.window.edit.edited.connect(self.keeper.keep)
        self.keeper.failed.connect(self.window.show_failure)
        self.window.blind.edited.connect(self.keeper.keep_outline)
        self.window.may_close = self._may_close
        self._close_wished = False  # once what is being exported is written
        self.window.actions_by_name[f"device_{setup.device}"].setChecked(True)

    def _set_device(self, kind: str) -> None:
        self._device = self.analyst.setup.device
        self.analyst.setup = replace(self.analyst.setup, device=kind)

    def _keep_device(self) -> None:
        """A device that was chosen is not there: go on with the one before."""
        self.analyst.setup = replace(self.analyst.setup, device=self._device)
        self.window.actions_by_name[f"device_{self._device}"].setChecked(True)

    def _export(self, folder: Path) -> None:
        if self.state.segmentation is not None:
            self.analyst.export(self.state.segmentation, folder, self.state.reading)

    def _restore(self, kept: tuple[Kept, Kept]) -> None:
        assert self.state.image is not None
        reading, outline = self.keeper.newest(self.state.image.identity, kept)
        if trouble := reading.trouble or outline.trouble:
            self.window.show_failure(trouble)
        self.window.edit.restore(reading)
        self.window.blind.restore(outline)

    def _may_close(self) -> bool:
        """All that a person did is on disk, or they have been asked; an export is waited for, and may yet fail."""
        self._close_wished = self.analyst.exporting
        if self._close_wished:
            self.window.statusBar().showMessage("The window closes once the export is written…")
            return False
        trouble = self.keeper.close()
        return not trouble or agreed(self.window, trouble + LOSE, "Close and lose them", "Keep the window open")

    @Slot()
    def _close_if_wished(self) -> None:
        if self._close_wished and not self.analyst.exporting:
            self.window.close()

    @Slot()
    def _stay_open(self) -> None:
        self._close_wished = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; with ``--screenshot``, analyse, save a picture of it, and end."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.screenshot and (not options.images or os.path.isdir(options.images[0])):
        parser.error("--screenshot needs an IMAGE to analyse")
    logfile.start()
    give_back_large()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("DiffSeg")
    app.setWindowIcon(QIcon(str(ROOT / "icons" / "diffseg.png")))
    preferences = Preferences(None if options.screenshot else QSettings("DiffSeg", "DiffSeg"))
    if options.theme:
        preferences.set("theme", options.theme)
    theme.apply(app, theme.chosen(preferences))
    readings = None if options.screenshot else Path(platformdirs.user_data_dir("DiffSeg", appauthor=False)) / "readings"
    bench = Workbench(Setup(options.model, options.device), preferences, readings)
    outcome: list[int] = []
    if options.screenshot:
        save_picture_when_done(bench, options.screenshot, outcome)
    with Unforeseen(bench.window):
        bench.window.show()
        if options.images:
            bench.window.series.begin(options.images)
        else:
            QTimer.singleShot(0, bench.analyst.prepare)
        code = app.exec()
    bench.window.hide()  # after Ctrl+C it was not closed, nor has it seen to what is to be kept
    bench.keeper.close()
    bench.analyst.close()
    return outcome[0] if outcome else code


def save_picture_when_done(bench: Workbench, path: Path, outcome: list[int]) -> None:
    """Once all is analysed and painted, save a picture of the window as PNG and close it.

    outcome: gets the exit status then, 0 or 1; a failure is told in one sentence on standard error.
    """

    def end(code: int) -> None:
        outcome.append(code)
        bench.window.close()

    def finished() -> None:
        if not bench.state.current or bench.state.busy:
            return  # the newest wish's result will come here
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        saved = bench.window.grab().save(str(path))
        if not saved:
            print(f"diffseg-gui: {path} could not be written; choose another file.", file=sys.stderr)
        end(0 if saved else 1)

    def failed(sentence: str) -> None:
        print(f"diffseg-gui: {sentence}", file=sys.stderr)
        end(1)

    bench.window.resize(*SIZE)  # whatever the screen: the picture is to be the same everywhere
    QTimer.singleShot(0, bench.window.docks.arrange)  # once shown: Qt does not raise a tab of a window that is not
    bench.state.failed.disconnect(bench.window.show_failed_analysis)
    bench.state.failed.connect(failed)
    bench.analyst.finished.connect(lambda _: QTimer.singleShot(100, finished))  # once painted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diffseg-gui", description="The DiffSeg workbench. Research use only; not a medical device."
    )
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="photographs, or folders of such")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="analyse IMAGE, save a picture, and end")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a .safetensors file (default: the bundled model)")
    parser.add_argument("--theme", choices=theme.THEMES, help="colours (default: as chosen last)")
    parser.add_argument("--version", action="version", version=f"diffseg-gui {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
