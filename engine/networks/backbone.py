"""The EfficientNet-Lite0 encoder: features of a picture at five scales, from weights that know photographs.

Inverted residual blocks (Sandler et al. 2018) in the proportions of EfficientNet (Tan & Le 2019), without squeeze and
excitation and with ReLU6, as published by TensorFlow's authors for small devices. Training on ImageNet has taught it
textures and shapes that 1,800 annotated photographs cannot teach. It is a part of the network: nothing is fetched when
the program runs; only training reads the file of published weights.
"""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.errors import TrainingError

if TYPE_CHECKING:
    from pathlib import Path

# (repeats, kernel, stride, expansion, channels) of each stage; the input is halved by the stem before the first.
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))  # fmt: skip
STEM = 32
TAPS = (0, 1, 2, 4, 6)  # the last stage at each scale
CHANNELS = tuple(STAGES[tap][-1] for tap in TAPS)  # at 1/2, 1/4, 1/8, 1/16, 1/32 of the input's side


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)  # as published


class SameConv(nn.Conv2d):
    """A convolution without bias, padded as TensorFlow pads: where the padding is odd, the far side gets more."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(channels_in, channels_out, kernel, stride, groups=groups, bias=False)
        total = kernel - stride
        self.margins = (total // 2, total - total // 2) * 2
        if stride == 1:
            self.padding = (kernel // 2, kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x if self.stride[0] == 1 else F.pad(x, self.margins))


class InvertedResidual(nn.Module):
    """Expand, convolve each channel by itself, project; added to the input where the shapes allow."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expand = nn.Sequential(SameConv(channels_in, wide, 1), _norm(wide), nn.ReLU6(inplace=True))
        if expansion == 1:
            self.expand = nn.Sequential()
        self.depthwise = nn.Sequential(
            SameConv(wide, wide, kernel, stride, groups=wide), _norm(wide), nn.ReLU6(inplace=True)
        )
        self.project = nn.Sequential(SameConv(wide, channels_out, 1), _norm(channels_out))
        self.adds = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return y.add_(x) if self.adds else y


class EfficientNetLite(nn.Module):
    """(B, 3, S, S) in [-1, 1] -> five feature maps at 1/2 to 1/32 of S, with :data:`CHANNELS` channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(SameConv(3, STEM, 3, 2), _norm(STEM), nn.ReLU6(inplace=True))
        self.stages = nn.ModuleList()
        width = STEM
        for repeats, kernel, stride, expansion, channels in STAGES:
            blocks = []
            for i in range(repeats):
                blocks.append(InvertedResidual(width, channels, kernel, stride if i == 0 else 1, expansion))
                width = channels
            self.stages.append(nn.Sequential(*blocks))

    def forward(self, x: Tensor, scales: int = len(TAPS)) -> list[Tensor]:
        """scales: how many of the five maps, the finest first; what lies deeper is not computed."""
        features = []
        x = self.stem(x)
        for number, stage in enumerate(self.stages[: TAPS[scales - 1] + 1]):
            x = stage(x)
            if number in TAPS:
                features.append(x)
        return features


def fold_batch_norm(network: nn.Module) -> None:
    """Put each batch normalisation into the convolution before it: the same function, for inference, in fewer steps."""
    for chain in network.modules():
        if isinstance(chain, nn.Sequential):
            for i, (conv, norm) in enumerate(pairwise(chain)):
                if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    chain[i], chain[i + 1] = fuse_conv_bn_eval(conv, norm), nn.Identity()


def load_published(encoder: EfficientNetLite, path: Path) -> None:
    """Fill an encoder from the published PyTorch file. Raises :class:`TrainingError` if it cannot be used."""
    try:
        published = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise TrainingError(f"The backbone {path} cannot be read ({type(error).__name__}).") from None
    names = _published_names()
    try:
        encoder.load_state_dict({ours: published[theirs] for theirs, ours in names.items()}, strict=False)
    except (KeyError, RuntimeError):
        raise TrainingError(f"{path} does not hold EfficientNet-Lite0; name its published PyTorch file.") from None


def _published_names() -> dict[str, str]:
    """The published file's name of each tensor -> ours."""
    norm = ("weight", "bias", "running_mean", "running_var")
    names = {"_conv_stem.weight": "stem.0.weight", **{f"_bn0.{part}": f"stem.1.{part}" for part in norm}}
    number = 0
    for stage, (repeats, _, _, expansion, _) in enumerate(STAGES):
        for block in range(repeats):
            theirs, ours = f"_blocks.{number}", f"stages.{stage}.{block}"
            parts = [("_depthwise_conv", "_bn1", "depthwise"), ("_project_conv", "_bn2", "project")]
            if expansion > 1:
                parts.insert(0, ("_expand_conv", "_bn0", "expand"))
            for conv, bn, part in parts:
                names[f"{theirs}.{conv}.weight"] = f"{ours}.{part}.0.weight"
                names.update({f"{theirs}.{bn}.{n}": f"{ours}.{part}.1.{n}" for n in norm})
            number += 1
    return names
