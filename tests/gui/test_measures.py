"""Measures with ranges, the ruler that calibrates them, and the limit they are compared with. Through real events."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt

from diffseg_gui import measuring
from diffseg_gui.panels.measures import MeasuresPanel, number
from diffseg_gui.scalebar import round_below
from engine.reading.measures import measures
from engine.reading.reading import Ruler
from tests.gui.conftest import PATIENCE, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from diffseg_gui.preferences import Preferences

LEFT = Qt.MouseButton.LeftButton
START, END = (20, 30), (70, 40)


def at(bench: Workbench, x: float, y: float) -> QPoint:
    """Where a point of the photograph is on the canvas."""
    return bench.window.stage.canvas.to_screen().map(QPointF(x, y)).toPoint()


def pixels(bench: Workbench, start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far apart two points of the photograph are once they are whole pixels of the screen."""
    to_photograph = bench.window.stage.canvas.to_photograph
    a, b = (to_photograph(QPointF(at(bench, *point))) for point in (start, end))
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def drag(bench: Workbench, qtbot: QtBot, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag on the photograph."""
    canvas = bench.window.stage.canvas
    qtbot.mousePress(canvas, LEFT, pos=at(bench, *start))
    qtbot.mouseMove(canvas, at(bench, *((a + b) / 2 for a, b in zip(start, end, strict=True))))
    qtbot.mouseRelease(canvas, LEFT, pos=at(bench, *end))


def calibrate(bench: Workbench, qtbot: QtBot, length: str = "10") -> None:
    """Lay the ruler from START to END and tell its length."""
    qtbot.keyClick(bench.window, Qt.Key.Key_M)
    drag(bench, qtbot, START, END)
    type_length(bench, qtbot, length)


def type_length(bench: Workbench, qtbot: QtBot, length: str) -> None:
    """Answer the box at the ruler."""
    box = bench.window.measuring.length
    assert box.isVisible()
    qtbot.keyClicks(box.box, length)
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert not box.isVisible()


def show_panel(bench: Workbench, qtbot: QtBot) -> MeasuresPanel:
    """Bring the measures to the front and wait for them."""
    bench.window.docks.measures.show_or_hide(True)
    wait_for_measures(bench, qtbot)
    return bench.window.measures


def wait_for_measures(bench: Workbench, qtbot: QtBot) -> None:
    """Wait until what is shown is what there is."""
    qtbot.waitUntil(lambda: bench.window.measures.figures.isEnabled(), timeout=PATIENCE)


def test_the_box_stays_at_the_ruler_when_the_window_is_resized(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    window.resize(1440, 880)
    qtbot.keyClick(window, Qt.Key.Key_M)
    drag(analysed, qtbot, START, END)
    box, ruler = window.measuring.length, window.measuring.ruler
    before = ruler.middle()
    window.resize(1240, 700)
    qtbot.waitUntil(lambda: ruler.middle() != before)
    assert abs(box.geometry().center().x() - ruler.middle().x()) <= 2
    assert 0 < box.y() - ruler.middle().y() < 30


def test_a_drag_and_a_number_calibrate(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    found = analysed.state.reading.ruler
    assert found.length_mm == 10
    assert found.mm_per_px == pytest.approx(10 / pixels(analysed, START, END), rel=1e-3)
    assert analysed.window.measuring.scale_bar.text.endswith(" mm")


def test_measures_are_in_px_then_in_mm_and_undo_gives_px_back(analysed: Workbench, qtbot: QtBot) -> None:
    panel, state = show_panel(analysed, qtbot), analysed.state
    for scale, length, area in ((None, "px", "px²"), ("", "mm", "mm²"), (None, "px", "px²")):
        if scale is not None:
            calibrate(analysed, qtbot)
        elif state.reading.ruler is not None:
            analysed.window.edit.stack.undo()
            assert analysed.window.edit.stack.redoText() == "ruler"
        wait_for_measures(analysed, qtbot)
        expected = measures(state.segmentation, analysed.window.edit.mask, state.reading.mm_per_px)
        for measure in expected:
            text = panel.values[measure.name].text()
            assert text == f"{number(measure.value, measure.unit)} {measure.unit}".rstrip()
            low, high = panel.ranges[measure.name].text().split(" – ")
            assert (low, high) == (number(measure.low, measure.unit), number(measure.high, measure.unit))
        assert panel.values["largest_diameter"].text().endswith(f" {length}")
        assert panel.values["area"].text().endswith(f" {area}")
        assert panel.flag.text().startswith("px until calibrated") == (length == "px")


def test_escape_drops_the_ruler_and_then_leaves_it(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    qtbot.keyClick(window, Qt.Key.Key_M)
    drag(analysed, qtbot, START, END)
    qtbot.keyClicks(window.measuring.length.box, "7")
    qtbot.keyClick(window.measuring.length.box, Qt.Key.Key_Escape)
    assert analysed.state.reading.ruler is None
    assert window.measuring.ruler.ends is None
    assert window.stage.canvas.tool is window.measuring.ruler
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Escape)
    assert window.stage.canvas.tool is None
    assert not window.actions_by_name["ruler"].isChecked()


def test_an_empty_box_is_no_length(analysed: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(analysed.window, Qt.Key.Key_M)
    drag(analysed, qtbot, START, END)
    box = analysed.window.measuring.length
    qtbot.keyClick(box.box, Qt.Key.Key_Backspace)
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert box.isVisible()
    assert analysed.state.reading.ruler is None


def test_without_a_calibration_no_length_is_guessed(analysed: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(analysed.window, Qt.Key.Key_M)
    drag(analysed, qtbot, START, END)
    box = analysed.window.measuring.length
    assert box.box.text().strip() == "mm"
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert box.isVisible()
    qtbot.keyClicks(box.box, "0")
    qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert box.isVisible()
    assert analysed.state.reading.ruler is None


def test_once_calibrated_a_line_measures_and_changes_nothing(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    window, ruler, steps = analysed.window, analysed.window.measuring.ruler, analysed.window.edit.stack.count()
    before, shown = analysed.state.reading, []
    for start, end in (((10, 10), (70, 60)), (START, (60, 62)), ((12, 50), (40, 20))):
        drag(analysed, qtbot, start, end)
        assert not window.measuring.length.isVisible()
        length = number(pixels(analysed, start, end) * before.mm_per_px, "mm")
        assert ruler.text == f"{length} mm"
        assert window.statusBar().currentMessage().startswith(f"Length: {length} mm.")
        shown.append(ruler.ends)
    assert len(shown) == len({end.x() for _, end in shown})
    qtbot.mouseClick(window.stage.canvas, LEFT, pos=at(analysed, 26, 35))  # on the line
    assert not window.measuring.length.isVisible()
    drag(analysed, qtbot, (40, 20), (50, 20))  # its end
    assert ruler.ends[0] == shown[-1][0]
    assert ruler.text == f"{number(pixels(analysed, (12, 50), (50, 20)) * before.mm_per_px, 'mm')} mm"
    assert analysed.state.reading is before
    assert window.edit.stack.count() == steps
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Escape)
    assert ruler.ends is None
    assert window.stage.canvas.tool is ruler
    qtbot.keyClick(window.stage.canvas, Qt.Key.Key_Escape)
    assert window.stage.canvas.tool is None


def test_keys_alone_measure(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    window, canvas, ruler = analysed.window, analysed.window.stage.canvas, analysed.window.measuring.ruler
    before = analysed.state.reading
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    expected = f"{number(ruler.pixels * before.mm_per_px, 'mm')} mm"
    assert ruler.text == expected
    assert window.statusBar().currentMessage().startswith(f"Length: {expected}.")
    qtbot.keyClick(canvas, Qt.Key.Key_Return)  # the next line
    assert ruler.text != expected
    assert not window.measuring.length.isVisible()
    assert analysed.state.reading is before


def test_only_who_says_so_calibrates_again(analysed: Workbench, qtbot: QtBot) -> None:
    window, ruler, again = analysed.window, analysed.window.measuring.ruler, analysed.window.actions_by_name
    assert not again["calibrate_again"].isEnabled()
    calibrate(analysed, qtbot)
    first = analysed.state.reading.ruler
    for length, expected in ((None, 10.0), ("5", 5.0)):
        qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert ruler.text == "10 mm"
        assert "all mm follow" in window.statusBar().currentMessage()
        drag(analysed, qtbot, END, (90, 40))
        assert window.measuring.length.box.value() == 10
        assert analysed.state.reading.ruler == first, "before it is confirmed"
        if length is None:
            qtbot.keyClick(window.measuring.length.box, Qt.Key.Key_Escape)
            assert analysed.state.reading.ruler == first
            continue
        type_length(analysed, qtbot, length)
        assert analysed.state.reading.mm_per_px == pytest.approx(expected / pixels(analysed, START, (90, 40)), rel=1e-3)
    drag(analysed, qtbot, (10, 60), (80, 60))
    assert not window.measuring.length.isVisible(), "once only"
    window.edit.stack.undo()
    assert analysed.state.reading.ruler == first
    assert ruler.ends is None, "what was measured with another calibration"


def test_calibrating_again_elsewhere_asks_anew(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    analysed.window.actions_by_name["calibrate_again"].trigger()
    drag(analysed, qtbot, (10, 60), (80, 60))
    assert analysed.window.measuring.length.box.text().strip() == "mm"
    type_length(analysed, qtbot, "7")
    assert analysed.state.reading.mm_per_px == pytest.approx(7 / pixels(analysed, (10, 60), (80, 60)), rel=1e-3)


def test_a_click_on_the_line_asks_for_its_length_again(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    before = analysed.state.reading.ruler
    analysed.window.actions_by_name["calibrate_again"].trigger()
    qtbot.mouseClick(analysed.window.stage.canvas, LEFT, pos=at(analysed, 45, 35))
    type_length(analysed, qtbot, "5")
    assert analysed.state.reading.ruler == replace(before, length_mm=5.0)


def test_two_clicks_lay_it_too(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    qtbot.keyClick(analysed.window, Qt.Key.Key_M)
    qtbot.mouseClick(canvas, LEFT, pos=at(analysed, *START))
    assert not analysed.window.measuring.length.isVisible()
    qtbot.mouseMove(canvas, at(analysed, 50, 35))
    qtbot.mouseClick(canvas, LEFT, pos=at(analysed, *END))
    type_length(analysed, qtbot, "20")
    assert analysed.state.reading.mm_per_px == pytest.approx(20 / pixels(analysed, START, END), rel=1e-3)


def test_keys_alone_calibrate(analysed: Workbench, qtbot: QtBot) -> None:
    window, canvas, ruler = analysed.window, analysed.window.stage.canvas, analysed.window.measuring.ruler
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    start, end = ruler.ends
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    type_length(analysed, qtbot, "10")
    found = analysed.state.reading.ruler
    assert found.end == (pytest.approx(end.x(), abs=0.01), pytest.approx(end.y(), abs=0.01))
    assert found.start[0] == pytest.approx(start.x() - 10 / canvas.to_screen().m11(), abs=0.02)
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert analysed.state.reading.ruler is None
    assert not window.actions_by_name["uncalibrate"].isEnabled()


def test_the_ruler_stays_on_the_photograph(analysed: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(analysed.window, Qt.Key.Key_M)
    drag(analysed, qtbot, START, (96 + 500, 30))
    assert analysed.window.measuring.ruler.ends[1].x() == analysed.state.image.width


def test_a_limit_is_below_straddled_or_above(analysed: Workbench, qtbot: QtBot, preferences: Preferences) -> None:
    panel = show_panel(analysed, qtbot)
    assert not panel.sign.isVisible(), "lengths in px are above and below nothing"
    diameter = next(m for m in measures(analysed.state.segmentation) if m.name == "largest_diameter")
    assert diameter.low < diameter.high
    middle = (diameter.low + diameter.high) / 2
    calibration = Ruler((0.0, 0.0), (middle, 0.0), 20.0)  # the middle of the range is 20 mm
    analysed.window.edit.change("ruler", replace(analysed.state.reading, ruler=calibration))
    wait_for_measures(analysed, qtbot)
    assert panel.limit.value() == 6
    assert panel.sign.isVisible()
    high = diameter.high * 20 / middle
    for limit, verdict in ((20.0, "straddles"), (round(high + 1, 1), "below"), (0.1, "above")):
        panel.limit.selectAll()
        qtbot.keyClicks(panel.limit, f"{limit}")
        qtbot.keyClick(panel.limit, Qt.Key.Key_Return)
        assert f"<b>{verdict}</b> your" in panel.flag.text()
        assert panel.sign.isVisible()
    assert MeasuresPanel(preferences).limit.value() == pytest.approx(0.1), "it is remembered"


def test_nothing_is_measured_while_delta_moves_or_nobody_looks(
    analysed: Workbench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, calls = show_panel(analysed, qtbot), []
    monkeypatch.setattr(measuring, "measures", lambda *given: calls.append(given) or measures(*given))
    slider = analysed.window.threshold.delta.slider
    for _ in range(5):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not panel.figures.isEnabled(), timeout=PATIENCE)  # dimmed while stale
    assert not calls
    wait_until_current(analysed, qtbot)
    wait_for_measures(analysed, qtbot)
    assert len(calls) == 1
    analysed.window.docks.measures.hide()
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    wait_until_current(analysed, qtbot)
    qtbot.wait(2 * measuring.REST)
    assert len(calls) == 1
    show_panel(analysed, qtbot)
    assert len(calls) == 2


def test_a_blind_reader_is_told_nothing(analysed: Workbench, qtbot: QtBot) -> None:
    panel = show_panel(analysed, qtbot)
    analysed.window.edit.blind = True
    assert not panel.figures.isVisible()
    assert "reveal" in panel.words.text()
    analysed.window.edit.blind = False
    qtbot.waitUntil(panel.figures.isVisible, timeout=PATIENCE)


def test_another_image_has_no_calibration(analysed: Workbench, other_path: Path, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    analysed.window.open_image(other_path)
    wait_until_current(analysed, qtbot)
    assert analysed.state.reading.ruler is None
    assert analysed.window.measuring.scale_bar.text.endswith(" px")
    assert analysed.window.stage.canvas.tool is None


def test_the_scale_bar_has_a_round_length_at_every_zoom(analysed: Workbench, qtbot: QtBot) -> None:
    calibrate(analysed, qtbot)
    bar, canvas, lengths = analysed.window.measuring.scale_bar, analysed.window.stage.canvas, set()
    for _ in range(6):
        lengths.add(bar.length)
        assert bar.length == round_below(bar.length)
        shown = bar.length / analysed.state.reading.mm_per_px * canvas.to_screen().m11()
        assert 130 / 2.5 - 1e-6 <= shown <= 130 + 1e-6
        assert canvas.rect().contains(bar.geometry())
        canvas.zoom_by(2)
    assert len(lengths) > 2


@given(st.floats(1e-6, 1e9))
def test_round_lengths_are_1_2_or_5_and_less_than_a_step_below(length: float) -> None:
    found = round_below(length)
    assert found <= length * (1 + 1e-6)
    assert found * 2.5 > length * (1 - 1e-6)
    assert f"{found:e}".split("e")[0] in {"1.000000", "2.000000", "5.000000"}
