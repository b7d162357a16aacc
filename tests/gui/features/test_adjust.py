"""The display of the photograph adjusted, and that nothing but the eye sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from diffseg_gui.features.adjust import Adjust
from diffseg_gui.features.probe.spot import look
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.photograph.adjust import Adjustment
from engine.records.export import export
from tests.gui.conftest import PATIENCE
from tests.gui.features.reviewing import read_by
from tests.gui.strokes import colour_at, wheel

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPointF
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
BRIGHT = Adjustment(brightness=0.5, contrast=-0.2)


@pytest.fixture
def adjust(opened: Desk) -> Adjust:
    """The sliders, on a desk with the ten discs' result."""
    made = opened.add(Adjust(opened.document, opened.scenes, opened.canvas, opened.messages))
    opened.scenes.refresh()
    return made


def hairy(photo: SkinImage) -> SkinImage:
    """The same photograph with a dark hair across its top."""
    pixels = np.full_like(photo.pixels, 190)
    pixels[10] = 60
    return replace(photo, pixels=pixels, sha256="2" * 64)


def test_the_sliders_open_by_key_and_close_by_escape(opened: Desk, adjust: Adjust, qtbot: QtBot) -> None:
    popover = adjust.sliders.popover
    assert not adjust.escape(), "nothing is open"
    qtbot.keyClick(opened, Qt.Key.Key_Z)
    assert popover.isVisible()
    assert opened.action("adjust").isChecked()
    assert popover.rows["brightness"].slider.hasFocus()
    assert opened.canvas.rect().contains(popover.geometry())
    qtbot.keyClick(popover.rows["brightness"].slider, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert opened.canvas.hasFocus()
    assert not opened.action("adjust").isChecked()


def test_escape_closes_them_before_a_region_is_let_go(opened: Desk, adjust: Adjust, qtbot: QtBot) -> None:
    review = read_by(opened)
    qtbot.keyClick(opened, Qt.Key.Key_N)
    qtbot.keyClick(opened, Qt.Key.Key_Z)
    qtbot.keyClick(adjust.sliders.popover.rows["contrast"].slider, Qt.Key.Key_Escape)
    assert not adjust.sliders.is_open
    assert review.current is not None


def test_a_slider_changes_what_is_seen_and_a_sign_says_so(opened: Desk, adjust: Adjust, qtbot: QtBot) -> None:
    foot, before = adjust.sliders, colour_at(opened.canvas, 48, 36)
    assert not foot.sign.isVisible()
    qtbot.keyClick(opened, Qt.Key.Key_Z)
    for _ in range(20):
        qtbot.keyClick(foot.popover.rows["brightness"].slider, Qt.Key.Key_Right)
    assert adjust.how == Adjustment(brightness=0.2)
    after = colour_at(opened.canvas, 48, 36)
    assert after.red() == pytest.approx(min(before.red() + 19, 255), abs=3)
    promise = foot.popover.promise
    assert promise.height() >= promise.heightForWidth(promise.width()), "all of it can be read"
    qtbot.keyClick(foot.popover, Qt.Key.Key_Escape)
    assert foot.sign.isVisible(), "as long as it holds"
    assert foot.sign.toolTip().startswith("brightness +20. ")
    qtbot.mouseClick(foot.sign, LEFT)
    assert foot.popover.isVisible()
    assert not foot.sign.isVisible(), "the sliders say it"
    qtbot.mouseClick(foot.popover.reset, LEFT)
    assert colour_at(opened.canvas, 48, 36) == before
    assert not foot.sign.isVisible()
    assert foot.popover.rows["brightness"].value() == 0


def test_it_holds_for_the_next_photograph_until_it_is_reset_by_key(
    opened: Desk, adjust: Adjust, photo: SkinImage, qtbot: QtBot
) -> None:
    assert not opened.action("adjust_reset").isEnabled()
    adjust.set(BRIGHT)
    first = opened.canvas.scene.picture
    assert opened.scenes.scene(PHOTOGRAPH).picture is first, "the same one while nothing changes"
    other = replace(photo, pixels=photo.pixels[:, ::-1].copy(), sha256="1" * 64)
    opened.open(other)
    assert adjust.sliders.sign.isVisible()
    assert opened.canvas.scene.picture is not first
    qtbot.keyClick(opened, Qt.Key.Key_Z, SHIFT)
    assert adjust.how.is_neutral
    middle = QPoint(48, 36)
    red, green, blue = other.pixels[middle.y(), middle.x()].tolist()
    assert opened.canvas.scene.picture.at(1.0).pixelColor(middle).getRgb()[:3] == (red, green, blue)


def test_maps_are_as_they_are(opened: Desk, adjust: Adjust) -> None:
    before = opened.scenes.scene(CONSISTENCY)
    adjust.set(BRIGHT)
    assert opened.scenes.scene(CONSISTENCY) == before


def test_hair_is_looked_for_beside_the_window_and_then_softened(
    opened: Desk, adjust: Adjust, photo: SkinImage, qtbot: QtBot
) -> None:
    opened.open(hairy(photo))
    adjust.set(Adjustment(hair=1.0))
    assert adjust.sliders.sign.toolTip().startswith("hair softened by 100 %. ")
    qtbot.waitUntil(lambda: opened.canvas.scene.picture.at(1.0).pixelColor(48, 10).red() > 170, timeout=PATIENCE)
    assert opened.canvas.scene.picture.at(1.0).pixelColor(48, 40).red() == 190
    adjust.reset()
    assert opened.canvas.scene.picture.at(1.0).pixelColor(48, 10).red() == 60


def test_the_photograph_below_the_sliders_is_left_alone(opened: Desk, adjust: Adjust, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_Z)
    opened.canvas.zoom_by(3)
    popover, viewport = adjust.sliders.popover, opened.viewport
    before = (viewport.zoom, viewport.centre)
    wheel(popover, 2)
    qtbot.mousePress(popover, LEFT, pos=QPoint(5, 5))
    qtbot.mouseMove(popover, QPoint(60, 5))
    qtbot.mouseRelease(popover, LEFT, pos=QPoint(60, 5))
    assert (viewport.zoom, viewport.centre) == before


def test_what_the_probe_says_is_as_photographed(opened: Desk, adjust: Adjust, photo: SkinImage) -> None:
    point: QPointF = opened.canvas.to_photograph(opened.canvas.rect().center().toPointF())
    before = look(opened.document, opened.editing, point)
    adjust.set(BRIGHT)
    assert look(opened.document, opened.editing, point) == before
    assert opened.document.photograph is photo


def test_neither_the_request_nor_a_byte_of_the_export_is_another(
    analysed: Workbench, tmp_path: Path, qtbot: QtBot
) -> None:
    document, asked = analysed.document, []
    document.requested.connect(lambda source, recipe: asked.append((source, recipe)))
    document.run_again()
    qtbot.waitUntil(lambda: not document.is_busy, timeout=PATIENCE)
    found = document.shown.segmentation
    export(found, tmp_path / "before", document.reading)
    pixels = document.photograph.pixels.copy()
    analysed.feature(Adjust).set(Adjustment(0.5, 0.7, 1.0))
    assert len(asked) == 1, "it asks for nothing"
    assert document.shown.segmentation is found
    assert document.shown.current
    document.run_again()
    qtbot.waitUntil(lambda: not document.is_busy, timeout=PATIENCE)
    assert asked[1] == asked[0]
    assert asked[1][0] is document.photograph
    assert np.array_equal(document.photograph.pixels, pixels)
    again = document.shown.segmentation
    assert np.array_equal(again.mask, found.mask)
    export(replace(again, seconds=found.seconds), tmp_path / "after", document.reading)
    files = sorted(path.relative_to(tmp_path / "before") for path in (tmp_path / "before").rglob("*") if path.is_file())
    assert len(files) > 5
    for file in files:
        before, after = ((tmp_path / name / file).read_bytes() for name in ("before", "after"))
        assert before == after, file
