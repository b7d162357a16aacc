"""One sitting on a photograph of full resolution, from opening it to the exported files, by mouse and keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from diffseg_gui.app.workbench import CHANGE
from diffseg_gui.features.measures import Measures, Ruling
from diffseg_gui.features.review import Review
from diffseg_gui.look.slider import SliderRow
from engine.host import resources
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.reading.regions import regions
from tests.gui.conftest import PATIENCE, answer, wait_until_current
from tests.gui.strokes import CTRL, drag

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.arrays import Bools

REAL = Path(__file__).parents[3] / ".." / "shared" / "data" / "isic2017_fullres" / "images"
WIDTH, HEIGHT = 3000, 2000


def photographs() -> list[object]:
    """A synthetic photograph of six megapixels, and a real one where there are any."""
    found = sorted(REAL.glob("*.jpg"))[:1] if REAL.is_dir() else []
    skipped = pytest.mark.skipif(not found, reason="no data beside the repository")
    return ["synthetic", pytest.param(found[0] if found else None, marks=skipped, id="real")]


@pytest.fixture(params=photographs())
def photograph(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file to open."""
    if request.param != "synthetic":
        return request.param
    path = tmp_path / "large.jpg"
    pixels = read_image(resources.samples()[1]).pixels
    Image.fromarray(resize_rgb(pixels, WIDTH, HEIGHT)).save(path, quality=92)
    return path


def mask_in(path: Path) -> Bools:
    """A mask as it was written."""
    return np.asarray(Image.open(path)) > 127


@pytest.mark.slow
def test_a_sitting(
    make_bench: Callable[[Path], Workbench],
    photograph: Path,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    bench = make_bench(resources.default_model())
    window, document, editing, canvas = bench.window, bench.document, bench.editing, bench.stage.canvas

    # Open.
    bench.series.begin([photograph])
    wait_until_current(bench, qtbot)
    image, model_mask = document.photograph, document.shown.segmentation.mask
    assert image.width * image.height > 4_000_000

    # Review every region by keyboard: the first is extended, the second retracted, the rest accepted.
    expected = regions(document.shown.consensus, image.width, image.height)
    assert expected
    for number in range(1, len(expected) + 1):
        if number == 1:
            qtbot.keyClick(window, Qt.Key.Key_N)
        assert bench.feature(Review).current.number == number
        qtbot.keyClick(window, {1: Qt.Key.Key_E, 2: Qt.Key.Key_R}.get(number, Qt.Key.Key_A))
    assert len(document.reading.decisions) == len(expected)
    reviewed = editing.mask.copy()
    assert (reviewed & ~model_mask).any(), "the first region was extended"

    # Correct the border with the brush, then take it back, then do it again.
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.keyClick(window, Qt.Key.Key_D)
    corner = (image.width * 0.06, image.height * 0.9)
    drag(canvas, qtbot, [corner, (corner[0] * 2, corner[1])])
    painted = editing.mask.copy()
    assert painted.sum() > reviewed.sum()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(editing.mask, reviewed)
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    assert np.array_equal(editing.mask, painted)

    # Another delta: the correction stays where it was painted.
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    delta = next(row for row in window.findChildren(SliderRow) if row.label.text().startswith("delta"))
    delta.slider.setFocus()
    asked = answer(QMessageBox.ButtonRole.DestructiveRole)
    qtbot.keyClick(delta.slider, Qt.Key.Key_Right)
    assert asked == [CHANGE]
    window.activateWindow()  # where no window manager does it once the question is gone
    qtbot.waitUntil(window.isActiveWindow)
    wait_until_current(bench, qtbot)
    model_mask, inside = document.shown.segmentation.mask, (int(corner[1]), int(corner[0] * 1.5))
    assert editing.mask[inside]
    assert not model_mask[inside]

    # Calibrate: a known length of 10 mm, then read the largest diameter in mm.
    qtbot.keyClick(window, Qt.Key.Key_M)
    drag(canvas, qtbot, [(image.width * 0.2, image.height * 0.8), (image.width * 0.6, image.height * 0.8)])
    box = bench.feature(Ruling).length.box
    qtbot.keyClicks(box, "10")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    scale = document.reading.mm_per_px
    assert scale == pytest.approx(10 / (image.width * 0.4), rel=0.01)
    measures = bench.feature(Measures)
    measures.panel.wanted.emit()
    qtbot.waitUntil(lambda: measures.card.values["largest_diameter"].text().endswith(" mm"), timeout=PATIENCE)
    assert measures.card.figures.isEnabled()

    # Export.
    out = tmp_path / "out"
    bench.preferences.set("export", str(out))
    with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
        qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    folder = out / photograph.stem
    sidecar = json.loads((folder / "result.json").read_text())
    assert np.array_equal(mask_in(folder / "mask.png"), editing.mask)
    assert np.array_equal(mask_in(folder / "model_mask.png"), model_mask)
    assert sidecar["measures"]["area"]["unit"] == "mm²"
    assert sidecar["measures"]["area"]["value"] == pytest.approx(editing.mask.sum() * scale**2, rel=0.03)
    assert len(sidecar["reading"]["decisions"]) == len(expected)
    assert sidecar["lesion_area_px"] == editing.mask.sum()
