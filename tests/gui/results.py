"""Results made up for tests: shown by a window whose worker is asked nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QApplication

from engine.method.consensus import vote
from engine.method.stability import trace
from engine.progress import drain
from engine.reading.reading import Ruler
from engine.results import ModelName, Refined, Segmentation

if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence


def result(photo: SkinImage, evidence: Evidence, recipe: Recipe) -> Segmentation:
    """A whole result; its refined mask is the consensus, a pixel lower. evidence: on the photograph's own grid."""
    consensus = vote(evidence, recipe.vote)
    mask = np.roll(consensus.consistency > 0.5, 1, axis=0)
    refined = Refined(mask.astype(np.float32), mask, (evidence.timesteps,))
    name, seconds = ModelName("made up", "0" * 64), {"total": 0.1}
    return Segmentation(photo, recipe, name, evidence, consensus, refined, drain(trace(evidence)), seconds)


def show(bench: Workbench, photo: SkinImage, evidence: Evidence) -> Segmentation:
    """Open the photograph with this evidence's result."""
    if not bench.state.property("alone"):
        bench.state.wished.disconnect(bench.analyst.wish)
        bench.state.setProperty("alone", True)
    bench.window.resize(1440, 880)  # so that the answers have a column of their own
    bench.window.docks.arrange()
    QApplication.processEvents()
    bench.state.receive_image(photo)
    return land(bench, evidence)


def show_calibrated(bench: Workbench, photo: SkinImage, evidence: Evidence) -> None:
    """Show a result of a photograph on which ten pixels are a millimetre."""
    show(bench, photo, evidence)
    calibration = Ruler((0.0, 0.0), (10.0, 0.0), 1.0)
    bench.window.edit.change("ruler", replace(bench.state.reading, ruler=calibration))


def land(bench: Workbench, evidence: Evidence) -> Segmentation:
    """Answer the newest wish: this evidence's result under the present settings."""
    assert bench.state.image is not None
    found = result(bench.state.image, evidence, bench.state.recipe)
    bench.state.receive_result(found)
    assert bench.state.current
    return found


def key(bench: Workbench, qtbot: QtBot, which: Qt.Key) -> None:
    """Press a key on the photograph."""
    bench.window.stage.canvas.setFocus()
    qtbot.keyClick(bench.window.stage.canvas, which)


def state_of(bench: Workbench, number: int) -> str:
    """What the list says of a region."""
    return bench.window.review.list.item(number - 1).text().rsplit(", ", 1)[1]
