"""Whatever is done in the window, in whatever order: what is shown and exported belongs to what holds; blind is blind.

``python -m tests.sittings --count 200`` tries that many sittings of forty actions each, with real events and the worker
at work. Hypothesis chooses the actions and tells those of a sitting that fails.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import KEY, RESEARCH
from diffseg_gui.document.results import NOTHING
from diffseg_gui.features.export.choice import FOLDER
from diffseg_gui.features.settings import Settings
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker.worker import Setup
from engine.networks.weights import load_model
from engine.photograph.read import read_mask
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.recipe import NoiseSettings
from engine.records import readings as store
from engine.records.writers.masks import MASK
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE
from tests.soak import tiny_model
from tests.waiting import pause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.scribbles import Scribbles

PATIENCE = 120.0  # seconds until a wait is given up
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
VIEWS = ("photograph", "consistency", "ambiguity", "refined", "counterfactual")
DRAWING = ("brush", "eraser", "scribble_lesion", "scribble_skin")
FAST = replace(
    RECIPE, noise=NoiseSettings(timesteps=(60, 100, 150)), crf=replace(RECIPE.crf, rounds=1, subset=2, iterations=2)
)
BLIND_WORDS = {"your outline"}  # all that the legend may say while a photograph is read blind
PLACES = st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9))


@dataclass(frozen=True, eq=False)
class Asked:
    """What was open when an export was asked for."""

    photograph: SkinImage
    recipe: Recipe
    mask: Bools


class Sitting(RuleBasedStateMachine):
    """One window, three photographs, and a hand that does anything that is allowed."""

    folder: ClassVar[Path]  # with the tiny model and the photographs
    known: ClassVar[dict[tuple[object, ...], Bools]] = {}  # what the engine finds, by what was asked of it

    def __init__(self) -> None:
        super().__init__()
        self.own = Path(tempfile.mkdtemp(dir=self.folder))  # of this sitting alone
        preferences = Preferences(QSettings(str(self.own / "settings.ini"), QSettings.Format.IniFormat))
        preferences.set(KEY, RESEARCH)
        preferences.set(FOLDER, str(self.own / "exported"))
        self.files = sorted((self.folder / "photographs").iterdir())
        setup = Setup(self.folder / "tiny.safetensors", "cpu")
        self.bench = Workbench(setup, setup.defaults(), preferences, self.own / "readings")
        self.lose = False  # how the next questions are answered
        self.asked: list[Asked] = []
        self.troubles: list[str] = []
        self.bench.export.requested.connect(lambda *_: self._note_export())
        self.bench.analyst.exported.connect(self._check_export)
        self.bench.messages.failed.connect(lambda sentence, _: self.troubles.append(sentence))
        self.answering = QTimer(interval=20)
        self.answering.timeout.connect(self._answer)
        self.answering.start()
        self.bench.window.show()
        self.bench.series.begin(self.files)
        self.settle()

    # What a hand does

    @rule(number=st.integers(0, 2))
    def open(self, number: int) -> None:
        self.bench.series.open(self.files[number])

    @rule(name=st.sampled_from(("next_photograph", "previous_photograph", "run", "undo", "redo", "contour", "swipe")))
    def use(self, name: str) -> None:
        self.bench.window.actions_by_name[name].trigger()

    @rule(row=st.sampled_from(("delta", "w1")), times=st.integers(1, 4), up=st.booleans(), lose=st.booleans())
    def move(self, row: str, times: int, up: bool, lose: bool) -> None:
        self.lose = lose
        sections = self.bench.feature(Settings).sections
        slider = sections["threshold"].delta.slider if row == "delta" else sections["crf"].rows[row].slider
        for _ in range(times):
            QTest.keyClick(slider, Qt.Key.Key_Right if up else Qt.Key.Key_Left)

    @rule(t=st.sampled_from((60, 100, 150)), lose=st.booleans())
    def choose_timestep(self, t: int, lose: bool) -> None:
        self.lose = lose
        QTest.mouseClick(self.bench.feature(Settings).sections["noise"].pills[t], LEFT)

    @rule(tool=st.sampled_from(DRAWING), start=PLACES, end=PLACES)
    def draw(self, tool: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        action, canvas = self.bench.window.actions_by_name[tool], self.bench.stage.canvas
        if not action.isEnabled():
            return
        if not action.isChecked():
            action.trigger()
        photograph = self.bench.document.photograph
        first, last = (
            canvas.to_screen().map(QPointF(x * photograph.width, y * photograph.height)).toPoint()
            for x, y in (start, end)
        )
        QTest.mousePress(canvas, LEFT, Qt.KeyboardModifier.NoModifier, first)
        QTest.mouseMove(canvas, last)
        QTest.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.NoModifier, last)

    @rule(lose=st.booleans())
    def read_blind(self, lose: bool) -> None:
        self.lose = lose
        self.bench.window.actions_by_name["blind"].trigger()

    @rule(name=st.sampled_from(("reveal", "adopt_blind", "discard_blind")))
    def end_blind(self, name: str) -> None:
        self.bench.window.actions_by_name[name].trigger()

    @rule()
    def cancel(self) -> None:
        self.bench.window.actions_by_name["cancel"].trigger()

    @rule(view=st.sampled_from(VIEWS))
    def look_at(self, view: str) -> None:
        self.bench.window.actions_by_name[f"view_{view}"].trigger()

    @rule(view=st.sampled_from(("clinical", "research")))
    def arrange(self, view: str) -> None:
        self.bench.window.actions_by_name[view].trigger()

    @rule()
    def export(self) -> None:
        QTest.keyClick(self.bench.window, Qt.Key.Key_E, CTRL)

    @rule(ms=st.integers(0, 300))
    def rest(self, ms: int) -> None:
        pause(ms)

    @rule()
    def settle(self) -> None:
        """Wait until the worker owes nothing: the result is then what the engine finds for what holds."""
        document = self.bench.document
        pause(20)  # what was done last reaches the document first
        self._wait(lambda: not document.is_busy and not self.bench.analyst.is_exporting)
        if document.cancelled or document.photograph is None:
            return
        assert document.results.current, "the worker is done, and its result is out of date"
        assert np.array_equal(document.results.segmentation.mask, self._found())

    @precondition(lambda self: self.bench.document.blind is None)
    @rule(number=st.integers(0, 2))
    def come_back(self, number: int) -> None:
        """Open another and come back: the correction is there."""
        document = self.bench.document
        self.settle()
        path, layer = document.photograph.path, self.bench.editing.layer
        self.open(number)
        self.settle()
        self.bench.series.open(path)
        self.settle()
        if document.blind is None:
            assert np.array_equal(self.bench.editing.layer, layer)

    # What always holds

    @invariant()
    def what_is_shown_belongs_to_what_holds(self) -> None:
        shown, document = self.bench.document.shown, self.bench.document
        if shown.current:
            found = shown.segmentation
            assert found.image is document.photograph
            assert found.recipe == document.recipe
            assert found.scribbles == document.reading.scribbles
        mask = self.bench.editing.mask
        if mask is not None:
            assert mask.shape == (document.photograph.height, document.photograph.width)

    @invariant()
    def what_is_out_of_date_cannot_be_exported(self) -> None:
        if self.bench.window.actions_by_name["export"].isEnabled():
            assert self.bench.document.blind is None
            assert self.bench.document.results.current

    @invariant()
    def nothing_is_shown_to_who_reads_blind(self) -> None:
        if self.bench.document.blind is None:
            return
        assert self.bench.document.shown is NOTHING
        assert set(self.bench.stage.legend.names()) <= BLIND_WORDS
        docks = (*self.bench.window.docks.all.values(), self.bench.window.docks.column)
        assert not any(dock.is_there() and dock._content.isVisible() for dock in docks if hasattr(dock, "_content"))

    @invariant()
    def nothing_has_failed(self) -> None:
        assert self.troubles == []

    def teardown(self) -> None:
        """Close the window: no thread, no timer, no unsaved work is left."""
        self.answering.stop()
        document = self.bench.document
        self._wait(lambda: not self.bench.analyst.is_exporting)
        photograph, reading, blind = document.photograph, document.reading, document.blind
        assert self.bench.window.close()
        assert not self.bench.analyst._thread.isRunning()
        assert not [timer for timer in self.bench.findChildren(QTimer) if timer.isActive()]
        if photograph is not None and blind is None:
            kept = store.load(self.own / "readings", photograph.identity)
            assert (kept is None or kept.layer is None) == (reading.layer is None)
            assert reading.layer is None or np.array_equal(kept.layer, reading.layer)
        self.bench.window.deleteLater()
        self.bench.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # Within

    def _found(self) -> Bools:
        """What the engine finds by itself."""
        document, known = self.bench.document, self.known
        photograph, recipe, scribbles = document.photograph, document.recipe, document.reading.scribbles
        key = (photograph.identity, recipe, scribbles)
        if key not in known:
            known[key] = self._run(photograph, recipe, scribbles)
        return known[key]

    def _run(self, photograph: SkinImage, recipe: Recipe, scribbles: Scribbles) -> Bools:
        model = load_model(self.folder / "tiny.safetensors")
        return drain(Pipeline(model, "cpu").run(photograph, recipe, scribbles)).mask

    def _note_export(self) -> None:
        document = self.bench.document
        assert document.blind is None
        assert document.results.current
        assert self.bench.editing.mask is not None
        self.asked.append(Asked(document.photograph, document.recipe, self.bench.editing.mask))

    def _check_export(self, folder: Path) -> None:
        asked = self.asked.pop(0)
        if any(other.photograph.path == asked.photograph.path for other in self.asked):
            return  # another one of the same photograph follows, and may be there already
        said = json.loads((folder / "result.json").read_text())
        if said["image"]["sha256"] != asked.photograph.sha256:
            self.troubles.append("exported: another photograph")
        if said["recipe"] != json.loads(json.dumps(asked.recipe.to_json())):
            self.troubles.append("exported: other settings")
        if not np.array_equal(read_mask(folder / MASK), asked.mask):
            self.troubles.append("exported: another mask")

    def _answer(self) -> None:
        role = QMessageBox.ButtonRole.DestructiveRole if self.lose else QMessageBox.ButtonRole.RejectRole
        for box in [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]:
            next(button for button in box.buttons() if box.buttonRole(button) == role).click()

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            pause(5)
            assert time.monotonic() < deadline, "the window did not answer in time"


def run(count: int, steps: int, folder: Path, shrink: bool = False) -> None:
    """Try that many sittings; raises AssertionError with one that fails, with ``shrink`` the shortest."""
    theme.apply(QApplication.instance() or QApplication(sys.argv[:1]))
    Sitting.folder = folder
    tiny_model(folder, FAST)
    (folder / "photographs").mkdir()
    for number in range(3):
        pixels, _ = lesion_photo(number, 60 + 8 * number, 80)
        Image.fromarray(pixels).save(folder / "photographs" / f"mole {number}.png")
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    how = settings(
        max_examples=count, stateful_step_count=steps, phases=phases, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(Sitting, settings=how)


def main(arguments: Sequence[str] | None = None) -> int:
    """The long run; it ends with the first sitting that fails, if any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--shrink", action="store_true", help="look for the shortest that fails, for minutes")
    parser.add_argument("--within", type=Path, help="where to write, instead of the system's temporary folder")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    since = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="diffseg-sittings-", dir=options.within) as folder:
        run(options.count, options.steps, Path(folder), options.shrink)
    print(f"{options.count} sittings of up to {options.steps} actions in {time.monotonic() - since:.0f} s, none failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
