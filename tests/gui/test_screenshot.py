"""``diffseg-gui IMAGE --screenshot FILE`` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from diffseg_gui.app import Workbench, save_picture_when_done
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker import Setup
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program without a display."""
    return subprocess.run(
        [sys.executable, "-m", "diffseg_gui.app", *map(str, arguments)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_picture_of_the_analysed_window(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    picture = tmp_path / "deep" / "window.png"
    done = run(photo_path, "--screenshot", picture, "--model", model_path, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    pixels = np.asarray(Image.open(picture).convert("RGB"))
    assert min(pixels.shape[:2]) > 500
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 1000


def test_the_regions_to_review_are_in_it(photo_path: Path, model_path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    bench = Workbench(Setup(model_path, "cpu"), Preferences(None))
    outcome: list[int] = []
    save_picture_when_done(bench, tmp_path / "window.png", outcome)
    in_front: list[bool] = []
    bench.analyst.finished.connect(lambda _: in_front.append(not bench.window.review.visibleRegion().isEmpty()))
    bench.window.show()
    bench.window.series.begin([photo_path])
    qtbot.waitUntil(lambda: bool(outcome), timeout=PATIENCE)
    assert (outcome, in_front) == ([0], [True])
    bench.window.deleteLater()
    bench.deleteLater()


def test_a_screenshot_needs_an_image_and_a_place(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    assert run("--screenshot", tmp_path / "x.png").returncode == 2
    blocked = tmp_path / "file"
    blocked.touch()
    done = run(photo_path, "--screenshot", blocked / "x.png", "--model", model_path, "--device", "cpu")
    assert done.returncode == 1
    assert "could not be written" in done.stderr


def test_a_bad_image_ends_it_with_one_sentence(model_path: Path, tmp_path: Path) -> None:
    done = run(tmp_path / "no.jpg", "--screenshot", tmp_path / "x.png", "--model", model_path)
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.png").exists()
