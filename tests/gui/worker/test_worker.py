"""The worker's own side, asked here and now: what it answers to a request, and when it stops."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from diffseg_gui.document.kept import NOTHING_KEPT
from diffseg_gui.worker.worker import Request, Setup, Worker
from engine.networks.weights import load_model
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from tests.gui.desk import result
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from diffseg_gui.document.kept import Kept
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

NOTHING = (NOTHING_KEPT, NOTHING_KEPT)
SIGNALS = ("opened", "progressed", "finished", "failed", "exported", "exportFailed")


def keep_nothing(_: SkinImage) -> tuple[Kept, Kept]:
    """Nothing is kept of any photograph."""
    return NOTHING


def answers(worker: Worker) -> list[tuple[object, ...]]:
    """All that a worker says from now on: each signal's name and values."""
    said: list[tuple[object, ...]] = []
    for name in SIGNALS:
        getattr(worker, name).connect(lambda *values, name=name: said.append((name, *values)))
    return said


def names(said: list[tuple[object, ...]]) -> list[object]:
    """The answers' names, each run of the same one once."""
    return [
        name for name, before in zip(said, [("",), *said], strict=False) if name[0] != before[0] for name in name[:1]
    ]


@pytest.fixture
def setup(model_path: Path) -> Setup:
    """The tiny model, on the CPU."""
    return Setup(model_path, "cpu")


@pytest.fixture
def worker(qapp: QApplication, setup: Setup) -> Worker:
    """A worker in this thread, which has been asked for ticket 1 with the tiny model."""
    made = Worker(keep_nothing)
    made.newest, made.wanted = 1, setup
    return made


@pytest.fixture
def passing(model_path: Path, tmp_path: Path) -> Setup:
    """A model of its own, to be taken away."""
    for file in model_path.parent.glob(f"{model_path.stem}.*"):
        shutil.copy(file, tmp_path)
    return Setup(tmp_path / model_path.name, "cpu")


def take_away(setup: Setup) -> None:
    """Remove the model's files: from now on it can only be used, not loaded."""
    assert setup.model is not None
    for file in setup.model.parent.glob(f"{setup.model.stem}.*"):
        file.unlink()


def test_a_file_is_read_then_analysed_step_by_step(qapp: QApplication, photo_path: Path, setup: Setup) -> None:
    loaded: list[SkinImage] = []
    worker = Worker(lambda photograph: (loaded.append(photograph), NOTHING)[1])
    worker.newest, worker.wanted, said = 1, setup, answers(worker)
    worker.work(Request(1, photo_path, RECIPE, setup))
    assert names(said) == ["opened", "progressed", "finished"]
    assert all(ticket == 1 for _, ticket, *_ in said)
    (_, _, photograph, kept), found = said[0], said[-1][2]
    assert kept is NOTHING
    assert loaded == [photograph]
    assert found.image is photograph
    alone = drain(Pipeline(load_model(setup.model), "cpu").run(photograph, RECIPE))
    assert np.array_equal(found.mask, alone.mask)


def test_an_open_photograph_is_not_read_again(worker: Worker, photo: SkinImage, setup: Setup) -> None:
    said = answers(worker)
    worker.work(Request(1, photo, RECIPE, setup))
    assert names(said) == ["progressed", "finished"]
    assert said[-1][2].image is photo


def test_an_old_request_is_not_begun(worker: Worker, photo_path: Path, setup: Setup) -> None:
    worker.newest, said = 2, answers(worker)
    worker.work(Request(1, photo_path, RECIPE, setup))
    assert said == []


def test_a_newer_ticket_ends_a_run_between_two_steps(worker: Worker, photo: SkinImage, setup: Setup) -> None:
    said = answers(worker)
    worker.progressed.connect(lambda: len(said) == 2 and setattr(worker, "newest", 2))
    worker.work(Request(1, photo, RECIPE, setup))
    assert [name for name, *_ in said] == ["progressed"] * 2
    worker.work(Request(2, photo, RECIPE, setup))
    assert said[-1][:2] == ("finished", 2)


def test_what_cannot_be_read_is_told_in_a_sentence(worker: Worker, tmp_path: Path, setup: Setup) -> None:
    said = answers(worker)
    worker.work(Request(1, tmp_path / "no.jpg", RECIPE, setup))
    ((name, ticket, sentence, of_setup),) = said
    assert (name, ticket, of_setup) == ("failed", 1, False)
    assert sentence.startswith(f"{tmp_path / 'no.jpg'} does not exist")


def test_a_device_that_is_not_there_costs_the_present_one_nothing(
    worker: Worker, photo: SkinImage, passing: Setup
) -> None:
    worker.wanted = passing
    worker.work(Request(1, photo, RECIPE, passing))
    take_away(passing)
    said, missing = answers(worker), "mps" if torch.cuda.is_available() else "cuda"
    worker.work(Request(1, photo, RECIPE, Setup(passing.model, missing)))
    assert [(name, of_setup) for name, _, _, of_setup in said] == [("failed", True)]
    assert f"'{missing}'" in said[-1][2]
    worker.work(Request(1, photo, RECIPE, passing))
    assert names(said)[-1] == "finished"


def test_a_model_that_is_missing_is_told_once_it_is_needed(worker: Worker, photo_path: Path, passing: Setup) -> None:
    worker.wanted = passing
    take_away(passing)
    said = answers(worker)
    worker.prepare(passing)
    assert said == []
    worker.work(Request(1, photo_path, RECIPE, passing))
    assert names(said) == ["opened", "failed"]
    assert passing.model.stem in said[-1][2]
    assert said[-1][3], "the model's fault"


def test_a_model_that_was_prepared_is_there_when_it_is_needed(worker: Worker, photo: SkinImage, passing: Setup) -> None:
    worker.wanted = passing
    worker.prepare(passing)
    take_away(passing)
    said = answers(worker)
    worker.work(Request(1, photo, RECIPE, passing))
    assert names(said)[-1] == "finished"


def test_an_unforeseen_error_is_told_and_the_worker_goes_on(
    qapp: QApplication, photo: SkinImage, photo_path: Path, setup: Setup
) -> None:
    worker = Worker(lambda _: 1 / 0)
    worker.newest, worker.wanted, said = 1, setup, answers(worker)
    worker.work(Request(1, photo_path, RECIPE, setup))
    ((name, _, sentence, of_setup),) = said
    assert (name, of_setup) == ("failed", False)
    assert sentence.startswith("The work stopped on an unforeseen error (ZeroDivisionError: division by zero)")
    worker.work(Request(1, photo, RECIPE, setup))
    assert names(said)[-1] == "finished"


def test_an_export_writes_the_files_or_tells_why_not(
    worker: Worker, photo: SkinImage, evidence: Evidence, tmp_path: Path
) -> None:
    said, found, blocked = answers(worker), result(photo, evidence, RECIPE), tmp_path / "file"
    blocked.write_text("in the way")
    worker.export(1, found, tmp_path / "out", Reading())
    worker.export(2, found, blocked / "out", Reading())
    worker.export(3, None, tmp_path / "none", Reading())
    assert [name for name, *_ in said] == ["exported", "exportFailed", "exportFailed"]
    assert [number for _, number, *_ in said] == [1, 2, 3]
    assert said[0][2] == tmp_path / "out" / "nevus"
    assert (tmp_path / "out" / "nevus" / "result.json").exists()
    assert "could not be written" in said[1][2]
    assert said[2][2].startswith("The export stopped on an unforeseen error (AttributeError")
