"""While a photograph is read blind, nothing that can be seen depends on what the model found. Features fail closed.

The same things are done with results that differ in all that a result can differ in, and all that the program shows is
compared: every widget's words and state, every panel's pixels under its cover, every view, the legend and each action.
Whatever features the workbench has are looked at, those to come, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath

from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import KEY, NAMES
from diffseg_gui.document.results import NOTHING
from diffseg_gui.features.annotation import AnnotationFeature
from diffseg_gui.features.changes import Changes
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.pair import PairFeature
from diffseg_gui.features.review import Review
from diffseg_gui.features.settings import Settings
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH, VIEWS
from diffseg_gui.worker.worker import Setup
from engine.method.probability import Temperatures
from engine.progress import Progress
from engine.reading.correction import Patch
from engine.reading.reading import Reading
from tests.gui.app.observing import differing, observe
from tests.gui.conftest import PATIENCE, wait_for_folders
from tests.gui.desk import result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence, Segmentation
    from tests.gui.desk import Desk

    Found = Callable[[Workbench], Segmentation]

APART = ("blind", "reveal", "quit")  # what ends the reading
DIALOGS = ("open", "open_model", "export", "export_as", "show_export", "report", "compare", "shortcuts", "about")
EVERYWHERE = ("theme_system", "theme_dark", "theme_light", *NAMES)  # the application's, and the other view
MODELS = ("export", "export_as", "report", "band", "compare_pair", "show_changes", "next_override", "next_dropped")
REVIEW = ("next_region", "previous_region", "accept", "extend", "retract", "undecidable", "take_back")
HIDDEN_COMMANDS = (*MODELS, *REVIEW, *(f"view_{key}" for key in VIEWS if key != PHOTOGRAPH))


def discs(evidence: Evidence) -> Found:
    """A lesion in the middle, of which the timesteps see ten sizes; a calibrated model."""

    def found(bench: Workbench) -> Segmentation:
        temperatures = Temperatures(evidence.timesteps, (0.05,) * len(evidence.timesteps))
        made = result(bench.document.photograph, evidence, bench.document.recipe)
        return replace(made, softening=temperatures)

    return found


def nothing(evidence: Evidence) -> Found:
    """No lesion but a pixel of one timestep, so that two masks differ, by a model that is not calibrated."""
    difference = np.zeros_like(evidence.difference)
    difference[-1, 0, 0] = 0.3
    empty = replace(evidence, difference=difference)
    return lambda bench: result(bench.document.photograph, empty, bench.document.recipe)


def specks(evidence: Evidence) -> Found:
    """Specks everywhere, another skin without them, and refinement that overrode nearly all of them."""
    random = np.random.default_rng(0)
    difference = random.uniform(0, 0.3, evidence.difference.shape).astype(np.float32)
    other = replace(evidence, difference=difference, counterfactual=255 - evidence.counterfactual)

    def found(bench: Workbench) -> Segmentation:
        made = result(bench.document.photograph, other, bench.document.recipe)
        mask = np.zeros_like(made.mask)
        mask[:20, :20] = True
        return replace(made, refined=replace(made.refined, mask=mask, probability=mask.astype(np.float32)))

    return found


RESULTS = (discs, nothing, specks)


@pytest.fixture(params=NAMES)
def idle(
    request: pytest.FixtureRequest, qtbot: QtBot, model_path: Path, recipe: Recipe
) -> Iterator[Callable[[], Workbench]]:
    """Workbenches that remember nothing of each other, and whose worker is asked nothing; one at a time.

    In both views of the window.
    """
    made: list[Workbench] = []

    def stand_up() -> None:
        for bench in made:
            bench.window.close()
            bench.window.deleteLater()
            bench.deleteLater()
        made.clear()

    def make() -> Workbench:
        stand_up()
        theme.apply(theme.application())
        preferences = Preferences()
        preferences.set(KEY, request.param)
        bench = Workbench(Setup(model_path, "cpu"), recipe, preferences)
        made.append(bench)
        bench.document.requested.disconnect(bench.analyst.request)
        with qtbot.waitActive(bench.window):
            bench.window.show()
        return bench

    yield make
    stand_up()


@pytest.fixture
def drawn(tmp_path: Path, photo: SkinImage) -> Path:
    """The mask that an expert drew."""
    mask = np.zeros((photo.height, photo.width), np.uint8)
    mask[15:50, 20:70] = 255
    path = tmp_path / "nevus_segmentation.png"
    Image.fromarray(mask).save(path)
    return path


# What is done


def annotate(bench: Workbench, path: Path, qtbot: QtBot) -> AnnotationFeature:
    """Compare with a mask that an expert drew."""
    feature = bench.feature(AnnotationFeature)
    feature.open(path)
    qtbot.waitUntil(lambda: feature.annotation is not None, timeout=PATIENCE)
    return feature


def from_the_beginning(
    bench: Workbench, photo: SkinImage, drawn: Path, find: Found, qtbot: QtBot
) -> list[dict[str, object]]:
    """Open the photograph blind, draw, and use every command there is; what was seen after each step."""
    document, seen = bench.document, []

    def look(painted: bool = False) -> None:
        seen.append(observe(bench, painted))

    bench.window.actions_by_name["blind"].trigger()
    document.open(photo.path)
    document.receive_photograph(photo)
    look()
    found = find(bench)
    document.receive_progress(Progress("network", 5, 10, found.evidence))
    look()
    document.receive_result(found)
    look(painted=True)
    bench.viewport.set_cursor(QPointF(48.5, 36.5), bench.stage.canvas)
    look()
    bench.editing.put("outline", Patch(20, 20, np.ones((30, 40), np.int8)))
    look()
    annotate(bench, drawn, qtbot)
    look()
    for name, action in bench.window.actions_by_name.items():
        if action.isEnabled() and name not in (*APART, *DIALOGS, *EVERYWHERE):
            action.trigger()
            wait_for_folders(bench.series, qtbot)
            look()
            if document.is_busy:
                document.rest()
                document.receive_result(find(bench))
    look(painted=True)
    return seen


def after_all_was_seen(
    bench: Workbench, photo: SkinImage, drawn: Path, find: Found, qtbot: QtBot
) -> list[dict[str, object]]:
    """Look at everything of the result, then begin to read blind; what was seen from then on."""
    document, actions = bench.document, bench.window.actions_by_name
    document.receive_photograph(photo)
    document.receive_result(find(bench))
    annotation = annotate(bench, drawn, qtbot)
    qtbot.waitUntil(annotation._is_current, timeout=PATIENCE)
    actions["show_changes"].trigger()
    qtbot.waitUntil(lambda: bench.feature(Changes)._is_current(), timeout=PATIENCE)
    bench.feature(Measures).panel.wanted.emit()
    qtbot.waitUntil(lambda: bench.feature(Measures)._measures.is_current, timeout=PATIENCE)
    bench.feature(Review).panel.wanted.emit()
    actions["next_region"].trigger()
    bench.viewport.fit()
    bench.feature(Settings).panel.wanted.emit()  # in front, wherever the focus goes
    bench.display.show(CONSISTENCY)
    bench.feature(PairFeature).open(60, 150)
    assert bench.display.large == "pair"
    bench.viewport.set_cursor(QPointF(48.5, 36.5), bench.stage.canvas)
    assert "votes" in bench.window.position.text()
    bench.messages.clear()
    actions["blind"].trigger()
    first = observe(bench)
    qtbot.wait(200)  # longer than anything rests that is made beside the main thread
    return [first, observe(bench, painted=True)]


# The tests


@pytest.mark.slow
def test_read_blind_from_the_beginning_all_results_look_the_same(
    idle: Callable[[], Workbench], photo: SkinImage, drawn: Path, evidence: Evidence, qtbot: QtBot
) -> None:
    seen = [from_the_beginning(idle(), photo, drawn, make(evidence), qtbot) for make in RESULTS]
    assert len(seen[0]) > 30
    for others in seen[1:]:
        assert [differing(one, other) for one, other in zip(seen[0], others, strict=True)] == [[]] * len(others)


@pytest.mark.slow
def test_once_it_is_read_blind_all_results_look_the_same(
    idle: Callable[[], Workbench], photo: SkinImage, drawn: Path, evidence: Evidence, qtbot: QtBot
) -> None:
    seen = [after_all_was_seen(idle(), photo, drawn, make(evidence), qtbot) for make in RESULTS]
    for others in seen[1:]:
        assert [differing(one, other) for one, other in zip(seen[0], others, strict=True)] == [[], []]


def test_the_comparison_tells_results_apart_that_are_not_hidden(
    idle: Callable[[], Workbench], photo: SkinImage, evidence: Evidence
) -> None:
    seen = []
    for make in RESULTS[:2]:
        bench = idle()
        bench.document.receive_photograph(photo)
        bench.document.receive_result(make(evidence)(bench))
        seen.append(observe(bench, painted=True))
    told = differing(*seen)
    assert {"legend", "view photograph", f"view {CONSISTENCY}", "view t100", "action view_probability"} <= set(told)
    assert {f"pixels of {name}" for name in ("window", "Disagreement", "Maps", "Filmstrip")} <= set(told)
    assert any("QLabel" in name for name in told)


def test_what_shows_or_uses_the_model_cannot_be_chosen(
    idle: Callable[[], Workbench], photo: SkinImage, evidence: Evidence
) -> None:
    bench = idle()
    bench.document.receive_photograph(photo)
    bench.document.receive_result(discs(evidence)(bench))
    before = {name for name in HIDDEN_COMMANDS if bench.window.actions_by_name[name].isEnabled()}
    assert {"export", "band", "view_consistency", "view_probability", "compare_pair", "show_changes"} <= before
    bench.window.actions_by_name["blind"].trigger()
    for name in HIDDEN_COMMANDS:
        assert not bench.window.actions_by_name[name].isEnabled(), name
    for view in (*VIEWS, "t100"):
        assert (bench.scenes.scene(view) is None) is (view != PHOTOGRAPH)
    assert bench.document.shown is NOTHING
    bench.window.actions_by_name["blind"].trigger()
    assert {name for name in HIDDEN_COMMANDS if bench.window.actions_by_name[name].isEnabled()} == before


def test_a_new_layer_is_not_drawn_unless_it_says_that_it_tells_nothing(opened: Desk) -> None:
    path = QPainterPath()
    path.addRect(10, 10, 20, 20)
    told = (Curve(path, QColor("red"), name="told"),)
    harmless = (Curve(path, QColor("red"), name="harmless"),)
    opened.scenes.add([Layer(Depth.CHANGES, lambda key: told)])
    opened.scenes.add([Layer(Depth.BAND, lambda key: harmless, while_blind=True)])
    opened.scenes.refresh()
    assert opened.legend() == ("harmless", "told")
    opened.document.begin_blind()
    assert opened.legend() == ("harmless",)
    assert opened.scenes.scene(PHOTOGRAPH).curves == harmless
    opened.document.set_reading(Reading())
    assert opened.legend() == ("harmless",)
    opened.document.end_blind()
    assert opened.legend() == ("harmless", "told")
