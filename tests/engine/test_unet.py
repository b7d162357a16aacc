"""The network's shape, and what its labels may and may not reach."""

import json
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.networks.unet import HEALTHY, LESION, UNet, UNetConfig
from tests.conftest import TINY, random_network

BOTH = torch.tensor([[HEALTHY, LESION]])


def noised(count: int, size: int = 32) -> tuple[Tensor, Tensor]:
    """Random x_t and timesteps."""
    generator = torch.Generator().manual_seed(count)
    return torch.randn(count, 3, size, size, generator=generator), torch.arange(60, 60 + 30 * count, 30)


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        UNetConfig(size=32, base=8, multipliers=(1,), blocks=1, unshuffle=1),
        UNetConfig(size=48, base=16, multipliers=(1, 2, 3), blocks=1, unshuffle=4),
    ],
)
@pytest.mark.parametrize("labels", [1, 2, 3])
def test_one_noise_image_per_label(config: UNetConfig, labels: int) -> None:
    x_t, t = noised(2, config.size)
    noise = UNet(config)(x_t, t, torch.ones(2, labels, dtype=torch.int64))
    assert noise.shape == (2, labels, 3, config.size, config.size)


@torch.no_grad()
def test_labels_together_give_what_each_gives_alone() -> None:
    network, (x_t, t) = random_network(), noised(3)
    together = network(x_t, t, BOTH.expand(3, 2))
    for place, label in enumerate((HEALTHY, LESION)):
        alone = network(x_t, t, torch.full((3, 1), label))
        torch.testing.assert_close(together[:, place], alone[:, 0], rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_a_batch_gives_what_its_images_give_alone() -> None:
    network, (x_t, t) = random_network(), noised(3)
    together = network(x_t, t, BOTH.expand(3, 2))
    for i in range(3):
        torch.testing.assert_close(together[i], network(x_t[i : i + 1], t[i : i + 1], BOTH)[0], rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_label_and_timestep_change_the_answer() -> None:
    network, (x_t, t) = random_network(), noised(1)
    noise = network(x_t, t, BOTH)
    assert (noise[:, HEALTHY] - noise[:, LESION]).abs().mean() > 0.01
    assert (noise - network(x_t, t + 90, BOTH)).abs().mean() > 0.01


@torch.no_grad()
def test_the_encoder_runs_once_for_all_labels_and_never_sees_them() -> None:
    network, (x_t, t) = random_network(), noised(2)
    seen: dict[str, list[Tensor]] = {"encoder": [], "decoder": []}

    def note(part: str) -> Any:
        return lambda module, inputs, output: seen[part].append(output.clone())

    for module in (network.stem, *network.down.modules(), network.attention):
        module.register_forward_hook(note("encoder"))
    network.middle_out.register_forward_hook(note("decoder"))
    network(x_t, t, BOTH.expand(2, 2))
    first, seen["encoder"] = seen["encoder"], []
    network(x_t, t, BOTH.flip(1).expand(2, 2))
    assert all(len(features) == 2 for features in first)  # one pass per image
    assert [len(features) for features in seen["decoder"]] == [4, 4]  # one per image and label
    assert all(torch.equal(a, b) for a, b in zip(first, seen["encoder"], strict=True))


@pytest.mark.parametrize("change", [{"size": 50}, {"base": 12}, {"size": 36, "multipliers": (1, 2, 2, 2)}])
def test_a_shape_that_cannot_be_built_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is not a multiple of"):
        UNetConfig(**{**TINY.to_json(), "unshuffle": 4, **change})


def test_a_config_survives_json() -> None:
    assert UNetConfig(**json.loads(json.dumps(TINY.to_json()))) == TINY
