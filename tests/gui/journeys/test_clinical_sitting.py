"""A clinician's sitting on six megapixels: check, two scribbles, one drag, measure with a comma, a note, export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QPlainTextEdit

from diffseg_gui.arrangement import KEY
from diffseg_gui.features.guide import Guide
from diffseg_gui.features.measures import Ruling
from diffseg_gui.features.verdict import Verdict
from engine.host import resources
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.scribbles import LESION, SKIN, labels
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.strokes import CTRL, SHIFT, drag

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.preferences import Preferences
    from engine.arrays import Bools

WIDTH, HEIGHT = 3000, 2000
NOTE = "Hair over the left border"


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A synthetic photograph of six megapixels."""
    path = tmp_path / "lesion.jpg"
    pixels = read_image(resources.samples()[1]).pixels
    Image.fromarray(resize_rgb(pixels, WIDTH, HEIGHT)).save(path, quality=92)
    return path


def border(mask: Bools) -> tuple[int, int]:
    """The column and the row of the lesion's upper border, in its middle."""
    column = int(np.flatnonzero(mask.any(axis=0)).mean())
    return column, int(mask[:, column].argmax())


@pytest.mark.slow
def test_a_clinicians_sitting(
    make_bench: Callable[[Path], Workbench],
    preferences: Preferences,
    photograph: Path,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    preferences.set(KEY, "")  # as a new user has it
    bench = make_bench(resources.default_model())
    window, document, editing, canvas = bench.window, bench.document, bench.editing, bench.stage.canvas
    guide = bench.feature(Guide)
    window.resize(1440, 900)

    bench.series.begin([photograph])
    wait_until_current(bench, qtbot)
    model_mask = document.shown.segmentation.mask

    # Check: all places are right.
    qtbot.waitUntil(lambda: guide.state.places > 0)
    qtbot.keyClick(window, Qt.Key.Key_Y, SHIFT)
    assert guide.state.left == 0

    # Correct: this is skin, and this is lesion; the border follows. Then it is pulled outwards by hand.
    column, row = border(model_mask)
    for key, points in (
        (Qt.Key.Key_K, [(column - 300.0, row + 60.0), (column - 240.0, row + 60.0)]),
        (Qt.Key.Key_J, [(column + 240.0, row - 60.0), (column + 300.0, row - 60.0)]),
    ):
        qtbot.keyClick(window, key)
        drag(canvas, qtbot, points)
        wait_until_current(bench, qtbot)
    followed = document.shown.segmentation
    said = labels(followed.scribbles, followed.mask.shape, followed.mask.shape)
    assert not followed.mask[said == SKIN].any()
    assert followed.mask[said == LESION].all()
    column, row = border(editing.mask)
    qtbot.keyClick(window, Qt.Key.Key_V)
    drag(canvas, qtbot, [(column, row), (column, row - 40.0), (column, row - 80.0)])
    corrected = editing.mask.copy()
    assert corrected[row - 50, column]
    assert not followed.mask[row - 50, column]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert guide.state.corrected

    # Measure: the ruler lies along 10,5 mm.
    qtbot.keyClick(window, Qt.Key.Key_M)
    seen = [canvas.to_photograph(QPointF(canvas.width() * share, canvas.height() * 0.9)) for share in (0.3, 0.6)]
    drag(canvas, qtbot, [(point.x(), point.y()) for point in seen])
    box = bench.feature(Ruling).length.box
    qtbot.keyClicks(box, "10,5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    scale = document.reading.mm_per_px
    assert scale == pytest.approx(10.5 / (seen[1].x() - seen[0].x()), rel=0.01)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)

    # A verdict, a note, and the export.
    qtbot.keyClick(window, Qt.Key.Key_F6)
    qtbot.keyClick(window, Qt.Key.Key_F3, SHIFT)
    qtbot.keyClick(window, Qt.Key.Key_F6, SHIFT)
    field = bench.feature(Verdict).panel.card.findChild(QPlainTextEdit)
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, NOTE)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    out = tmp_path / "out"
    bench.preferences.set("export", str(out))
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
        qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: guide.state.exported)

    folder = out / "lesion"
    made = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert np.array_equal(np.asarray(Image.open(folder / "mask.png")) > 127, corrected)
    assert np.array_equal(np.asarray(Image.open(folder / "model_mask.png")) > 127, followed.mask)
    assert [one["label"] for one in made["scribbles"]] == ["skin", "lesion"]
    assert (made["reading"]["verdict"], made["reading"]["note"]) == ("usable", NOTE)
    assert made["measures"]["area"]["value"] == pytest.approx(corrected.sum() * scale**2, rel=0.03)
    assert all(region["decision"] == "accept" for region in made["regions"])
