"""The maps' panel and the filmstrip: small views that are shown large by a double click or Enter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.filmstrip import ROW, Filmstrip
from diffseg_gui.features.maps import MAPS, Maps
from diffseg_gui.look.numbers import percent
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH, REFINED
from engine.progress import Progress
from engine.results import Evidence
from tests.gui.strokes import LEFT, wheel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.view.canvas import Canvas
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk


@pytest.fixture
def maps(desk: Desk) -> Maps:
    """The maps beside an empty stage."""
    return desk.add(Maps(desk.document, desk.scenes, desk.display, desk.viewport))


@pytest.fixture
def filmstrip(desk: Desk) -> Filmstrip:
    """The filmstrip beside an empty stage."""
    made = desk.add(Filmstrip(desk.document, desk.scenes, desk.display, desk.viewport))
    desk.scenes.refresh()
    return made


def canvases(maps: Maps, filmstrip: Filmstrip) -> dict[str, Canvas]:
    """A map's and a timestep's, by their views' keys."""
    return {AMBIGUITY: maps.card.panels[AMBIGUITY].canvas, "t100": filmstrip.card.frames[100].canvas}


def marked(maps: Maps, filmstrip: Filmstrip) -> list[str]:
    """The views that have a frame about them."""
    parts = [*maps.card.panels.values(), *filmstrip.card.frames.values()]
    return [part.view.key for part in parts if part.property("chosen")]


def test_any_small_view_can_be_the_large_one(maps: Maps, filmstrip: Filmstrip, opened: Desk, qtbot: QtBot) -> None:
    for key, canvas in canvases(maps, filmstrip).items():
        qtbot.mouseDClick(canvas, LEFT)
        assert opened.display.view == key
        assert opened.canvas.scene.picture is canvas.scene.picture
        assert marked(maps, filmstrip) == [key]
        qtbot.mouseDClick(canvas, LEFT)
        assert opened.display.view == PHOTOGRAPH
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
        assert opened.display.view == key
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Return)
    assert opened.display.view == PHOTOGRAPH
    assert marked(maps, filmstrip) == []


def test_small_views_move_with_the_large_one(maps: Maps, filmstrip: Filmstrip, opened: Desk) -> None:
    wheel(maps.card.panels[CONSISTENCY].canvas, 4)
    assert opened.canvas.viewport.zoom == pytest.approx(1.2**4)
    assert all(canvas.viewport is opened.viewport for canvas in canvases(maps, filmstrip).values())


def test_maps_say_that_they_are_updating(maps: Maps, opened: Desk) -> None:
    panels = maps.card.panels
    assert tuple(panels) == MAPS
    opened.document.set_delta(0.2)
    opened.document._settled()
    assert {key: panel.note.text() for key, panel in panels.items() if panel.note.text()} == {REFINED: "updating"}


def test_colour_bars_come_with_their_maps(maps: Maps, desk: Desk, photo: SkinImage, evidence: Evidence) -> None:
    bars = [maps.card.panels[key].bar for key in (CONSISTENCY, AMBIGUITY)]
    desk.open(photo)
    assert [bar.isVisible() for bar in bars] == [False, False]
    desk.land(evidence)
    assert [bar.isVisible() for bar in bars] == [True, True]
    assert maps.card.panels[REFINED].bar is None


def test_each_mask_appears_as_it_comes_with_its_area(
    filmstrip: Filmstrip, desk: Desk, photo: SkinImage, evidence: Evidence
) -> None:
    frames = filmstrip.card.frames
    assert tuple(frames) == desk.document.recipe.noise.timesteps
    desk.open(photo)
    assert [frame.area.text() for frame in frames.values()] == [""] * 10
    first = Evidence(evidence.timesteps[:2], evidence.difference[:2], evidence.counterfactual, evidence.device)
    desk.document.run_again()
    desk.document.receive_progress(Progress("network", 2, 10, first))
    assert [t for t, frame in frames.items() if frame.canvas.scene is not None] == [60, 70]
    assert [t for t, frame in frames.items() if frame.area.text()] == [60, 70]
    desk.land(evidence)
    shares = (evidence.difference > 0.13).mean(axis=(1, 2))
    assert [frame.area.text() for frame in frames.values()] == [percent(share) for share in shares]
    assert all(frame.canvas.scene is not None for frame in frames.values())


def test_the_filmstrip_has_the_timesteps_that_are_chosen(filmstrip: Filmstrip, opened: Desk) -> None:
    recipe = opened.document.recipe
    opened.document.set_recipe(replace(recipe, noise=replace(recipe.noise, timesteps=(100, 400))))
    opened.document._settled()
    frames = filmstrip.card.frames
    assert tuple(frames) == (100, 400)
    assert [frame.name.text() for frame in frames.values()] == ["t = 100", "t = 400"]
    assert [bool(frame.area.text()) for frame in frames.values()] == [True, False]


def test_a_tall_filmstrip_has_rows(filmstrip: Filmstrip, opened: Desk) -> None:
    card = filmstrip.card
    tops = []
    for rows in (1, 3):
        card.setFixedHeight(rows * ROW + 40)
        QApplication.processEvents()
        tops.append(len({frame.y() for frame in card.frames.values()}))
    assert tops == [1, 3]


def test_while_reading_blind_no_small_view_shows_anything(maps: Maps, filmstrip: Filmstrip, opened: Desk) -> None:
    opened.document.begin_blind()
    scenes = [part.canvas.scene for part in (*maps.card.panels.values(), *filmstrip.card.frames.values())]
    assert scenes == [None] * 14
    assert [frame.area.text() for frame in filmstrip.card.frames.values()] == [""] * 10
