"""The network with a pretrained encoder: its labels, its published weights, its place on disk and in training."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from engine.errors import ModelError, TrainingError
from engine.method.schedule import clean_image
from engine.networks.backbone import CHANNELS, EfficientNetLite, SameConv, fold_batch_norm, load_published
from engine.networks.pretrained import PretrainedConfig, PretrainedUNet
from engine.networks.registry import build
from engine.networks.unet import HEALTHY, LESION
from engine.networks.weights import load_model, save_model
from engine.training.batches import draw_batch
from engine.training.losses import diffseg_objective
from engine.training.start import Start
from engine.training.train import begin
from tests.conftest import TINY
from tests.engine.training_setup import CONFIG
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.training.data import Pairs

SMALL = PretrainedConfig(size=64, widths=(8, 8, 16, 16, 24))
LOW = PretrainedConfig(size=64, widths=(8, 16, 16, 24))  # a decoder up to a quarter of the side
BOTH = torch.tensor([[HEALTHY, LESION]])


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A file with the published file's names and random values."""
    donor = EfficientNetLite()
    tensors = {theirs: donor.state_dict()[ours] for theirs, ours in published_names().items()}
    tensors |= {"_fc.weight": torch.zeros(1000, 1280), "_conv_head.weight": torch.zeros(1280, 320, 1, 1)}
    path = tmp_path / "efficientnet-lite0.pth"
    torch.save({name: torch.randn_like(value) for name, value in tensors.items()}, path)
    return path


def published_names() -> dict[str, str]:
    """The published name of each of the encoder's tensors, from its own order: stem, then block after block."""
    names, number, last = {}, -1, ""
    norm = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}
    for ours in EfficientNetLite().state_dict():
        if ours.endswith("num_batches_tracked"):
            continue
        parts = ours.split(".")
        if parts[0] == "stem":
            names["_conv_stem.weight" if parts[1] == "0" else f"_bn0.{parts[-1]}"] = ours
            continue
        block = ".".join(parts[:3])
        number, last = (number + (block != last)), block
        kind = f"_{parts[3]}_conv" if parts[4] == "0" else norm[parts[3]]
        names[f"_blocks.{number}.{kind}.{parts[-1]}"] = ours
    return names


def test_the_encoder_gives_five_scales() -> None:
    features = EfficientNetLite()(torch.zeros(1, 3, 64, 64))
    assert [tuple(f.shape[1:]) for f in features] == [
        (channels, 32 >> level, 32 >> level) for level, channels in enumerate(CHANNELS)
    ]


def test_padding_is_tensorflows() -> None:
    """Of four pixels, a kernel of three with stride two sees 0..2 and 2..4: the far side is padded."""
    conv = SameConv(1, 1, 3, stride=2)
    with torch.no_grad():
        conv.weight.fill_(1.0)
    rows = conv(torch.arange(4.0).view(1, 1, 1, 4).expand(1, 1, 4, 4))[0, 0, 0]
    assert rows.tolist() == [3 * (0 + 1 + 2), 3 * (2 + 3)]


def test_published_weights_fill_the_whole_encoder(published: Path) -> None:
    encoder = EfficientNetLite()
    load_published(encoder, published)
    stored = torch.load(published, weights_only=True)
    ours = encoder.state_dict()
    names = published_names()
    assert set(names.values()) == {name for name in ours if not name.endswith("num_batches_tracked")}
    assert all(torch.equal(ours[name], stored[theirs]) for theirs, name in names.items())


@pytest.mark.parametrize("content", [None, b"", b"no weights"])
def test_a_file_that_holds_no_backbone_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.pth"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError, match=r"other\.pth"):
        load_published(EfficientNetLite(), path)
    torch.save({"weight": torch.zeros(1)}, path)
    with pytest.raises(TrainingError, match="EfficientNet-Lite0"):
        load_published(EfficientNetLite(), path)


@torch.no_grad()
@pytest.mark.parametrize("config", [SMALL, LOW])
def test_labels_together_give_what_each_gives_alone_from_one_pass_of_the_encoder(config: PretrainedConfig) -> None:
    torch.manual_seed(0)
    network = PretrainedUNet(config).eval()
    for parameter in network.parameters():
        if not parameter.any():
            parameter.normal_(0, 0.1)
    passes: list[int] = []
    network.encoder.register_forward_hook(lambda module, inputs, output: passes.append(len(output[0])))
    x_t, t = torch.randn(2, 3, 64, 64), torch.tensor([60, 100])
    together = network(x_t, t, BOTH.expand(2, 2))
    assert together.shape == (2, 2, 3, 64, 64)
    assert passes == [2]
    assert (together[:, 0] - together[:, 1]).abs().mean() > 0.01
    assert (together - network(x_t, t + 50, BOTH.expand(2, 2))).abs().mean() > 0.001
    for place, label in enumerate((HEALTHY, LESION)):
        alone = network(x_t, t, torch.full((2, 1), label))
        torch.testing.assert_close(together[:, place], alone[:, 0], rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_a_low_decoder_begins_with_the_blurred_photograph_as_the_clean_image() -> None:
    """Its noise is what the blurred photograph leaves of the noised one, under both labels."""
    x_t, t = torch.full((1, 3, 64, 64), 0.5), torch.tensor([100])
    x_t[:, :, 32, 32] += 1.44  # a pixel, which spreads over the twelve by twelve around its cell
    noise = PretrainedUNet(LOW).eval()(x_t, t, BOTH)
    assert torch.equal(noise[:, 0], noise[:, 1])
    clean = clean_image(x_t, t, noise[:, 0])
    torch.testing.assert_close(clean[:, :, 28:40, 28:40], torch.full((1, 3, 12, 12), 0.51), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(clean[:, :, 8:20, 8:20], torch.full((1, 3, 12, 12), 0.5), rtol=1e-4, atol=1e-4)


def test_a_decoder_begins_with_the_weights_of_one_of_another_height(tmp_path: Path) -> None:
    path = tmp_path / "high.safetensors"
    high = PretrainedUNet(replace(SMALL, widths=(8, *LOW.widths)))
    save_model(path, high, RECIPE, {})
    low = PretrainedUNet(LOW)
    Start(model=path).fill(low)
    same = {"lateral.1.weight", "up.1.conv1.weight", "up.4.conv2.weight", "shrink.1.weight", "middle.conv1.weight"}
    for name in same:
        assert torch.equal(low.state_dict()[name], high.state_dict()[name].half().float()), name


@pytest.mark.parametrize(
    "change",
    [
        {"size": 100},
        {"size": 0},
        {"size": 64.0},
        {"widths": (8, 8)},
        {"widths": (8, 8, 8, 8, 9)},
        {"backbone": "other"},
    ],
)
def test_a_shape_that_cannot_be_built_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"multiple|known"):
        PretrainedConfig(**{**SMALL.to_json(), **change})


@pytest.mark.parametrize("config", [SMALL, LOW])
def test_a_saved_network_comes_back_with_its_statistics(tmp_path: Path, config: PretrainedConfig) -> None:
    network = build(config)
    network(torch.randn(2, 3, 64, 64), torch.tensor([60, 100]), BOTH.expand(2, 2))  # moves batch norm's averages
    path = tmp_path / "small.safetensors"
    save_model(path, network, RECIPE, {})
    loaded = load_model(path)
    assert loaded.network.config == config
    state = loaded.network.state_dict()
    for name, value in network.state_dict().items():
        assert torch.equal(state[name], value.half().float() if value.is_floating_point() else value), name
    description = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**description, "config": {**description["config"], "size": 1}}))
    with pytest.raises(ModelError, match="does not fit"):
        load_model(path)


def test_a_backbone_starts_the_encoder_which_learns_more_slowly(pairs: Pairs, published: Path) -> None:
    config = replace(CONFIG, network=SMALL, rate=1e-3, encoder_rate=0.25, warmup=1)
    learner = begin(config, "cpu", Start(published))
    stored = torch.load(published, weights_only=True)
    assert torch.equal(learner.network.encoder.stem[0].weight, stored["_conv_stem.weight"])
    before = {name: value.clone() for name, value in learner.network.named_parameters()}
    averaged = {name: value.clone() for name, value in learner.average.named_buffers()}
    learner.step(draw_batch(pairs, config, 0, 0, 1), partial(diffseg_objective, config=config.loss), 0.0)
    assert [round(group["lr"] / 1e-3, 6) for group in learner.optimizer.param_groups] == [1.0, 0.25]
    assert all(not torch.equal(before[n], p) for n, p in learner.network.named_parameters() if n.startswith("head"))
    for (name, average), current in zip(learner.average.named_buffers(), learner.network.buffers(), strict=True):
        if average.is_floating_point():  # the statistics of batch normalisation are averaged as the weights are
            torch.testing.assert_close(average, torch.lerp(averaged[name], current, 1 - 2 / 11))
        else:
            assert torch.equal(average, current)


def test_a_plain_network_takes_no_backbone(published: Path) -> None:
    with pytest.raises(TrainingError, match="--backbone"):
        begin(replace(CONFIG, network=TINY), "cpu", Start(published))


@pytest.mark.parametrize("config", [SMALL, LOW])
def test_normalisation_folded_into_the_convolutions_changes_nothing(config: PretrainedConfig) -> None:
    network = PretrainedUNet(config).train()
    torch.nn.init.normal_(network.head.weight)  # it begins as zeros, which would hide everything before it
    network(torch.randn(4, 3, 64, 64), torch.full((4,), 60), BOTH.expand(4, 2))  # statistics that are not 0 and 1
    folded = copy.deepcopy(network.eval())
    fold_batch_norm(folded)
    assert any(isinstance(m, nn.BatchNorm2d) for m in network.modules())
    assert not any(isinstance(m, nn.BatchNorm2d) for m in folded.modules())
    asked = torch.randn(2, 3, 64, 64), torch.tensor([60, 100]), BOTH.expand(2, 2)
    expected = network(*asked)
    # Maps fade on the way through random weights, and later normalisation enlarges them with their rounding.
    assert (folded(*asked) - expected).abs().max() < 1e-3 * expected.std()
