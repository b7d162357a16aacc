"""``diffseg-gui --self-test``: it passes on what works, and does not on what does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from diffseg_gui.app.main import main
from diffseg_gui.app.self_test import LOG, SelfTest
from engine.host.resources import samples
from tests.gui.conftest import PATIENCE
from tests.gui.journeys.test_screenshot import run

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def test_it_takes_no_photograph_of_the_persons(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--self-test", "out", "photograph.jpg"])
    assert "--self-test has its own IMAGE" in capsys.readouterr().err


@pytest.mark.slow
def test_it_passes_and_leaves_a_log_and_the_results(tmp_path: Path) -> None:
    done = run("--self-test", tmp_path, "--device", "cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    log = (tmp_path / LOG).read_text(encoding="utf-8").splitlines()
    assert log[-1] == "passed"
    assert any(re.fullmatch("mask [0-9a-f]{64}", line) for line in log)
    results = tmp_path / samples()[0].stem
    assert np.unique(np.asarray(Image.open(results / "mask.png"))).tolist() == [0, 255]
    assert {"scribbles.png", "correction.png"} <= {path.name for path in results.iterdir()}


def test_a_model_that_finds_no_lesion_does_not_pass(bench: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    outcome: list[int] = []
    SelfTest(bench, samples()[0], tmp_path / "log", outcome).begin()
    qtbot.waitUntil(lambda: bool(outcome), timeout=PATIENCE)
    assert outcome == [1]
    log = (tmp_path / "log" / LOG).read_text(encoding="utf-8")
    assert "opened and analysed" in log
    assert log.endswith("RuntimeError: the lesion was not found\n")
    assert not bench.window.isVisible()


def test_a_photograph_that_is_not_there_does_not_pass(bench: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    outcome: list[int] = []
    SelfTest(bench, tmp_path / "none.jpg", tmp_path, outcome).begin()
    qtbot.waitUntil(lambda: bool(outcome), timeout=PATIENCE)
    assert outcome == [1]
    assert f"failed: {tmp_path / 'none.jpg'} does not exist" in (tmp_path / LOG).read_text(encoding="utf-8")
