"""What is out of date looks so in every panel, in both themes, and its card says it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.annotation import AnnotationFeature
from diffseg_gui.features.changes import Changes
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.disagreement.panel import RANGE
from diffseg_gui.features.maps import Maps
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.review import Review
from diffseg_gui.look import overlay, theme
from diffseg_gui.look.wording import OUT_OF_DATE
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH, REFINED
from engine.progress import Progress
from engine.reading.reading import Ruler
from tests.gui.conftest import PATIENCE
from tests.gui.painted import assert_faded, contrast, distance, look, strongest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

THEMES = {"dark": theme.DARK, "light": theme.LIGHT}


@pytest.fixture(params=THEMES)
def seen(opened: Desk, request: pytest.FixtureRequest) -> Desk:
    """A desk with the ten discs' result in each theme; ten pixels are a millimetre, so that the limit has a verdict."""
    theme.apply(theme.application(), request.param)
    opened.editing.change("ruler", replace(opened.document.reading, ruler=Ruler((0.0, 0.0), (10.0, 0.0), 1.0)))
    return opened


def move_delta(desk: Desk) -> None:
    """Another delta: the votes follow at once, and nobody refines them."""
    desk.document.set_delta(desk.document.recipe.vote.delta + 0.005)
    QApplication.processEvents()
    assert desk.document.shown.votes_current
    assert not desk.document.shown.current


def change_seed(desk: Desk) -> None:
    """Another seed: everything belongs to other noise."""
    noise = replace(desk.document.recipe.noise, seed=7)
    desk.document.set_recipe(replace(desk.document.recipe, noise=noise))
    QApplication.processEvents()
    assert not desk.document.shown.votes_current


def settle(ready: Callable[[], bool], qtbot: QtBot) -> None:
    """Wait until a panel shows the present result, and what has just appeared has taken its place."""
    qtbot.waitUntil(ready, timeout=PATIENCE)
    qtbot.wait(50)  # layouts need a few rounds of events


def test_measures(seen: Desk, qtbot: QtBot) -> None:
    panel = seen.add(Measures(seen.document, seen.editing, seen.messages, seen.preferences)).card
    ground = theme.colours().panel
    settle(panel.figures.isEnabled, qtbot)
    parts = (panel.values["area"], panel.values["perimeter"], panel.flag, panel.sign)
    before, muted = [look(part) for part in parts], strongest(look(panel.ranges["area"]), ground)
    assert panel.note.text() == ""
    move_delta(seen)
    assert panel.note.text() == OUT_OF_DATE
    for part, was in zip(parts, before, strict=True):
        assert_faded(was, look(part), ground)
    assert strongest(look(panel.ranges["area"]), ground) < 0.7 * muted


def test_disagreement(seen: Desk, evidence: Evidence, qtbot: QtBot) -> None:
    panel = seen.add(Disagreement(seen.document, seen.editing, seen.messages)).card
    ground = theme.colours().panel
    settle(panel.figure.isVisible, qtbot)
    parts = (panel.figure, panel.values[RANGE])
    before, words = [look(part) for part in parts], strongest(look(panel.words), ground)
    scale, matrix = (distance(look(part), ground) for part in (panel.scale, panel.matrix))
    move_delta(seen)
    assert panel.note.text() == "", "refinement is under way, and votes need none"
    seen.document.set_delta(seen.document.defaults.vote.delta)
    change_seed(seen)
    assert panel.note.text() == OUT_OF_DATE
    for part, was in zip(parts, before, strict=True):
        assert_faded(was, look(part), ground)
    assert strongest(look(panel.words), ground) < 0.7 * words
    for part, was in ((panel.scale, scale), (panel.matrix, matrix)):
        assert distance(look(part), ground).mean() / was.mean() == pytest.approx(overlay.FADED, abs=0.05)
    seen.land(evidence)
    assert panel.note.text() == ""
    assert (distance(look(panel.matrix), ground) == matrix).all()


def test_changes(seen: Desk, qtbot: QtBot) -> None:
    panel = seen.add(Changes(seen.document, seen.scenes, seen.display, seen.canvas, seen.messages)).card
    settle(lambda: panel.figures.isVisible() and panel.figures.isEnabled(), qtbot)
    before = look(panel.added)
    assert panel.note.text() == ""
    move_delta(seen)
    assert panel.note.text() == OUT_OF_DATE
    assert_faded(before, look(panel.added), theme.colours().panel)


def test_annotation(seen: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    feature = AnnotationFeature(seen.document, seen.editing, seen.scenes, seen.messages, seen.preferences, seen)
    panel = seen.add(feature).card
    path = tmp_path / f"{'very_' * 20}long_segmentation.png"
    Image.fromarray(np.full(seen.document.photograph.pixels.shape[:2], 255, np.uint8)).save(path)
    feature.open(path)
    settle(lambda: panel.table.isVisible() and panel.table.isEnabled(), qtbot)
    parts, width = (panel.table, panel.counts), panel.note.sizeHint().width()
    before = [look(part) for part in parts]
    assert OUT_OF_DATE not in panel.note.text()
    move_delta(seen)
    assert panel.note.text().endswith(f", {OUT_OF_DATE}")
    assert panel.note.sizeHint().width() <= width + 4, "the column is as wide as before"
    for part, was in zip(parts, before, strict=True):
        assert_faded(was, look(part), theme.colours().panel)


def test_review_and_its_count(seen: Desk, evidence: Evidence, qtbot: QtBot) -> None:
    review = seen.add(Review(seen.document, seen.editing, seen.scenes, seen.canvas, seen.messages))
    rows, count, colours = review.card.list, review.count, theme.colours()
    seen.layout().addWidget(count)  # a status bar is of the same ground
    settle(count.isVisible, qtbot)
    was, before = count.text(), look(rows.viewport())
    counted = strongest(look(count), colours.background)
    assert was.startswith("Review: 0 of ")
    move_delta(seen)
    assert count.text() == f"{was}, {OUT_OF_DATE}"
    assert review.card.note.text() == f"{was}, {OUT_OF_DATE}".removeprefix("Review: ")
    assert strongest(look(count), colours.background) < 0.7 * counted
    assert_faded(before, look(rows.viewport()), colours.panel)
    seen.land(evidence)
    assert OUT_OF_DATE not in count.text() + review.card.note.text()
    assert count.isEnabled()


def test_maps(seen: Desk, evidence: Evidence, qtbot: QtBot) -> None:
    panels = seen.add(Maps(seen.document, seen.scenes, seen.display, seen.viewport)).card.panels
    refined = panels[REFINED]
    seen.scenes.refresh()
    settle(refined.isVisible, qtbot)
    ground, before = theme.colours().canvas, look(refined.canvas)
    move_delta(seen)
    assert (panels[CONSISTENCY].note.text(), refined.note.text()) == ("", "updating")
    assert strongest(look(refined.canvas), ground) < 0.7 * strongest(before, ground)
    change_seed(seen)
    assert panels[CONSISTENCY].note.text() == "updating"
    seen.document.cancel()
    assert {panel.note.text() for panel in panels.values()} == {OUT_OF_DATE}, "nobody is at it"
    seen.document.run_again()
    assert {panel.note.text() for panel in panels.values()} == {"updating"}
    seen.land(evidence)
    assert {panel.note.text() for panel in panels.values()} == {""}


def test_votes_of_which_some_never_came_are_incomplete(desk: Desk, photo: SkinImage, evidence: Evidence) -> None:
    panels = desk.add(Maps(desk.document, desk.scenes, desk.display, desk.viewport)).card.panels
    disagreement = desk.add(Disagreement(desk.document, desk.editing, desk.messages)).card
    desk.open(photo)
    desk.document.run_again()
    some = replace(evidence, timesteps=evidence.timesteps[:3], difference=evidence.difference[:3])
    desk.document.receive_progress(Progress("network", 3, 10, some))
    notes = (panels[CONSISTENCY].note, panels[REFINED].note, disagreement.note)
    assert [note.text() for note in notes] == ["", "", ""]
    desk.document.cancel()
    assert [note.text() for note in notes] == ["incomplete", "", "incomplete"]
    desk.display.show(REFINED)
    assert desk.canvas.hint == "Not there yet – F5 runs the analysis"
    desk.document.run_again()
    assert desk.canvas.hint == "Working…"
    assert [note.text() for note in notes] == ["", "", ""], "the others will come"
    desk.land(evidence)
    assert [note.text() for note in notes] == ["", "", ""]


def test_the_mark_of_a_region_says_that_it_is_of_another_delta(opened: Desk, evidence: Evidence) -> None:
    review = opened.add(Review(opened.document, opened.editing, opened.scenes, opened.canvas, opened.messages))
    review.go_to(1)
    opened.viewport.fit()
    place = f"region 1: {review.current.place}"
    (fresh,) = [curve for curve in opened.scenes.scene(PHOTOGRAPH).curves if curve.name == place]
    move_delta(opened)
    assert f"{place}, {OUT_OF_DATE}" in opened.legend()
    assert place not in opened.legend()
    (stale,) = [curve for curve in opened.canvas.scene.curves if curve.name.startswith(place)]
    assert (stale.path, stale.dashed) == (fresh.path, True)
    assert stale.colour.alphaF() == pytest.approx(overlay.FADED, abs=0.01)
    assert opened.canvas.scene.curves == opened.scenes.scene(PHOTOGRAPH).curves, "the same ones while nothing changes"
    opened.document.set_delta(opened.document.defaults.vote.delta)
    opened.land(evidence)
    assert place in opened.legend()


def test_before_there_is_a_result_nothing_is_faded(desk: Desk) -> None:
    document, editing, scenes, messages = desk.document, desk.editing, desk.scenes, desk.messages
    measures = desk.add(Measures(document, editing, messages, desk.preferences)).card
    disagreement = desk.add(Disagreement(document, editing, messages)).card
    changes = desk.add(Changes(document, scenes, desk.display, desk.canvas, messages)).card
    annotation = desk.add(AnnotationFeature(document, editing, scenes, messages, desk.preferences, desk)).card
    for panel in (measures, disagreement, changes, annotation):
        assert panel.note.text() == ""
        assert not panel.words.isHidden()
        assert panel.words.isEnabled()


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_what_is_disabled_is_faint_and_can_be_read(colours: theme.Colours) -> None:
    for ground in (colours.panel, colours.background):
        faint, muted = contrast(colours.faint, ground), contrast(colours.muted, ground)
        assert 3 <= faint <= 0.65 * muted
