"""What is out of date looks so: its own pixels are fainter, in both themes, and its card says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from diffseg_gui import theme
from diffseg_gui.views import PHOTOGRAPH
from diffseg_gui.wording import OUT_OF_DATE
from tests.gui.conftest import PATIENCE
from tests.gui.results import key, land, show_calibrated
from tests.gui.test_theme import contrast
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

THEMES = {"dark": theme.DARK, "light": theme.LIGHT}
BOTH = pytest.mark.parametrize("name", THEMES)


@pytest.fixture
def seen(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Workbench:
    """A workbench with the ten discs' result, calibrated so that the limit has a verdict."""
    show_calibrated(bench, photo, evidence)
    return bench


def dress(bench: Workbench, name: str) -> None:
    """Choose a theme."""
    bench.window.dresser.choose(name)
    QApplication.processEvents()


def front(bench: Workbench, dock: str, ready: Callable[[], bool], qtbot: QtBot) -> None:
    """Bring a panel to the front and wait until it shows the present result."""
    bench.window.docks.all[dock].show_or_hide(True)
    qtbot.waitUntil(ready, timeout=PATIENCE)
    qtbot.wait(100)  # what has just appeared takes its place


def move_delta(bench: Workbench, qtbot: QtBot) -> None:
    """Press a key on the slider; the worker is asked nothing, so it stays like this."""
    qtbot.keyClick(bench.window.threshold.delta.slider, Qt.Key.Key_Right)
    QApplication.processEvents()
    assert not bench.state.current


def look(widget: QWidget) -> QImage:
    """A widget as it is painted on the window's grounds."""
    window = widget.window()
    return window.grab(widget.rect().translated(widget.mapTo(window, QPoint(0, 0)))).toImage()


def pixels(image: QImage) -> NDArray[np.int16]:
    """(height, width, 3)."""
    made = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).astype(np.int16)


def strongest(image: QImage, ground: QColor) -> float:
    """The highest contrast that any pixel has with what lies behind."""
    return max(contrast(image.pixelColor(x, y), ground) for y in range(image.height()) for x in range(image.width()))


def assert_faded(before: QImage, after: QImage, ground: QColor) -> None:
    """The same drawing, paler, and still to be read. ground: what both are painted on."""
    assert before.size() == after.size()
    assert 2.5 <= strongest(after, ground) <= 0.6 * strongest(before, ground)
    back = np.array(ground.getRgb()[:3])
    ink = [np.abs(pixels(image) - back).sum(axis=2) for image in (before, after)]
    assert np.count_nonzero(ink[1]) > 0.8 * np.count_nonzero(ink[0]), "all of it is still there"
    assert np.mean(ink[1][ink[0] > 60] < ink[0][ink[0] > 60]) > 0.9


@BOTH
def test_measures(seen: Workbench, qtbot: QtBot, name: str) -> None:
    dress(seen, name)
    panel = seen.window.measures
    front(seen, "measures", panel.figures.isEnabled, qtbot)
    parts = (panel.values["area"], panel.values["perimeter"], panel.flag, panel.sign)
    muted = look(panel.ranges["area"])
    before = [look(part) for part in parts]
    assert panel.note.text() == ""
    move_delta(seen, qtbot)
    assert panel.note.text() == OUT_OF_DATE
    for part, was in zip(parts, before, strict=True):
        assert_faded(was, look(part), THEMES[name].panel)
    assert strongest(look(panel.ranges["area"]), THEMES[name].panel) < 0.7 * strongest(muted, THEMES[name].panel)


@BOTH
def test_disagreement(seen: Workbench, evidence: Evidence, qtbot: QtBot, name: str) -> None:
    dress(seen, name)
    panel = seen.window.readout
    front(seen, "readout", panel.figure.isEnabled, qtbot)
    parts = (panel.figure, panel.values["Timesteps' areas"], panel.words)
    before, matrix = [look(part) for part in parts], pixels(look(panel.matrix))
    seed = seen.window.noise.seed
    seed.selectAll()
    qtbot.keyClicks(seed, "7")
    qtbot.keyClick(seed, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert panel.note.text() == OUT_OF_DATE
    ground = THEMES[name].panel
    for part, was in zip(parts[:2], before, strict=False):
        assert_faded(was, look(part), ground)
    assert strongest(look(panel.words), ground) < 0.7 * strongest(before[2], ground)
    back = np.array(ground.getRgb()[:3])
    share = np.abs(pixels(look(panel.matrix)) - back).mean() / np.abs(matrix - back).mean()
    assert share == pytest.approx(theme.FADED, abs=0.05)
    land(seen, evidence)
    assert panel.note.text() == ""
    assert (pixels(look(panel.matrix)) == matrix).all()


def test_before_there_is_a_result_nothing_is_faded(bench: Workbench) -> None:
    for panel in (bench.window.readout, bench.window.measures, bench.window.changes, bench.window.annotation):
        assert panel.note.text() == ""
        assert panel.content.isEnabled()
    assert bench.window.measures.words.isEnabled()
    assert bench.window.readout.words.isEnabled()


@BOTH
def test_changes(seen: Workbench, qtbot: QtBot, name: str) -> None:
    dress(seen, name)
    panel = seen.window.changes
    front(seen, "changes", lambda: panel.figures.isVisible() and panel.figures.isEnabled(), qtbot)
    before = look(panel.added)
    assert panel.note.text() == ""
    move_delta(seen, qtbot)
    assert panel.note.text() == OUT_OF_DATE
    assert_faded(before, look(panel.added), THEMES[name].panel)


@BOTH
def test_annotation(seen: Workbench, tmp_path: Path, qtbot: QtBot, name: str) -> None:
    dress(seen, name)
    panel, image = seen.window.annotation, seen.state.image
    path = tmp_path / f"{'very_' * 20}long_segmentation.png"
    Image.fromarray(np.full((image.height, image.width), 255, np.uint8)).save(path)
    seen.window.comparing.open(path)
    front(seen, "annotation", lambda: panel.table.isVisible() and panel.table.isEnabled(), qtbot)
    parts, width = (panel.table, panel.counts), panel.note.sizeHint().width()
    before = [look(part) for part in parts]
    assert OUT_OF_DATE not in panel.note.text()
    move_delta(seen, qtbot)
    assert panel.note.text().endswith(f", {OUT_OF_DATE}")
    assert panel.note.sizeHint().width() <= width + 4, "the column is as wide as before"
    for part, was in zip(parts, before, strict=True):
        assert_faded(was, look(part), THEMES[name].panel)


@BOTH
def test_review_and_its_count(seen: Workbench, evidence: Evidence, qtbot: QtBot, name: str) -> None:
    dress(seen, name)
    window = seen.window
    reviewing, rows, count = window.reviewing, window.review.list, window.reviewing.count
    was = count.text()
    before, counted = look(rows.viewport()), strongest(look(count), THEMES[name].background)
    move_delta(seen, qtbot)
    assert count.text() == f"{was}, {OUT_OF_DATE}"
    assert window.review.note.text().endswith(OUT_OF_DATE)
    assert strongest(look(count), THEMES[name].background) < 0.7 * counted
    assert_faded(before, look(rows.viewport()), THEMES[name].panel)
    land(seen, evidence)
    assert OUT_OF_DATE not in count.text()
    assert count.isEnabled()
    assert reviewing.up_to_date


def test_the_box_of_a_region_says_that_it_is_of_another_delta(
    seen: Workbench, evidence: Evidence, qtbot: QtBot
) -> None:
    key(seen, qtbot, Qt.Key.Key_N)
    seen.window.viewport.fit()
    place = f"region 1: {seen.window.reviewing.current.place}"
    (fresh,) = [curve for curve in seen.window.scenes.scene(PHOTOGRAPH).curves if curve.name == place]
    move_delta(seen, qtbot)
    assert f"{place}, {OUT_OF_DATE}" in seen.window.stage.legend.names()
    assert place not in seen.window.stage.legend.names()
    curves = seen.window.stage.canvas.scene.curves
    (stale,) = [curve for curve in curves if curve.name.startswith(place)]
    assert (stale.path, stale.dashed) == (fresh.path, True)
    assert stale.colour.alphaF() == pytest.approx(theme.FADED, abs=0.01)
    assert curves == seen.window.scenes.scene(PHOTOGRAPH).curves, "the same curves while nothing changes"
    seen.state.set_delta(RECIPE.vote.delta)
    land(seen, evidence)
    assert place in seen.window.stage.legend.names()


@BOTH
def test_what_is_disabled_is_faint_and_can_be_read(name: str) -> None:
    colours = THEMES[name]
    for ground in (colours.panel, colours.background):
        faint, muted = contrast(colours.faint, ground), contrast(colours.muted, ground)
        assert 3 <= faint <= 0.65 * muted
