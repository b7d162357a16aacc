"""The divider over the photograph: left the skin alone, or the model's border; right what lies over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from diffseg_gui.features.border import Border
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.swipe import Swipe
from engine.reading.correction import Patch
from tests.gui.features.reviewing import read_by
from tests.gui.painted import pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from diffseg_gui.features.review.discs import Discs
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def swipe(opened: Desk) -> Swipe:
    """The divider, on a desk with the ten discs' border."""
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    opened.add(Correction(opened.document, opened.editing, opened.canvas, opened.messages))
    made = opened.add(Swipe(opened.document, opened.editing, opened.canvas))
    opened.scenes.refresh()
    opened.canvas.setFocus()
    return made


def seen(desk: Desk) -> NDArray[np.int16]:
    """The large view, without what stands on it and without the frame of the focus."""
    canvas = desk.canvas
    parts = [part for part in canvas.children() if part.isWidgetType() and part.isVisible()]
    for part in parts:
        part.hide()
    desk.stage.tabs["photograph"].setFocus()
    image = pixels(canvas.grab().toImage())
    for part in parts:
        part.show()
    canvas.setFocus()
    return image[4:-4, 4:-4]


def correct(desk: Desk) -> None:
    """Make lesion of a corner."""
    desk.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))


def test_left_of_it_is_the_skin_alone(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    with_overlay = seen(opened)
    opened.viewport.hide_overlay(True)
    skin = seen(opened)
    opened.viewport.hide_overlay(False)
    qtbot.keyClick(opened, Qt.Key.Key_T)
    assert opened.action("swipe").isChecked()
    divided, left = seen(opened), swipe.divider.left - 4
    assert left == pytest.approx(opened.canvas.width() / 2, abs=6)
    assert np.array_equal(divided[:, :left], skin[:, :left])
    assert np.array_equal(divided[:, left:], with_overlay[:, left:])
    assert not np.array_equal(skin[:, left:], with_overlay[:, left:])
    assert not np.array_equal(skin[:, :left], with_overlay[:, :left])
    assert (swipe.divider.names.left, swipe.divider.names.right) == ("skin alone", "with overlay")


def test_it_is_dragged_and_moved_by_keys(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_T)
    divider, canvas = swipe.divider, opened.canvas
    middle, centre = divider.rect().center(), opened.viewport.centre
    qtbot.mousePress(divider, LEFT, pos=middle)
    qtbot.mouseMove(divider, middle - QPoint(100, 0))
    qtbot.mouseRelease(divider, LEFT, pos=divider.rect().center())
    dragged = divider.left
    assert dragged == pytest.approx(canvas.width() / 2 - 100, abs=2)
    assert canvas.split is not None
    assert canvas.split.left == dragged
    assert divider.geometry().center().x() == pytest.approx(dragged, abs=1)
    qtbot.keyClick(divider, Qt.Key.Key_Right)
    assert divider.left > dragged
    for _ in range(80):
        qtbot.keyClick(divider, Qt.Key.Key_Left)
    assert divider.left == 0, "and no farther"
    assert opened.viewport.centre == centre, "the photograph is not panned"
    share = divider.share
    opened.resize(opened.width() + 200, opened.height())
    assert divider.share == share
    assert divider.height() == canvas.height()


@pytest.mark.parametrize("way", ["key", "escape", "another photograph"])
def test_it_ends(opened: Desk, swipe: Swipe, photo: SkinImage, qtbot: QtBot, way: str) -> None:
    before = seen(opened)
    assert not swipe.escape(), "there is none yet"
    qtbot.keyClick(opened, Qt.Key.Key_T)
    assert swipe.divider.hasFocus()
    if way == "another photograph":
        opened.open(replace(photo, sha256="1" * 64))
    else:
        qtbot.keyClick(swipe.divider, Qt.Key.Key_T if way == "key" else Qt.Key.Key_Escape)
        assert np.array_equal(seen(opened), before)
    assert opened.canvas.split is None
    assert not swipe.divider.isVisible()
    assert not swipe.divider.names.isVisible()
    assert not opened.action("swipe").isChecked()
    assert opened.canvas.hasFocus()


def test_the_models_border_against_the_corrected_one(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    model = opened.canvas.scene.curves[-1]
    assert not opened.action("swipe_model").isEnabled(), "nothing is corrected"
    qtbot.keyClick(opened, Qt.Key.Key_T)
    correct(opened)
    qtbot.keyClick(opened, Qt.Key.Key_T, SHIFT)
    assert not opened.action("swipe").isChecked()
    (curve,) = opened.canvas.split.curves
    assert curve.path == model.path
    assert "corrected border" in [one.name for one in opened.canvas.scene.curves]
    assert swipe.divider.names.left == "the model's border"
    opened.editing.stack.undo()
    assert opened.canvas.split is None, "there is nothing to compare any more"


def test_a_blind_reader_learns_nothing_by_it(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    correct(opened)
    qtbot.keyClick(opened, Qt.Key.Key_T, SHIFT)
    assert opened.canvas.split.curves
    opened.document.begin_blind()
    assert opened.canvas.split is None
    assert not opened.action("swipe_model").isEnabled()
    assert opened.action("swipe").isEnabled()


def test_escape_ends_it_before_a_region_is_let_go(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    review = read_by(opened)
    qtbot.keyClick(opened, Qt.Key.Key_N)
    qtbot.keyClick(opened, Qt.Key.Key_W)
    qtbot.keyClick(swipe.divider, Qt.Key.Key_Escape)
    assert not swipe.left
    assert review.current is not None


def test_no_disc_stands_on_the_skin_alone(opened: Desk, swipe: Swipe, qtbot: QtBot) -> None:
    review = read_by(opened)

    def standing(discs: Discs) -> set[bool]:
        return {disc.x() >= swipe.divider.left for disc in discs.all if disc.isVisible()}

    assert standing(review.discs) == {True, False}
    qtbot.keyClick(opened, Qt.Key.Key_T)
    assert standing(review.discs) == {True}
    qtbot.keyClick(swipe.divider, Qt.Key.Key_Escape)
    assert all(disc.isVisible() for disc in review.discs.all)
