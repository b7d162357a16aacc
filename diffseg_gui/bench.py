"""Measures the window for ``diffseg bench``, which runs it in processes of its own: ``python -m diffseg_gui.bench``.

Each mode prints its samples as one line of JSON; summing them up is the engine's part. The window, its worker and its
event loop are the real ones, events on the slider are real key events, and a frame counts once it is painted: when each
visible canvas has painted the scene that the state calls for.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.garbage import Garbage
from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import KEY, RESEARCH
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.view.canvas import Canvas
from diffseg_gui.worker.analyst import FIRST_FRAME
from diffseg_gui.worker.worker import Setup
from engine.bench.memory import SETTLED, held_mb, peak_mb, resident_mb
from engine.host.memory import give_back_large
from engine.photograph.image import SkinImage
from engine.recipe import NoiseSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.view.scene import Scene

PATIENCE = 600.0  # seconds until a wait is given up
FRAME = 1 / 60  # seconds between two moves of a slider
LOW, HIGH = 10, 80  # slider positions between which delta goes up and down: 0.05 to 0.40


class Painted(QObject):
    """Knows which scene each canvas of a window has painted last."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._canvases = bench.window.findChildren(Canvas)
        self._seen: dict[Canvas, Scene | None] = {}
        for canvas in self._canvases:
            canvas.installEventFilter(self)

    def eventFilter(self, canvas: QObject, event: QEvent) -> bool:
        """Note a canvas that is about to paint."""
        if event.type() == QEvent.Type.Paint and isinstance(canvas, Canvas):
            self._seen[canvas] = canvas.scene
        return False

    def all(self) -> bool:
        """Whether each canvas that can be seen shows what it is to show."""
        visible = [canvas for canvas in self._canvases if not canvas.visibleRegion().isEmpty()]
        return bool(visible) and all(self._seen.get(c, self) is c.scene for c in visible)


class Session:
    """A workbench with preferences of its own, and the means to wait for it."""

    def __init__(self, model: Path | None, device: str, folder: str) -> None:
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        setup = Setup(model, device)
        preferences = Preferences(settings)
        preferences.set(KEY, RESEARCH)  # where most is to be painted
        self.bench = Workbench(setup, setup.defaults(), preferences)
        self.document = self.bench.document
        threshold = self.bench.feature(Settings).sections["threshold"]
        assert isinstance(threshold, Threshold)
        self.slider = threshold.delta.slider
        self.painted = Painted(self.bench)
        self._failure = ""
        self._ready = False
        self._pulse = QTimer(self.bench, interval=500)  # a wait looks at its clock even where nothing happens
        self._pulse.start()
        self.document.failed.disconnect(self.bench.messages.failed_analysis)
        self.document.failed.connect(self._fail)

    def show(self) -> None:
        """Show the window and wait for its first frame; the engine is being prepared meanwhile, as in the program."""
        self.bench.window.show()
        QTimer.singleShot(FIRST_FRAME, self._prepare)
        self.wait(self.painted.all)

    def wait_ready(self) -> None:
        """Wait until the model is there and has looked at one small image."""
        self.wait(lambda: self._ready)

    def open(self, path: Path) -> dict[str, float]:
        """Open a file; returns the seconds until its first mask, all masks and the refined border were painted."""
        document, before, started = self.document, self.document.photograph, time.perf_counter()

        def masks(count: int) -> bool:
            new = document.photograph is not None and document.photograph is not before
            evidence = document.shown.evidence
            shown = new and evidence is not None and len(evidence.timesteps) >= count
            return shown and self.painted.all()

        self.bench.series.begin([path])
        self.wait(lambda: masks(1))
        seconds = {"first_mask": time.perf_counter() - started}
        self.wait(lambda: masks(len(document.recipe.noise.timesteps)))
        seconds["votes"] = time.perf_counter() - started
        self.wait(lambda: document.shown.current and not document.is_busy and self.painted.all())
        seconds["refined"] = time.perf_counter() - started
        return seconds

    def move_delta(self, key: Qt.Key) -> float:
        """Press an arrow key on delta's slider; returns the seconds until its frame was painted."""
        slider, document = self.slider, self.document

        def shown() -> bool:
            consensus = document.shown.consensus
            return consensus is not None and consensus.delta == document.recipe.vote.delta and self.painted.all()

        started = time.perf_counter()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(slider, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
        self.wait(shown)
        seconds = time.perf_counter() - started
        self.idle(FRAME - seconds)
        return seconds

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the event loop run until a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if self._failure or time.monotonic() > deadline:
                sys.exit(self._failure or "the window did not answer in time")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def idle(self, seconds: float) -> None:
        """Let the event loop run for a while."""
        if seconds > 0:
            loop = QEventLoop()
            QTimer.singleShot(round(1000 * seconds), loop.quit)
            loop.exec()

    def close(self) -> None:
        """End the worker and the window."""
        self._pulse.stop()
        self.bench.window.close()

    def _prepare(self) -> None:
        small = SkinImage(Path("small"), "", np.full((64, 64, 3), 200, np.uint8))
        self.bench.analyst.finished.connect(self._answered)
        self.bench.analyst.prepare()
        noise = NoiseSettings(timesteps=(100,))
        self.bench.analyst.request(small, replace(self.document.defaults, noise=noise, refine=False))

    def _answered(self) -> None:
        self._ready = True

    def _fail(self, sentence: str) -> None:
        self._failure = sentence


def start(session: Session, options: argparse.Namespace) -> dict[str, Any]:
    """Seconds from --started, a time of day, to the first frame and to a ready engine."""
    session.show()
    visible = time.time() - options.started
    session.wait_ready()
    return {"visible": visible, "ready": time.time() - options.started}


def handle(session: Session, options: argparse.Namespace) -> dict[str, Any]:
    """Open a photograph some times, then move delta up and down over it."""
    session.show()
    session.wait_ready()
    opens = [session.open(options.photographs[0]) for _ in range(options.opens)]
    slider, moves, key = session.slider, [], Qt.Key.Key_Right
    for _ in range(options.moves):
        key = Qt.Key.Key_Left if slider.value() >= HIGH else Qt.Key.Key_Right if slider.value() <= LOW else key
        moves.append(session.move_delta(key))
    return {"opens": opens, "moves": moves}


def memory(session: Session, options: argparse.Namespace) -> dict[str, Any]:
    """Open photographs one after the other; MB resident after each, once all is quiet, those held, and the peak."""
    session.show()
    session.wait_ready()
    resident, held = [], []
    for number in range(options.images):
        session.open(options.photographs[number % len(options.photographs)])
        session.idle(0.1)
        resident.append(resident_mb())
        if number + 1 in (SETTLED, options.images):
            held.append(held_mb())
    return {"resident_mb": resident, "held_mb": held, "peak_mb": peak_mb()}


MODES = {"start": start, "handle": handle, "memory": memory}


def main() -> int:
    """Carry out one mode and print its samples."""
    parser = argparse.ArgumentParser(prog="python -m diffseg_gui.bench")
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--photographs", nargs="+", type=Path, default=[])
    parser.add_argument("--started", type=float, default=0.0)
    parser.add_argument("--opens", type=int, default=1)
    parser.add_argument("--moves", type=int, default=1)
    parser.add_argument("--images", type=int, default=1)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    give_back_large()  # as the program does
    app = QApplication(sys.argv[:1])
    theme.apply(app)
    with tempfile.TemporaryDirectory() as folder, Garbage() as garbage:
        session = Session(options.model, options.device, folder)
        session.bench.analyst.devices.connect(garbage.keep_all)
        try:
            samples = MODES[options.mode](session, options)
        finally:
            session.close()
    print(json.dumps(samples))
    return 0


if __name__ == "__main__":
    sys.exit(main())
