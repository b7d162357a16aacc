"""The comparison's networks: their shapes, the losses' identities, and training within a budget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor, nn

from engine.compare import cost, rows
from engine.compare.fit import fit
from engine.compare.networks import BASES, MULTIPLIERS, RecurrentResidualBlock, Segmenter
from engine.compare.objectives import supervised, unpaired
from engine.compare.plans import make_plans
from engine.host.resources import default_model
from engine.networks.description import read_description
from engine.networks.pretrained import PretrainedConfig
from engine.networks.segmenter import PretrainedSegmenter
from engine.networks.unet import HEALTHY, LESION
from engine.training.batches import draw_batch
from engine.training.loop import Budget
from tests.engine.fakes import Knowing, from_clean
from tests.engine.training_setup import CONFIG, STILL

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.training.data import Pairs

NETWORKS: dict[str, Callable[[], nn.Module]] = {
    **{name: lambda name=name: Segmenter(name, 8) for name in BASES},  # type: ignore[misc]
    "pretrained": lambda: PretrainedSegmenter(PretrainedConfig().widths),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_gives_one_logit_a_pixel_and_learns_with_all_it_has(name: str) -> None:
    torch.manual_seed(0)
    network = NETWORKS[name]()
    logits = network(torch.rand(2, 3, 64, 64) * 2 - 1)
    assert logits.shape == (2, 1, 64, 64)
    (logits * torch.randn_like(logits)).sum().backward()
    idle = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert idle == []


def test_the_unet_has_the_parameters_of_its_drawing() -> None:
    """Counted by hand: convolutions without bias, two numbers a channel for the norm, up-convolutions with bias."""

    def block(i: int, o: int) -> int:
        return 9 * (i * o + o * o) + 4 * o

    w = [16 * m for m in MULTIPLIERS]
    down = block(3, w[0]) + sum(block(w[i], w[i + 1]) for i in range(4))
    up = sum(block(2 * w[i], w[i]) + 4 * 2 * w[i] * w[i] + w[i] for i in range(4))
    assert cost.parameters(Segmenter("unet", 16)) == down + up + 16 + 1


def test_the_networks_are_of_one_order_in_size_and_work() -> None:
    made = [Segmenter(name, base) for name, base in BASES.items()]
    for measure in (cost.parameters, lambda network: cost.gflop(network, 128)):
        found = [measure(network) for network in made]
        assert max(found) < 3 * min(found)


def test_work_is_counted_as_convolutions_demand() -> None:
    assert cost.gflop(nn.Conv2d(3, 8, 3, padding=1), 10) == pytest.approx(2 * 9 * 3 * 8 * 100 / 1e9)


def test_a_recurrent_block_uses_its_convolution_three_times() -> None:
    block = RecurrentResidualBlock(4, 4)
    calls: list[Tensor] = []
    block.recurrent[0].register_forward_hook(lambda *_: calls.append(_[2]))
    block(torch.rand(1, 4, 8, 8))
    assert len(calls) == 3


def test_an_attention_gate_can_close_its_skip() -> None:
    gate = Segmenter("attnunet", 8).gates[-1]
    skip, coarse = torch.rand(1, 8, 8, 8), torch.rand(1, 16, 4, 4)
    nn.init.zeros_(gate.weight.weight)
    for bias, share in ((-100.0, 0.0), (0.0, 0.5), (100.0, 1.0)):
        nn.init.constant_(gate.weight.bias, bias)
        torch.testing.assert_close(gate(skip, coarse), share * skip)


class Perfect(nn.Module):
    """Knows which pixels are lesion."""

    def __init__(self, mask: Tensor) -> None:
        super().__init__()
        self.mask = mask
        self.seen = torch.zeros(0)

    def forward(self, x: Tensor) -> Tensor:
        self.seen = x
        return (self.mask * 2 - 1) * 20


def test_supervision_sees_clean_images_and_rewards_the_mask(pairs: Pairs) -> None:
    config = replace(CONFIG, augment=STILL, healthy_share=0.0)
    batch = draw_batch(pairs, config, 0, 0, 1)
    network = Perfect(batch.mask)
    assert supervised(network, batch) < 0.01
    assert network.seen.abs().max() < 1.001
    torch.testing.assert_close(from_clean(batch.x_t, batch.t, network.seen), batch.eps, atol=1e-3, rtol=1e-3)
    assert supervised(Perfect(1 - batch.mask), batch) > 5


def test_the_literal_equation_asks_each_label_for_the_noise_alone(pairs: Pairs) -> None:
    batch = draw_batch(pairs, replace(CONFIG, healthy_share=0.0), 0, 0, 1)
    seen: list[tuple[Tensor, Tensor]] = []

    def noise(x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        seen.append((x_t, label))
        return batch.eps[:, None]

    assert unpaired(noise, batch) == 0
    x_t, label = seen[0]
    assert label.flatten().tolist() == [LESION, HEALTHY] * 2
    torch.testing.assert_close(x_t[0::2], batch.x_t[0::2])
    torch.testing.assert_close(from_clean(x_t, batch.t, batch.healthy)[1::2], batch.eps[1::2], atol=1e-3, rtol=1e-3)
    off = unpaired(lambda x, t, label: batch.eps[:, None] + 0.5 * (label == HEALTHY).view(-1, 1, 1, 1, 1), batch)
    assert off.item() == pytest.approx(0.25 / 2)


def test_the_literal_equation_heeds_neither_mask_nor_pairing(pairs: Pairs) -> None:
    batch = draw_batch(pairs, replace(CONFIG, healthy_share=0.0), 0, 0, 1)
    knowing = Knowing(torch.zeros(3, 32, 32), torch.zeros(3, 32, 32))
    base = unpaired(knowing, batch)
    assert base > 0
    assert unpaired(knowing, replace(batch, mask=1 - batch.mask)) == base
    alone = replace(batch, paired=torch.zeros(4, dtype=torch.bool))
    assert unpaired(knowing, alone) == unpaired(knowing, replace(alone, healthy=batch.healthy + 9))


def test_only_diffseg_proper_is_shown_emptied_lesions() -> None:
    made = make_plans(32, 0, 4, None)
    assert {name for name, plan in made.items() if plan.config.healthy_share > 0} == {"diffseg-paired"}
    assert len({made[name].config.seed for name in rows.ENSEMBLE}) == len(rows.ENSEMBLE)


def test_training_ends_with_its_budget_and_repeats_itself(pairs: Pairs) -> None:
    config = replace(CONFIG, healthy_share=0.0)
    first, again = (fit(NETWORKS["attnunet"], supervised, pairs, config, Budget(steps=3), "") for _ in range(2))
    assert first.steps == 3
    for name, value in first.network.state_dict().items():
        torch.testing.assert_close(value, again.network.state_dict()[name], rtol=0, atol=0)
    brief = fit(NETWORKS["attnunet"], supervised, pairs, config, Budget(minutes=1e-9), "")
    assert brief.steps == 1


def test_training_learns(pairs: Pairs) -> None:
    config = replace(CONFIG, augment=STILL, healthy_share=0.0, batch=6, rate=3e-3, ema=0.5)
    batch = draw_batch(pairs, config, 0, 0, 1)
    losses = []
    for steps in (1, 60):
        network = fit(NETWORKS["unet"], supervised, pairs, config, Budget(steps=steps), "").network
        losses.append(supervised(network, batch))
    assert losses[1] < 0.75 * losses[0]


def test_the_shipped_models_cost_includes_what_it_went_on_from() -> None:
    stages = cost.stages(read_description(default_model()).training)
    assert len(stages) > 1
    facts = cost.shipped()
    assert facts["images"] == sum(s["step"] * s["settings"]["batch"] for s in stages)
    seconds = [s["seconds_since_start"] * s["threads"] if s["device"] == "cpu" else None for s in stages]
    assert facts["cpu_minutes"] == (None if None in seconds else pytest.approx(sum(filter(None, seconds)) / 60))


def test_a_means_stages_are_those_of_its_parts_each_once() -> None:
    first = {"step": 1}
    start = {"model": {"sha256": "f", "training": first}}
    one, other = ({"step": step, "start": start} for step in (2, 3))
    parts = [{"sha256": name, "training": stage} for name, stage in (("f", first), ("o", one), ("t", other))]
    assert cost.stages({"mean_of": parts}) == [first, one, other]
    assert cost.stages(other) == [other, first]
    assert cost.stages({}) == [{}]
