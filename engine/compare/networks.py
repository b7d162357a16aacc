"""The networks that DiffSeg is compared with: one U-shape, four ways to fill it.

All have five levels of 1, 2, 4, 8, 16 times ``base`` channels, work at full resolution and give one map of logits. They
differ in their blocks and in what passes over the skips:

- ``unet``: two convolutions a level (Ronneberger et al. 2015), with batch normalisation and, at the end of the
  contracting path, dropout.
- ``dunet``: dense blocks (Huang et al. 2017) in the U-Net (Jegou et al. 2017; Li et al. 2018, H-DenseUNet).
- ``runet``: recurrent residual blocks with t = 2 (Alom et al. 2018, R2U-Net).
- ``attnunet``: the U-Net with additive attention gates on its skips (Oktay et al. 2018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.segmenter import ConvBlock, convolution

if TYPE_CHECKING:
    from collections.abc import Callable

MULTIPLIERS = (1, 2, 4, 8, 16)
# Channels of the highest level, chosen so that the networks take about the same time an image.
BASES = {"unet": 24, "dunet": 16, "runet": 16, "attnunet": 24}
DROPOUT = 0.3  # in the two deepest levels of the U-Net
RECURRENCE = 2  # t of R2U-Net
DENSE_LAYERS = 3


class DenseBlock(nn.Module):
    """Layers that each see all that came before them, then a 1 x 1 convolution (Huang et al. 2017)."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        growth = channels_out // 2
        self.layers = nn.ModuleList(convolution(channels_in + i * growth, growth) for i in range(DENSE_LAYERS))
        self.out = convolution(channels_in + DENSE_LAYERS * growth, channels_out, kernel=1)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = torch.cat([x, layer(x)], dim=1)
        out: Tensor = self.out(x)
        return out


class RecurrentResidualBlock(nn.Module):
    """x + R(R(x)), where R applies one convolution again to the sum of its input and its output (Alom et al. 2018)."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(channels_in, channels_out, 1)
        self.recurrent = nn.ModuleList(convolution(channels_out, channels_out) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        entered: Tensor = self.enter(x)
        x = entered
        for convolve in self.recurrent:
            state = convolve(x)
            for _ in range(RECURRENCE):
                state = convolve(x + state)
            x = state
        return entered + x


class AttentionGate(nn.Module):
    """Weights a skip (B, C, H, W) by what the coarser level (B, 2 C, H / 2, W / 2) looks for (Oktay et al. 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.of_skip = nn.Conv2d(channels, channels, 2, stride=2, bias=False)
        self.of_coarse = nn.Conv2d(2 * channels, channels, 1)
        self.weight = nn.Conv2d(channels, 1, 1)

    def forward(self, skip: Tensor, coarse: Tensor) -> Tensor:
        weight = self.weight(F.relu(self.of_skip(skip) + self.of_coarse(coarse))).sigmoid()
        return skip * F.interpolate(weight, scale_factor=2.0, mode="bilinear")


BLOCKS: dict[str, Callable[[int, int], nn.Module]] = {
    "unet": ConvBlock,
    "dunet": DenseBlock,
    "runet": RecurrentResidualBlock,
    "attnunet": ConvBlock,
}


class Segmenter(nn.Module):
    """One of the four networks. name: a key of :data:`BLOCKS`. base: channels of the highest level."""

    def __init__(self, name: str, base: int) -> None:
        super().__init__()
        block = BLOCKS[name]
        widths = [base * m for m in MULTIPLIERS]
        self.down = nn.ModuleList(block(i, o) for i, o in zip([3, *widths], widths, strict=False))
        self.dropout = nn.Dropout2d(DROPOUT if name == "unet" else 0.0)
        self.grow = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in widths[-2::-1])
        self.gates = nn.ModuleList(AttentionGate(w) for w in widths[-2::-1] if name == "attnunet")
        self.up = nn.ModuleList(block(2 * w, w) for w in widths[-2::-1])
        self.head = nn.Conv2d(base, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Images float32 (B, 3, S, S) in [-1, 1], S a multiple of 16 -> logits of "lesion", (B, 1, S, S)."""
        skips = []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else F.max_pool2d(x, 2))
            if level >= len(self.down) - 2:
                x = self.dropout(x)
            skips.append(x)
        coarse = skips.pop()
        for level, block in enumerate(self.up):
            skip = skips.pop()
            if self.gates:
                skip = self.gates[level](skip, coarse)
            coarse = block(torch.cat([skip, self.grow[level](coarse)], dim=1))
        logits: Tensor = self.head(coarse)
        return logits
