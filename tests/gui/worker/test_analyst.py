"""The worker in its thread: the newest request wins, and no export is ever dropped."""

from __future__ import annotations

import os
import shutil
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt

from diffseg_gui.document.kept import NOTHING_KEPT
from diffseg_gui.worker.analyst import Analyst
from diffseg_gui.worker.worker import Setup
from engine.reading.reading import Reading
from tests.engine.dicoms import native
from tests.gui.conftest import PATIENCE, let_answer, wait_for_drive
from tests.gui.desk import result
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence, Segmentation

ANSWERS = ("opened", "progressed", "finished", "failed")


class Gate:
    """Holds the worker up while it opens a file: ``reached`` once it is there, until ``go``."""

    def __init__(self) -> None:
        self.reached, self.go = Event(), Event()

    def load(self, _: SkinImage) -> tuple[object, object]:
        """Wait; nothing is kept of any photograph."""
        self.reached.set()
        assert self.go.wait(PATIENCE / 1000)
        return NOTHING_KEPT, NOTHING_KEPT


@pytest.fixture
def gate() -> Gate:
    """An open gate."""
    made = Gate()
    made.go.set()
    return made


@pytest.fixture
def analyst(qtbot: QtBot, model_path: Path, gate: Gate) -> Iterator[Analyst]:
    """An analyst with the tiny model, whose worker passes the gate at each file."""
    made = Analyst(Setup(model_path, "cpu"), gate.load)
    yield made
    gate.go.set()
    made.close()


@pytest.fixture
def found(photo: SkinImage, evidence: Evidence) -> Segmentation:
    """A result to export."""
    return result(photo, evidence, RECIPE)


def answers(analyst: Analyst) -> list[tuple[str, object]]:
    """All that an analyst answers from now on: each signal's name and first value."""
    told: list[tuple[str, object]] = []
    for name in ANSWERS:
        getattr(analyst, name).connect(lambda *values, name=name: told.append((name, values[0])))
    return told


def test_the_newest_request_wins(
    analyst: Analyst, gate: Gate, photo_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    told = answers(analyst)
    gate.go.clear()
    analyst.request(photo_path, RECIPE)
    assert gate.reached.wait(PATIENCE / 1000)
    with qtbot.waitSignal(analyst.finished, timeout=PATIENCE):
        analyst.request(photo_path, RECIPE)  # is never begun
        analyst.request(other_path, RECIPE)
        gate.go.set()
    assert [value.path for name, value in told if name == "opened"] == [other_path]
    assert [value.image.path for name, value in told if name == "finished"] == [other_path]


def test_an_answer_that_comes_too_late_is_dropped(
    analyst: Analyst, gate: Gate, found: Segmentation, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """The export, which the same thread does, ends after whatever the request could have answered."""
    told = answers(analyst)
    gate.go.clear()
    analyst.request(photo_path, RECIPE)
    assert gate.reached.wait(PATIENCE / 1000), "it opens the file, and will say so"
    analyst.withdraw()
    with qtbot.waitSignal(analyst.exported, timeout=PATIENCE):
        analyst.export(found, tmp_path / "out", Reading())
        gate.go.set()
    assert told == []


def test_a_result_that_comes_too_late_is_dropped(analyst: Analyst, photo: SkinImage) -> None:
    """The worker is done before the request is withdrawn; its answers wait for the main thread."""
    told, done = answers(analyst), Event()
    analyst._worker.finished.connect(lambda *_: done.set(), Qt.ConnectionType.DirectConnection)
    analyst.request(photo, RECIPE)
    assert done.wait(PATIENCE / 1000)
    analyst.withdraw()
    QCoreApplication.processEvents()
    assert told == []


def test_progress_that_was_overtaken_while_the_main_thread_was_busy_is_passed_over(
    analyst: Analyst, photo: SkinImage
) -> None:
    """All of it waits for the main thread when the worker is done."""
    told, done = answers(analyst), Event()
    analyst._worker.finished.connect(lambda *_: done.set(), Qt.ConnectionType.DirectConnection)
    analyst.request(photo, RECIPE)
    assert done.wait(PATIENCE / 1000)
    QCoreApplication.processEvents()
    assert [name for name, _ in told] == ["progressed", "progressed", "finished"]
    votes, last, found = (value for _, value in told)
    assert votes.evidence.timesteps == RECIPE.noise.timesteps, "nobody waits for the masks of all timesteps"
    assert last.stage == "stability"
    assert found.evidence is votes.evidence


def test_no_request_drops_an_export(
    analyst: Analyst, found: Segmentation, photo: SkinImage, tmp_path: Path, qtbot: QtBot
) -> None:
    folders: list[Path] = []
    analyst.exported.connect(lambda folder, _: folders.append(folder))
    with qtbot.waitSignal(analyst.finished, timeout=PATIENCE):
        analyst.request(photo, RECIPE)
        for name in ("first", "second"):
            analyst.export(found, tmp_path / name, Reading())
            analyst.request(photo, RECIPE)
        assert analyst.is_exporting
    assert folders == [tmp_path / "first" / "nevus", tmp_path / "second" / "nevus"]
    assert not analyst.is_exporting


def test_an_export_that_failed_is_over(analyst: Analyst, found: Segmentation, tmp_path: Path, qtbot: QtBot) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with qtbot.waitSignal(analyst.exportFailed, timeout=PATIENCE) as failed:
        analyst.export(found, blocked / "out", Reading())
    assert "could not be written" in failed.args[0]
    assert not analyst.is_exporting


def test_only_the_exports_until_then_are_given_up(
    analyst: Analyst, gate: Gate, found: Segmentation, photo_path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    gate.go.clear()
    analyst.request(photo_path, RECIPE)
    assert gate.reached.wait(PATIENCE / 1000)
    analyst.export(found, tmp_path / "first", Reading())
    analyst.give_up_exports()
    assert not analyst.is_exporting
    with qtbot.waitSignal(analyst.exported, timeout=PATIENCE) as written:
        analyst.export(found, tmp_path / "second", Reading())
        assert analyst.is_exporting
        gate.go.set()
    assert written.args[0] == tmp_path / "second" / "nevus"
    assert not analyst.is_exporting


def test_closing_drops_the_analysis_and_finishes_an_export(
    analyst: Analyst, gate: Gate, found: Segmentation, photo_path: Path, tmp_path: Path
) -> None:
    told = answers(analyst)
    gate.go.clear()
    analyst.request(photo_path, RECIPE)
    assert gate.reached.wait(PATIENCE / 1000)
    analyst.export(found, tmp_path / "out", Reading())
    gate.go.set()
    analyst.close()
    QCoreApplication.processEvents()
    assert told == []
    assert (tmp_path / "out" / "nevus" / "result.json").exists()


def test_what_is_kept_comes_with_its_photograph(
    analyst: Analyst, photo: SkinImage, photo_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(analyst.opened, timeout=PATIENCE) as opened:
        analyst.request(photo_path, RECIPE)
    photograph, kept = opened.args
    assert np.array_equal(photograph.pixels, photo.pixels)
    assert kept == (NOTHING_KEPT, NOTHING_KEPT)


def test_a_device_that_is_not_there_is_refused(analyst: Analyst, photo: SkinImage, qtbot: QtBot) -> None:
    analyst.setup = Setup(analyst.setup.model, "no such device")
    with qtbot.waitSignals([analyst.failed, analyst.refused], timeout=PATIENCE, order="strict"):
        analyst.request(photo, RECIPE)


def test_a_refusal_that_comes_too_late_is_dropped(analyst: Analyst, photo: SkinImage, qtbot: QtBot) -> None:
    """The worker has refused one device, and its answer waits for the main thread, when another is chosen."""
    refused, done, works = [], Event(), analyst.setup
    analyst.refused.connect(refused.append)
    analyst._worker.failed.connect(lambda *_: done.set(), Qt.ConnectionType.DirectConnection)
    analyst.setup = Setup(works.model, "no such device")
    analyst.request(photo, RECIPE)
    assert done.wait(PATIENCE / 1000)
    analyst.setup = works
    with qtbot.waitSignal(analyst.finished, timeout=PATIENCE):
        analyst.request(photo, RECIPE)
    assert refused == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
@pytest.mark.parametrize("prepared", [True, False])
def test_weights_on_a_drive_that_does_not_answer_hold_up_no_other_model_and_no_end(
    analyst: Analyst, photo: SkinImage, model_path: Path, tmp_path: Path, prepared: bool, qtbot: QtBot
) -> None:
    stalled, works = tmp_path / "away.safetensors", analyst.setup
    shutil.copy(model_path.with_suffix(".json"), stalled.with_suffix(".json"))
    os.mkfifo(stalled)

    def begin() -> None:
        analyst.setup = Setup(stalled, "cpu")
        if prepared:
            analyst.prepare()
        else:
            analyst.request(photo, RECIPE)
        wait_for_drive(qtbot)

    begin()
    analyst.setup = works
    with qtbot.waitSignal(analyst.finished, timeout=PATIENCE):
        analyst.request(photo, RECIPE)
    let_answer(stalled)
    begin()
    analyst.close()
    let_answer(stalled)


def test_the_frame_that_was_chosen_is_opened(analyst: Analyst, photo: SkinImage, tmp_path: Path, qtbot: QtBot) -> None:
    film = tmp_path / "film.dcm"
    film.write_bytes(native(np.stack([photo.pixels, photo.pixels[::-1]])))
    opened: list[SkinImage] = []
    analyst.opened.connect(lambda image, _: opened.append(image))
    for frame in (None, 1):
        if frame is not None:
            analyst.frames[film] = frame
        with qtbot.waitSignal(analyst.opened, timeout=PATIENCE):
            analyst.request(film, RECIPE)
    assert [image.frame for image in opened] == [0, 1]
    assert np.array_equal(opened[1].pixels, photo.pixels[::-1])
