"""A picture of the analysed window, for ``--screenshot``."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from diffseg_gui.app.window import SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from diffseg_gui.app.workbench import Workbench


def save_picture_when_done(bench: Workbench, path: Path, outcome: list[int]) -> None:
    """Once all is analysed and painted, save a picture of the window as PNG and close it.

    outcome: gets the exit status then, 0 or 1; a failure is told in one sentence on standard error.
    """

    def end(code: int) -> None:
        outcome.append(code)
        bench.window.close()

    def finished() -> None:
        if not bench.document.shown.current or bench.document.is_busy:
            return  # the newest request's result will come here
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
    bench.document.failed.disconnect(bench.messages.failed_analysis)
    bench.document.failed.connect(failed)
    bench.analyst.finished.connect(lambda _: QTimer.singleShot(100, finished))  # once painted
