"""A supervised U-Net whose encoder has seen photographs before: the counterpart of :mod:`engine.networks.pretrained`.

The same EfficientNet-Lite0 encoder and decoder widths; plain convolutions above it, one logit map, no noise, no label.
``diffseg compare`` trains it as a row of its tables; ``diffseg train`` takes one as a teacher.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor, nn

from engine.errors import ModelError
from engine.networks.backbone import CHANNELS, EfficientNetLite
from engine.networks.description import read_file

if TYPE_CHECKING:
    from pathlib import Path


def convolution(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Sequential:
    """Convolution, batch normalisation (which makes a bias idle), ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


class ConvBlock(nn.Sequential):
    """Two 3 x 3 convolutions, each with batch normalisation and ReLU (Ronneberger et al. 2015, figure 1)."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(convolution(channels_in, channels_out), convolution(channels_out, channels_out))


class PretrainedSegmenter(nn.Module):
    """widths: decoder channels at 1/2 .. 1/32 of the image's side, ascending in depth."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.encoder = EfficientNetLite()
        self.middle = ConvBlock(CHANNELS[-1], widths[-1])
        finer = list(zip(pairwise(widths[::-1]), CHANNELS[-2::-1], strict=True))
        self.up = nn.ModuleList(ConvBlock(below + skip, width) for (below, width), skip in finer)
        self.head = nn.Conv2d(widths[0], 4, 3, padding=1)  # a pixel-shuffle to full resolution, as DiffSeg's head

    def forward(self, x: Tensor) -> Tensor:
        """Images float32 (B, 3, S, S) in [-1, 1], S a multiple of 32 -> logits of "lesion", (B, 1, S, S)."""
        skips = self.encoder(x)
        h = self.middle(skips.pop())
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0, mode="nearest"), skips.pop()], dim=1))
        return F.pixel_shuffle(self.head(h), 2)


def load_segmenter(path: Path) -> PretrainedSegmenter | None:
    """The network in a file of weights alone (safetensors), for inference; None where the file holds another network.

    Its widths are those of its tensors. Raises :class:`ModelError` for a file that cannot be read.
    """
    try:
        tensors = load_tensors(read_file(path))
    except SafetensorError:
        raise ModelError(f"The weights {path} are damaged; copy or train them again.") from None
    last = [f"{block}.1.0.weight" for block in ("up.3", "up.2", "up.1", "up.0", "middle")]
    if "label.weight" in tensors or not tensors.keys() >= {*last, "head.weight"}:
        return None
    network = PretrainedSegmenter(tuple(len(tensors[name]) for name in last))
    try:
        network.load_state_dict(tensors)
    except RuntimeError:
        return None
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.eval().requires_grad_(False)
