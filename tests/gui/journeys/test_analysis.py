"""What a clinician does: open, look, tune, cancel. Through real events, with the worker at work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from diffseg_gui.features.analysis import DEVICES
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.filmstrip import Filmstrip
from diffseg_gui.features.maps import Maps
from diffseg_gui.features.settings import Settings
from diffseg_gui.view.views import AMBIGUITY, CONSISTENCY
from engine.host.device import available
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.look.card import Card

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


def section(bench: Workbench, name: str) -> Card:
    """A section of the settings."""
    return bench.feature(Settings).sections[name]


def test_the_first_photograph_is_analysed_while_one_looks_around(
    bench: Workbench, photo_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Masks show as they come, as many as there is time for; between two steps a click moves the view."""
    document, welcome, export = bench.document, bench.stage.welcome, bench.window.actions_by_name["export"]
    maps, frames = bench.feature(Maps).card.panels, bench.feature(Filmstrip).card.frames
    assert welcome.isVisible()
    assert welcome.model.text() == bench.model.said
    assert all(one.canvas.hint for one in maps.values())
    assert not any(one.bar.isVisible() for one in maps.values() if one.bar is not None), "there is nothing to read"
    assert tuple(frames) == document.recipe.noise.timesteps
    assert not export.isEnabled()
    counts, views = set(), []

    def look_around() -> None:
        qtbot.mouseClick(bench.stage.tabs[AMBIGUITY if len(views) % 2 else CONSISTENCY], LEFT)
        views.append(bench.display.view)

    document.resultChanged.connect(
        lambda: document.shown.evidence and counts.add(len(document.shown.evidence.timesteps))
    )
    bench.analyst.progressed.connect(look_around)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo_path)], ""))
    qtbot.mouseClick(welcome.open, LEFT)
    assert not welcome.isVisible()
    assert document.is_busy
    wait_until_current(bench, qtbot)
    assert document.photograph.path == photo_path
    assert 10 in counts <= {2, 4, 6, 8, 10}
    assert set(views) == {AMBIGUITY, CONSISTENCY}
    assert export.isEnabled()
    assert all(frame.canvas.scene is not None for frame in frames.values())
    assert all(one.canvas.scene is not None for one in maps.values())
    assert bench.feature(Disagreement).card.values["Device"].text() == "CPU"
    assert bench.window.tools.work.chip.text().startswith("CPU")


def test_a_sample_is_one_key_away_and_then_keys_are_the_photographs(bench: Workbench, qtbot: QtBot) -> None:
    path, button = next((path, one) for path, one in bench.stage.welcome.samples.items() if path.stem == "nevus")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    wait_until_current(bench, qtbot)
    assert bench.document.photograph.path == path
    assert bench.stage.canvas.hasFocus()
    for typing in (section(bench, "threshold").delta.box, section(bench, "noise").seed, section(bench, "noise").range):
        typing.setFocus()
        assert QApplication.focusWidget() is typing
        for key in (Qt.Key.Key_2, Qt.Key.Key_O, Qt.Key.Key_B, Qt.Key.Key_F, Qt.Key.Key_N):
            qtbot.keyClick(typing, key)
        assert (bench.display.view, bench.display.overlay, bench.display.band) == ("photograph", "contour", True)
    bench.stage.canvas.setFocus()
    qtbot.keyClick(bench.stage.canvas, Qt.Key.Key_2)
    assert bench.display.view == CONSISTENCY, "the same key elsewhere"


def test_the_newest_request_wins(bench: Workbench, photo_path: Path, other_path: Path, qtbot: QtBot) -> None:
    finished: list[Path] = []
    bench.analyst.finished.connect(lambda found: finished.append(found.image.path))
    bench.series.begin([photo_path])
    bench.series.begin([other_path])
    wait_until_current(bench, qtbot)
    assert finished == [other_path]
    bench.series.begin([photo_path])
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)  # opens it all the same
    wait_until_current(bench, qtbot)
    qtbot.waitUntil(lambda: bench.document.photograph.path == photo_path, timeout=PATIENCE)
    assert bench.document.opening is None


def test_cancel_keeps_what_was_found_and_f5_goes_on(bench: Workbench, photo_path: Path, qtbot: QtBot) -> None:
    document = bench.document

    def cancel_at_the_first_masks() -> None:  # at once: looked for later, the result may be whole
        if document.is_busy and document.shown.evidence is not None:
            qtbot.keyClick(bench.window, Qt.Key.Key_Escape)

    document.resultChanged.connect(cancel_at_the_first_masks)
    bench.series.begin([photo_path])
    qtbot.waitUntil(lambda: document.shown.evidence is not None and not document.is_busy, timeout=PATIENCE)
    document.resultChanged.disconnect(cancel_at_the_first_masks)
    found = document.shown.evidence
    qtbot.wait(300)  # an answer with an old ticket would arrive now
    assert document.shown.evidence is found
    assert not document.shown.current
    assert not bench.window.actions_by_name["export"].isEnabled()
    assert "Cancelled" in bench.window.tools.work.chip.text()
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)
    wait_until_current(bench, qtbot)
    assert document.shown.evidence.timesteps == document.recipe.noise.timesteps


def test_settings_cost_only_what_follows_from_them(analysed: Workbench, qtbot: QtBot) -> None:
    document, refined = analysed.document, analysed.feature(Maps).card.panels["refined"]
    before = document.shown
    qtbot.keyClick(section(analysed, "threshold").delta.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: document.shown.consensus is not before.consensus, timeout=PATIENCE)
    assert refined.note.text() == "updating"
    wait_until_current(analysed, qtbot)
    delta = document.shown
    assert refined.note.text() == ""
    assert delta.evidence is before.evidence, "the network is left alone"
    qtbot.keyClick(section(analysed, "crf").rows["w1"].slider, Qt.Key.Key_Right)
    wait_until_current(analysed, qtbot)
    crf = document.shown
    assert crf.consensus is delta.consensus
    assert crf.segmentation.refined is not delta.segmentation.refined
    qtbot.mouseClick(section(analysed, "noise").pills[60], LEFT)
    assert not document.shown.votes_current
    wait_until_current(analysed, qtbot)
    assert document.shown.evidence.timesteps == tuple(range(70, 151, 10))
    assert tuple(analysed.feature(Filmstrip).card.frames) == tuple(range(70, 151, 10))


def test_old_noise_is_never_taken_for_new(analysed: Workbench, qtbot: QtBot) -> None:
    document, seen = analysed.document, set()
    old = document.shown.evidence
    qtbot.keyClick(analysed.window, Qt.Key.Key_F5)
    section(analysed, "noise").seed.setValue(7)
    assert not document.shown.votes_current
    document.resultChanged.connect(lambda: document.shown.votes_current and seen.add(document.shown.evidence))
    wait_until_current(analysed, qtbot)
    assert seen
    assert old not in seen


def test_a_failure_stays_until_it_is_dismissed_and_costs_nothing(
    analysed: Workbench, tmp_path: Path, qtbot: QtBot
) -> None:
    found, broken = analysed.document.shown.segmentation, tmp_path / "broken.jpg"
    broken.write_bytes(b"not an image")
    analysed.series.begin([broken])
    assert str(broken) in read_banner(analysed, qtbot)
    assert analysed.document.shown.segmentation is found
    assert analysed.document.shown.current
    section(analysed, "noise").seed.setValue(7)
    analysed.document._settled()  # the worker is at it when the next file fails
    analysed.series.begin([tmp_path / "missing.jpg"])
    qtbot.waitUntil(analysed.stage.banner.isVisible, timeout=PATIENCE)
    wait_until_current(analysed, qtbot)
    assert analysed.document.shown.segmentation.recipe.noise.seed == 7, "the analysis goes on"
    assert "missing.jpg does not exist" in read_banner(analysed, qtbot)


def test_what_failed_can_be_tried_again(bench: Workbench, photo_path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    late = tmp_path / "late.png"
    bench.series.begin([late])
    qtbot.waitUntil(bench.stage.banner.isVisible, timeout=PATIENCE)
    late.write_bytes(photo_path.read_bytes())
    qtbot.mouseClick(bench.stage.banner.again, LEFT)
    wait_until_current(bench, qtbot)
    assert bench.document.photograph.path == late
    assert not bench.stage.banner.isVisible()


def test_a_failed_analysis_is_told_until_one_succeeds(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    banner, document = analysed.stage.banner, analysed.document
    weights = analysed.analyst.setup
    analysed._worked = analysed.analyst.setup = replace(weights, model=tmp_path / "none.safetensors")
    document.set_delta(0.2)
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    analysed.analyst.setup = weights
    document.set_delta(0.3)
    wait_until_current(analysed, qtbot)
    assert not banner.isVisible()
    document.set_delta(0.25)
    document._settled()
    document.open(tmp_path / "none.jpg")
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    wait_until_current(analysed, qtbot)
    assert "none.jpg" in banner.sentence.text()
    assert banner.isVisible(), "the open photograph's result says nothing of the file that cannot be opened"


def test_a_device_that_is_not_there_is_named_and_the_result_stays(analysed: Workbench, qtbot: QtBot) -> None:
    found, actions = analysed.document.shown.segmentation, analysed.window.actions_by_name
    missing = "mps" if torch.cuda.is_available() else "cuda"
    offered = {kind for kind in DEVICES if actions[f"device_{kind}"].isVisible()}
    assert offered == {"auto", *available()}, "as the worker has told"
    analysed.analysis.set_device(missing)  # as if it had been there before
    assert f"'{missing}'" in read_banner(analysed, qtbot)
    assert analysed.document.shown.segmentation is found
    assert actions["device_cpu"].isChecked(), "the choice is taken back"
    analysed.document.set_delta(0.2)  # and later work goes on as before
    wait_until_current(analysed, qtbot)
    actions["device_cpu"].trigger()
    wait_until_current(analysed, qtbot)


def test_a_missing_model_is_named(
    make_bench: Callable[[Path], Workbench], photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bench = make_bench(tmp_path / "no.safetensors")
    bench.series.begin([photo_path])
    assert str(tmp_path / "no.") in read_banner(bench, qtbot)
    assert bench.document.photograph is not None, "it can be looked at all the same"
    assert not bench.document.is_busy
