"""What refinement changed: figures, curves over the photograph, and the way from one overridden place to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.changes import Changes
from diffseg_gui.features.changes.panel import ALONE, EMPTY, UNREFINED
from diffseg_gui.look.numbers import percent
from diffseg_gui.look.wording import OUT_OF_DATE
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH
from diffseg_gui.worker.later import REST
from engine.photograph.resize import resize
from engine.reading.overrides import refinement_changes
from engine.results import Dropped, Evidence, Refined
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
DRAWN = {"added by refinement", "removed"}
DROPPED = (Dropped(False, 64, (2, 50, 10, 58)), Dropped(True, 20, (40, 30, 45, 34)), Dropped(False, 9, (80, 4, 83, 7)))


def override(desk: Desk, dropped: tuple[Dropped, ...] = (), drop: float = 0.0) -> None:
    """Take the discs' result again, with a refinement that takes the middle away and adds a square in a corner.

    dropped, drop: what it left out, and below which share of the largest piece.
    """
    found = desk.document.shown.segmentation
    probability = np.where(found.consensus.consistency > 0.5, 1, 0).astype(np.float32)
    probability[30:42, 42:54] = 0
    probability[2:10, 2:10] = 1
    mask = resize(probability, found.image.width, found.image.height) > 0.5
    refined = Refined(probability, mask, (found.evidence.timesteps[:4],), dropped)
    desk.document.set_recipe(replace(found.recipe, crf=replace(found.recipe.crf, drop=drop)))
    desk.document.receive_result(replace(found, recipe=desk.document.recipe, refined=refined))


@pytest.fixture
def changes(opened: Desk, qtbot: QtBot) -> Changes:
    """The panel, beside a result whose refinement overrode agreement in two places."""
    override(opened)
    feature = opened.add(Changes(opened.document, opened.scenes, opened.display, opened.canvas, opened.messages))
    wait(feature, qtbot)
    return feature


def wait(feature: Changes, qtbot: QtBot) -> None:
    """Wait until the figures are those of the present result."""
    figures = feature.card.figures
    qtbot.waitUntil(lambda: figures.isVisible() and figures.isEnabled(), timeout=PATIENCE)


def test_nothing_is_told_before_there_is_a_result(desk: Desk, photo: SkinImage) -> None:
    panel = desk.add(Changes(desk.document, desk.scenes, desk.display, desk.canvas, desk.messages)).card
    for _ in range(2):
        assert panel.words.text() == EMPTY
        assert panel.figures.isHidden()
        assert not desk.action("next_override").isEnabled()
        desk.open(photo)


def test_figures_are_the_engines(opened: Desk, changes: Changes) -> None:
    panel, expected = changes.card, refinement_changes(opened.document.shown.segmentation)
    assert panel.added.text() == f"<b>+ {expected.added_px:,}</b> px added"
    assert panel.removed.text() == f"<b>− {expected.removed_px:,}</b> px removed"
    assert len(expected.overridden) == 2
    assert panel.warning.text() == "⚠ Refinement overrode agreement in <b>2 places</b>."
    assert panel.next.toolTip().endswith("(Shift+O)")
    assert panel.drawn.toolTip().endswith("(Shift+R)")


def test_without_refinement_it_says_so(opened: Desk, changes: Changes, evidence: Evidence, qtbot: QtBot) -> None:
    opened.document.set_recipe(replace(opened.document.recipe, refine=False))
    opened.land(evidence)
    qtbot.waitUntil(lambda: changes.card.words.text() == UNREFINED, timeout=PATIENCE)
    assert changes.card.figures.isHidden()
    assert changes.card.words.isEnabled()
    opened.document.set_delta(0.2)
    QApplication.processEvents()
    assert not changes.card.words.isEnabled()
    assert changes.card.note.text() == OUT_OF_DATE


def test_of_one_timestep_there_is_no_agreement_to_override(
    opened: Desk, changes: Changes, evidence: Evidence, qtbot: QtBot
) -> None:
    opened.land(Evidence((60,), evidence.difference[:1].copy(), evidence.counterfactual, evidence.device))
    qtbot.waitUntil(lambda: changes.card.warning.text() == ALONE, timeout=PATIENCE)
    assert changes.card.next.isHidden()


def test_the_box_and_the_key_draw_both_and_take_them_away(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    panel = changes.card
    assert not DRAWN & {*opened.legend()}
    panel.drawn.setFocus()
    qtbot.keyClick(panel.drawn, Qt.Key.Key_Space)
    assert panel.drawn.isChecked()
    assert opened.action("show_changes").isChecked()
    assert {*opened.legend()} >= {*DRAWN, "agreement overridden"}
    added, removed = (
        next(curve for curve in opened.canvas.scene.curves if curve.name == name)
        for name in ("added by refinement", "removed")
    )
    assert added.path.boundingRect().center().x() < removed.path.boundingRect().center().x()
    assert (added.colour, added.hatch) != (removed.colour, removed.hatch)
    assert not DRAWN & {curve.name for curve in opened.scenes.scene(CONSISTENCY).curves}
    qtbot.keyClick(opened, Qt.Key.Key_R, SHIFT)
    assert not panel.drawn.isChecked()
    assert not DRAWN & {*opened.legend()}


def test_next_goes_from_place_to_place_and_round(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    panel, viewport = changes.card, opened.viewport
    opened.display.show(AMBIGUITY)
    qtbot.mouseClick(panel.next, LEFT)
    assert opened.display.view == PHOTOGRAPH
    first = viewport.centre
    assert viewport.zoom > 1
    assert panel.place.text().startswith("1 of 2: the timesteps say lesion, refinement says skin; ")
    assert "place shown" in opened.legend()
    assert panel.drawn.isChecked(), "who goes there wants to see it"
    qtbot.keyClick(opened, Qt.Key.Key_O, SHIFT)
    assert viewport.centre != first
    assert panel.place.text().startswith("2 of 2: the timesteps say skin, refinement says lesion; ")
    qtbot.mouseClick(panel.next, LEFT)
    assert viewport.centre == first


def test_all_that_is_small_is_kept_where_nothing_is_to_be_left_out(changes: Changes) -> None:
    assert changes.card.left_out.text() == "All pieces and holes are kept, however small."
    assert changes.card.next_dropped.isHidden()


def test_nothing_was_too_small_to_stay(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    override(opened, (), 0.025)
    wait(changes, qtbot)
    assert (
        changes.card.left_out.text()
        == f"Nothing was left out: no piece or hole is below {percent(0.025)} of the largest piece."
    )
    assert changes.card.next_dropped.isHidden()


@pytest.mark.parametrize(
    ("dropped", "said"),
    [
        (DROPPED, "<b>2 pieces</b> left out (64 px and less), <b>1 hole</b> filled (20 px)"),
        (DROPPED[:1], "<b>1 piece</b> left out (64 px)"),
        (DROPPED[1:2], "<b>1 hole</b> filled (20 px)"),
    ],
)
def test_what_was_too_small_to_stay_is_told(
    opened: Desk, changes: Changes, qtbot: QtBot, dropped: tuple[Dropped, ...], said: str
) -> None:
    override(opened, dropped, 0.03)
    wait(changes, qtbot)
    assert changes.card.left_out.text() == f"{said}: below {percent(0.03)} of the largest piece."
    assert changes.card.next_dropped.isVisible()


def test_a_click_goes_to_what_was_left_out_one_after_the_other(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    override(opened, DROPPED, 0.03)
    wait(changes, qtbot)
    panel, said, centres = changes.card, [], []
    opened.display.show(AMBIGUITY)
    for _ in range(2):
        qtbot.mouseClick(panel.next_dropped, LEFT)
        said.append(panel.place.text())
        centres.append(opened.viewport.centre)
    qtbot.keyClick(opened, Qt.Key.Key_L, SHIFT)
    said.append(panel.place.text())
    qtbot.mouseClick(panel.next_dropped, LEFT)
    assert said == [
        "1 of 3: a piece that was left out; 64 px",
        "2 of 3: a hole that was filled; 20 px",
        "3 of 3: a piece that was left out; 9 px",
    ]
    assert panel.place.text() == said[0]
    assert opened.viewport.centre == centres[0] != centres[1]
    assert opened.display.view == PHOTOGRAPH
    assert "place shown" in opened.legend()
    qtbot.mouseClick(panel.next, LEFT)
    assert panel.place.text().startswith("1 of 2: the timesteps say"), "overridden places are counted by themselves"


def test_while_stale_nothing_is_drawn_and_nowhere_is_gone(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    opened.action("show_changes").trigger()
    opened.document.set_delta(0.2)
    QApplication.processEvents()
    assert not changes.card.figures.isEnabled()
    assert not changes.card.next.isEnabled()
    assert not opened.action("next_override").isEnabled()
    assert not DRAWN & {*opened.legend()}
    changes.go_on()
    assert opened.viewport.zoom == 1
    opened.land(opened.document.shown.evidence)
    wait(changes, qtbot)
    assert "removed" in opened.legend()


def test_nothing_is_computed_while_nobody_looks_and_nothing_is_drawn(
    opened: Desk, changes: Changes, qtbot: QtBot
) -> None:
    changes.panel.seen.emit(False)
    opened.document.set_delta(0.2)
    opened.land(opened.document.shown.evidence)
    qtbot.wait(REST + 100)  # ms; it would be made after the rest
    assert not changes.card.figures.isEnabled()
    changes.panel.seen.emit(True)
    wait(changes, qtbot)


def test_who_draws_them_looks_too(opened: Desk, changes: Changes, qtbot: QtBot) -> None:
    changes.panel.seen.emit(False)
    opened.action("show_changes").trigger()
    opened.document.set_delta(0.2)
    opened.land(opened.document.shown.evidence)
    qtbot.waitUntil(lambda: "removed" in opened.legend(), timeout=PATIENCE)


def test_another_photograph_and_a_blind_reader_are_told_nothing(
    opened: Desk, changes: Changes, photo: SkinImage, qtbot: QtBot
) -> None:
    opened.action("show_changes").trigger()
    opened.document.begin_blind()
    assert changes.card.words.text() == EMPTY
    assert not opened.action("show_changes").isEnabled()
    assert not opened.action("next_override").isEnabled()
    opened.document.end_blind()
    wait(changes, qtbot)
    opened.open(replace(photo, sha256="1" * 64))
    assert changes.card.words.text() == EMPTY
    assert changes.card.note.text() == ""
    assert not changes.card.words.isHidden()
