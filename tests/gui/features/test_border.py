"""The border over the photograph: its styles, the band, and in which order all is painted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from diffseg_gui.features.border import Border
from diffseg_gui.features.changes import Changes
from diffseg_gui.look import overlay
from diffseg_gui.view.layers import Depth
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH, REFINED
from engine.progress import Progress
from engine.reading.correction import Patch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.scene import Curve
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

BAND = ("10 to 90 % of timesteps call it lesion",)
LINES = ("10 % of timesteps", "50 %", "90 %")


@pytest.fixture
def bordered(opened: Desk) -> Desk:
    """A desk whose border is drawn."""
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    opened.scenes.refresh()
    return opened


def names(desk: Desk, key: str = PHOTOGRAPH) -> list[str]:
    """The curves of a view from the lowest to the highest."""
    scene = desk.scenes.scene(key)
    assert scene is not None
    return [curve.name for curve in scene.curves]


def correct(desk: Desk) -> None:
    """Make lesion of a corner."""
    desk.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))


def test_the_refined_border_lies_over_its_band(bordered: Desk) -> None:
    assert names(bordered) == [*BAND, "refined border"]
    assert names(bordered, CONSISTENCY) == []


def test_while_refinement_is_under_way_the_majoritys_border_is_there(bordered: Desk) -> None:
    bordered.document.set_delta(0.2)
    bordered.document._settled()
    assert names(bordered) == [*BAND, "majority, refinement under way"]
    bordered.document.cancel()


def test_a_corrected_border_lies_over_the_models_whatever_else_is_drawn(bordered: Desk, qtbot: QtBot) -> None:
    desk = bordered
    changes = desk.add(Changes(desk.document, desk.scenes, desk.display, desk.canvas, desk.messages))
    desk.action("show_changes").trigger()
    correct(desk)
    qtbot.waitUntil(lambda: "added by refinement" in names(desk))
    assert [layer.depth for layer in changes.layers] == [Depth.CHANGES]
    assert names(desk)[:3] == [*BAND, "model's border", "corrected border"]


def test_what_was_painted_is_seen_while_there_is_no_result(bordered: Desk) -> None:
    correct(bordered)
    bordered.document.set_delta(0.2)
    assert names(bordered)[1:3] == ["corrected to lesion", "corrected to skin"]
    bordered.document.cancel()


def test_a_correction_is_seen_at_once_and_undo_brings_the_same_border_back(bordered: Desk) -> None:
    before = bordered.canvas.scene
    bordered.editing.put("bay", Patch(55, 30, np.full((8, 20), -1, np.int8)))
    after = bordered.canvas.scene
    assert bordered.legend() == (*BAND, "model's border", "corrected border")
    assert after.curves[-1].path != before.curves[-1].path
    assert bordered.scenes.scene(PHOTOGRAPH) == after, "the same curves while nothing changes, or canvases repaint"
    bordered.editing.stack.undo()
    assert bordered.legend() == (*BAND, "refined border")
    assert bordered.canvas.scene.curves[-1].path == before.curves[-1].path


def test_a_correction_that_changes_nothing_leaves_the_models_border(bordered: Desk) -> None:
    before = bordered.canvas.scene
    assert bordered.editing.mask is not None
    bordered.editing.put("brush", Patch(0, 0, bordered.editing.mask.astype(np.int8)))
    assert bordered.editing.is_corrected
    assert bordered.legend() == (*BAND, "refined border")
    assert bordered.canvas.scene.curves[-1].path == before.curves[-1].path


def test_keys_choose_the_style(bordered: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(bordered, Qt.Key.Key_I)
    border = bordered.scenes.scene(PHOTOGRAPH).curves[-1]
    assert border.fill == 0.30
    qtbot.keyClick(bordered, Qt.Key.Key_O)
    assert names(bordered) == []
    qtbot.keyClick(bordered, Qt.Key.Key_C)
    qtbot.keyClick(bordered, Qt.Key.Key_B)
    assert names(bordered) == ["refined border"]
    assert bordered.action("contour").isChecked()
    assert not bordered.action("band").isChecked()


def test_an_opacity_is_remembered_and_shown_at_once(bordered: Desk) -> None:
    bordered.action("fill_50").trigger()
    assert bordered.scenes.scene(PHOTOGRAPH).curves[-1].fill == 0.5
    again = Border(bordered.document, bordered.editing, bordered.display, bordered.preferences)
    assert again.percent == 50


def test_the_band_is_an_area_between_the_lines_of_few_and_of_most(bordered: Desk) -> None:
    (halo,) = [curve for curve in bordered.canvas.scene.curves if curve.name in BAND]
    assert (halo.width, halo.calm) == (0.0, True), "no line that could be taken for the border"
    assert 0 < halo.fill <= overlay.HALO_OPACITY
    consistency = bordered.document.shown.consensus.consistency
    band = (consistency > 0.1) & (consistency <= 0.9)
    there = [(x, y) for y, x in np.argwhere(band)]
    inside = [halo.path.contains(QPointF(x + 0.5, y + 0.5)) for x, y in there]
    assert np.mean(inside) > 0.95
    height, width = consistency.shape
    assert not halo.path.contains(QPointF(width / 2, height / 2)), "the lesion itself is free"


def test_lines_can_be_had_instead_and_are_remembered(bordered: Desk) -> None:
    bordered.action("band").trigger()
    assert names(bordered) == ["refined border"]
    bordered.action("band_lines").trigger()
    assert names(bordered) == [*LINES, "refined border"]
    assert bordered.legend() == (*LINES, "refined border")
    again = Border(bordered.document, bordered.editing, bordered.display, bordered.preferences)
    assert again.style == "lines"
    bordered.action("band_halo").trigger()
    assert names(bordered) == [*BAND, "refined border"]


def test_curves_are_the_same_ones_while_nothing_changes(bordered: Desk, evidence: Evidence) -> None:
    first, again = (bordered.scenes.scene(PHOTOGRAPH).curves for _ in range(2))
    assert all(a is b for a, b in zip(first, again, strict=True))
    bordered.land(evidence)
    assert bordered.scenes.scene(PHOTOGRAPH).curves[-1] is not first[-1]


def test_while_reading_blind_nothing_of_it_is_there(bordered: Desk) -> None:
    bordered.document.begin_blind()
    assert names(bordered) == []
    assert not bordered.action("band").isEnabled()


def former(desk: Desk) -> Curve:
    """The border of a result of other settings."""
    (found,) = [curve for curve in desk.canvas.scene.curves if curve.name.endswith("of other settings")]
    return found


def test_after_a_cancel_the_last_good_border_stays_and_says_that_the_settings_are_others(bordered: Desk) -> None:
    good = bordered.canvas.scene.curves[-1]
    bordered.document.set_delta(0.2)
    bordered.document._settled()
    bordered.document.cancel()
    assert names(bordered) == [*BAND, "refined border, of other settings", "majority, not refined"]
    assert bordered.legend().count("refined border, of other settings") == 1
    assert (former(bordered).path, former(bordered).dashed) == (good.path, True)
    assert former(bordered).colour.alphaF() == pytest.approx(overlay.FADED, abs=0.01)
    assert names(bordered, REFINED) == ["refined border, of other settings"], "as its picture is"
    assert bordered.canvas.scene.curves == bordered.scenes.scene(PHOTOGRAPH).curves, "the same while nothing changes"


def test_with_other_noise_it_stays_until_there_are_votes_and_after_a_cancel(bordered: Desk, evidence: Evidence) -> None:
    document = bordered.document
    document.set_recipe(replace(document.recipe, noise=replace(document.recipe.noise, seed=7)))
    document._settled()
    assert names(bordered) == ["refined border, of other settings"]
    some = replace(evidence, timesteps=evidence.timesteps[:3], difference=evidence.difference[:3])
    document.receive_progress(Progress("network", 3, 10, some))
    assert names(bordered) == [*BAND, "majority, refinement under way"]
    document.cancel()
    assert names(bordered) == ["refined border, of other settings"]
    bordered.land(evidence)
    assert names(bordered) == [*BAND, "refined border"]


def test_a_corrected_border_stays_too(bordered: Desk) -> None:
    correct(bordered)
    bordered.document.set_delta(0.2)
    bordered.document._settled()
    bordered.document.cancel()
    assert former(bordered).name == "corrected border, of other settings"
    assert np.isclose(former(bordered).path.boundingRect().top(), 0, atol=1), "of the corner"


def test_another_photograph_has_none_of_it(bordered: Desk, photo: SkinImage) -> None:
    bordered.open(replace(photo, pixels=photo.pixels[:, ::-1].copy(), sha256="1" * 64))
    assert names(bordered) == []
