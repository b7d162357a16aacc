"""A day's work in one window: photographs opened, tuned, corrected and exported; nothing may grow that is counted.

``python -m tests.soak --count 1000`` does that many and says what grew. A tiny network stands for the model, so that
the window is what is tried; ``--shipped`` takes the program's own.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shiboken6
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.garbage import Garbage
from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import KEY, RESEARCH
from diffseg_gui.features.export.choice import FOLDER
from diffseg_gui.features.series import thumbnails
from diffseg_gui.features.settings import Settings
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker.worker import Setup
from engine.bench.memory import held_mb
from engine.host.memory import give_back_large
from engine.host.resources import default_model
from engine.networks.weights import save_model
from engine.photograph.read import read_mask
from engine.records.writers.masks import MASK
from tests.conftest import random_network
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE
from tests.waiting import pause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.recipe import Recipe

LEAST = 96  # pixels of a synthetic photograph's side
PATIENCE = 300.0  # seconds until a wait is given up
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
PICTURES = 20  # small ones that the strip keeps, instead of 400, so that it is full long before the counts that matter
LIMITS = {  # what may be added for each photograph, beside what swings
    "memory_kb": 20.0,
    "threads": 0.005,
    "handles": 0.005,
    "temporary": 0.005,
    "objects": 0.05,
    "timers": 0.005,
}


@dataclass(frozen=True)
class Count:
    """What the process holds once all is quiet.

    memory_kb: its own, in memory or swapped out, after the C library has given back what it keeps; not what is mapped
    from files, which the system takes away and brings back as it likes. handles: open files. temporary: files in the
    folder for temporary ones, and what exports and readings left half written. objects: of Qt, those that Python knows
    and all widgets. timers: those that run.
    """

    photograph: int
    memory_kb: float
    threads: int
    handles: int
    temporary: int
    objects: int
    timers: int


class Sitting:
    """One window, and a hand that works in it by real events."""

    def __init__(self, model: Path, folder: Path) -> None:
        """folder: for all that is written; photographs are expected in its ``photographs``."""
        self._folder = folder
        preferences = Preferences(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        preferences.set(KEY, RESEARCH)  # where every panel is
        preferences.set(FOLDER, str(folder / "exported"))
        setup = Setup(model, "cpu")
        self.bench = Workbench(setup, setup.defaults(), preferences, folder / "readings")
        self._sections = self.bench.feature(Settings).sections
        self._exported: list[Path] = []
        self._failures: list[str] = []
        self.bench.analyst.exported.connect(lambda folder, _: self._exported.append(folder))
        self.bench.messages.failed.connect(lambda sentence, _: self._failures.append(sentence))
        self.bench.window.show()

    def work(self, number: int, first: Path) -> None:
        """Open the next photograph, tune it, correct it, export it, and check what was exported."""
        bench, window = self.bench, self.bench.window
        before = bench.document.photograph
        if before is None:
            bench.series.begin([first])
        else:
            QTest.keyClick(window, Qt.Key.Key_PageDown, CTRL)
        self._wait(lambda: bench.document.photograph is not before and self._is_current())
        key = Qt.Key.Key_Right if number % 2 else Qt.Key.Key_Left
        for _ in range(3):
            QTest.keyClick(self._sections["threshold"].delta.slider, key)
        self._wait(self._is_current)
        QTest.keyClick(self._sections["crf"].rows["w1"].slider, key)
        self._wait(self._is_current)
        self._paint(number)
        QTest.keyClick(window, Qt.Key.Key_E, CTRL)
        self._wait(lambda: bool(self._exported))
        folder = self._exported.pop()
        assert bench.editing.mask is not None
        assert np.array_equal(read_mask(folder / MASK), bench.editing.mask), f"{folder} holds another mask"
        shutil.rmtree(folder)

    def count(self, number: int) -> Count:
        """Count what is there once the garbage is collected and pictures of the strip are made."""
        pause(300)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        known = [one for one in gc.get_objects() if issubclass(type(one), QObject) and shiboken6.isValid(one)]
        return Count(
            number,
            _own_memory(),
            len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else threading.active_count(),
            len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
            len(os.listdir(tempfile.gettempdir())) + self._halves(),
            len({*map(id, known), *map(id, QApplication.allWidgets())}),
            sum(isinstance(one, QTimer) and one.isActive() for one in known),
        )

    def _halves(self) -> int:
        """How many files stay half written; those of an autosave under way are whole in a moment."""
        for _ in range(100):
            halves = [*self._folder.rglob("*.partial"), *self._folder.rglob(".partial-*")]
            if not halves:
                break
            pause(20)
        return len(halves)

    def close(self) -> None:
        """Close the window; its threads end."""
        assert self.bench.window.close()
        self.bench.window.deleteLater()
        self.bench.deleteLater()

    def _is_current(self) -> bool:
        return self.bench.document.results.current and not self.bench.document.is_busy

    def _paint(self, number: int) -> None:
        """A stroke of the brush across a corner, and every third time one that is taken back."""
        self.bench.window.actions_by_name["brush"].trigger()
        canvas = self.bench.stage.canvas
        for time_ in range(2 if number % 3 == 0 else 1):
            width, height = self.bench.document.photograph.width, self.bench.document.photograph.height
            start, end = (
                canvas.to_screen().map(QPointF(x * width, (0.1 + 0.1 * time_) * height)).toPoint() for x in (0.1, 0.3)
            )
            QTest.mousePress(canvas, LEFT, Qt.KeyboardModifier.NoModifier, start)
            QTest.mouseMove(canvas, end)
            QTest.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.NoModifier, end)
        assert self.bench.editing.is_corrected
        if number % 3 == 0:
            QTest.keyClick(self.bench.window, Qt.Key.Key_Z, CTRL)

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            pause(5)
            if self._failures or time.monotonic() > deadline:
                raise RuntimeError(self._failures[0] if self._failures else "the window did not answer in time")


def photographs(count: int, side: int, every: int, folder: Path) -> list[Path]:
    """Synthetic photographs, JPEG files. side: the most pixels of one. every: how many sizes there are in turn."""
    folder.mkdir(parents=True)
    paths = []
    for number in range(count):
        height, width = (int(side) for side in np.random.default_rng(number % every).integers(LEAST, side, 2))
        paths.append(folder / f"mole {number}.jpg")
        Image.fromarray(lesion_photo(number, height, width)[0]).save(paths[-1], quality=85)
    return paths


def run(count: int, every: int, folder: Path, model: Path, files: Sequence[Path]) -> list[Count]:
    """Work through the photographs in one window, counting after so many. folder: for all that is written."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    theme.apply(app)
    sitting, counts = Sitting(model, folder), []
    with Garbage():  # as the program does
        try:
            for number in range(count):
                sitting.work(number, files[0])
                if (number + 1) % every == 0:
                    counts.append(sitting.count(number + 1))
                    print(*(f"{name} {value:.0f}" for name, value in asdict(counts[-1]).items()), sep=", ", flush=True)
        finally:
            sitting.close()
    return counts


def slopes(counts: Sequence[Count]) -> dict[str, float]:
    """What is added for each photograph, by a straight line through the second half of the counts."""
    late = counts[len(counts) // 2 :]
    numbers = [one.photograph for one in late]
    names = [field.name for field in fields(Count)][1:]
    return {name: float(np.polyfit(numbers, [getattr(one, name) for one in late], 1)[0]) for name in names}


def grown(counts: Sequence[Count]) -> dict[str, float]:
    """What grew by more than it may, with its growth for each photograph."""
    return {name: slope for name, slope in slopes(counts).items() if slope > LIMITS[name]}


def _own_memory() -> float:
    """As in ``memory_kb``; 0 where the system does not tell, as others than Linux."""
    if held_mb() is None:
        return 0.0
    lines = (line.partition(":") for line in Path("/proc/self/status").read_text().splitlines())
    return float(sum(int(value.split()[0]) for name, _, value in lines if name in ("RssAnon", "VmSwap")))


def tiny_model(folder: Path, recipe: Recipe = RECIPE) -> Path:
    """A model of random weights that takes no time, with these settings of its own."""
    path = folder / "tiny.safetensors"
    save_model(path, random_network(), recipe, {"note": "random weights"})
    return path


def main() -> int:
    """The long run; 1 where something grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--every", type=int, default=10, help="photographs between two counts")
    parser.add_argument("--photographs", type=Path, help="a folder of such, instead of synthetic ones")
    parser.add_argument("--side", type=int, default=400, help="pixels of the largest synthetic photographs")
    parser.add_argument("--within", type=Path, help="where to write, instead of the system's temporary folder")
    parser.add_argument("--shipped", action="store_true", help="use the program's own model")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    give_back_large()  # as the program does
    thumbnails.KEPT = PICTURES
    since = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="diffseg-soak-", dir=options.within) as name:
        folder = Path(name)
        tempfile.tempdir = str(folder / "temporary")
        os.mkdir(tempfile.tempdir)
        made = options.photographs is None
        files = (
            photographs(options.count, options.side, options.every, folder / "photographs")
            if made
            else [options.photographs]
        )
        model = default_model() if options.shipped else tiny_model(folder)
        counts = run(options.count, options.every, folder, model, files)
        tempfile.tempdir = None
    too_much = grown(counts)
    for name, slope in slopes(counts).items():
        print(f"{name}: {slope:+.4f} a photograph, at most {LIMITS[name]}{' – grew' if name in too_much else ''}")
    print(f"{options.count} photographs in {time.monotonic() - since:.0f} s")
    return int(bool(too_much))


if __name__ == "__main__":
    sys.exit(main())
