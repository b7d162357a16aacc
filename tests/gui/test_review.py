"""Going through the regions where the timesteps disagree, by keys and by mouse, and deciding each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui import flight, review
from diffseg_gui.flight import Flight
from diffseg_gui.regionview import picture_of
from diffseg_gui.review import AGREED, ALONE, EMPTY, HIDDEN
from diffseg_gui.views import AMBIGUITY, PHOTOGRAPH
from engine.reading import regions
from engine.reading.reading import Ruler
from engine.results import Evidence
from tests.gui.results import key, land, show, state_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.photograph.image import SkinImage

LEFT = Qt.MouseButton.LeftButton
KEYS = {"accept": Qt.Key.Key_A, "extend": Qt.Key.Key_E, "retract": Qt.Key.Key_R, "undecidable": Qt.Key.Key_U}


@pytest.fixture
def read(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Workbench:
    """A workbench with the ten discs' result."""
    show(bench, photo, evidence)
    return bench


def of(evidence: Evidence, count: int, like: int | None = None) -> Evidence:
    """The first timesteps' evidence, or one timestep's over and over."""
    difference = evidence.difference[:count] if like is None else np.repeat(evidence.difference[[like]], count, axis=0)
    return Evidence(evidence.timesteps[:count], difference.copy(), evidence.counterfactual, evidence.device)


def in_view(bench: Workbench) -> QPointF:
    """The middle of what is seen, in the photograph's pixels."""
    centre, image = bench.window.viewport.centre, bench.state.image
    return QPointF(centre.x() * image.width, centre.y() * image.height)


# The list


def test_the_regions_are_listed_by_rank(read: Workbench, photo: SkinImage) -> None:
    panel, listed = read.window.review, read.window.reviewing.regions
    expected = regions.regions(read.state.consensus, photo.width, photo.height)
    assert len(listed) == len(expected) >= 3
    assert [region.box for region in listed] == [region.box for region in expected]
    assert panel.list.count() == len(listed)
    for number, region in enumerate(listed, 1):
        text = panel.list.item(number - 1).text()
        assert text == f"{number}, {region.place}, {region.area_px:,} px, open"
        row = panel.list.item(number - 1).data(Qt.ItemDataRole.UserRole)
        assert not row.picture.isNull()
    assert panel.note.text() == f"0 of {len(listed)} reviewed"
    assert read.window.reviewing.count.text() == f"Review: 0 of {len(listed)} reviewed"


def test_areas_are_in_mm_once_calibrated(read: Workbench) -> None:
    area = read.window.reviewing.regions[0].area_px
    calibration = Ruler((0.0, 0.0), (10.0, 0.0), 5.0)
    read.window.edit.change("ruler", replace(read.state.reading, ruler=calibration))
    assert f"{area * 0.25:.2f} mm²" in read.window.review.list.item(0).text()


def test_a_picture_shows_its_part_of_the_photograph(read: Workbench, photo: SkinImage) -> None:
    region = read.window.reviewing.regions[0]
    grid = read.state.consensus.consistency.shape
    black = replace(photo, pixels=np.zeros_like(photo.pixels))
    there = photo.pixels.copy()
    x0, y0, x1, y1 = region.box
    there[y0:y1, x0:x1] = 0
    elsewhere = replace(photo, pixels=np.where(there == 0, photo.pixels, 0).astype(np.uint8))
    shown, dark, cut = (picture_of(region, one, grid, 40).toImage() for one in (photo, black, elsewhere))
    middle = QPoint(shown.width() // 2, shown.height() // 2)
    assert shown.pixelColor(middle) == cut.pixelColor(middle)
    assert shown != dark


@pytest.mark.parametrize(("count", "like", "sentence"), [(1, None, ALONE), (10, 4, AGREED)])
def test_nothing_to_review_is_said(
    bench: Workbench, photo: SkinImage, evidence: Evidence, count: int, like: int | None, sentence: str, qtbot: QtBot
) -> None:
    assert bench.window.review.message.text() == EMPTY
    noise = replace(bench.state.recipe.noise, timesteps=evidence.timesteps[:count])
    bench.state.wished.disconnect(bench.analyst.wish)
    bench.state.setProperty("alone", True)
    bench.state.recipe = replace(bench.state.recipe, noise=noise)
    show(bench, photo, of(evidence, count, like))
    assert bench.window.review.message.text() == sentence
    assert not bench.window.review.list.isVisible()
    key(bench, qtbot, Qt.Key.Key_N)
    assert bench.window.statusBar().currentMessage() == sentence
    assert not any(bench.window.actions_by_name[name].isEnabled() for name in KEYS)


def test_behind_another_tab_nothing_is_computed_until_it_is_asked_for(
    bench: Workbench, photo: SkinImage, evidence: Evidence, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(review, "regions", lambda *given: calls.append(given) or regions.regions(*given))
    show(bench, photo, of(evidence, 9))
    bench.window.docks.measures.raise_()
    QApplication.processEvents()
    calls.clear()
    land(bench, evidence)
    assert calls == []
    assert bench.window.review.list.count()
    key(bench, qtbot, Qt.Key.Key_N)
    assert len(calls) == 1
    assert bench.window.reviewing.current.number == 1, "N and P need no list"
    key(bench, qtbot, Qt.Key.Key_N)
    bench.window.docks.review.show_or_hide(True)
    QApplication.processEvents()
    assert bench.window.review.list.count() == len(bench.window.reviewing.regions)
    assert len(calls) == 1, "and each result's are listed once"


# Going through them


def test_next_and_previous_skip_nothing_and_wrap_around(read: Workbench, qtbot: QtBot) -> None:
    count, seen = len(read.window.reviewing.regions), []
    for _ in range(count + 1):
        key(read, qtbot, Qt.Key.Key_N)
        seen.append(read.window.reviewing.current.number)
    assert seen == [*range(1, count + 1), 1]
    key(read, qtbot, Qt.Key.Key_P)
    assert read.window.reviewing.current.number == count


def test_previous_begins_with_the_last(read: Workbench, qtbot: QtBot) -> None:
    key(read, qtbot, Qt.Key.Key_P)
    assert read.window.reviewing.current.number == len(read.window.reviewing.regions)


def test_the_view_flies_to_the_region(read: Workbench, qtbot: QtBot) -> None:
    for _ in read.window.reviewing.regions:  # the last is the smallest; a large one is in view as it is
        key(read, qtbot, Qt.Key.Key_N)
    box = QRectF(QPointF(*read.window.reviewing.current.box[:2]), QPointF(*read.window.reviewing.current.box[2:]))
    canvas = read.window.stage.canvas
    assert box.contains(in_view(read))
    assert read.window.viewport.zoom > 1
    assert QRectF(canvas.rect()).contains(canvas.to_screen().mapRect(box)), "all of it is in view"


def test_a_click_on_a_row_flies_there_again_and_again(read: Workbench, qtbot: QtBot) -> None:
    rows = read.window.review.list
    place = rows.visualItemRect(rows.item(1)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=place)
    assert read.window.reviewing.current.number == 2
    there = (read.window.viewport.zoom, read.window.viewport.centre)
    read.window.viewport.fit()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=place)
    assert (read.window.viewport.zoom, read.window.viewport.centre) == there
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert read.window.reviewing.current.number == 3
    qtbot.keyClick(rows, Qt.Key.Key_A)
    assert state_of(read, 3) == "accepted", "single keys work in the list, too"


def test_the_region_is_drawn_with_its_number_and_explained(read: Workbench, qtbot: QtBot) -> None:
    before = read.window.stage.canvas.grab().toImage()
    key(read, qtbot, Qt.Key.Key_N)
    region = read.window.reviewing.current
    name = f"region 1: {region.place}"
    assert name in read.window.stage.legend.names()
    for view in (PHOTOGRAPH, AMBIGUITY):
        (curve,) = [curve for curve in read.window.scenes.scene(view).curves if curve.name == name]
        assert curve.path.boundingRect().contains(QRectF(QPointF(*region.box[:2]), QPointF(*region.box[2:])))
    assert all(curve.name != name for curve in read.window.scenes.scene("t60").curves)
    read.window.viewport.fit()
    assert read.window.stage.canvas.grab().toImage() != before
    scene = read.window.scenes.scene(PHOTOGRAPH)
    assert scene == read.window.scenes.scene(PHOTOGRAPH), "the same curves while nothing changes"


def test_a_flight_takes_its_time_unless_it_is_interrupted(
    read: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    assert flight.duration() == 0, "without a screen"
    monkeypatch.setattr(flight, "duration", lambda: 120)
    viewport, zooms = read.window.viewport, []
    viewport.changed.connect(lambda: zooms.append(viewport.zoom))
    fly = Flight(read.window.stage.canvas)
    fly.to(QRectF(30, 20, 12, 12))
    qtbot.waitUntil(lambda: fly.state() == Flight.State.Stopped)
    assert zooms == sorted(zooms)
    assert viewport.zoom == zooms[-1] > 1
    assert in_view(read) == QPointF(36, 26)
    fly.to(QRectF(60, 50, 12, 12))
    viewport.fit()
    qtbot.waitUntil(lambda: fly.state() == Flight.State.Stopped)
    assert viewport.zoom == 1, "whoever moves the view has the last word"
    fly.deleteLater()


# When there is nothing to show


def test_another_image_begins_anew(read: Workbench, photo: SkinImage, qtbot: QtBot) -> None:
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_A)
    read.state.receive_image(replace(photo, sha256="1" * 64))
    assert read.window.reviewing.regions == ()
    assert read.window.reviewing.current is None
    assert read.window.review.note.text() == ""
    assert read.window.review.message.text() == EMPTY
    assert not any(curve.name.startswith("region") for curve in read.window.scenes.scene(PHOTOGRAPH).curves)


def test_a_blind_reader_is_shown_no_region(read: Workbench, qtbot: QtBot) -> None:
    key(read, qtbot, Qt.Key.Key_N)
    read.window.edit.blind = True
    assert read.window.review.message.text() == HIDDEN
    assert read.window.reviewing.current is None
    key(read, qtbot, Qt.Key.Key_N)
    assert read.window.reviewing.current is None
    read.window.edit.blind = False
    assert read.window.review.list.isVisible()


def test_the_list_is_drawn_in_both_themes(read: Workbench, qtbot: QtBot) -> None:
    key(read, qtbot, Qt.Key.Key_N)
    key(read, qtbot, Qt.Key.Key_A)
    shown = {}
    for name in ("dark", "light"):
        read.window.dresser.choose(name)
        shown[name] = read.window.review.list.grab().toImage()
    assert shown["dark"] != shown["light"]
    read.window.dresser.choose("dark")
