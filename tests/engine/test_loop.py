"""The one training loop: its budget, its averages, and that both commands run it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from engine.compare.fit import fit
from engine.compare.objectives import paired
from engine.networks.registry import build
from engine.training.loop import Budget, update_average
from tests.engine.training_setup import CONFIG, straight

if TYPE_CHECKING:
    from pathlib import Path

    from engine.progress import Progress
    from engine.training.data import Pairs


def test_averages_follow_weights_and_the_statistics_of_norms() -> None:
    network, average = nn.BatchNorm2d(2), nn.BatchNorm2d(2)
    nn.init.constant_(network.weight, 3.0)
    network(torch.randn(4, 2, 5, 5) + 7)
    update_average(average, network, 0.75)
    torch.testing.assert_close(average.weight, torch.full((2,), 1.5))
    torch.testing.assert_close(average.running_mean, 0.25 * network.running_mean)
    assert average.num_batches_tracked == 1


def test_a_budget_is_cpu_time_or_steps() -> None:
    assert Budget(minutes=2.0).share(7, 60.0) == 0.5
    assert Budget(minutes=2.0, steps=10).share(5, 1e9) == 0.5
    assert (str(Budget(2.5)), str(Budget(steps=3))) == ("2.5 CPU minutes", "3 steps")


def test_training_and_the_comparison_learn_the_same_from_the_same(pairs: Pairs, tmp_path: Path) -> None:
    trained = straight(pairs, tmp_path / "tiny.safetensors")
    reports: list[Progress] = []
    budget = Budget(steps=CONFIG.steps)
    fitted = fit(lambda: build(CONFIG.network), paired, pairs, CONFIG, budget, "tiny", reports.append)
    assert fitted.steps == trained.steps == CONFIG.steps
    for name, value in trained.average.state_dict().items():
        assert torch.equal(fitted.network.state_dict()[name], value), name
    assert [report.done for report in reports] == [0, 17, 33, 50, 67, 83, 100]
