"""With which settings DiffSeg is compared, and that a row made with others is not taken for the present one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.compare import rows
from engine.compare.run import Comparison, compare
from engine.method.probability import Temperatures
from engine.networks.weights import save_softening
from engine.recipe import VoteSettings
from engine.training.loop import Budget
from engine.training.losses import LossConfig
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_networks_trained_here_are_used_alike_whatever_suits_the_bundled_model() -> None:
    paired = replace(RECIPE, vote=VoteSettings(LossConfig().delta))
    both = {"consensus": replace(paired, refine=False), "refined": paired}
    assert rows.ROWS["diffseg-paired"].recipes == rows.ROWS["diffseg-pretrained"].recipes == both
    assert all(recipe.vote.auto for recipe in rows.ROWS["diffseg-unpaired"].recipes.values())
    assert rows.ROWS[rows.SHIPPED].recipes == {}, "it has its own"


def test_a_row_made_with_other_settings_is_read_again(
    dataset: Path, tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundled model's row, here with the tiny one in its place."""
    for file in (model_path, model_path.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    path = tmp_path / model_path.name
    for module in ("engine.compare.run", "engine.compare.cost", "engine.networks.weights"):
        monkeypatch.setattr(f"{module}.default_model", lambda: path)
    wish = Comparison(dataset / "index.csv", "val", tmp_path / "work", (rows.SHIPPED,), Budget(steps=1), 32, 4, limit=1)
    heard: list[str] = []

    def again() -> bool:
        heard.clear()
        row = compare(wish, heard.append)["rows"][rows.SHIPPED]
        assert set(row["scores"]["lines"]) == {"consensus", "refined"}
        return any("reading" in what for what in heard)

    assert again()
    assert not again()
    save_softening(path, Temperatures((60, 150), (0.02, 0.04)))
    assert again()
    assert not again()
