"""A supervised U-Net whose encoder has seen photographs before: the counterpart of :mod:`engine.networks.pretrained`.

The same EfficientNet-Lite0 encoder and decoder widths; plain convolutions above it, one logit map, no noise, no label.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.compare.networks import ConvBlock
from engine.networks.backbone import CHANNELS, EfficientNetLite


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
