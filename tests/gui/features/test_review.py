"""Going through the regions where the timesteps disagree, by keys and by mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.correction import Correction
from diffseg_gui.features.review import Review
from diffseg_gui.features.review.pictures import picture_of
from diffseg_gui.features.review.words import AGREED, ALONE, DECISIONS, EMPTY, HIDDEN, WAITING
from diffseg_gui.view.views import AMBIGUITY, PHOTOGRAPH
from engine.reading.reading import Ruler
from engine.reading.regions import regions
from engine.results import Evidence
from tests.gui.features.reviewing import first, read_by, state_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT = Qt.MouseButton.LeftButton
STEPS = ("next_region", "previous_region")


@pytest.fixture
def review(opened: Desk) -> Review:
    """The review of the ten discs' regions."""
    return read_by(opened)


def in_view(desk: Desk) -> QPointF:
    """The middle of what is seen, in the photograph's pixels."""
    centre, photograph = desk.viewport.centre, desk.document.photograph
    return QPointF(centre.x() * photograph.width, centre.y() * photograph.height)


def area_of(box: tuple[int, int, int, int]) -> QRectF:
    """A region's box as a rectangle of the photograph's pixels."""
    return QRectF(QPointF(*box[:2]), QPointF(*box[2:]))


# The list


def test_the_regions_are_listed_by_rank(opened: Desk, review: Review, photo: SkinImage) -> None:
    expected = regions(opened.document.shown.consensus, photo.width, photo.height)
    assert len(expected) >= 3
    assert [region.box for region in review.regions] == [region.box for region in expected]
    rows = [review.card.list.item(number) for number in range(review.card.list.count())]
    assert [row.text() for row in rows] == [
        f"{number}, {region.place}, {region.area_px:,} px, open" for number, region in enumerate(expected, 1)
    ]
    assert not any(row.data(Qt.ItemDataRole.UserRole).picture.isNull() for row in rows)
    assert review.card.note.text() == f"0 of {len(expected)} reviewed"
    assert review.count.text() == f"Review: 0 of {len(expected)} reviewed"


def test_areas_are_in_mm_once_calibrated(opened: Desk, review: Review) -> None:
    area = review.regions[0].area_px
    opened.editing.change("ruler", replace(opened.document.reading, ruler=Ruler((0.0, 0.0), (10.0, 0.0), 5.0)))
    assert f"{area * 0.25:.2f} mm²" in review.card.list.item(0).text()


def test_a_picture_shows_its_part_of_the_photograph(opened: Desk, review: Review, photo: SkinImage) -> None:
    region = review.regions[0]
    grid = opened.document.shown.consensus.consistency.shape
    black = replace(photo, pixels=np.zeros_like(photo.pixels))
    x0, y0, x1, y1 = region.box
    there = np.zeros(photo.pixels.shape, np.bool_)
    there[y0:y1, x0:x1] = True
    cut = replace(photo, pixels=np.where(there, photo.pixels, 0).astype(np.uint8))
    whole, dark, part = (picture_of(region, one, grid, 40).toImage() for one in (photo, black, cut))
    middle = QPoint(whole.width() // 2, whole.height() // 2)
    assert whole.pixelColor(middle) == part.pixelColor(middle)
    assert whole != dark


def test_buttons_are_explained_with_their_keys(review: Review) -> None:
    for name, (_, key, tip) in DECISIONS.items():
        assert review.card.buttons[name].toolTip() == f"{tip} ({key})"
        assert review.card.buttons[name].accessibleName() == f"{tip} ({key})"
    assert review.card.buttons["next_region"].toolTip().endswith("(N)")
    assert review.card.buttons["take_back"].toolTip().endswith("(Del  or  Backspace)")


# Going through them


def test_next_and_previous_skip_nothing_and_wrap_around(opened: Desk, review: Review, qtbot: QtBot) -> None:
    count, seen = len(review.regions), []
    for _ in range(count + 1):
        qtbot.keyClick(opened, Qt.Key.Key_N)
        seen.append(review.current.number)
    assert seen == [*range(1, count + 1), 1]
    qtbot.keyClick(opened, Qt.Key.Key_P)
    assert review.current.number == count


def test_previous_begins_with_the_last(opened: Desk, review: Review, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_P)
    assert review.current.number == len(review.regions)


def test_the_view_flies_to_the_region(opened: Desk, review: Review, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_P)  # the last is the smallest; a large one is in view as it is
    box = area_of(review.current.box)
    assert box.contains(in_view(opened))
    assert opened.viewport.zoom > 1
    canvas = opened.canvas
    assert QRectF(canvas.rect()).contains(canvas.to_screen().mapRect(box)), "all of it is in view"


def test_a_click_on_a_row_flies_there_again_and_again(opened: Desk, review: Review, qtbot: QtBot) -> None:
    rows, viewport = review.card.list, opened.viewport
    place = rows.visualItemRect(rows.item(1)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=place)
    assert review.current.number == 2
    there = (viewport.zoom, viewport.centre)
    viewport.fit()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=place)
    assert (viewport.zoom, viewport.centre) == there
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert review.current.number == 3
    qtbot.keyClick(rows, Qt.Key.Key_A)
    assert state_of(review, 3) == "accepted", "single keys work in the list, too"


def test_the_strip_itself_is_marked_and_explained(opened: Desk, review: Review, qtbot: QtBot) -> None:
    before = opened.canvas.grab().toImage()
    qtbot.keyClick(opened, Qt.Key.Key_N)
    region, name = review.current, f"region 1: {review.current.place}"
    assert name in opened.legend()
    x0, y0 = region.corner
    for view in (PHOTOGRAPH, AMBIGUITY):
        (curve,) = [curve for curve in opened.scenes.scene(view).curves if curve.name == name]
        wide = np.pad(region.pixels, 2)  # the grid is the photograph's own
        for (y, x), ambiguous in np.ndenumerate(wide):
            within = curve.path.contains(QPointF(x0 + x - 1.5, y0 + y - 1.5))
            assert within or not ambiguous
            assert wide[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].any() or not within, "corners alone are rounded"
        assert not curve.fill, "nothing lies over what is to be judged"
    assert all(curve.name != name for curve in opened.scenes.scene("t60").curves)
    opened.viewport.fit()
    assert opened.canvas.grab().toImage() != before
    assert opened.scenes.scene(PHOTOGRAPH) == opened.scenes.scene(PHOTOGRAPH), "the same curves while nothing changes"


def test_escape_lets_it_go_after_a_tool(opened: Desk, review: Review, qtbot: QtBot) -> None:
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    qtbot.keyClick(opened, Qt.Key.Key_N)
    where = (opened.viewport.zoom, opened.viewport.centre)
    qtbot.keyClick(opened, Qt.Key.Key_D)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.canvas.tool is None
    assert review.current is not None
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert review.current is None
    assert not any(name.startswith("region") for name in opened.legend())
    assert review.card.list.currentRow() == -1
    assert not any(opened.action(name).isEnabled() for name in DECISIONS)
    assert (opened.viewport.zoom, opened.viewport.centre) == where, "the view stays"
    assert not review.escape(), "nothing is left to let go"


# What is listed, and when


def test_while_nobody_looks_nothing_is_listed_until_it_is_asked_for(
    opened: Desk, review: Review, evidence: Evidence, qtbot: QtBot
) -> None:
    review.panel.seen.emit(False)
    before = review.regions
    opened.land(replace(evidence, difference=np.float32(evidence.difference * 1.05)))
    assert review.regions is before
    assert not review.is_current
    assert review.card.note.text().endswith("out of date")
    qtbot.keyClick(opened, Qt.Key.Key_N)
    assert review.is_current, "N and P need no list"
    assert review.current.number == 1
    listed = review.regions
    qtbot.keyClick(opened, Qt.Key.Key_N)
    review.panel.seen.emit(True)
    assert review.regions is listed, "each result's are listed once"


def test_a_run_that_changes_no_vote_keeps_the_list(opened: Desk, review: Review, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_N)
    before = review.regions
    opened.document.receive_result(replace(opened.document.shown.segmentation, seconds={"total": 9.0}))
    assert review.regions is before
    assert review.is_current
    assert review.current.number == 1


def test_a_delta_that_is_moved_and_moved_back_leaves_them_up_to_date(opened: Desk, review: Review) -> None:
    delta = opened.document.recipe.vote.delta
    for value in (delta + 0.005, delta):
        opened.document.set_delta(value)
        QApplication.processEvents()
    opened.document.cancel()
    assert opened.document.shown.current
    assert review.is_current
    assert review.card.note.text() == f"0 of {len(review.regions)} reviewed"


# When there is nothing to show


def test_before_the_result_it_says_what_will_be_there(desk: Desk, photo: SkinImage, qtbot: QtBot) -> None:
    review = desk.add(Review(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
    assert review.card.message.text() == EMPTY
    assert not any(desk.action(name).isEnabled() for name in (*STEPS, *DECISIONS, "take_back"))
    qtbot.keyClick(desk, Qt.Key.Key_N)
    assert desk.notices == [], "nothing is open"
    desk.open(photo)
    assert review.card.message.text() == EMPTY
    assert all(desk.action(name).isEnabled() for name in STEPS)
    for key in (Qt.Key.Key_N, Qt.Key.Key_P):
        qtbot.keyClick(desk, key)
    assert desk.notices == [EMPTY, EMPTY]
    assert review.current is None


@pytest.mark.parametrize(("count", "like", "sentence"), [(1, None, ALONE), (10, 4, AGREED)])
def test_nothing_to_review_is_said(
    desk: Desk, photo: SkinImage, evidence: Evidence, count: int, like: int | None, sentence: str, qtbot: QtBot
) -> None:
    """count: of the timesteps. like: the one whose difference all of them have."""
    review = desk.add(Review(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
    noise = replace(desk.document.recipe.noise, timesteps=evidence.timesteps[:count])
    desk.document.set_recipe(replace(desk.document.recipe, noise=noise))
    desk.open(photo)
    difference = evidence.difference[:count] if like is None else evidence.difference[[like] * count]
    desk.land(Evidence(evidence.timesteps[:count], difference.copy(), evidence.counterfactual, evidence.device))
    assert review.card.message.text() == sentence
    assert not review.card.list.isVisible()
    for key in (Qt.Key.Key_N, Qt.Key.Key_P):
        qtbot.keyClick(desk, key)
    assert desk.notices == [sentence, sentence]
    assert not any(desk.action(name).isEnabled() for name in DECISIONS)


def test_a_result_that_is_still_refined_is_waited_for(desk: Desk, photo: SkinImage, evidence: Evidence) -> None:
    review = desk.add(Review(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
    review.panel.seen.emit(False)
    desk.open(photo)
    desk.land(evidence)
    desk.document.set_delta(0.2)
    review.panel.seen.emit(True)
    assert review.card.message.text() == WAITING


def test_another_photograph_begins_anew(opened: Desk, review: Review, photo: SkinImage, qtbot: QtBot) -> None:
    first(opened, qtbot, Qt.Key.Key_A)
    opened.open(replace(photo, sha256="1" * 64))
    assert review.regions == ()
    assert review.current is None
    assert (review.card.note.text(), review.count.text()) == ("", "")
    assert review.card.message.text() == EMPTY
    assert not any(curve.name.startswith("region") for curve in opened.scenes.scene(PHOTOGRAPH).curves)


def test_a_blind_reader_is_shown_no_region(opened: Desk, review: Review, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_N)
    opened.document.begin_blind()
    assert review.card.message.text() == HIDDEN
    assert (review.card.note.text(), review.count.text()) == ("", "")
    assert review.regions == ()
    assert not any(opened.action(command.name).isEnabled() for command in review.commands)
    qtbot.keyClick(opened, Qt.Key.Key_N)
    assert review.current is None
    opened.document.end_blind()
    assert review.card.list.isVisible()
