"""Entry: ``diffseg-gui [IMAGE …]``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QSettings, QTimer, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from diffseg_gui import log
from diffseg_gui.app.garbage import Garbage
from diffseg_gui.app.screenshot import save_picture_when_done
from diffseg_gui.app.unforeseen import Unforeseen
from diffseg_gui.app.workbench import Workbench
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.system import why_no_window
from diffseg_gui.worker.analyst import FIRST_FRAME
from diffseg_gui.worker.worker import Setup
from engine import __version__
from engine.errors import ModelError
from engine.host.choices import DEVICES, DEVICES_HELP, model_file
from engine.host.memory import give_back_large
from engine.host.resources import ROOT, default_model, model_named, samples

SELF_TEST_HELP = "try the whole program on a sample, log to FOLDER, or to a temporary one, and end: 0 where all works"

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMessageLogContext, QtMsgType


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; with ``--screenshot``, analyse, save a picture of it, and end; with ``--self-test``, try all."""
    options = _options(arguments)
    log.start()
    give_back_large()
    if QApplication.instance() is None and (sentence := why_no_window()):
        print(f"diffseg-gui: {sentence}", file=sys.stderr)
        return 1
    app = _application()
    unattended = bool(options.screenshot or options.self_test)
    preferences = Preferences(None if unattended else QSettings("DiffSeg", "DiffSeg"))
    if options.theme:
        preferences.set("theme", options.theme)
    theme.apply(app, theme.chosen(preferences))
    readings = None if unattended else Path(platformdirs.user_data_dir("DiffSeg", appauthor=False)) / "readings"
    # A bundled model that was chosen is known by its name: an update moves files, and may leave the model out.
    setup = Setup(options.model or model_named(preferences.text("model")), options.device)
    try:
        defaults = setup.defaults()
    except ModelError as error:  # the bundled model's description is damaged: there is nothing to begin with
        print(f"diffseg-gui: {error}", file=sys.stderr)
        if not unattended:
            QMessageBox.critical(None, "DiffSeg", str(error))
        return 1
    with Garbage() as garbage:
        bench = Workbench(setup, defaults, preferences, readings)
        bench.analyst.devices.connect(garbage.keep_all)  # torch is loaded by then
        outcome = _leave_alone(bench, options)
        with Unforeseen(bench.messages):
            bench.window.show()
            if options.images:
                bench.series.begin(options.images)
            elif not options.self_test:
                QTimer.singleShot(FIRST_FRAME, bench.analyst.prepare)
            code = app.exec()
    bench.window.hide()  # after Ctrl+C it was not closed, nor has it seen to what is to be kept
    bench.autosave.close()
    bench.analyst.close()
    return outcome[0] if outcome else code or int(unattended)  # 1 where somebody closed the window in between


def _leave_alone(bench: Workbench, options: argparse.Namespace) -> list[int]:
    """Begin what works without a person, if anything; the list gets its exit status at the end."""
    outcome: list[int] = []
    if options.screenshot:
        save_picture_when_done(bench, options.screenshot, outcome)
    if options.self_test:
        from diffseg_gui.app.self_test import SelfTest  # here: nobody's start should wait for it

        folder = options.self_test if options.self_test.name else Path(tempfile.mkdtemp(prefix="diffseg-self-test-"))
        SelfTest(bench, samples()[0], folder, outcome).begin()
    return outcome


def _application() -> QApplication:
    """The one there is, or a new one; Qt ends the program where a display that was named does not answer."""
    former = qInstallMessageHandler(_tell)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    qInstallMessageHandler(former)
    assert isinstance(app, QApplication)
    app.setApplicationName("DiffSeg")
    app.setDesktopFileName("diffseg")  # on Linux a desktop finds name and icon by it
    app.setWindowIcon(QIcon(str(ROOT / "icons" / "diffseg.png")))
    return app


def _tell(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """What Qt says, but for the library that it names at every failure and that was found to be there."""
    if "xcb-cursor0" not in text:
        print(text, file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; what does not go together ends the program with 2."""
    parser = command_line()
    options = parser.parse_args(arguments)
    if options.screenshot and (not options.images or os.path.isdir(options.images[0])):
        parser.error("--screenshot needs an IMAGE to analyse")
    if options.self_test and (options.images or options.screenshot):
        parser.error("--self-test has its own IMAGE, and takes no other and no --screenshot")
    return options


def command_line() -> argparse.ArgumentParser:
    """What the program understands; the manual is made from it as well."""
    parser = argparse.ArgumentParser(
        prog="diffseg-gui", description="The DiffSeg workbench. Research use only; not a medical device."
    )
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="photographs, or folders of such")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="analyse IMAGE, save a picture, and end")
    parser.add_argument("--self-test", type=Path, nargs="?", const=Path(), metavar="FOLDER", help=SELF_TEST_HELP)
    parser.add_argument("--device", choices=DEVICES, default="auto", help=DEVICES_HELP)
    first = default_model().stem
    model = f"a .safetensors file, or a bundled model's name (default: the bundled one chosen last; at first {first})"
    parser.add_argument("--model", type=model_file, metavar="MODEL", help=model)
    parser.add_argument("--theme", choices=theme.THEMES, help="colours (default: as chosen last)")
    parser.add_argument("--version", action="version", version=f"diffseg-gui {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
