"""The network's reference: two separate U-Nets of the size of the published one.

Base 96, multipliers 1, 2, 2, two residual blocks a level, self-attention in the middle only, at the full 128 x 128
pixels: no pixel-unshuffle stem, no encoder that two labels share. 13.8 M parameters and 102 GFLOP a forward each. Its
weights are random: they do not change the time.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.unet import GROUPS, Attention, ResidualBlock, timestep_embedding

SIZE = 128
BASE, MULTIPLIERS, BLOCKS = 96, (1, 2, 2), 2
CONDITION = 2 * BASE  # the scale and shift of our blocks then weigh what the shift alone does at the usual 4 * BASE
PARAMETERS = 13.8e6


class PublishedUNet(nn.Module):
    """(x_t, t) -> predicted noise; each block of the encoder, and each of its strides, hands a skip to the decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(BASE, CONDITION), nn.SiLU(), nn.Linear(CONDITION, CONDITION))
        self.stem = nn.Conv2d(3, BASE, 3, padding=1)
        widths = [BASE * multiplier for multiplier in MULTIPLIERS]
        width, skips = BASE, [BASE]
        self.down = nn.ModuleList()
        for level, out in enumerate(widths):
            for _ in range(BLOCKS):
                self.down.append(ResidualBlock(width, out, CONDITION))
                width = out
                skips.append(width)
            if level < len(widths) - 1:
                self.down.append(nn.Conv2d(width, width, 3, stride=2, padding=1))
                skips.append(width)
        self.middle_in = ResidualBlock(width, width, CONDITION)
        self.attention = Attention(width)
        self.middle_out = ResidualBlock(width, width, CONDITION)
        self.up = nn.ModuleList()
        for level, out in reversed(list(enumerate(widths))):
            for _ in range(BLOCKS + 1):
                self.up.append(ResidualBlock(width + skips.pop(), out, CONDITION))
                width = out
            if level:
                self.up.append(nn.Conv2d(width, width, 3, padding=1))
        self.norm = nn.GroupNorm(GROUPS, BASE)
        self.head = nn.Conv2d(BASE, 3, 3, padding=1)

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        """Predict the noise, (B, 3, 128, 128), in images x_t of that shape at timesteps t (B,)."""
        condition = F.silu(self.time(timestep_embedding(t, BASE)))
        h = self.stem(x_t)
        skips = [h]
        for layer in self.down:
            h = layer(h, condition) if isinstance(layer, ResidualBlock) else layer(h)
            skips.append(h)
        h = self.middle_out(self.attention(self.middle_in(h, condition)), condition)
        for layer in self.up:
            if isinstance(layer, ResidualBlock):
                h = layer(torch.cat([h, skips.pop()], dim=1), condition)
            else:
                h = layer(F.interpolate(h, scale_factor=2.0, mode="nearest"))
        noise: Tensor = self.head(F.silu(self.norm(h)))
        return noise


class PublishedPair:
    """A network for each label, in float32 and in the memory layout that ours has."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        networks = [PublishedUNet().eval() for _ in range(2)]
        self.parameters = sum(parameter.numel() for parameter in networks[0].parameters())
        assert abs(self.parameters / PARAMETERS - 1) < 0.05, f"{self.parameters} parameters are not the published size"
        self._networks = [network.to(kind, memory_format=torch.channels_last) for network in networks]  # type: ignore[call-overload]
        self._x_t = torch.randn(1, 3, SIZE, SIZE).to(kind).contiguous(memory_format=torch.channels_last)

    @torch.inference_mode()
    def timestep(self) -> None:
        """Both predictions at one timestep and how far they lie apart, brought back to the CPU."""
        t = torch.tensor([100], device=self.kind)
        healthy, lesion = (network(self._x_t, t) for network in self._networks)
        (healthy - lesion).abs().mean(dim=1).cpu()
