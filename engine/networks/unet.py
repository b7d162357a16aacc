"""A small class-conditional U-Net that predicts noise under two labels, healthy and lesion.

The encoder never sees the label: it enters from the bottleneck on. So one pass through the encoder serves both
labels, and what the two predictions share is computed once. A pixel-unshuffle stem (Shi et al. 2016) trades
resolution for channels before the first convolution; self-attention acts at the lowest resolution only.

References: Ronneberger et al. 2015 (U-Net); Ho et al. 2020 and Dhariwal & Nichol 2021 (time-conditioned residual
blocks with adaptive group normalisation).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HEALTHY, LESION = 0, 1
GROUPS = 8
MOST = 16  # levels, blocks at each, and pixels that are unshuffled into one


@dataclass(frozen=True)
class UNetConfig:
    """The network's shape; stored beside the weights so that a file says how to build what it holds.

    kind: the network's name in a model's description. size: side of the square the network sees, pixels. base and
    multipliers: channels per level. blocks: residual blocks per level. unshuffle: factor of the pixel-unshuffle stem.
    """

    kind: ClassVar[str] = "unet"

    size: int = 128
    base: int = 32
    multipliers: tuple[int, ...] = (1, 2, 4, 6)
    blocks: int = 2
    unshuffle: int = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "multipliers", tuple(self.multipliers))
        shape = (self.size, self.base, self.blocks, self.unshuffle, *self.multipliers)
        if not all(type(number) is int and number > 0 for number in shape):
            raise ValueError("a network's numbers are whole and positive")
        if max(self.blocks, self.unshuffle, len(self.multipliers)) > MOST:
            raise ValueError(f"a network has at most {MOST} levels, and as many blocks at each")
        step = self.unshuffle * 2 ** (len(self.multipliers) - 1)
        if self.size % step:
            raise ValueError(f"size {self.size} is not a multiple of {step}")
        if self.base % GROUPS:
            raise ValueError(f"base {self.base} is not a multiple of {GROUPS}")

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values."""
        return {**asdict(self), "multipliers": list(self.multipliers)}


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions, the second modulated by the conditioning vector (scale and shift after its norm)."""

    def __init__(self, channels_in: int, channels_out: int, condition: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, channels_in)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.modulation = nn.Linear(condition, 2 * channels_out)
        self.norm2 = nn.GroupNorm(GROUPS, channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.skip = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        # In place wherever nobody else holds the map: on a CPU, moving maps takes longer than the convolutions.
        h = self.conv1(F.silu(self.norm1(x), inplace=True))
        scale, shift = self.modulation(condition)[:, :, None, None].chunk(2, dim=1)
        h = self.norm2(h).mul_(1 + scale).add_(shift)
        h = self.conv2(F.silu(h, inplace=True))
        out: Tensor = h.add_(self.skip(x))
        return out


class Attention(nn.Module):
    """Self-attention over all positions of a feature map."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w)
        q, k, v = (part.transpose(-1, -2) for part in qkv.unbind(1))
        y = F.scaled_dot_product_attention(q, k, v).transpose(-1, -2).reshape(b, c, h, w)
        out: Tensor = x + self.out(y)
        return out


def timestep_embedding(t: Tensor, dim: int) -> Tensor:
    """Sinusoidal embedding of timesteps t (B,) as float32 (B, dim) (Vaswani et al. 2017)."""
    frequency = torch.exp(-math.log(10_000.0) / (dim // 2) * torch.arange(dim // 2, device=t.device))
    phase = t.float()[:, None] * frequency
    return torch.cat([phase.cos(), phase.sin()], dim=1)


class UNet(nn.Module):
    """(x_t, t, label) -> predicted noise, for any number of labels per image at the cost of one encoder pass."""

    encoder: ClassVar[None] = None  # no part that published weights could fill

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        base, condition = config.base, 4 * config.base
        widths = [base * m for m in config.multipliers]
        self.time = nn.Sequential(nn.Linear(base, condition), nn.SiLU(), nn.Linear(condition, condition))
        self.label = nn.Embedding(2, condition)
        stem_channels = 3 * config.unshuffle**2
        self.stem = nn.Conv2d(stem_channels, base, 3, padding=1)

        self.down = nn.ModuleList()
        self.shrink = nn.ModuleList()
        width = base
        for level, out in enumerate(widths):
            blocks = [ResidualBlock(width if i == 0 else out, out, condition) for i in range(config.blocks)]
            self.down.append(nn.ModuleList(blocks))
            width = out
            if level < len(widths) - 1:
                self.shrink.append(nn.Conv2d(width, width, 3, stride=2, padding=1))
        self.middle_in = ResidualBlock(width, width, condition)
        self.attention = Attention(width)
        self.middle_out = ResidualBlock(width, width, condition)
        self.up = nn.ModuleList()
        self.grow = nn.ModuleList()
        for out, below in pairwise([*widths[::-1], 0]):
            blocks = [ResidualBlock(2 * out if i == 0 else out, out, condition) for i in range(config.blocks)]
            self.up.append(nn.ModuleList(blocks))
            if below:
                self.grow.append(nn.Conv2d(out, below, 3, padding=1))
        self.norm = nn.GroupNorm(GROUPS, base)
        self.head = nn.Conv2d(base, stem_channels, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    @property
    def channels(self) -> int:
        """How many channels :meth:`features` has."""
        return self.config.base * self.config.multipliers[-1]

    def features(self, x: Tensor) -> Tensor:
        """What the encoder makes of photographs x (B, 3, S, S) without noise, at its lowest level: (B, C, h, w)."""
        return self._encode(x, self._time(torch.zeros(len(x), device=x.device)))[-1]

    def _time(self, t: Tensor) -> Tensor:
        return F.silu(self.time(timestep_embedding(t, self.config.base)))

    def _encode(self, x_t: Tensor, time: Tensor) -> list[Tensor]:
        """The features at each level, the finest first."""
        h = self.stem(F.pixel_unshuffle(x_t, self.config.unshuffle))
        skips: list[Tensor] = []
        for level, blocks in enumerate(self.down):
            for block in blocks:  # type: ignore[attr-defined]
                h = block(h, time)
            skips.append(h)
            if level < len(self.shrink):
                h = self.shrink[level](h)
        return skips

    def forward(self, x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        """Predict the noise in x_t under each label.

        x_t: (B, 3, S, S) noised images. t: (B,) integer timesteps. label: (B, L) with values HEALTHY or LESION.
        Returns (B, L, 3, S, S) in x_t's dtype.
        """
        labels = label.shape[1]
        time = self._time(t)
        skips = self._encode(x_t, time)
        h = self.attention(self.middle_in(skips[-1], time))

        condition = (time[:, None] + F.silu(self.label(label))).flatten(0, 1)
        h = self.middle_out(h.repeat_interleave(labels, 0), condition)
        for level, blocks in enumerate(self.up):
            h = torch.cat([h, skips.pop().repeat_interleave(labels, 0)], dim=1)
            for block in blocks:  # type: ignore[attr-defined]
                h = block(h, condition)
            if level < len(self.grow):
                h = self.grow[level](F.interpolate(h, scale_factor=2.0, mode="nearest"))
        noise = F.pixel_shuffle(self.head(F.silu(self.norm(h))), self.config.unshuffle)
        return noise.to(x_t.dtype).reshape(len(x_t), labels, *x_t.shape[1:])
