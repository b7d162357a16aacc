"""``--self-test``: a sample's whole way through the program, with no person: does all of it work on this computer?

The sample is opened, analysed, its delta moved, scribbled on, brushed and exported. Then the engine makes the mask anew
from what was exported, which must give the same to the bit. No digest comes with the program to compare with, for
processors round differently; on one computer every installation of one version gives the same, which the log tells.
"""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.window import SIZE
from engine import __version__
from engine.method.stability import STEP
from engine.photograph.read import read_mask
from engine.reading.agreement import agreement
from engine.records.writers.masks import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from diffseg_gui.app.workbench import Workbench
    from engine.arrays import Bools
    from engine.results import Segmentation

    Steps = Iterator[tuple[str, Callable[[], bool]]]

LOG = "self-test.log"
TICK = 20  # ms between two looks at whether a step is done
LIMIT = 600_000  # ms after which nothing more is expected
LEAST_DICE = 0.8  # with the sample's true mask, before anything is changed


class SelfTest(QObject):
    """Runs from :meth:`begin` until it closes the window."""

    def __init__(self, bench: Workbench, sample: Path, folder: Path, outcome: list[int]) -> None:
        """sample: its true mask lies beside it. folder: where the log and the results go.

        outcome: gets the exit status at the end, 0 or 1.
        """
        super().__init__(bench)
        self._bench, self._sample, self._folder, self._outcome = bench, sample, folder, outcome
        self._lines = [f"DiffSeg {__version__}, Python {sys.version.split()[0]}, {sys.platform}"]
        self._exported: list[Path] = []
        self._steps = self._all_steps()
        self._step, self._is_done, self._since = "started", _at_once, time.monotonic()
        self._tick = QTimer(self, interval=TICK)
        self._tick.timeout.connect(self._look)
        self._limit = QTimer(self, singleShot=True, interval=LIMIT)
        self._limit.timeout.connect(lambda: self._end(f"not {self._step} within {LIMIT // 60_000} minutes"))
        bench.messages.failed.connect(lambda sentence, _: self._end(sentence))
        bench.analyst.exported.connect(lambda folder, _: self._exported.append(folder))

    def begin(self) -> None:
        """Start as soon as the window is there, which has the same size on every screen."""
        self._bench.window.resize(*SIZE)
        self._tick.start()
        self._limit.start()

    @Slot()
    def _look(self) -> None:
        """Go on where a step is done; an error of any kind ends the test, with its trace in the log."""
        try:
            if self._is_done():
                self._note(f"{self._step}, {time.monotonic() - self._since:.1f} s")
                self._since = time.monotonic()
                self._step, self._is_done = next(self._steps)
        except StopIteration:
            self._end()
        except Exception as error:
            self._end("".join(traceback.format_exception(error)).strip())

    def _end(self, trouble: str = "") -> None:
        if not self._outcome:
            self._tick.stop()
            self._limit.stop()
            self._note(f"failed: {trouble}" if trouble else "passed")
            self._outcome.append(1 if trouble else 0)
            self._bench.window.close()

    def _note(self, line: str) -> None:
        """Into the log at once, so that a crash leaves what came before it; a desktop program may have no terminal."""
        self._lines.append(line)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / LOG).write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        print(f"self-test: {line}")

    # The steps, each with what tells that it is done

    def _all_steps(self) -> Steps:
        bench, document = self._bench, self._bench.document
        bench.series.begin([self._sample])
        yield "opened and analysed", self._is_current
        truth = read_mask(self._sample.with_name(f"{self._sample.stem}_segmentation.png"))
        _expect(agreement(self._found().mask, truth).dice > LEAST_DICE, "the lesion was not found")
        delta = document.recipe.vote.delta + STEP
        document.set_delta(delta)
        yield "delta moved", self._is_current
        _expect(abs(self._found().consensus.delta - delta) < STEP / 2, "the votes do not follow delta")
        (x, y), (across, down) = _inside(self._found().mask), (self._found().image.width, self._found().image.height)
        self._draw("scribble_skin", x, y)
        yield "scribbled", self._is_current
        _expect(not self._found().mask[y, x], "the border does not follow a scribble")
        self._draw("brush", across // 10, down // 10)
        yield "corrected", lambda: document.reading.layer is not None
        bench.export.into(self._folder)
        yield "exported", partial(bool, self._exported)
        mask = read_mask(self._exported[0] / MASK)
        _expect(mask[down // 10, across // 10] and not mask[y, x], "the exported mask lacks what was done")
        self._note(f"mask {hashlib.sha256(mask.tobytes()).hexdigest()}")
        self._make_again(self._exported[0])
        yield "made anew by the engine, the same to the bit", _at_once

    def _is_current(self) -> bool:
        return self._bench.document.results.current and not self._bench.document.is_busy

    def _found(self) -> Segmentation:
        found = self._bench.document.shown.segmentation
        assert found is not None
        return found

    def _draw(self, tool: str, x: int, y: int) -> None:
        """Take a tool and click on a pixel of the photograph."""
        self._bench.window.actions_by_name[tool].trigger()
        canvas = self._bench.stage.canvas
        at = canvas.to_screen().map(QPointF(x + 0.5, y + 0.5))
        button = Qt.MouseButton.LeftButton
        clicked = ((QEvent.Type.MouseButtonPress, button), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton))
        for kind, held in clicked:
            event = QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)

    def _make_again(self, folder: Path) -> None:
        from engine.networks.weights import load_model
        from engine.pipeline import Pipeline
        from engine.study.finding import Photographs
        from engine.study.reproducing import repeat

        model = load_model(self._bench.analyst.setup.model)
        again = repeat(folder, Photographs(self._sample.parent), lambda _: model, Pipeline)
        _expect(again.same, again.words)


def _at_once() -> bool:
    return True


def _inside(mask: Bools) -> tuple[int, int]:
    """Column and row of the middle one of a mask's pixels, row by row."""
    rows, columns = mask.nonzero()
    middle = len(rows) // 2
    return int(columns[middle]), int(rows[middle])


def _expect(holds: bool, otherwise: str) -> None:
    """Raises RuntimeError with these words where something does not hold."""
    if not holds:
        raise RuntimeError(otherwise)
