"""The window's analysis is the command line's: the same mask to the bit, with the same border drawn around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from diffseg_gui.document.kept import NOTHING_KEPT
from diffseg_gui.worker.analyst import Analyst
from diffseg_gui.worker.worker import Setup
from engine.cli import main
from engine.networks.weights import save_model
from engine.recipe import Recipe, VoteSettings
from tests.conftest import random_network
from tests.gui.conftest import PATIENCE
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage

SOFT = replace(RECIPE.crf, combine="soft", smooth=0.65, cut=0.4, drop=0.03)


@pytest.mark.parametrize("crf", [RECIPE.crf, SOFT], ids=["equation 12", "soft"])
def test_the_window_finds_the_mask_that_the_command_line_writes(
    photo: SkinImage, tmp_path: Path, qtbot: QtBot, crf: object
) -> None:
    recipe = replace(RECIPE, vote=VoteSettings(0.15), crf=crf)
    path, picture = tmp_path / "own.safetensors", tmp_path / "photo.png"
    save_model(path, random_network(), recipe, {})
    Image.fromarray(np.kron(photo.pixels, np.ones((7, 7, 1), np.uint8))).save(picture)  # larger than the working grid
    assert main([*map(str, ("segment", picture, "-o", tmp_path / "out", "--model", path, "--device", "cpu"))]) == 0
    written = np.asarray(Image.open(tmp_path / "out" / "photo" / "mask.png")) > 0

    setup = Setup(path, "cpu")
    analyst = Analyst(setup, lambda image: (NOTHING_KEPT, NOTHING_KEPT))
    try:
        with qtbot.waitSignal(analyst.finished, timeout=PATIENCE) as answer:
            analyst.request(picture, setup.defaults())
    finally:
        analyst.close()
    [found] = answer.args
    assert isinstance(found.recipe, Recipe)
    assert found.recipe == recipe
    assert found.mask.any()
    assert np.array_equal(found.mask, written)
