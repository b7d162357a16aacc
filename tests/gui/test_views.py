"""Looking: every view large, zoom and pan, overlay styles, the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from diffseg_gui.filling import OPACITIES
from diffseg_gui.views import AMBIGUITY, CONSISTENCY, PHOTOGRAPH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton


def test_any_panel_can_be_the_main_view(analysed: Workbench, qtbot: QtBot) -> None:
    window = analysed.window
    frame = window.filmstrip.frames[100]
    for canvas, key in ((window.maps.panels[AMBIGUITY].canvas, AMBIGUITY), (frame.canvas, "t100")):
        qtbot.mouseDClick(canvas, LEFT)
        assert window.view == key
        assert window.stage.canvas.scene.picture is canvas.scene.picture
    qtbot.mouseDClick(window.stage.canvas, LEFT)
    assert window.view == PHOTOGRAPH
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert window.view == CONSISTENCY
    assert window.stage.bars[CONSISTENCY].isVisible()


def test_zoom_and_pan_are_linked(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    at = QPointF(canvas.width() * 0.3, canvas.height() * 0.4)
    point = canvas.to_screen().inverted()[0].map(at)
    wheel = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    assert analysed.window.viewport.zoom > 1.5
    moved = canvas.to_screen().map(point)
    assert (moved - at).manhattanLength() < 0.01, "what lies under the cursor stays there"
    small = analysed.window.maps.panels[CONSISTENCY].canvas
    centre = QPointF(canvas.rect().center()), QPointF(small.rect().center())
    seen = [c.to_screen().inverted()[0].map(p) for c, p in zip((canvas, small), centre, strict=True)]
    assert (seen[0] - seen[1]).manhattanLength() < 3
    before = analysed.window.viewport.centre
    qtbot.mousePress(canvas, LEFT, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(150, 130))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(150, 130))
    qtbot.keyClick(analysed.window, Qt.Key.Key_F)
    assert analysed.window.viewport.zoom == 1
    assert before != analysed.window.viewport.centre


def test_holding_h_hides_the_overlay(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    assert canvas.scene.curves
    with_curves = canvas.grab().toImage()
    qtbot.keyPress(analysed.window, Qt.Key.Key_H)
    assert canvas.grab().toImage() != with_curves
    qtbot.keyRelease(analysed.window, Qt.Key.Key_H)
    assert canvas.grab().toImage() == with_curves


def test_overlay_styles(analysed: Workbench, qtbot: QtBot) -> None:
    canvas, pictures = analysed.window.stage.canvas, []
    for key in (Qt.Key.Key_C, Qt.Key.Key_I, Qt.Key.Key_O):
        qtbot.keyClick(analysed.window, key)
        pictures.append(canvas.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]
    assert not canvas.scene.curves


def test_the_tint_is_as_strong_as_was_chosen_and_stays_so(
    analysed: Workbench, make_bench: Callable[[Path], Workbench], model_path: Path
) -> None:
    window = analysed.window
    action = window.actions_by_name
    assert action["fill_30"].isChecked()
    for percent in (15, 50):
        action[f"fill_{percent}"].trigger()
        assert window.scenes.overlay == "fill", "who chooses it sees it"
        (border,) = [curve for curve in window.stage.canvas.scene.curves if curve.name == "refined border"]
        assert border.fill == percent / 100
        assert [p for p in OPACITIES if action[f"fill_{p}"].isChecked()] == [percent]
    action["contour"].trigger()
    assert all(not curve.fill for curve in window.stage.canvas.scene.curves)
    again = make_bench(model_path).window
    assert again.actions_by_name["fill_50"].isChecked()
    assert (again.scenes.opacity, again.scenes.overlay) == (0.5, "contour")


def test_the_cursor_is_told_what_lies_under_it(analysed: Workbench, qtbot: QtBot) -> None:
    canvas = analysed.window.stage.canvas
    at = canvas.to_screen().map(QPointF(40.5, 30.5)).toPoint()
    qtbot.mouseMove(canvas, at)
    text = analysed.window.position.text()
    assert "x 40  y 30" in text
    assert "of 10" in text
    assert "refined:" in text
