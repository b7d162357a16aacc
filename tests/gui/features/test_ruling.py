"""The ruler that gives a photograph its scale, once, and from then on measures. Through real events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from diffseg_gui.features.measures import Ruling
from diffseg_gui.features.measures.ruler import AGAIN, CALIBRATED, HINT, MEASURED, MEASURES
from diffseg_gui.look.figures import number
from engine.photograph.read import read_image
from engine.reading.correction import Patch
from tests.engine.dicoms import native
from tests.gui.strokes import apart, click, drag

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

START, END, MIDDLE = (20, 30), (70, 40), (45, 35)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ruling(desk: Desk, photo: SkinImage) -> Ruling:
    """The feature on a desk with the photograph."""
    made = desk.add(Ruling(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
    desk.open(photo)
    return made


@pytest.fixture
def calibrated(desk: Desk, ruling: Ruling, qtbot: QtBot) -> Ruling:
    """The same once the line from START to END was said to be 10 mm long."""
    qtbot.keyClick(desk, Qt.Key.Key_M)
    drag(desk.canvas, qtbot, [START, END])
    type_length(ruling, qtbot, "10")
    return ruling


def type_length(ruling: Ruling, qtbot: QtBot, length: str) -> None:
    """Answer the box at the ruler."""
    assert ruling.length.isVisible()
    qtbot.keyClicks(ruling.length.box, length)
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Return)
    assert not ruling.length.isVisible()


def test_a_drag_and_a_number_calibrate(desk: Desk, ruling: Ruling, qtbot: QtBot) -> None:
    assert ruling.scale_bar.isVisible()
    assert ruling.scale_bar.text.endswith(" px")
    qtbot.keyClick(desk, Qt.Key.Key_M)
    assert desk.action("ruler").isChecked()
    assert desk.notices == [HINT]
    drag(desk.canvas, qtbot, [START, END])
    type_length(ruling, qtbot, "10")
    found = desk.document.reading.ruler
    assert found.length_mm == 10
    assert found.mm_per_px == pytest.approx(10 / apart(desk.canvas, START, END), rel=1e-3)
    assert ruling.scale_bar.text.endswith(" mm")
    assert ruling.ruler.text == "10.0 mm", "the line stays in view"
    assert desk.notices[-1] == CALIBRATED.format("10 mm")


def test_undo_gives_pixels_back(desk: Desk, calibrated: Ruling) -> None:
    assert desk.editing.stack.undoText() == "ruler"
    desk.editing.stack.undo()
    assert desk.document.reading.ruler is None
    assert calibrated.scale_bar.text.endswith(" px")
    assert calibrated.ruler.ends is None, "what was measured with another scale"
    desk.editing.stack.redo()
    assert calibrated.scale_bar.text.endswith(" mm")


def test_keys_calibrate_and_take_the_calibration_away(desk: Desk, ruling: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(desk.canvas, key)
    start, end = ruling.ruler.ends
    type_length(ruling, qtbot, "10")
    found = desk.document.reading.ruler
    assert (found.start, found.end) == tuple((round(x, 2), round(y, 2)) for x, y in (start.toTuple(), end.toTuple()))
    qtbot.keyClick(desk, Qt.Key.Key_M, SHIFT)
    assert desk.document.reading.ruler is None
    assert desk.editing.stack.undoText() == "remove calibration"
    assert not desk.action("uncalibrate").isEnabled()


def test_escape_at_the_box_drops_the_line_and_keeps_the_ruler_in_hand(desk: Desk, ruling: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M)
    drag(desk.canvas, qtbot, [START, END])
    qtbot.keyClicks(ruling.length.box, "7")
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Escape)
    assert desk.document.reading.ruler is None
    assert ruling.ruler.ends is None
    assert desk.canvas.tool is ruling.ruler


def test_once_calibrated_a_line_measures_and_changes_nothing(desk: Desk, calibrated: Ruling, qtbot: QtBot) -> None:
    canvas, before = desk.canvas, desk.document.reading
    steps, shown = desk.editing.stack.count(), []
    for start, end in (((10, 10), (70, 60)), (START, (60, 62)), ((12, 50), (40, 20))):
        drag(canvas, qtbot, [start, end])
        assert not calibrated.length.isVisible()
        length = f"{number(apart(canvas, start, end) * before.mm_per_px, 'mm')} mm"
        assert calibrated.ruler.text == length
        assert desk.notices[-1] == MEASURED.format(length)
        shown.append(calibrated.ruler.ends)
    assert len(shown) == len({end.x() for _, end in shown})
    click(canvas, qtbot, 26, 35)  # on the line
    assert not calibrated.length.isVisible()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_Right):
        qtbot.keyClick(canvas, key)
    assert desk.notices[-1] == MEASURED.format(calibrated.ruler.text)
    assert desk.document.reading is before
    assert desk.editing.stack.count() == steps
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert calibrated.ruler.ends is None
    assert canvas.tool is calibrated.ruler
    assert desk.notices[-1] == MEASURES


def test_only_who_says_so_calibrates_again_and_nothing_changes_before_it_is_confirmed(
    desk: Desk, calibrated: Ruling, qtbot: QtBot
) -> None:
    canvas, first = desk.canvas, desk.document.reading.ruler
    for length in (None, "5"):
        qtbot.keyClick(desk, Qt.Key.Key_M, CTRL | SHIFT)
        assert calibrated.ruler.text == "10 mm"
        assert desk.notices[-1] == AGAIN
        drag(canvas, qtbot, [END, (90, 40)])
        assert calibrated.length.box.value() == 10
        assert desk.document.reading.ruler == first
        if length is None:
            qtbot.keyClick(calibrated.length.box, Qt.Key.Key_Escape)
            assert desk.document.reading.ruler == first
    type_length(calibrated, qtbot, "5")
    assert desk.document.reading.mm_per_px == pytest.approx(5 / apart(canvas, START, (90, 40)), rel=1e-3)
    drag(canvas, qtbot, [(10, 60), (80, 60)])
    assert not calibrated.length.isVisible(), "once only"
    desk.editing.stack.undo()
    assert desk.document.reading.ruler == first
    assert calibrated.ruler.ends is None, "what was measured with another scale"


def test_calibrating_again_elsewhere_asks_anew(desk: Desk, calibrated: Ruling, qtbot: QtBot) -> None:
    desk.action("calibrate_again").trigger()
    drag(desk.canvas, qtbot, [(10, 60), (80, 60)])
    assert calibrated.length.box.text().strip() == "mm"
    type_length(calibrated, qtbot, "7")
    expected = 7 / apart(desk.canvas, (10, 60), (80, 60))
    assert desk.document.reading.mm_per_px == pytest.approx(expected, rel=1e-3)


def test_a_click_on_the_line_corrects_its_length_alone(desk: Desk, calibrated: Ruling, qtbot: QtBot) -> None:
    before = desk.document.reading.ruler
    desk.action("calibrate_again").trigger()
    click(desk.canvas, qtbot, *MIDDLE)
    type_length(calibrated, qtbot, "5")
    assert desk.document.reading.ruler == replace(before, length_mm=5.0)


def test_calibrating_again_needs_no_ruler_in_hand(desk: Desk, calibrated: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M)
    assert desk.canvas.tool is None
    assert calibrated.ruler.ends is None, "what was measured goes with the ruler"
    desk.action("calibrate_again").trigger()
    assert desk.canvas.tool is calibrated.ruler
    assert desk.action("ruler").isChecked()
    assert calibrated.ruler.text == "10 mm"


def test_a_line_of_no_length_gives_no_scale(desk: Desk, ruling: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M)
    ruling.ruler.show((QPointF(10, 10), QPointF(10.001, 10)), None)
    qtbot.keyClick(desk.canvas, Qt.Key.Key_Return)
    qtbot.keyClicks(ruling.length.box, "5")
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Return)
    assert (
        ruling.length.wrong.text()
        == "With 5 mm the photograph would be 480\N{NARROW NO-BREAK SPACE}000 mm wide; check the length."
    )
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Escape)
    assert desk.document.reading.ruler is None
    assert ruling.ruler.ends is None


@pytest.mark.parametrize(("typed", "said"), [("2,5", ""), ("2.5", ""), ("500", "the lesion would be")])
def test_a_length_that_makes_the_lesion_enormous_is_refused(opened: Desk, typed: str, said: str, qtbot: QtBot) -> None:
    ruling = opened.add(Ruling(opened.document, opened.editing, opened.scenes, opened.canvas, opened.messages))
    qtbot.keyClick(opened, Qt.Key.Key_M)
    drag(opened.canvas, qtbot, [START, END])
    qtbot.keyClicks(ruling.length.box, typed)
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Return)
    assert said in ruling.length.wrong.text()
    kept = opened.document.reading.ruler
    assert (kept is None) if said else (kept is not None and kept.length_mm == 2.5)
    qtbot.keyClick(ruling.length.box, Qt.Key.Key_Escape)


def test_the_box_stays_at_the_ruler_when_the_window_is_resized(desk: Desk, ruling: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M)
    drag(desk.canvas, qtbot, [START, END])
    box, ruler = ruling.length, ruling.ruler
    before = ruler.middle()
    desk.resize(900, 560)
    qtbot.waitUntil(lambda: ruler.middle() != before)
    assert abs(box.geometry().center().x() - ruler.middle().x()) <= 2
    assert 0 < box.y() - ruler.middle().y() < 30


def test_a_length_that_is_only_confirmed_ends_calibrating_too(desk: Desk, calibrated: Ruling, qtbot: QtBot) -> None:
    before = desk.document.reading
    desk.action("calibrate_again").trigger()
    click(desk.canvas, qtbot, *MIDDLE)
    type_length(calibrated, qtbot, "10")
    assert desk.document.reading is before
    drag(desk.canvas, qtbot, [(10, 60), (80, 60)])
    assert not calibrated.length.isVisible()


def test_a_correction_leaves_the_line_in_view(desk: Desk, calibrated: Ruling) -> None:
    desk.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))
    assert calibrated.ruler.text == "10.0 mm"


def test_another_photograph_has_no_calibration(desk: Desk, calibrated: Ruling, other_path: Path) -> None:
    desk.open(read_image(other_path))
    assert desk.document.reading.ruler is None
    assert calibrated.scale_bar.text.endswith(" px")
    assert desk.canvas.tool is None
    assert not desk.action("calibrate_again").isEnabled()


def test_without_a_photograph_there_is_nothing_to_measure(desk: Desk) -> None:
    desk.add(Ruling(desk.document, desk.editing, desk.scenes, desk.canvas, desk.messages))
    names = ("ruler", "calibrate_again", "uncalibrate")
    assert not any(desk.action(name).isEnabled() for name in names)


@pytest.fixture
def of_the_clinic(desk: Desk, ruling: Ruling, photo: SkinImage, tmp_path: Path) -> Ruling:
    """The feature with a photograph whose file says that its pixels are 0.05 mm large."""
    path = tmp_path / "lesion.dcm"
    path.write_bytes(native(photo.pixels, PixelSpacing=[0.05, 0.05]))
    desk.open(read_image(path))
    return ruling


def test_a_files_own_scale_is_shown_with_its_source_and_measures(
    desk: Desk, of_the_clinic: Ruling, photo: SkinImage, qtbot: QtBot
) -> None:
    bar = of_the_clinic.scale_bar
    assert bar.text.endswith(" mm")
    assert bar.source == "DICOM Pixel Spacing"
    assert bar.accessibleName() == f"Scale bar: {bar.text} (DICOM Pixel Spacing)"
    assert not desk.action("uncalibrate").isEnabled(), "there is no ruler to take away"
    qtbot.keyClick(desk, Qt.Key.Key_M)
    assert desk.notices[-1] == MEASURES
    drag(desk.canvas, qtbot, [START, END])
    assert of_the_clinic.ruler.text == f"{number(apart(desk.canvas, START, END) * 0.05, 'mm')} mm"
    assert desk.document.reading.ruler is None
    desk.open(photo)
    assert (bar.text[-2:], bar.source) == ("px", "")


def test_a_ruler_laid_by_hand_wins_over_the_files_scale(desk: Desk, of_the_clinic: Ruling, qtbot: QtBot) -> None:
    qtbot.keyClick(desk, Qt.Key.Key_M, CTRL | SHIFT)
    assert desk.notices[-1] == AGAIN
    drag(desk.canvas, qtbot, [START, END])
    type_length(of_the_clinic, qtbot, "10")
    bar = of_the_clinic.scale_bar
    assert bar.mm_per_px == pytest.approx(10 / apart(desk.canvas, START, END), rel=1e-3)
    assert bar.source == ""
    qtbot.keyClick(desk, Qt.Key.Key_M, SHIFT)
    assert (bar.mm_per_px, bar.source) == (0.05, "DICOM Pixel Spacing")
