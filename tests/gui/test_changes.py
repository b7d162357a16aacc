"""What refinement changed: figures, curves over the photograph, and the way from one overridden place to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from diffseg_gui.panels.changes import EMPTY, UNREFINED
from diffseg_gui.views import AMBIGUITY, PHOTOGRAPH
from engine.method.consensus import vote
from engine.photograph.resize import resize
from engine.reading.overrides import refinement_changes
from engine.results import Evidence, Refined, Segmentation
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.panels.changes import ChangesPanel

LEFT = Qt.MouseButton.LeftButton


def found_by(bench: Workbench, evidence: Evidence, refined: bool = True) -> Segmentation:
    """A result for the open image: discs, of which refinement takes the middle away and adds a square in a corner."""
    state = bench.state
    assert state.image is not None
    assert state.segmentation is not None
    consensus = vote(evidence, state.recipe.vote)
    made = None
    if refined:
        probability = np.where(consensus.consistency > 0.5, 1, 0).astype(np.float32)
        probability[30:42, 42:54] = 0
        probability[2:10, 2:10] = 1
        mask = resize(probability, state.image.width, state.image.height) > 0.5
        made = Refined(probability, mask, (evidence.timesteps[:4],))
    return replace(state.segmentation, evidence=evidence, consensus=consensus, refined=made)


def look(bench: Workbench, qtbot: QtBot) -> ChangesPanel:
    """The panel in front, with the present result's changes."""
    bench.window.docks.changes.show_or_hide(True)
    panel = bench.window.changes
    qtbot.waitUntil(lambda: panel.isVisible() and panel.figures.isEnabled(), timeout=PATIENCE)
    return panel


@pytest.fixture
def changed(analysed: Workbench, evidence: Evidence) -> Workbench:
    """A workbench with a result whose refinement overrode agreement in two places."""
    analysed.state.receive_result(found_by(analysed, evidence))
    return analysed


def names(bench: Workbench) -> set[str]:
    """What the legend explains."""
    return set(bench.window.stage.legend.names())


def test_nothing_is_told_before_there_is_a_result(bench: Workbench) -> None:
    assert bench.window.changes.words.text() == EMPTY
    assert bench.window.changes.figures.isHidden()
    assert not bench.window.actions_by_name["next_override"].isEnabled()


def test_figures_are_the_engines(changed: Workbench, qtbot: QtBot) -> None:
    panel = look(changed, qtbot)
    assert changed.state.segmentation is not None
    changes = refinement_changes(changed.state.segmentation)
    assert changes is not None
    assert f"+ {changes.added_px:,}<" in panel.added.text()
    assert f"− {changes.removed_px:,}<" in panel.removed.text()
    assert len(changes.overridden) == 2
    assert "2 places" in panel.warning.text()


def test_without_refinement_it_says_so(analysed: Workbench, evidence: Evidence, qtbot: QtBot) -> None:
    analysed.window.docks.changes.show_or_hide(True)
    analysed.state.receive_result(found_by(analysed, evidence, refined=False))
    qtbot.waitUntil(lambda: analysed.window.changes.words.text() == UNREFINED, timeout=PATIENCE)
    assert analysed.window.changes.figures.isHidden()


def test_the_box_and_the_key_draw_both_and_take_them_away(changed: Workbench, qtbot: QtBot) -> None:
    panel = look(changed, qtbot)
    assert not {"added by refinement", "removed"} & names(changed)
    panel.drawn.setFocus()
    qtbot.keyClick(panel.drawn, Qt.Key.Key_Space)
    assert {"added by refinement", "removed", "agreement overridden"} <= names(changed)
    added, removed = (
        next(c for c in changed.window.stage.canvas.scene.curves if c.name == name)
        for name in ("added by refinement", "removed")
    )
    assert added.path.boundingRect().center().x() < removed.path.boundingRect().center().x()
    assert (added.colour, added.hatch) != (removed.colour, removed.hatch)
    qtbot.keyClick(changed.window, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert not panel.drawn.isChecked()
    assert not {"added by refinement", "removed"} & names(changed)


def test_next_goes_from_place_to_place_and_round(changed: Workbench, qtbot: QtBot) -> None:
    panel, viewport = look(changed, qtbot), changed.window.viewport
    changed.window.show_view(AMBIGUITY)
    qtbot.mouseClick(panel.next, LEFT)
    assert changed.window.view == PHOTOGRAPH
    first, zoom = viewport.centre, viewport.zoom
    assert zoom > 1
    assert panel.place.text().startswith("1 of 2: the timesteps say lesion, refinement says skin")
    assert "place shown" in names(changed)
    qtbot.keyClick(changed.window, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert viewport.centre != first
    assert panel.place.text().startswith("2 of 2: the timesteps say skin, refinement says lesion")
    qtbot.mouseClick(panel.next, LEFT)
    assert viewport.centre == first


def test_while_stale_it_is_dimmed_and_nothing_is_drawn(changed: Workbench, qtbot: QtBot) -> None:
    panel = look(changed, qtbot)
    panel.drawn.setChecked(True)
    changed.state.set_delta(0.2)
    qtbot.waitUntil(lambda: not panel.figures.isEnabled(), timeout=PATIENCE)
    assert not panel.next.isEnabled()
    assert not {"added by refinement", "removed"} & names(changed)
    qtbot.waitUntil(lambda: changed.state.current and panel.figures.isEnabled(), timeout=PATIENCE)
    assert "removed" in names(changed)


def test_nothing_is_computed_while_nobody_looks(changed: Workbench, qtbot: QtBot) -> None:
    changed.window.docks.measures.show_or_hide(True)
    qtbot.wait(400)  # more than the rest after which it would be
    assert not changed.window.changes.figures.isEnabled()
    look(changed, qtbot)
