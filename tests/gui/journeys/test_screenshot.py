"""``diffseg-gui IMAGE --screenshot FILE``."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from diffseg_gui.app.main import main
from diffseg_gui.app.screenshot import save_picture_when_done
from diffseg_gui.app.window import SIZE
from diffseg_gui.features.review import Review
from tests.gui.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own, without a display."""
    return subprocess.run(
        [sys.executable, "-m", "diffseg_gui.app.main", *map(str, arguments)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_the_program_analyses_saves_a_picture_and_ends(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    picture = tmp_path / "deep" / "window.png"
    done = run(photo_path, "--screenshot", picture, "--model", model_path, "--device", "cpu", "--theme", "light")
    assert done.returncode == 0, done.stderr
    pixels = np.asarray(Image.open(picture).convert("RGB"))
    assert pixels.shape == (SIZE[1], SIZE[0], 3), "whatever the screen"
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 1000
    assert pixels[:30].mean() > 200, "the menus are light"


def test_a_bad_image_ends_the_program_with_one_sentence(model_path: Path, tmp_path: Path) -> None:
    done = run(tmp_path / "no.jpg", "--screenshot", tmp_path / "x.png", "--model", model_path)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("diffseg-gui: ")] == [
        f"diffseg-gui: {tmp_path / 'no.jpg'} does not exist; check the path and try again."
    ]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.png").exists()


def test_a_screenshot_needs_an_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for images in ([], [str(tmp_path)]):
        with pytest.raises(SystemExit, match="2"):
            main([*images, "--screenshot", str(tmp_path / "x.png")])
        assert "--screenshot needs an IMAGE to analyse" in capsys.readouterr().err


def test_the_regions_to_review_are_in_it(bench: Workbench, photo_path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    outcome: list[int] = []
    in_front: list[bool] = []
    save_picture_when_done(bench, tmp_path / "window.png", outcome)
    card = bench.feature(Review).panel.card
    bench.analyst.finished.connect(lambda _: in_front.append(not card.visibleRegion().isEmpty()))
    bench.series.begin([photo_path])
    qtbot.waitUntil(lambda: bool(outcome), timeout=PATIENCE)
    assert (outcome, in_front) == ([0], [True])
    assert not bench.window.isVisible()


def test_a_place_that_cannot_be_written_is_told(
    bench: Workbench, photo_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], qtbot: QtBot
) -> None:
    blocked, outcome = tmp_path / "file", []
    blocked.touch()
    save_picture_when_done(bench, blocked / "x.png", outcome)
    bench.series.begin([photo_path])
    qtbot.waitUntil(lambda: bool(outcome), timeout=PATIENCE)
    assert outcome == [1]
    assert f"diffseg-gui: {blocked / 'x.png'} could not be written; choose another file." in capsys.readouterr().err
